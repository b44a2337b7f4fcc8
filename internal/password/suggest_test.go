package password_test

import (
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"

	"foyer/internal/password"
	"foyer/internal/secret"
)

func TestSuggestionsMeetThePolicy(t *testing.T) {
	tests := []struct {
		name string
		give password.Policy
		want bool
	}{
		{"without any rule", password.Policy{}, true},
		{"with a usual one", password.Policy{MinLength: 8, CapitalLetters: 1, LowercaseLetters: 1, Digits: 1, SpecialCharacters: 1, Strength: password.Strong}, true},
		{"at the greatest length", password.Policy{MinLength: password.MaxLength, Strength: password.VeryStrong}, true},
		{"beyond it, never", password.Policy{MinLength: password.MaxLength + 1}, false},
		{"with forty digits", password.Policy{Digits: 40, Strength: password.VeryStrong}, true},
		{"with two hundred capitals", password.Policy{CapitalLetters: 200, Strength: password.VeryStrong}, true},
		{"with digits only", password.Policy{Digits: password.MaxLength, Strength: password.VeryStrong}, true},
		{"with marks only", password.Policy{SpecialCharacters: password.MaxLength, Strength: password.Strong}, true},
		{"with one special character", password.Policy{SpecialCharacters: 3, Specials: "§", Strength: password.VeryStrong}, true},
		{"with a space for one", password.Policy{SpecialCharacters: 2, Specials: " "}, true},
		{"with a quotation mark for one", password.Policy{SpecialCharacters: 9, Specials: `"`}, true},
		{"with letters for special characters, never", password.Policy{SpecialCharacters: 1, Specials: "abc"}, false},
		{"with every class at its most", password.Policy{CapitalLetters: 64, LowercaseLetters: 64, Digits: 64, SpecialCharacters: 64, Strength: password.VeryStrong}, true},
		{"with one more, never", password.Policy{CapitalLetters: 64, LowercaseLetters: 64, Digits: 64, SpecialCharacters: 65}, false},
		{"with counts past counting, never", password.Policy{CapitalLetters: 1 << 62, Digits: 1 << 62}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { suggestBoth(t, tt.give, tt.want) })
	}
}

func TestSuggestionsMeetRandomPolicies(t *testing.T) {
	const seed = 7
	g := rand.New(rand.NewPCG(seed, 0))
	for range 150 {
		few := func() int { return g.IntN(1 + g.IntN(1+g.IntN(60))) }
		p := password.Policy{
			MinLength: g.IntN(password.MaxLength), CapitalLetters: few(), LowercaseLetters: few(), Digits: few(), SpecialCharacters: few(),
			Strength: password.Strength(g.IntN(5)), Specials: []string{"", "!", "@#-", "€", " _"}[g.IntN(5)],
		}
		suggestBoth(t, p, true)
	}
}

func suggestBoth(t *testing.T, p password.Policy, want bool) {
	t.Helper()
	phrase, ok := password.Passphrase(p)
	suits(t, "Passphrase", p, phrase, ok, want)
	random, ok := password.Random(p, 16)
	suits(t, "Random", p, random, ok, want)
}

func suits(t *testing.T, name string, p password.Policy, got secret.Text, ok, want bool) {
	t.Helper()
	if ok != want || ok == got.IsZero() {
		t.Fatalf("%s(%+v) = %q, %v, want %v", name, p, got.Reveal(), ok, want)
	}
	if !ok {
		return
	}
	text := got.Reveal()
	if lacking := p.Check(text, password.Judge(text, nil)); len(lacking) > 0 || password.Normalize(text) != text {
		t.Fatalf("%s(%+v) = %q, which lacks %v", name, p, text, lacking)
	}
}

func TestPassphraseAddsNothingThatIsNotAsked(t *testing.T) {
	for range 50 {
		phrase, _ := password.Passphrase(password.Policy{MinLength: 8})
		parts := strings.Split(phrase.Reveal(), "-")
		if len(parts) != 5 || strings.Trim(phrase.Reveal(), "abcdefghijklmnopqrstuvwxyz-") != "" {
			t.Fatalf("Passphrase = %q, want five plain words", phrase.Reveal())
		}
	}
}

func TestPassphrasePutsCapitalsDigitsAndMarksWhereTheyAreRead(t *testing.T) {
	phrase, _ := password.Passphrase(password.Policy{CapitalLetters: 2, Digits: 3, SpecialCharacters: 5, Specials: "!"})
	text := phrase.Reveal()
	if n := strings.Count(text, "!"); n != 5 || !strings.HasSuffix(text, "!") || text[0] < 'A' || text[0] > 'Z' {
		t.Errorf("Passphrase = %q, want a capital first and five exclamation marks, one last", text)
	}
}

func TestRandomIsAsLongAsAsked(t *testing.T) {
	for _, tt := range []struct{ give, want int }{{0, 12}, {20, 20}, {999, password.MaxLength}} {
		random, _ := password.Random(password.Policy{}, tt.give)
		if got := utf8.RuneCountInString(random.Reveal()); got != tt.want {
			t.Errorf("Random of length %d has %d, want %d", tt.give, got, tt.want)
		}
	}
}

func TestSuggestionsDiffer(t *testing.T) {
	seen := make(map[string]bool)
	for range 200 {
		phrase, _ := password.Passphrase(password.Policy{})
		random, _ := password.Random(password.Policy{}, 12)
		for _, text := range []string{phrase.Reveal(), random.Reveal()} {
			if seen[text] {
				t.Fatalf("%q came twice", text)
			}
			seen[text] = true
		}
	}
}

func BenchmarkPassphrase(b *testing.B) {
	p := password.Policy{MinLength: 8, CapitalLetters: 1, Digits: 1, SpecialCharacters: 1, Strength: password.VeryStrong}
	for b.Loop() {
		password.Passphrase(p)
	}
}

func TestRandomHasSixtyBitsWhateverIsAsked(t *testing.T) {
	for _, tt := range []struct {
		name string
		give password.Policy
		want int
	}{
		{"a dozen digits are not enough", password.Policy{Digits: 12}, 17},
		{"nor are twenty times the same mark", password.Policy{SpecialCharacters: 20, Specials: "!"}, 31},
		{"forty digits are", password.Policy{Digits: 40}, 40},
	} {
		t.Run(tt.name, func(t *testing.T) {
			random, _ := password.Random(tt.give, 12)
			if got := utf8.RuneCountInString(random.Reveal()); got != tt.want {
				t.Errorf("Random(%+v) has %d characters, want %d", tt.give, got, tt.want)
			}
		})
	}
}
