// Package gallery draws frames of the kiosk as pictures for the README. "make pictures" makes them anew.
package gallery

import (
	"encoding/xml"
	"fmt"
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// The look of a picture, in pixels.
const (
	cellWidth  = 9
	cellHeight = 19
	padding    = 18
	background = "#16181D"
	foreground = "#D8DEE9"
)

// ink is how a run of text is drawn.
type ink struct {
	colour, paper      string // "" for the window's own
	bold, dim, reverse bool
}

// SVG draws a frame, which is text with SGR sequences in true colour, as a window of columns and rows cells. What else the
// frame holds is left out.
func SVG(frame string, columns, rows int) string {
	width, height := columns*cellWidth+2*padding, rows*cellHeight+2*padding
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d">`+"\n", width, height, width, height)
	fmt.Fprintf(&b, `<rect width="%d" height="%d" rx="10" fill="%s"/>`+"\n", width, height, background)
	b.WriteString(`<g font-family="ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace" font-size="15" xml:space="preserve">` + "\n")
	for y, line := range strings.Split(frame, "\n") {
		if y < rows {
			writeLine(&b, line, y)
		}
	}
	b.WriteString("</g>\n</svg>\n")
	return b.String()
}

// writeLine draws the runs of one line.
func writeLine(b *strings.Builder, line string, y int) {
	var style ink
	var run strings.Builder
	start, x := 0, 0
	flush := func() {
		writeRun(b, run.String(), style, start, x-start, y)
		run.Reset()
		start = x
	}
	parser := ansi.NewParser()
	var state byte
	for line != "" {
		sequence, width, n, next := ansi.DecodeSequence(line, state, parser)
		line, state = line[n:], next
		switch {
		case width > 0:
			run.WriteString(sequence)
			x += width
		case ansi.Cmd(parser.Command()).Final() == 'm':
			flush()
			style = style.apply(parser.Params())
		}
	}
	flush()
}

// apply returns i after an SGR sequence (ECMA-48, 8.3.117).
func (i ink) apply(params ansi.Params) ink {
	if len(params) == 0 {
		return ink{}
	}
	for at := 0; at < len(params); at++ {
		switch value := params[at].Param(0); {
		case value == 0:
			i = ink{}
		case value == 1:
			i.bold = true
		case value == 2:
			i.dim = true
		case value == 7:
			i.reverse = true
		case value == 38 && at+4 < len(params):
			i.colour = rgb(params[at+2:])
			at += 4
		case value == 48 && at+4 < len(params):
			i.paper = rgb(params[at+2:])
			at += 4
		}
	}
	return i
}

// rgb is the colour that the first three params are.
func rgb(params ansi.Params) string {
	return fmt.Sprintf("#%02X%02X%02X", params[0].Param(0), params[1].Param(0), params[2].Param(0))
}

// writeRun draws text in one style at column x of row y.
func writeRun(b *strings.Builder, text string, style ink, x, width, y int) {
	colour, paper, attributes := style.colour, style.paper, ""
	if colour == "" {
		colour = foreground
	}
	if style.reverse {
		colour, paper = background, colour
	}
	left, top := padding+x*cellWidth, padding+y*cellHeight
	if paper != "" {
		fmt.Fprintf(b, `<rect x="%d" y="%d" width="%d" height="%d" fill="%s"/>`+"\n", left, top, width*cellWidth, cellHeight, paper)
	}
	if strings.TrimSpace(text) == "" {
		return
	}
	if style.bold {
		attributes += ` font-weight="bold"`
	}
	if style.dim {
		attributes += ` opacity="0.7"`
	}
	fmt.Fprintf(b, `<text x="%d" y="%d" textLength="%d" fill="%s"%s>`, left, top+cellHeight-5, width*cellWidth, colour, attributes)
	_ = xml.EscapeText(b, []byte(text)) // a Builder takes everything
	b.WriteString("</text>\n")
}
