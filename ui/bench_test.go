package ui_test

import (
	"testing"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/colorprofile"

	"foyer/ui/theme"
)

// BenchmarkUpdateAndView presses a key and draws the window, on each screen that takes text.
func BenchmarkUpdateAndView(b *testing.B) {
	places := map[string]string{
		"details":  "<enter>ann@example.com<enter><enter>",
		"password": "<enter>ann@example.com<enter><enter>Ann<enter><enter><enter><enter><enter>correct horse",
		"review":   good,
	}
	for name, keys := range places {
		b.Run(name, func(b *testing.B) {
			o := options(b, newDesk(b))
			o.Terminal = theme.Terminal{Profile: colorprofile.ANSI256, Dark: true}
			d := start(b, o)
			d.begin()
			d.press(keys[len("<enter>"):])
			key := tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("a")}
			undo := tea.KeyMsg{Type: tea.KeyBackspace}
			m := d.model
			b.ReportAllocs()
			for b.Loop() {
				m, _ = m.Update(key)
				_ = m.View()
				m, _ = m.Update(undo)
				_ = m.View()
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(2*b.N), "µs/key")
		})
	}
}
