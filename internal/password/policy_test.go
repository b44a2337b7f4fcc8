package password_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"foyer/internal/password"
)

func TestRequirements(t *testing.T) {
	all := password.Policy{MinLength: 8, CapitalLetters: 1, LowercaseLetters: 2, Digits: 1, SpecialCharacters: 1}
	tests := []struct {
		name string
		give string
		want []password.Rule // not met
	}{
		{"nothing typed meets nothing", "", []password.Rule{"min_length", "capital_letters", "lowercase_letters", "digits", "special_characters"}},
		{"every class at its count meets all", "Aaa1!xyz", nil},
		{"one character short", "Aaa1!xy", []password.Rule{"min_length"}},
		{"one lowercase letter is not two", "AAAA1!Ax", []password.Rule{"lowercase_letters"}},
		{"letters of other scripts count", "Жжж1!xyz", nil},
		{"digits of other scripts count", "Aaa١!xyz", nil},
		{"a space is no special character", "Aaa1 xyz", []password.Rule{"special_characters"}},
		{"a currency sign is a special character", "Aaa1€xyz", nil},
		{"length is in code points, not in bytes", "Ääö1!", []password.Rule{"min_length"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []password.Rule
			for _, r := range all.Requirements(tt.give) {
				if !r.Met {
					got = append(got, r.Rule)
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("Requirements(%q) not met, -want +got:\n%s", tt.give, diff)
			}
		})
	}
}

func TestRequirementsOfAnEmptyPolicy(t *testing.T) {
	if got := (password.Policy{}).Requirements(""); len(got) != 0 {
		t.Errorf("Requirements of an empty policy = %v, want none", got)
	}
}

func TestSpecials(t *testing.T) {
	tests := []struct {
		name     string
		specials string
		give     string
		want     bool
	}{
		{"every punctuation mark counts when nothing is said", "", "~", true},
		{"one of the set counts", "!@#", "@", true},
		{"another does not", "!@#", "~", false},
		{"a space counts when the set has it", "! ", " ", true},
		{"a letter of the set stays a letter", "a!", "a", false},
		{"a digit of the set stays a digit", "1!", "1", false},
		{"an uncased letter of the set counts", "字", "字", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			policy := password.Policy{SpecialCharacters: 1, Specials: tt.specials}
			if got := policy.Requirements(tt.give)[0].Met; got != tt.want {
				t.Errorf("Requirements(%q) with specials %q met = %v, want %v", tt.give, tt.specials, got, tt.want)
			}
		})
	}
}

func TestCheck(t *testing.T) {
	policy := password.Policy{MinLength: 4, Strength: password.Fair}
	tests := []struct {
		name     string
		give     string
		strength password.Strength
		want     []password.Rule
	}{
		{"good enough", "abcd", password.Fair, nil},
		{"better than asked", "abcd", password.VeryStrong, nil},
		{"too easy to guess", "abcd", password.Weak, []password.Rule{"strength"}},
		{"too short and too easy", "abc", password.Any, []password.Rule{"min_length", "strength"}},
		{"as long as may be", strings.Repeat("é", password.MaxLength), password.Strong, nil},
		{"too long", strings.Repeat("é", password.MaxLength+1), password.Strong, []password.Rule{"max_length"}},
		{"a control character", "abcd\n", password.Strong, []password.Rule{"characters"}},
		{"not UTF-8", "abcd\xff", password.Strong, []password.Rule{"characters"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []password.Rule
			for _, r := range policy.Check(tt.give, password.Estimate{Strength: tt.strength}) {
				got = append(got, r.Rule)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("Check(%q, %v) -want +got:\n%s", tt.give, tt.strength, diff)
			}
		})
	}
}

func TestParseStrength(t *testing.T) {
	for i, word := range []string{"any", "weak", "fair", "strong", "very_strong"} {
		got, err := password.ParseStrength(word)
		if err != nil || got != password.Strength(i) || got.String() != word {
			t.Errorf("ParseStrength(%q) = %v, %v, want %d", word, got, err, i)
		}
	}
	if got, err := password.ParseStrength(""); got != password.Any || err != nil {
		t.Errorf("ParseStrength(%q) = %v, %v, want any", "", got, err)
	}
	if _, err := password.ParseStrength("mighty"); err == nil {
		t.Error("ParseStrength(mighty) gave no error")
	}
}

func TestNormalize(t *testing.T) {
	if got, want := password.Normalize("e\u0301"), "é"; got != want {
		t.Errorf("Normalize = %q, want %q", got, want)
	}
}

func BenchmarkCheck(b *testing.B) {
	policy := password.Policy{
		MinLength: 64, CapitalLetters: 9, LowercaseLetters: 9, Digits: 9, SpecialCharacters: 9,
		Strength: password.VeryStrong, Specials: "!\"#$%&'()*+,-./:;<=>?@[]^_`{|}~",
	}
	give := strings.Repeat("é§ж~", password.MaxLength/4)
	for b.Loop() {
		policy.Check(give, password.Estimate{})
	}
}
