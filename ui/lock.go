package ui

import (
	tea "github.com/charmbracelet/bubbletea"

	"foyer/ui/screen"
)

// askPasscode asks for the passcode, above whatever is shown. A question that is open stays so.
func (m Model) askPasscode() (tea.Model, tea.Cmd) {
	s := screen.NewPasscode(m.ctx, m.options.Lock)
	m.top = s.Fit(m.frame(s))
	return m, m.top.Init()
}

// pressTop updates the question for the passcode. Its Leave ends the program, and its Back shows again what is below.
func (m Model) pressTop(msg tea.Msg) (tea.Model, tea.Cmd) {
	next, intent, cmd := m.top.Update(msg)
	m.top = next
	switch intent.Go { //nolint:exhaustive // it leads nowhere else
	case screen.Leave:
		return m.quit(Left)
	case screen.Back:
		m.top = nil
		return m, tea.Batch(cmd, m.gone) // what was typed for a passcode is nobody's any more
	}
	return m, cmd
}

// depart is for a person who has left by a screen of their own: the program ends, or, where it is locked, is there for the next.
func (m Model) depart() (tea.Model, tea.Cmd) {
	if m.options.Lock != nil {
		return m.restart()
	}
	return m.quit(Left)
}
