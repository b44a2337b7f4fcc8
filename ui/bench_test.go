package ui_test

import (
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/bubbles/textinput"
	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/colorprofile"

	"foyer/ui/theme"
)

// BenchmarkUpdateAndView presses a key and draws the window, on each screen that takes keys. It prints the ratio to five plain
// bubbles inputs, measured in the same run.
func BenchmarkUpdateAndView(b *testing.B) {
	places := map[string]string{
		"details":  "ann@example.com<enter><enter>",
		"password": "ann@example.com<enter><enter>Ann<enter><enter><enter><enter><enter>correct horse",
		"review":   strings.TrimPrefix(good, "<enter>"),
	}
	for name, keys := range places {
		b.Run(name, func(b *testing.B) {
			o := options(b, newDesk(b))
			o.Terminal = theme.Terminal{Profile: colorprofile.ANSI256, Dark: true}
			d := start(b, o)
			d.begin()
			d.press(keys)
			bare := perKey(newBareInputs(), 2000)
			b.ReportAllocs()
			b.ResetTimer()
			spent := perKey(d.model, b.N)
			b.ReportMetric(float64(spent.Nanoseconds())/float64(bare.Nanoseconds()), "×bare")
		})
	}
}

// perKey is the time that m takes for a key and a frame.
func perKey(m tea.Model, n int) time.Duration {
	keys := []tea.Msg{tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("a")}, tea.KeyMsg{Type: tea.KeyBackspace}}
	start := time.Now()
	for i := range n {
		m, _ = m.Update(keys[i%2])
		_ = m.View()
	}
	return time.Since(start) / time.Duration(n)
}

// bareInputs are five bubbles inputs below each other, as they come.
type bareInputs [5]textinput.Model

func newBareInputs() bareInputs {
	var inputs bareInputs
	for i := range inputs {
		inputs[i] = textinput.New()
		inputs[i].Width = 60
	}
	inputs[0].Focus()
	return inputs
}

func (b bareInputs) Init() tea.Cmd { return nil }

func (b bareInputs) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	b[0], _ = b[0].Update(msg)
	return b, nil
}

func (b bareInputs) View() string {
	var lines []string
	for _, input := range b {
		lines = append(lines, input.View())
	}
	return strings.Join(lines, "\n")
}
