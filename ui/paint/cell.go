package paint

import (
	"strings"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

// A cell is a character on the screen and how it looks.
type cell struct {
	text  string // a grapheme cluster
	style style
	at    int // the column that it begins in
	width int // in columns
}

// blank reports whether nothing is seen of c.
func (c cell) blank() bool { return c.text == " " && c.style == style{} }

// A line hands out the cells of a line of a frame, and blank ones after its end.
type line struct {
	rest       string
	attributes attributes // that the terminal knows
	style      style
	at         int // the next column
	width      int // of the window; what exceeds it is left out
}

// next is the next cell, and whether it is one of the line's.
func (l *line) next() (cell, bool) {
	for len(l.rest) > 0 {
		first := l.rest[0]
		switch {
		case first == ansi.ESC, first >= 0x80 && first < 0xa0:
			l.sequence()
		case first < ' ' || first == ansi.DEL:
			l.rest = l.rest[1:]
		case first < utf8.RuneSelf && (len(l.rest) == 1 || l.rest[1] < utf8.RuneSelf): // no mark follows that belongs to it
			return l.take(1, 1)
		default:
			text, width := ansi.FirstGraphemeCluster(l.rest, ansi.GraphemeWidth)
			if width > 0 && utf8.ValidString(text) && !controlling(text) {
				return l.take(len(text), width)
			}
			l.rest = l.rest[max(len(text), 1):]
		}
	}
	return l.cell(" ", style{}, 1), false
}

// controlling reports whether text has a C1 control in it, which some terminals obey in UTF-8, too.
func controlling(text string) bool {
	for _, r := range text {
		if r < ' ' || r >= ansi.DEL && r < 0xa0 {
			return true
		}
	}
	return false
}

// take is the cell of the next bytes; none of the line's when it does not fit into the window.
func (l *line) take(bytes, width int) (cell, bool) {
	if l.at+width > l.width {
		l.rest = ""
		return l.cell(" ", style{}, 1), false
	}
	text := l.rest[:bytes]
	l.rest = l.rest[bytes:]
	s := l.style
	if text == " " {
		s = s.onSpace()
	}
	return l.cell(text, s, width), true
}

func (l *line) cell(text string, s style, width int) cell {
	c := cell{text: text, style: s, at: l.at, width: width}
	l.at += width
	return c
}

// sequence passes an escape sequence, and takes the style from it if it is one.
func (l *line) sequence() {
	if !strings.HasPrefix(l.rest, "\x1b[") {
		_, _, n, _ := ansi.DecodeSequence(l.rest, ansi.NormalState, nil)
		l.rest = l.rest[max(n, 1):]
		return
	}
	end := 2
	for end < len(l.rest) && l.rest[end] >= ' ' && l.rest[end] <= '?' {
		end++
	}
	if end == len(l.rest) || l.rest[end] == ansi.ESC { // cut off
		l.rest = l.rest[end:]
		return
	}
	parameters := l.rest[2:end]
	if l.rest[end] == 'm' && strings.Trim(parameters, "0123456789;:") == "" {
		l.style = l.style.apply(parameters)
		l.style.attributes &= l.attributes
	}
	l.rest = l.rest[end+1:]
}

// disputed reports whether terminals disagree how wide text is: those that count clusters, as we do, and those that count
// the characters of each.
func disputed(text string) bool {
	for i := range len(text) {
		if text[i] >= 0xcc { // the first character that joins another is U+0300
			return ansi.StringWidth(text) != ansi.StringWidthWc(text)
		}
	}
	return false
}
