package password_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"foyer/internal/password"
)

func TestLints(t *testing.T) {
	good := password.Policy{MinLength: 15, Strength: password.Strong}
	tests := []struct {
		name   string
		policy password.Policy
		life   password.Lifetimes
		want   []string // keys
	}{
		{"a policy after the book has none", good, password.Lifetimes{}, nil},
		{"an empty policy is short and weak", password.Policy{}, password.Lifetimes{}, []string{"min_length", "strength"}},
		{"seven characters are too few for anybody", password.Policy{MinLength: 7, Strength: password.Strong}, password.Lifetimes{SecondFactor: true}, []string{"min_length"}},
		{"eight are too few alone", password.Policy{MinLength: 8, Strength: password.Fair}, password.Lifetimes{}, []string{"min_length"}},
		{"eight are enough with a second factor", password.Policy{MinLength: 8, Strength: password.Fair}, password.Lifetimes{SecondFactor: true}, nil},
		{
			"each counter is a rule of composition",
			password.Policy{MinLength: 15, CapitalLetters: 1, LowercaseLetters: 1, Digits: 2, SpecialCharacters: 1, Strength: password.Fair},
			password.Lifetimes{},
			[]string{"capital_letters", "lowercase_letters", "digits", "special_characters"},
		},
		{"weak is no strength", password.Policy{MinLength: 20, Strength: password.Weak}, password.Lifetimes{}, []string{"strength"}},
		{"passwords should not expire", good, password.Lifetimes{Expiry: 90 * 24 * time.Hour}, []string{"password_settings.expires_after"}},
		{"a history is named", good, password.Lifetimes{History: 5}, []string{"not_used_since"}},
		{"ten minutes and six digits are right", good, password.Lifetimes{SignIn: password.Code{Length: 6, TTL: 10 * time.Minute}}, nil},
		{
			"longer and shorter ones are not", good,
			password.Lifetimes{SignIn: password.Code{Length: 5, TTL: 11 * time.Minute}},
			[]string{"otp_settings.authentication.length", "otp_settings.authentication.ttl"},
		},
		{
			"an activation may take a day by e-mail", good,
			password.Lifetimes{Activation: password.Code{Length: 6, TTL: 24 * time.Hour}},
			[]string{"otp_settings.activation.ttl"},
		},
		{
			"a week is too long for each", good,
			password.Lifetimes{Activation: password.Code{TTL: 168 * time.Hour}, Verification: password.Code{Length: 4, TTL: 168 * time.Hour}},
			[]string{"otp_settings.activation.ttl", "otp_settings.verify_address.length", "otp_settings.verify_address.ttl"},
		},
	}
	sentence := regexp.MustCompile(`^[A-Z][^.]*[a-z0-9)]\.$`)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, l := range password.Lints(tt.policy, tt.life) {
				got = append(got, l.Key)
				if !sentence.MatchString(l.Text) {
					t.Errorf("%s: %q is not one sentence", l.Key, l.Text)
				}
				if !strings.Contains(l.Section, "NIST SP 800-63") || !strings.Contains(l.Section, "OWASP ASVS 5.0, ") {
					t.Errorf("%s: the section %q names not both documents", l.Key, l.Section)
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("Lints(%+v, %+v) -want +got:\n%s", tt.policy, tt.life, diff)
			}
		})
	}
}

func TestLintsTellNumbers(t *testing.T) {
	lints := password.Lints(password.Policy{MinLength: 15, Strength: password.Fair}, password.Lifetimes{
		Activation: password.Code{TTL: time.Hour}, Expiry: 90 * 24 * time.Hour,
	})
	for i, want := range []string{"expire after 90 days", "valid for 1 hour"} {
		if !strings.Contains(lints[i].Text, want) {
			t.Errorf("%q does not say %q", lints[i].Text, want)
		}
	}
}
