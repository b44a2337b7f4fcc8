package password

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/trustelem/zxcvbn/match"
	"github.com/trustelem/zxcvbn/matching"
	"github.com/trustelem/zxcvbn/scoring"
)

// An Estimate says how well a password withstands guessing.
type Estimate struct {
	Strength Strength
	Advice   Advice // what would help most; AdviceNone when it is very strong
}

// Advice is the one thing that would make a password stronger.
type Advice string

// The advice there is.
const (
	AdviceNone     Advice = ""
	AdviceStart    Advice = "start"    // nothing typed yet: say what a good password is
	AdviceOwn      Advice = "own"      // it holds the person's own answers
	AdviceCommon   Advice = "common"   // it is, or holds, a password that many use
	AdviceWord     Advice = "word"     // it leans on one dictionary word
	AdviceName     Advice = "name"     // it holds a common name
	AdviceKeyboard Advice = "keyboard" // neighbouring keys
	AdviceRepeat   Advice = "repeat"   // "aaa", "abcabc"
	AdviceSequence Advice = "sequence" // "abc", "6543"
	AdviceDate     Advice = "date"     // a date or a year
	AdviceLonger   Advice = "longer"   // more characters, best another word
)

// Bounds on what zxcvbn is given. Its time grows with the square of the length, and with the ways there are to undo the
// substitutions. Measured in microseconds for n code points: n² × (plainCost + leetCost × ways).
const (
	longestHead  = 32
	shortestHead = 16 // whatever it costs: all of it substitutions, 2 ms
	plainCost    = 0.5
	leetCost     = 0.07
	budget       = 1000
	maxWords     = 64  // as many as anybody answers
	maxParts     = 128 // of these words, themselves included
	maxWord      = 64  // code points
	ownWordShare = 3   // shorter parts of own words are too common in any text to count
)

// The substitutions that zxcvbn knows, and what they stand for. 1, | and 7 may also be an l.
const (
	leetCharacters = "4@8({[<3691!|0$5+7%2"
	leetLetters    = "aabcccceggiiiossttxz"
)

// Judge estimates password for a person whose own answers are words: their e-mail, names and so on count as the
// first things that somebody would guess. It takes 2 ms at most, whatever it is given: of a longer password it knows
// how strong it is at least, so that it never calls one stronger than the tenant finds it.
func Judge(password string, words []string) Estimate {
	if password == "" {
		return Estimate{Strength: Any, Advice: AdviceStart}
	}
	if !utf8.ValidString(password) {
		return Estimate{Strength: Any, Advice: AdviceLonger}
	}
	text, own := standIns(bounded(password)), ownWords(words)
	n := affordable(text)
	matches := matching.Omnimatch(text[:n], own)
	whole := scoring.MostGuessableMatchSequence(text[:n], matches, false)
	strength := score(whole.Guesses)
	if n < len(text) {
		strength = score(atLeast(text, n, matches, own))
	}
	if strength == VeryStrong {
		return Estimate{Strength: strength}
	}
	return Estimate{Strength: strength, Advice: advise(whole.Sequence)}
}

// bounded returns the first MaxLength code points of password.
func bounded(password string) string { return first(password, MaxLength) }

// first returns the first n code points of s.
func first(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}

// affordable is how many characters of text zxcvbn may see.
func affordable(text string) int {
	n := min(len(text), longestHead)
	for ; n > shortestHead; n-- {
		if float64(n*n)*(plainCost+leetCost*float64(ways(text[:n]))) <= budget {
			break
		}
	}
	return n
}

// ways is in how many ways zxcvbn undoes the substitutions in text: for each letter, one of those that can stand for it.
func ways(text string) int {
	var alternatives [len(leetCharacters)]int
	seen := make(map[rune]bool, len(leetCharacters))
	for _, r := range text {
		i := strings.IndexRune(leetCharacters, r)
		if i < 0 || seen[r] {
			continue
		}
		seen[r] = true
		alternatives[strings.IndexByte(leetLetters, leetLetters[i])]++
		if strings.ContainsRune(ambiguous, r) {
			alternatives[len(leetCharacters)-1]++ // an l
		}
	}
	ways := 1
	for _, n := range alternatives {
		ways *= max(n, 1)
	}
	if len(seen) == 0 {
		return 0
	}
	return ways
}

// standIns returns text with another character of one byte for each that has more: zxcvbn's port to Go counts bytes where zxcvbn counts
// characters, and finds "длинная фраза из слов" the easiest password of all. Neighbours stay neighbours, capitals become small
// letters, and different characters rarely become the same one. What stands in is nothing that anybody types.
func standIns(text string) string {
	const few = "\x01\x02\x03\x04\x05\x06\x07\x0e\x0f\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f\x7f"
	return strings.Map(func(r rune) rune {
		if r < utf8.RuneSelf {
			return r
		}
		return rune(few[int(unicode.ToLower(r))%len(few)])
	}, text)
}

// score maps a number of guesses to a level. The bounds are zxcvbn's.
func score(guesses float64) Strength {
	const delta = 5
	for strength, bound := range []float64{1e3, 1e6, 1e8, 1e10} {
		if guesses < bound+delta {
			return Strength(strength)
		}
	}
	return VeryStrong
}

// ownWords returns words and then their parts ("ann.lee@example.com" is also "ann", "lee" and "example"), in lower case as zxcvbn
// compares them, few and short enough, each once. Earlier ones are guessed earlier, so the words come before any part.
func ownWords(words []string) []string {
	var own []string
	seen := make(map[string]bool)
	add := func(w string) {
		if w != "" && !seen[w] && len(own) < maxParts {
			seen[w] = true
			own = append(own, w)
		}
	}
	words = slices.DeleteFunc(slices.Clone(words), func(w string) bool { return w == "" })
	words = words[:min(len(words), maxWords)]
	for i, w := range words {
		words[i] = strings.ToLower(first(w, maxWord))
		add(standIns(words[i]))
	}
	for _, w := range words {
		for _, p := range parts(w) {
			add(standIns(p))
		}
	}
	return own
}

// parts are the pieces of an answer that are words of their own.
func parts(word string) []string {
	return slices.DeleteFunc(strings.FieldsFunc(word, func(r rune) bool {
		return strings.ContainsRune(" @.-_+", r)
	}), func(p string) bool { return len(p) < ownWordShare })
}

// advise names the weakest part of what the estimator found: the longest that it did not have to guess blindly.
func advise(sequence []*match.Match) Advice {
	advice, longest := AdviceLonger, 0
	for _, m := range sequence {
		if a := adviceFor(m); a != AdviceLonger && len(m.Token) > longest {
			advice, longest = a, len(m.Token)
		}
	}
	return advice
}

// adviceFor is the advice against one match of zxcvbn.
func adviceFor(m *match.Match) Advice {
	switch m.Pattern {
	case "dictionary":
		return adviceForDictionary(m.DictionaryName)
	case "spatial":
		return AdviceKeyboard
	case "repeat":
		return AdviceRepeat
	case "sequence":
		return AdviceSequence
	case "date", "regex":
		return AdviceDate
	}
	return AdviceLonger
}

func adviceForDictionary(name string) Advice {
	switch name {
	case "user_inputs":
		return AdviceOwn
	case "passwords":
		return AdviceCommon
	case "surnames", "male_names", "female_names":
		return AdviceName
	}
	return AdviceWord
}
