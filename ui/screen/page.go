package screen

import (
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"
)

// A page is text to be read that may be longer than its frame; the arrows scroll it.
type page struct {
	from   int // the first line shown
	scroll key.Binding
}

// fit makes the page's keys for f, enabled when text does not fit it.
func (p page) fit(f Frame, text string) page {
	last := p.last(f, text)
	p.from = min(p.from, last)
	p.scroll = binding(f.Words, f.Theme.Glyphs.Up+f.Theme.Glyphs.Down, "key.scroll", "up", "down")
	p.scroll.SetEnabled(last > 0)
	return p
}

// last is the largest first line.
func (p page) last(f Frame, text string) int {
	return max(strings.Count(strings.TrimRight(text, "\n"), "\n")+1-f.Height, 0)
}

// turn scrolls by a line when k asks for it.
func (p page) turn(k tea.KeyMsg, f Frame, text string) page {
	switch {
	case !key.Matches(k, p.scroll):
	case k.Type == tea.KeyUp:
		p.from = max(p.from-1, 0)
	default:
		p.from = min(p.from+1, p.last(f, text))
	}
	return p
}

// view is the part of text that is shown.
func (p page) view(f Frame, text string) string { return f.clip(text, p.from+f.Height/2) }

// help is the binding that scrolls, for a key map.
func (p page) help() []key.Binding { return []key.Binding{p.scroll} }
