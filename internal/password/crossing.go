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
	shortestMixed    = 3
	longestWord      = 32       // characters; the longest of zxcvbn's has 23
	longestDate      = 10       // "11/11/1991"
	dateGuesses      = 365 * 20 // the fewest that zxcvbn finds for one
	dateCharacters   = "0123456789 /\\_.-\t\v\f"
	ambiguous        = "1|7" // each stands for one of two letters
	ambiguousLetters = "il" + "il" + "tl"
)

// longWords are zxcvbn's words that can reach over the end of a head, and mixedWords those of letters and of characters that may stand for
// others, like "trustno1", both as their readings. They share most of their letters with its lists.
//
//nolint:gochecknoglobals // tables, made once from zxcvbn's
var (
	longWords  = sync.OnceValue(func() map[string]bool { return wordsThat(longEnough) })
	mixedWords = sync.OnceValue(func() map[string]bool { return wordsThat(mixed) })
)

func longEnough(word string) bool { return len(word) >= longWord }

// mixed reports whether word has a character that may stand for another.
func mixed(word string) bool {
	return len(word) >= shortestMixed && strings.ContainsAny(word, leetCharacters)
}

// wordsThat are the readings of zxcvbn's words that are wanted.
func wordsThat(wanted func(string) bool) map[string]bool {
	found := make(map[string]bool, 1<<13)
	for _, list := range frequency.FrequencyLists {
		for _, w := range list {
			if wanted(w) {
				addReadings(found, w)
			}
		}
	}
	return found
}

func addReadings(words map[string]bool, word string) {
	for _, reading := range readings(word) {
		words[reading] = true
	}
}

// crossing are the words and dates of text that begin in its first n characters, before the slack, and end after them. Each
// counts as one of the first that somebody would guess.
func crossing(text string, n int, own []string) []span {
	mine, longest := make(map[string]bool, len(own)), longestWord
	for _, w := range own {
		addReadings(mine, w)
		longest = max(longest, len(w))
	}
	spans := partlyRead(text, n, own)
	search(readings(text[:min(len(text), n+longest)]), func(from, to int, word string) {
		if from < n-slack && to > n && to-from <= longest && (mine[word] || longWords()[word]) {
			spans = append(spans, wordSpan(from, n, n))
		}
	})
	for from := max(n-longestDate, 0); from < n-slack; from++ {
		if strings.Trim(text[from:n], dateCharacters) == "" {
			spans = append(spans, span{from: from, to: n, alone: dateGuesses, part: dateGuesses, run: run{4, dateGuesses}})
		}
	}
	return spans
}

// partlyRead are the words in the first n characters of text of which zxcvbn undoes only some substitutions. It undoes but one for each
// letter at a time, so that it may find them in text and not in its beginning.
func partlyRead(text string, n int, own []string) []span {
	head := text[:n]
	if !strings.ContainsFunc(text[n:], func(r rune) bool {
		return strings.ContainsRune(leetCharacters, r) && !strings.ContainsRune(head, r)
	}) {
		return nil
	}
	mine := make(map[string]bool, len(own))
	for _, w := range own {
		if mixed(w) {
			addReadings(mine, w)
		}
	}
	var spans []span
	search(readings(head), func(from, to int, word string) {
		if to-from >= shortestMixed && (mine[word] || mixedWords()[word]) {
			spans = append(spans, wordSpan(from, to, n))
		}
	})
	return spans
}

// search calls visit for each part of each text, forward and backward.
func search(texts []string, visit func(from, to int, word string)) {
	for _, text := range texts {
		turned := reversed(text)
		for from := range text {
			for to := from + 1; to <= len(text); to++ {
				visit(from, to, text[from:to])
				visit(from, to, turned[len(text)-to:len(text)-from])
			}
		}
	}
}

// wordSpan is a word in the head of n characters, or as much of it as is there. It may be all of a password, when it begins where that
// does and does not end in the head.
func wordSpan(from, to, n int) span {
	if from == 0 && to == n {
		return span{from: from, to: to, alone: 1, part: 1}
	}
	return span{from: from, to: to, alone: 1, part: partGuesses}
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
