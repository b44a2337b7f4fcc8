package lines

import (
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"

	"foyer/ui/intake"
)

// A stroke is what a key was for whoever waits for a line.
type stroke int

// The strokes.
const (
	typing      stroke = iota // of the line, which goes on
	entered                   // the line is there
	interrupted               // ctrl+c
	hungUp                    // ctrl+d in an empty line
)

// Keys that edit.
const (
	keyInterrupt = 0x03
	keyEnd       = 0x04
	keyBackspace = 0x08
	keyKillLine  = 0x15
	keyKillWord  = 0x17
	keyEscape    = 0x1b
	keyDelete    = 0x7f
)

// longestLine bounds a line, in bytes: so much more than any question takes that the question itself says no.
const longestLine = 4*4096 + utf8.UTFMax

// An editor makes lines of what comes from a person. At a terminal it does what the terminal does for other programs: it echoes,
// and takes back. Without one, lines come as they are, and control characters in them are dropped.
type editor struct {
	terminal bool
	hidden   bool // nothing of the line is shown
	out      *printer

	text     []byte
	signs    []sign // in the text, as a person sees them
	spoilt   bool   // there was a control character, which is not in the text
	returned bool   // the last byte was a carriage return: a line feed belongs to it
}

// A sign is where a character as a person sees it begins (a grapheme cluster), and the cells that its echo takes.
type sign struct{ at, cells int }

// take takes keys from pending until one of them is more than typing. A key that is not whole yet is left for its rest to come,
// unless this is all there will be. What was taken is overwritten.
func (e *editor) take(pending *[]byte, all bool) stroke {
	for len(*pending) > 0 {
		size, whole := intake.Key(*pending)
		if !whole && !all {
			return typing
		}
		key := e.key(intake.Legible((*pending)[:size]))
		clear((*pending)[:size])
		*pending = (*pending)[size:]
		if key != typing {
			return key
		}
	}
	*pending = nil
	if all && !e.terminal && len(e.text) > 0 { // the last line has no end
		return entered
	}
	return typing
}

// key takes one key.
func (e *editor) key(token []byte) stroke {
	after := e.returned
	e.returned = token[0] == '\r'
	switch c := token[0]; {
	case c == '\n' && after, c == 0 && after:
		return typing
	case c == '\n', c == '\r':
		return entered
	case c == keyEscape: // an arrow or another key that no line has
		return typing
	case e.terminal && c == keyInterrupt:
		return interrupted
	case e.terminal && c == keyEnd && len(e.text) == 0:
		return hungUp
	case e.terminal && (c == keyBackspace || c == keyDelete):
		e.cut(1)
	case e.terminal && c == keyKillLine:
		e.cut(len(e.signs))
	case e.terminal && c == keyKillWord:
		e.cut(e.word())
	case c == '\t' && !e.hidden:
		e.insert([]byte(" "))
	default:
		e.insert(token)
	}
	return typing
}

// insert types a character.
func (e *editor) insert(token []byte) {
	r, size := utf8.DecodeRune(token)
	if unicode.IsControl(r) {
		e.spoilt = true
		return
	}
	if len(e.text)+size > longestLine {
		return
	}
	e.text = grown(e.text, token[:size])
	cells := 0
	if !e.hidden && e.terminal {
		cells = e.out.echo(string(r))
	}
	if last := len(e.signs) - 1; last >= 0 && e.joined(e.signs[last].at) {
		e.signs[last].cells = e.cells(e.signs[last].at, e.signs[last].cells+cells)
		return
	}
	e.signs = append(e.signs, sign{len(e.text) - size, cells})
}

// grown is text with more behind it. It may be a password: where it moves, nothing of it stays behind.
func grown(text, more []byte) []byte {
	if size := len(text) + len(more); size > cap(text) {
		moved := append(make([]byte, 0, 2*size), text...)
		clear(text)
		text = moved
	}
	return append(text, more...)
}

// longestSign bounds a character as a person sees it, in bytes: no more is looked at for each key.
const longestSign = 64

// joined reports whether all text from at is one character.
func (e *editor) joined(at int) bool {
	if len(e.text)-at > longestSign {
		return false
	}
	cluster, _ := ansi.FirstGraphemeCluster(e.text[at:], ansi.GraphemeWidth)
	return len(cluster) == len(e.text)-at
}

// cells are those of the character at at, whose parts take sum cells each for itself.
func (e *editor) cells(at, sum int) int {
	if e.out.ascii || sum == 0 {
		return sum
	}
	return ansi.StringWidth(string(e.text[at:]))
}

// cut takes the last n characters back.
func (e *editor) cut(n int) {
	for range min(n, len(e.signs)) {
		last := len(e.signs) - 1
		e.out.erase(e.signs[last].cells)
		clear(e.text[e.signs[last].at:])
		e.text, e.signs = e.text[:e.signs[last].at], e.signs[:last]
	}
}

// word is how many characters the last word has, with the spaces after it.
func (e *editor) word() int {
	n, inside := 0, false
	for i := len(e.signs) - 1; i >= 0; i-- {
		space := e.text[e.signs[i].at] == ' '
		if space && inside {
			break
		}
		inside = inside || !space
		n++
	}
	return n
}

// show echoes again what was typed of the line, after something else was said.
func (e *editor) show() {
	if e.terminal && !e.hidden && len(e.text) > 0 {
		e.out.echo(string(e.text))
	}
}

// reset begins another line.
func (e *editor) reset(hidden bool) {
	clear(e.text)
	e.text, e.signs, e.spoilt, e.hidden = e.text[:0], e.signs[:0], false, hidden
}
