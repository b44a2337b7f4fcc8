package sandbox

import (
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"foyer/internal/password"
)

// TestFoyerNeverAcceptsWhatTheTenantRefuses holds both verdicts against each other: what package password, and so the meter, calls
// good enough has to pass the policy here.
func TestFoyerNeverAcceptsWhatTheTenantRefuses(t *testing.T) {
	seed := uint64(20250731)
	if text, ok := os.LookupEnv("FOYER_TEST_SEED"); ok { // another one finds other passwords
		seed, _ = strconv.ParseUint(text, 10, 64)
	}
	g := verdictSource{rand.New(rand.NewPCG(seed, 0))}
	const passwords, policies = 1000, 20
	good, refused := 0, 0
	for range passwords {
		own := g.own()
		text := password.Normalize(g.password(own))
		estimate := password.Judge(text, own)
		theirScore := -1 // made once, and only where it is asked for: it takes long
		for range policies {
			ours := g.policy()
			if len(ours.Check(text, estimate)) > 0 {
				refused++
				continue
			}
			good++
			if theirScore < 0 {
				theirScore = score(text, guesses(slices.Clone(own), nil))
			}
			if broken := theirs(ours).broken(text, nil); len(broken) > 0 || theirScore < int(ours.Strength) {
				t.Fatalf("seed %d: %q (own words %q) is good enough for %+v, estimated %v, but breaks %v and has score %d",
					seed, text, own, ours, estimate, broken, theirScore)
			}
		}
	}
	if good < passwords/10 || refused < passwords/10 {
		t.Errorf("seed %d: %d good and %d refused are too few to tell", seed, good, refused)
	}
}

// theirs is p as the tenant has it, but for the strength.
func theirs(p password.Policy) passwordPolicy {
	return passwordPolicy{
		MinLength: p.MinLength, CapitalLetters: p.CapitalLetters, LowercaseLetters: p.LowercaseLetters,
		Digits: p.Digits, SpecialCharacters: p.SpecialCharacters, specials: p.Specials,
	}
}

// A verdictSource makes passwords of the kinds that people and mischief-makers type, and policies of every strictness.
type verdictSource struct{ *rand.Rand }

func (g verdictSource) policy() password.Policy {
	few := func() int {
		if g.IntN(3) > 0 {
			return 0
		}
		return g.IntN(4)
	}
	p := password.Policy{
		MinLength: g.IntN(20), CapitalLetters: few(), LowercaseLetters: few(), Digits: few(), SpecialCharacters: few(),
		Strength: password.Strength(g.IntN(5)),
	}
	if g.IntN(3) == 0 {
		p.Specials = g.some([]string{"!", "!@#$%^&*", "-_ ", "€§", "!-aZ5", "\u0301", "。、"})
	}
	return p
}

// own are a person's answers, some of them odd.
func (g verdictSource) own() []string {
	var own []string
	for range g.IntN(6) {
		own = append(own, g.some([]string{
			"ann.lee@example.com", "Annabel", "Li", "x", "Łukasz", "محمد", "李小龍", "Crowther-Lee", "+41790001122", "",
			strings.Repeat("Longname", 9), "quixotic.zephyr@example.com", "Llanfairpwllgwyngyll", "1990-05-17", "San Francisco",
		}))
	}
	if g.IntN(20) == 0 {
		for range 80 {
			own = append(own, g.letters(3+g.IntN(9)))
		}
	}
	return own
}

func (g verdictSource) password(own []string) string {
	var b strings.Builder
	for range 1 + g.IntN(1+g.IntN(6)) {
		b.WriteString(g.piece(own))
	}
	text := b.String()
	switch g.IntN(8) {
	case 0:
		text = strings.Repeat(text, 1+g.IntN(6))
	case 1:
		text = g.letters(1+g.IntN(3)) + strings.Repeat(text, 1+g.IntN(3))
	case 2:
		text = strings.ToUpper(prefix(text, 1)) + strings.TrimPrefix(text, prefix(text, 1))
	}
	if g.IntN(16) == 0 { // zxcvbn takes long for these
		text = g.leet(text)
	}
	return text
}

func (g verdictSource) piece(own []string) string {
	switch g.IntN(12) {
	case 0, 1, 2:
		return g.some([]string{
			"password", "dragon", "correct", "horse", "battery", "staple", "the", "administrator", "internationalization", "letmein", "Monkey",
			"responsibilities", "characteristics", "straightforward", "iloveyou", "superman", "michelle", "understanding",
		})
	case 3:
		return g.some([]string{"qwertyuiop", "asdfghjkl", "zxcvbnm", "1qaz2wsx", "147258369", "qwertyuiopasdfghjklzxcvbnm", "&*()"})
	case 4:
		return strings.Repeat(g.letters(1+g.IntN(20)), 2+g.IntN(5))
	case 5:
		return g.some([]string{"17.12.1983", "2019-05-01", "1/1/91", "311299", "1969", "2024"})
	case 6:
		return g.some([]string{"abcdefghijklmnopqrstuvwxyz", "0123456789", "zyxwvut", "acegikmo", "97531"})
	case 7:
		return g.unicode(1 + g.IntN(10))
	case 8:
		return g.some([]string{" ", "  ", "-", "!", ".", "_", "🙂", "👩‍👩‍👧", "e\u0301", "\u0301", "½", "Ⅷ", "１２"})
	case 9:
		return strings.Repeat(g.letters(1), 1+g.IntN(300))
	case 10:
		if len(own) > 0 {
			return g.turned(g.some(own))
		}
	}
	return g.letters(1 + g.IntN(12))
}

// turned is a word as it is, backwards, or without its middle.
func (g verdictSource) turned(word string) string {
	runes := []rune(word)
	switch g.IntN(3) {
	case 0:
		slices.Reverse(runes)
	case 1:
		return strings.ToUpper(word)
	}
	return string(runes)
}

func (g verdictSource) letters(n int) string {
	const all = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!@#$%^&*()-_=+[]{};:,.<>/?|~"
	alphabet := g.some([]string{all[:26], all[:26], all[:26], all[:52], all[:52], all[:52], all[:52], all[52:57], all[57:62], all[:62], all[62:66], all[66:]})
	if g.IntN(16) == 0 {
		alphabet = all
	}
	b := make([]byte, n)
	for i := range b {
		b[i] = alphabet[g.IntN(len(alphabet))]
	}
	return string(b)
}

func (g verdictSource) unicode(n int) string {
	tables := []*unicode.RangeTable{
		unicode.Cyrillic, unicode.Greek, unicode.Han, unicode.Arabic, unicode.Hebrew, unicode.Thai, unicode.Devanagari,
		unicode.Hangul, unicode.Mn, unicode.Sc, unicode.So, unicode.No, unicode.Nl, unicode.Cf,
	}
	var b strings.Builder
	for range n {
		table := tables[g.IntN(len(tables))]
		for {
			r := rune(g.IntN(0x20000))
			if unicode.Is(table, r) {
				b.WriteRune(r)
				break
			}
			if g.IntN(200) == 0 {
				break
			}
		}
	}
	return b.String()
}

func (g verdictSource) leet(text string) string {
	return strings.Map(func(r rune) rune {
		if i := strings.IndexRune("aaegiilosttz", unicode.ToLower(r)); i >= 0 && g.IntN(2) == 0 {
			return rune("4@361!10$7+2"[i])
		}
		return r
	}, text)
}

func (g verdictSource) some(of []string) string { return of[g.IntN(len(of))] }
