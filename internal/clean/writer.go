package clean

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// mostMarks is how many combining marks a character may have: Hebrew with vowels and accents has five, none more.
const mostMarks = 8

// A writer makes a line of what it takes. Its zero value has an empty one.
type writer struct {
	line  strings.Builder
	runes int  // of the line
	base  rune // the last character of the line that is no mark; 0 where marks have none, as after a space
	marks int  // after it
	last  rune // of the line
	wait  rune // what comes before the next character, if that fits: a space or a joiner; 0 for none
	chose bool // base has a variation selector
}

func (w *writer) text() string { return w.line.String() }

// take reads one thing off the beginning of s, which is not empty: an escape sequence or a character. It returns the rest.
func (w *writer) take(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	if space(r) {
		w.pause()
		return s[size:]
	}
	if n := sequence(s); n > 0 {
		return s[n:]
	}
	switch {
	case !Visible(r):
	case joiner(r):
		if w.wait == 0 && joins(w.last) {
			w.wait = r
		}
	case unicode.Is(unicode.Variation_Selector, r):
		if w.wait == 0 && !w.chose && w.last == w.base && w.base != 0 && selects(r, w.base) {
			w.put(r)
			w.chose = true
		}
	case unicode.Is(unicode.M, r):
		w.mark(r)
	default:
		w.begin(r)
	}
	return s[size:]
}

// pause takes white space: one space comes before the next character, but none at the beginning.
func (w *writer) pause() {
	if w.wait = 0; w.runes > 0 {
		w.wait = ' '
	}
	w.base = 0
}

// mark takes a combining mark, which needs a character to stand on.
func (w *writer) mark(r rune) {
	if w.base == 0 || w.marks >= mostMarks {
		return
	}
	w.marks++
	w.release(true)
	w.put(r)
}

// begin takes any other character.
func (w *writer) begin(r rune) {
	w.release(joins(r))
	w.put(r)
	w.base, w.marks, w.chose = r, 0, false
}

// release writes what waits; a joiner only where it fits.
func (w *writer) release(joins bool) {
	if w.wait == ' ' || w.wait != 0 && joins {
		w.put(w.wait)
	}
	w.wait = 0
}

func (w *writer) put(r rune) {
	_, _ = w.line.WriteRune(r)
	w.runes++
	w.last = r
}
