package registration_test

import (
	"strings"
	"testing"

	"foyer/internal/registration"
)

func TestNormalizeIdentifier(t *testing.T) {
	const ok = registration.Rule("")
	long := strings.Repeat("a", 65)
	tests := []struct {
		name  string
		give  registration.IdentifierType
		text  string
		want  string
		fault registration.Rule
	}{
		{"a plain address", "email", "ann@example.com", "ann@example.com", ok},
		{"spaces around it are trimmed", "email", "  ann@example.com ", "ann@example.com", ok},
		{"a tag stays", "email", "ann+kiosk@example.com", "ann+kiosk@example.com", ok},
		{"capitals stay", "email", "Ann@Example.com", "Ann@Example.com", ok},
		{"a domain of another script", "email", "ann@bücher.example", "ann@bücher.example", ok},
		{"a name of another script", "email", "岡@example.com", "岡@example.com", ok},
		{"a decomposed accent is composed", "email", "re\u0301my@example.com", "rémy@example.com", ok},
		{"a character that nobody sees", "email", "ann\u200b@example.com", "ann\u200b@example.com", registration.RuleEmailForm},
		{"no @", "email", "ann.example.com", "ann.example.com", registration.RuleEmailAt},
		{"two @", "email", "ann@b@example.com", "ann@b@example.com", registration.RuleEmailAt},
		{"nothing before the @", "email", "@example.com", "@example.com", registration.RuleEmailName},
		{"nothing after the @", "email", "ann@", "ann@", registration.RuleEmailDomain},
		{"a host without a dot", "email", "ann@localhost", "ann@localhost", registration.RuleEmailDomain},
		{"a dot at the end", "email", "ann@example.com.", "ann@example.com.", registration.RuleEmailDomain},
		{"a label that begins with a hyphen", "email", "ann@-a.com", "ann@-a.com", registration.RuleEmailDomain},
		{"an address of numbers", "email", "ann@10.0.0.1", "ann@10.0.0.1", registration.RuleEmailDomain},
		{"an address literal", "email", "ann@[10.0.0.1]", "ann@[10.0.0.1]", registration.RuleEmailDomain},
		{"a display name", "email", "Ann <ann@example.com>", "Ann <ann@example.com>", registration.RuleEmailSpace},
		{"a display name without a space", "email", "Ann<ann@example.com>", "Ann<ann@example.com>", registration.RuleEmailDomain},
		{"a comment", "email", "ann(x)@example.com", "ann(x)@example.com", registration.RuleEmailForm},
		{"a quoted name", "email", `"a"@example.com`, `"a"@example.com`, registration.RuleEmailForm},
		{"two dots in a row", "email", "a..b@example.com", "a..b@example.com", registration.RuleEmailForm},
		{"a name of 65 octets", "email", long + "@example.com", long + "@example.com", registration.RuleEmailLong},

		{"national, with a country", "mobile", "(212) 555-0123", "+12125550123", ok},
		{"national, as written elsewhere", "mobile", "212.555.0123", "+12125550123", ok},
		{"international", "mobile", "+44 7400 123456", "+447400123456", ok},
		{"with 00 for abroad", "mobile", "0044 7400 123456", "+447400123456", ok},
		{"with the country's own zero", "mobile", "+44 (0)7400 123456", "+447400123456", ok},
		{"words", "mobile", "call me", "call me", registration.RuleMobileForm},
		{"a vanity number", "mobile", "1-800-FLOWERS", "1-800-FLOWERS", registration.RuleMobileForm},
		{"no digits", "mobile", "+", "+", registration.RuleMobileForm},
		{"too few digits", "mobile", "555 012", "555 012", registration.RuleMobileShort},
		{"too many digits", "mobile", "+44 7400 1234567890", "+44 7400 1234567890", registration.RuleMobileLong},
		{"a country that is none", "mobile", "+999 123456789", "+999 123456789", registration.RuleMobileCountry},

		{"a user name", "uid", "ann.lee-7", "ann.lee-7", ok},
		{"a user name with a space", "uid", "ann lee", "ann lee", registration.RuleIdentifierSpace},
		{"a user name with an accent", "uid", "rémy", "rémy", registration.RuleIdentifierASCII},
		{"a user name that is too long", "uid", strings.Repeat("a", 256), strings.Repeat("a", 256), registration.RuleIdentifierLong},
		{"an external name", "external", "urn:x:1#2", "urn:x:1#2", ok},
		{"a type nobody can type", "federated", "x", "x", registration.RuleIdentifierType},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, flaw := registration.NormalizeIdentifier(tt.give, tt.text, "US")
			if got != tt.want || flaw.Rule != tt.fault {
				t.Errorf("NormalizeIdentifier(%s, %q) = %q, %q, want %q, %q", tt.give, tt.text, got, flaw.Rule, tt.want, tt.fault)
			}
		})
	}
}

func TestNationalNumbersFollowTheCountry(t *testing.T) {
	tests := map[string]string{"DE": "+4915112345678", "FR": ""}
	for country, want := range tests {
		got, flaw := registration.NormalizeIdentifier(registration.Mobile, "0151 12345678", country)
		if want != "" && got != want || flaw.OK() != (want != "") {
			t.Errorf("NormalizeIdentifier(0151 12345678, %s) = %q, %v, want %q", country, got, flaw, want)
		}
	}
}

func FuzzNormalizeIdentifier(f *testing.F) {
	for _, s := range []string{"ann@example.com", "+447400123456", "ann", "\x00@\xff.com", strings.Repeat("@", 300)} {
		f.Add("email", s)
		f.Add("mobile", s)
		f.Add("uid", s)
	}
	f.Fuzz(func(t *testing.T, kind, s string) {
		id := registration.IdentifierType(kind)
		once, flaw := registration.NormalizeIdentifier(id, s, "US")
		if !flaw.OK() {
			return
		}
		again, flaw := registration.NormalizeIdentifier(id, once, "US")
		if again != once || !flaw.OK() {
			t.Fatalf("NormalizeIdentifier(%q, %q) = %q, and of that %q, %v", kind, s, once, again, flaw)
		}
	})
}

func TestSubmissionsWithAnIdentifierInCommonExcludeEachOther(t *testing.T) {
	email, other := registration.Identifier{Type: registration.Email, Identifier: "ann@example.com"}, registration.Identifier{Type: registration.Email, Identifier: "bob@example.com"}
	phone, none := registration.Identifier{Type: registration.Mobile, Identifier: "+41791234567"}, registration.Identifier{Type: registration.Mobile}
	of := func(ids ...registration.Identifier) *registration.Submission {
		return registration.NewSubmission(registration.Draft{Identifiers: ids})
	}
	tests := map[string]struct {
		a, b *registration.Submission
		want bool
	}{
		"the same":                  {of(email, phone), of(email, phone), true},
		"one of two":                {of(email, phone), of(other, phone), true},
		"others":                    {of(email), of(other), false},
		"what nobody has filled in": {of(email, none), of(other, none), false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got := tt.a.Excludes(tt.b); got != tt.want {
				t.Errorf("Excludes() = %v, want %v", got, tt.want)
			}
		})
	}
}
