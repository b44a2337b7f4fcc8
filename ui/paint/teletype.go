package paint

import (
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// print is the bytes that do j on a terminal without control sequences: the lines that changed, one below the other. A line
// that changes again is printed over itself. Blank lines push out of sight what is to be cleared.
func (p *Painter) print(j job) []byte {
	var out []byte
	was := p.shown.frame
	if j.anew || j.end {
		if p.begun {
			out = append(out, strings.Repeat("\r\n", j.size.Height)...)
		}
		was, p.begun, p.row = "", !j.end, unknown
	}
	if j.end {
		return out
	}
	for y, is := 0, j.frame; y < j.size.Height && is != ""; y++ {
		var before, after string
		before, was, _ = strings.Cut(was, "\n")
		after, is, _ = strings.Cut(is, "\n")
		if before != after {
			out = p.printLine(out, y, bare(before, j.size.Width), bare(after, j.size.Width))
		}
	}
	return out
}

// printLine prints row y, which showed before.
func (p *Painter) printLine(out []byte, y int, before, after string) []byte {
	switch {
	case before == after:
		return out
	case y == p.row:
		out = append(out, '\r')
		after += strings.Repeat(" ", max(ansi.StringWidth(before)-ansi.StringWidth(after), 0))
	case after == "":
		return out
	default:
		out = append(out, "\r\n"...)
	}
	p.row = y
	return append(out, after...)
}

// bare is text without sequences and the blanks at its end, short enough not to begin another line.
func bare(text string, width int) string {
	l := line{rest: text, width: width - 1}
	var b strings.Builder
	for {
		c, in := l.next()
		if !in {
			return strings.TrimRight(b.String(), " ")
		}
		b.WriteString(c.text)
	}
}
