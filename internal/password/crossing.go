package password

import (
	"slices"
	"strings"
	"sync"

	"github.com/trustelem/zxcvbn/frequency"
)

// Bounds on what reaches over the end of the head.
const (
	longWord         = slack + 2 // the shortest word that begins before the slack and ends after the head
	longestWord      = 32        // characters; the longest of zxcvbn's has 23
	longestDate      = 10        // "11/11/1991"
	dateGuesses      = 365 * 20  // the fewest that zxcvbn finds for one
	dateCharacters   = "0123456789 /\\_.-\t\v\f"
	ambiguous        = "1|7" // each stands for one of two letters
	ambiguousLetters = "il" + "il" + "tl"
)

// longWords are zxcvbn's words that can reach over the end of a head. They share their letters with its lists.
var longWords = sync.OnceValue(func() map[string]bool { //nolint:gochecknoglobals // a table, made once from zxcvbn's
	words := make(map[string]bool, 1<<16)
	for _, list := range frequency.FrequencyLists {
		for _, w := range list {
			if len(w) >= longWord {
				for _, reading := range readings(w) {
					words[reading] = true
				}
			}
		}
	}
	return words
})

// crossing are the words and dates of text that begin in its first n characters, before the slack, and end after them. Each
// counts as one of the first that somebody would guess.
func crossing(text string, n int, own []string) []span {
	mine, longest := make(map[string]bool, len(own)), longestWord
	for _, w := range own {
		for _, reading := range readings(w) {
			mine[reading] = true
		}
		longest = max(longest, len(w))
	}
	var spans []span
	for _, reading := range readings(text[:min(len(text), n+longest)]) {
		turned := reversed(reading)
		for from := range n - slack {
			for to := n + 1; to <= min(len(reading), from+longest); to++ {
				if known(reading[from:to], mine) || known(turned[len(turned)-to:len(turned)-from], mine) {
					spans = append(spans, wordSpan(from, n))
					break
				}
			}
		}
	}
	for from := max(n-longestDate, 0); from < n-slack; from++ {
		if strings.Trim(text[from:n], dateCharacters) == "" {
			spans = append(spans, span{from: from, to: n, alone: dateGuesses, part: dateGuesses, run: run{4, dateGuesses}})
		}
	}
	return spans
}

func known(word string, mine map[string]bool) bool { return mine[word] || longWords()[word] }

func wordSpan(from, n int) span {
	if from == 0 { // it may be the whole password
		return span{from: from, to: n, alone: 1, part: 1}
	}
	return span{from: from, to: n, alone: 1, part: partGuesses}
}

// readings are text in lower case, as it stands and with every substitution undone, in each way that zxcvbn knows. zxcvbn may leave some
// of them as they are, such as the @ of an e-mail address: texts that it finds equal have a reading in common.
func readings(text string) []string {
	text = strings.ToLower(text)
	all := []string{text}
	if !strings.ContainsAny(text, leetCharacters) {
		return all
	}
	present := 0
	for i, r := range ambiguous {
		if strings.ContainsRune(text, r) {
			present |= 1 << i
		}
	}
	for choice := range 1 << len(ambiguous) {
		if choice&^present == 0 {
			all = append(all, unleet(text, choice))
		}
	}
	return all
}

// unleet undoes substitutions. The bits of choice say which of two letters each ambiguous character stands for.
func unleet(text string, choice int) string {
	return strings.Map(func(r rune) rune {
		if i := strings.IndexRune(ambiguous, r); i >= 0 {
			return rune(ambiguousLetters[2*i+choice>>i&1])
		}
		if i := strings.IndexRune(leetCharacters, r); i >= 0 {
			return rune(leetLetters[i])
		}
		return r
	}, text)
}

func reversed(text string) string {
	turned := []byte(text)
	slices.Reverse(turned)
	return string(turned)
}

// A repeat is a repetition that reaches over the end of the head.
type repeat struct{ from, period int }

// repeats are the repetitions of text that begin in its first n characters, before the slack, and end after them. What repeats itself
// is no period.
func repeats(text string, n int) []repeat {
	var found []repeat
	periods := make([][]int, max(n-slack, 0)) // by where a repetition begins
	for period := 1; period <= len(text)/2; period++ {
		same := 0 // characters from here on that come again a period later
		for i := len(text) - period - 1; i >= 0; i-- {
			if text[i] != text[i+period] {
				same = 0
				continue
			}
			same++
			if i < len(periods) && same >= period && i+period+same > n && primitive(period, periods[i]) {
				periods[i] = append(periods[i], period)
				found = append(found, repeat{i, period})
			}
		}
	}
	return found
}

// primitive reports whether period is no multiple of a shorter one.
func primitive(period int, shorter []int) bool {
	return !slices.ContainsFunc(shorter, func(p int) bool { return period%p == 0 })
}
