package registration_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp"

	"foyer/internal/registration"
	"foyer/internal/secret"
)

func TestNewTOTPSecret(t *testing.T) {
	a, b := registration.NewTOTPSecret(), registration.NewTOTPSecret()
	if len(a.Reveal()) != 32 || a.Equal(b) || strings.Trim(a.Reveal(), "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") != "" {
		t.Error("a secret is not 160 random bits in base32")
	}
}

// TestCheckTOTP uses the test vectors of RFC 6238, appendix B, cut to the six digits that apps show.
func TestCheckTOTP(t *testing.T) {
	s := secret.New("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ") // "12345678901234567890"
	tests := []struct {
		name string
		at   int64
		code string
		want bool
	}{
		{"the first vector", 59, "287082", true},
		{"the second vector", 1111111109, "081804", true},
		{"the last vector", 20000000000, "353130", true},
		{"a step before", 59 + 30, "287082", true},
		{"a step after", 59 - 30, "287082", true},
		{"two steps before", 59 + 60, "287082", false},
		{"another code", 59, "287083", false},
		{"no code", 59, "", false},
		{"too long a code", 59, "94287082", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := registration.CheckTOTP(s, tt.code, time.Unix(tt.at, 0)); got != tt.want {
				t.Errorf("CheckTOTP(%s at %d) = %t, want %t", tt.code, tt.at, got, tt.want)
			}
		})
	}
}

// TestTOTPURI reads the URI back with a library that is not ours, as an app would.
func TestTOTPURI(t *testing.T) {
	tests := []struct{ name, pool, issuer, identifier, wantIssuer string }{
		{"the pool's issuer", "customers", "Acme", "ann@example.com", "Acme"},
		{"an issuer with signs", "customers", "Acme & Söhne: Empfang", "ann+kiosk@example.com", "Acme Söhne Empfang"},
		{"the pool's name", "Our customers", "", "ann@example.com", "Our customers"},
		{"nothing said", "", "", "ann@example.com", "Foyer"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			pool := registration.Pool{ID: "p", Name: tt.pool, TOTPIssuer: tt.issuer, Mechanisms: []string{"password", "totp"}}
			form, err := registration.NewForm(pool, nil, nil, registration.Settings{Status: registration.Active, Identifiers: asked(registration.Email)})
			if err != nil {
				t.Fatal(err)
			}
			d := registration.Draft{TOTPSecret: registration.NewTOTPSecret()}.With(form.Questions(registration.Draft{})[0], tt.identifier)
			for _, short := range []bool{false, true} {
				uri := form.TOTPURI(d, short).Reveal()
				key, err := otp.NewKeyFromURL(uri)
				if err != nil {
					t.Fatal(err)
				}
				if key.Type() != "totp" || key.Issuer() != tt.wantIssuer || key.AccountName() != tt.identifier || key.Secret() != d.TOTPSecret.Reveal() ||
					key.Digits() != otp.DigitsSix || key.Period() != 30 || key.Algorithm() != otp.AlgorithmSHA1 {
					t.Errorf("the app reads issuer %q, account %q of the URI without its secret", key.Issuer(), key.AccountName())
				}
				if u, err := url.Parse(uri); err != nil || strings.Contains(u.Path, "+") != strings.Contains(tt.identifier, "+") {
					t.Errorf("the path is mangled: %v", err)
				}
			}
		})
	}
}
