package password

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/trustelem/zxcvbn/frequency"
	"golang.org/x/text/unicode/norm"
)

// A Reason says what a blocked password is.
type Reason string

// The reasons there are.
const (
	ReasonCommon  Reason = "common"  // one of the passwords that most people use
	ReasonService Reason = "service" // a word of the service: its name, the tenant, the pool
	ReasonOwn     Reason = "own"     // an answer of the person
)

// Bounds of a blocklist.
const (
	mostCommon     = 10_000 // of zxcvbn's list, which is sorted by how many use a password
	shortestWord   = 2      // code points of a word that a password can be
	mostPairs      = 8      // own answers that are also joined in pairs
	mostDecoration = 6      // code points at either end, "2024!!"; more only if they are no more than a pattern
)

// A Blocklist knows the passwords that nobody should have, whatever a pool asks: those that most people use, those that are
// the service's own words, and those that are the person's own answers. A password that merely holds such a word is not
// blocked, one that is such a word is, also in other letters of the same kind, backwards, repeated, with the usual
// substitutions, and with something trivial before or after it. It is safe for concurrent use; make one a process.
//
// Source: NIST SP 800-63B-4, 3.1.1.2 (the entire password is compared, not substrings); OWASP ASVS 5.0, 6.2.4 and 6.2.11.
type Blocklist struct{ common, service map[string]bool }

// NewBlocklist returns the blocklist of a service that is called by these words: tenant, pool, title.
func NewBlocklist(service []string) Blocklist {
	b := Blocklist{common: make(map[string]bool, mostCommon), service: derived(append([]string{"foyer"}, service...))}
	list := frequency.FrequencyLists["passwords"]
	for _, p := range list[:min(len(list), mostCommon)] {
		b.common[folded(p)] = true
	}
	return b
}

// Blocks reports whether password, of a person whose answers are own, may not be used, and why. It takes a fraction of a
// millisecond, whatever it is given.
func (b Blocklist) Blocks(password string, own []string) (Reason, bool) {
	forms := formsOf(bounded(password))
	mine := derived(own)
	for _, list := range []struct {
		reason Reason
		words  map[string]bool
	}{{ReasonOwn, mine}, {ReasonService, b.service}, {ReasonCommon, b.common}} {
		if slices.ContainsFunc(forms, func(f string) bool { return list.words[f] }) {
			return list.reason, true
		}
	}
	return "", false
}

// derived are the words that answers make: each whole, each without its punctuation, its parts, and two of them joined.
func derived(answers []string) map[string]bool {
	words := make(map[string]bool, 4*len(answers))
	add := func(w string) {
		if utf8.RuneCountInString(w) >= shortestWord {
			words[w] = true
		}
	}
	var joined []string
	for _, a := range answers[:min(len(answers), maxParts)] {
		a = folded(first(a, MaxLength))
		add(a)
		add(compact(a))
		local, _, _ := strings.Cut(a, "@")
		add(compact(local))
		for _, p := range parts(a) {
			add(p)
		}
		if c := compact(a); c != "" && len(joined) < mostPairs {
			joined = append(joined, c)
		}
	}
	for i, one := range joined {
		for j, other := range joined {
			if i != j {
				add(one + other)
			}
		}
	}
	return words
}

// formsOf are the words that password may be, once what is trivial about it is taken away.
func formsOf(password string) []string {
	plain := folded(password)
	forms := []string{plain, compact(plain)}
	for _, text := range []string{plain, once(plain)} {
		forms = append(forms, text)
		for _, bare := range undecorated(text) {
			forms = append(forms, bare, once(bare), compact(bare))
		}
	}
	for _, f := range slices.Clone(forms) {
		for choice := range 1 << len(ambiguous) {
			word := unleet(f, choice)
			forms = append(forms, word)
			forms = append(forms, undecorated(word)...)
		}
	}
	for _, f := range slices.Clone(forms) {
		forms = append(forms, backward(f))
	}
	return slices.DeleteFunc(forms, func(f string) bool { return f == "" })
}

// folded is text in small letters, with compatibility characters such as full-width ones made plain.
func folded(text string) string { return strings.ToLower(norm.NFKC.String(text)) }

// compact is text without anything but letters and digits.
func compact(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, text)
}

// once is what text repeats, or text.
func once(text string) string {
	if text == "" {
		return text
	}
	if p := periods(text)[len(text)-1]; len(text)%p == 0 {
		return text[:p]
	}
	return text
}

// undecorated are text without the digits and marks after it, before it, and both, where these are few or a pattern.
func undecorated(text string) []string {
	decoration := func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) }
	var bare []string
	tailless := strings.TrimRightFunc(text, decoration)
	if trivial(text[len(tailless):]) {
		bare = append(bare, tailless)
	}
	headless := strings.TrimLeftFunc(text, decoration)
	if head := text[:len(text)-len(headless)]; headless != "" && trivial(head) {
		bare = append(bare, headless)
		if trivial(text[len(tailless):]) {
			bare = append(bare, tailless[len(head):])
		}
	}
	return bare
}

// trivial reports whether decoration is short, or the same character or the next one again and again.
func trivial(decoration string) bool {
	runes := []rune(decoration)
	if len(runes) <= mostDecoration {
		return true
	}
	step := runes[1] - runes[0]
	for i := 1; i < len(runes); i++ {
		if runes[i]-runes[i-1] != step {
			return false
		}
	}
	return step >= -1 && step <= 1
}

func backward(text string) string {
	runes := []rune(text)
	slices.Reverse(runes)
	return string(runes)
}
