// Package clean makes text from outside fit to be shown or logged. Everything that a person, a terminal, the
// tenant or a file says passes through it on its way to a screen, a log or an error.
package clean

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

// Line returns s as one line of at most limit runes: escape sequences and control, format and private-use
// characters are gone, line breaks and other white space are single spaces, invalid UTF-8 is U+FFFD. A longer text
// ends in "…". Joiners that letters and emoji are written with (ZWJ, ZWNJ) stay.
func Line(s string, limit int) string {
	if max := 8 * limit; len(s) > max { // bounds the work; a rune has at most 4 bytes
		s = strings.ToValidUTF8(s[:max], "")
	}
	s = ansi.Strip(strings.ToValidUTF8(s, string(utf8.RuneError)))
	s = strings.Map(visible, s)
	return cut(strings.Join(strings.Fields(s), " "), limit)
}

// Visible reports whether r may stand on a screen as part of a text: it is neither a control nor an invisible
// format character (bidi controls, tags, zero-width spaces), nor unassigned to any meaning (private use, surrogates).
func Visible(r rune) bool {
	switch r {
	case '\u200c', '\u200d': // ZWNJ, ZWJ: parts of words in Persian and Indic scripts, and of emoji
		return true
	case utf8.RuneError:
		return true
	case '\ufffe', '\uffff': // noncharacters
		return false
	}
	return !unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Cs, unicode.Zl, unicode.Zp)
}

// visible is Visible as a mapping: white space becomes a space, what may not be seen vanishes.
func visible(r rune) rune {
	switch {
	case unicode.IsSpace(r):
		return ' '
	case !Visible(r):
		return -1
	}
	return r
}

// cut shortens s to limit runes, the last of which is then "…".
func cut(s string, limit int) string {
	if utf8.RuneCountInString(s) <= limit {
		return s
	}
	runes := []rune(s)
	return string(runes[:max(limit-1, 0)]) + "…"
}
