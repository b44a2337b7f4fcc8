// Package clean makes text from outside fit to be shown or logged. Everything that a person, a terminal, the
// tenant or a file says passes through it on its way to a screen, a log or an error.
//
// What goes, and what stays:
//
//	escape sequences                    go with what is in them, as a terminal would take them
//	C0, C1, DEL                         go; those that are white space become a space, as all white space does
//	bidi controls, zero width, tags     go, as do soft hyphens, fillers, annotations, noncharacters and private use
//	invalid UTF-8                       becomes U+FFFD, a byte of C1 included: no terminal that reads UTF-8 obeys it
//	joiners (ZWJ, ZWNJ)                 stay between two letters or two emoji, which are written with them
//	variation selectors                 stay alone, after a character that can have one
//	combining marks                     stay after a character, up to mostMarks of them
package clean

import (
	"strings"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

// Line returns s as one line of at most limit code points and of at most as many cells of a terminal, in which wide characters
// take two. A longer text ends in "…", and no character is cut in two. White space is single spaces, and none is at either
// end. Cleaning a line again changes nothing.
func Line(s string, limit int) string {
	if len(s) <= limit && plain(s) {
		return s
	}
	var w writer
	rest := begin(s, work*limit)
	more := len(rest) < len(s)
	for rest != "" && w.runes <= limit {
		rest = w.take(rest)
	}
	return cut(w.text(), limit, more)
}

// begin returns the first bytes of s, up to most of them, and cuts no code point in two.
func begin(s string, most int) string {
	if len(s) <= most {
		return s
	}
	end := max(most, 0)
	for end > max(most-utf8.UTFMax, 0) && !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end]
}

// plain reports whether s is clean at first sight: ASCII without controls, and single spaces within.
func plain(s string) bool {
	space := true // before the first letter
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' || s[i] == ' ' && space {
			return false
		}
		space = s[i] == ' '
	}
	return !space || s == ""
}

// work bounds how much of a text is looked at, in bytes for each code point that is asked for; a code point has at most 4.
const work = 16

// Text returns s cleaned as Line does it, but line by line: at most lines of at most limit code points, and those that are empty
// left out.
func Text(s string, lines, limit int) string {
	var all []string
	for line := range strings.Lines(s) {
		if line = Line(line, limit); line != "" {
			all = append(all, line)
		}
		if len(all) > lines {
			all = append(all[:lines-1], "…")
			break
		}
	}
	return strings.Join(all, "\n")
}

// Keys returns s, which was typed, without what cannot be seen: white space is a space each, and nothing else is changed. It is for
// text that is shown while it grows, so a joiner stays that has nothing on its other side yet.
func Keys(s string) string { return strings.Map(typed, s) }

func typed(r rune) rune {
	switch {
	case space(r):
		return ' '
	case !Visible(r):
		return -1
	}
	return r
}

// cut shortens s to limit code points and cells, the last of which is then "…"; more says that s goes on.
func cut(s string, limit int, more bool) string {
	switch {
	case limit <= 0:
		return ""
	case !more && utf8.RuneCountInString(s) <= limit && ansi.StringWidth(s) <= limit:
		return s
	}
	end, runes, cells := 0, 1, 1 // of the "…"
	for end < len(s) {
		cluster, width := ansi.FirstGraphemeCluster(s[end:], ansi.GraphemeWidth)
		runes, cells = runes+utf8.RuneCountInString(cluster), cells+width
		if runes > limit || cells > limit {
			break
		}
		end += len(cluster)
	}
	return strings.TrimRight(s[:end], " \u200c\u200d") + "…" // a joiner would join nothing
}
