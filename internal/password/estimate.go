package password

import (
	"math"
	"strings"
	"unicode/utf8"

	"github.com/trustelem/zxcvbn"
	"github.com/trustelem/zxcvbn/match"
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

// Bounds on what zxcvbn is given. Its time grows with the square of the length, and with the substitutions it has to
// undo: 16 code points of nothing but those take 2 ms, 32 of ordinary text 1.5 ms.
const (
	plainPrefix    = 32
	leetPrefix     = 16
	leetCharacters = "4@8({[<3691!|/0$5+7%2"
	manyLeet       = 6 // distinct ones
	maxWords       = 32
	maxWord        = 64 // bytes
	ownWordShare   = 3  // shorter own words are too common in any text to count
)

// Judge estimates password for a person whose own answers are words: their e-mail, names and so on count as the
// first things that somebody would guess. It takes a few milliseconds at most, whatever it is given.
func Judge(password string, words []string) Estimate {
	if password == "" {
		return Estimate{Strength: Any, Advice: AdviceStart}
	}
	head, tail := split(bounded(password))
	result := zxcvbn.PasswordStrength(head, ownWords(words))
	strength := score(result.Guesses * math.Exp2(novelty(head, tail)))
	if strength == VeryStrong {
		return Estimate{Strength: strength}
	}
	return Estimate{Strength: strength, Advice: advise(result.Sequence)}
}

// bounded returns the first MaxLength code points of password.
func bounded(password string) string {
	n := 0
	for i := range password {
		if n == MaxLength {
			return password[:i]
		}
		n++
	}
	return password
}

// split cuts password where the estimator would begin to take too long. What repeats itself is cut where a repetition
// ends and has no tail: half a word would look more random than the whole.
func split(password string) (head, tail string) {
	runes := []rune(password)
	limit := plainPrefix
	if substitutions(password) > manyLeet {
		limit = leetPrefix
	}
	if len(runes) <= limit {
		return password, ""
	}
	if p := period(runes); p <= limit {
		return string(runes[:limit/p*p]), ""
	}
	return string(runes[:limit]), string(runes[limit:])
}

// substitutions is how many distinct characters of password may stand for a letter.
func substitutions(password string) int {
	n := 0
	for _, r := range leetCharacters {
		if strings.ContainsRune(password, r) {
			n++
		}
	}
	return n
}

// period is the length of the shortest text that runes repeats, the last time perhaps in part: the length of runes
// less that of its longest border (Knuth, Morris and Pratt).
func period(runes []rune) int {
	border := make([]int, len(runes))
	for i := 1; i < len(runes); i++ {
		k := border[i-1]
		for k > 0 && runes[i] != runes[k] {
			k = border[k-1]
		}
		if runes[i] == runes[k] {
			k++
		}
		border[i] = k
	}
	return len(runes) - border[len(runes)-1]
}

// novelty is how many characters of tail add something: those that neither repeat what stood before nor follow their
// neighbour. Each counts for one bit, far less than zxcvbn would give it, so that a long password is never called
// stronger than the tenant finds it.
func novelty(head, tail string) float64 {
	if tail == "" {
		return 0
	}
	runes := []rune(head + tail)
	start := utf8.RuneCountInString(head)
	seen := make(map[[3]rune]bool, len(runes))
	fresh := 0
	for i := 2; i < len(runes); i++ {
		gram := [3]rune{runes[i-2], runes[i-1], runes[i]}
		step := runes[i] - runes[i-1]
		if i >= start && !seen[gram] && (step < -1 || step > 1) {
			fresh++
		}
		seen[gram] = true
	}
	return float64(fresh)
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

// ownWords returns the words and their parts ("ann.lee@example.com" is also "ann", "lee" and "example"), in lower
// case as zxcvbn compares them, few and short enough.
func ownWords(words []string) []string {
	var own []string
	for _, w := range words {
		w = strings.ToLower(w)
		parts := append([]string{w}, strings.FieldsFunc(w, func(r rune) bool {
			return strings.ContainsRune(" @.-_+", r)
		})...)
		for _, p := range parts {
			if len(p) >= ownWordShare && len(p) <= maxWord && len(own) < maxWords {
				own = append(own, p)
			}
		}
	}
	return own
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
