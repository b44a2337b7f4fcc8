package field

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// An index is the names of options in one language, ready to be searched: folding a thousand names takes as long as
// searching them twenty times.
type index struct {
	language string
	names    []indexed
}

// indexed is a name as it is shown, and folded; code is folded, too, and "" when the option has none.
type indexed struct{ name, folded, code string }

// of returns the index of options in words, which is x itself where it does.
func (x index) of(options []Option, words Words) index {
	language := words.Text("country.language")
	if x.language == language && len(x.names) == len(options) {
		return x
	}
	names := make([]indexed, len(options))
	for i, o := range options {
		name := o.Say.In(words)
		names[i] = indexed{name, fold(name), fold(o.Say.Country)}
	}
	return index{language, names}
}

// Ranks of matches, the best first.
const (
	rankSame      = iota // to the letter
	rankEqual            // but for case and accents, or the code
	rankBeginning        // of the name
	rankWord             // the beginning of a word
	rankWithin           // anywhere
	ranks
)

// find returns the options that match text, the best first, and equally good ones in their own order. Only is for those
// that begin with it.
func (x index) find(text string, beginnings bool) []int {
	filter := fold(text)
	if filter == "" {
		return nil
	}
	worst := rankWithin
	if beginnings {
		worst = rankBeginning
	}
	var ranked [ranks][]int
	for i, n := range x.names {
		if r := n.rank(text, filter); r <= worst {
			ranked[r] = append(ranked[r], i)
		}
	}
	var found []int
	for _, some := range ranked {
		found = append(found, some...)
	}
	return found
}

// rank is how well n matches text, which folded is filter; ranks when it does not.
func (n indexed) rank(text, filter string) int {
	switch {
	case n.name == text:
		return rankSame
	case n.folded == filter, n.code == filter:
		return rankEqual
	case strings.HasPrefix(n.folded, filter):
		return rankBeginning
	case !strings.Contains(n.folded, filter):
		return ranks
	}
	for at, from := 0, 0; ; from = at + 1 {
		next := strings.Index(n.folded[from:], filter)
		if next < 0 {
			return rankWithin
		}
		at = from + next
		if before, _ := utf8.DecodeLastRuneInString(n.folded[:at]); !unicode.IsLetter(before) && !unicode.IsDigit(before) {
			return rankWord
		}
	}
}

// fold is s without case and accents, and without what else people leave out when they type a name.
func fold(s string) string {
	ascii := true
	for i := range len(s) {
		ascii = ascii && s[i] < utf8.RuneSelf
	}
	if !ascii {
		s = cases.Fold().String(norm.NFKD.String(s))
	}
	return strings.Map(plain, s)
}

// plain is a rune of a folded name: accents vanish, and letters that Unicode does not take apart lose their strokes.
func plain(r rune) rune {
	switch {
	case r >= 'A' && r <= 'Z':
		return r + 'a' - 'A'
	case r >= 0x300 && r <= 0x36f: // combining diacritical marks; those of other scripts make other letters
		return -1
	}
	switch r {
	case 'ø':
		return 'o'
	case 'ł':
		return 'l'
	case 'đ':
		return 'd'
	case 'ı':
		return 'i'
	case '\u2018', '\u2019':
		return '\''
	case '-', '\u2010', '\u2011', '\u2013':
		return ' '
	}
	return r
}
