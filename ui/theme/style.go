package theme

import (
	"strings"

	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"
)

// A Style paints text of one role. It is a lipgloss style rendered once: the sequences before and after the text. Rendering
// a lipgloss style anew for each of the hundred pieces of a frame took four fifths of the time of a key.
type Style struct{ before, after string }

// newStyle takes the sequences from s.
func newStyle(s lipgloss.Style) Style {
	const text = "x"
	before, after, _ := strings.Cut(s.Render(text), text)
	return Style{before, after}
}

// Render paints text, which is one line.
func (s Style) Render(text string) string {
	if s.before == "" || text == "" {
		return text
	}
	return s.before + text + s.after
}

// Wrap paints text in lines of at most width cells, broken between words where that is possible.
func (s Style) Wrap(text string, width int) string {
	wrapped := ansi.Wrap(text, max(width, 1), "")
	if s.before == "" || !strings.Contains(wrapped, "\n") {
		return s.Render(wrapped)
	}
	lines := strings.Split(wrapped, "\n")
	for i, line := range lines {
		lines[i] = s.Render(line)
	}
	return strings.Join(lines, "\n")
}
