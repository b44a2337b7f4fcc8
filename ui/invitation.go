package ui

import (
	tea "github.com/charmbracelet/bubbletea"

	"foyer/ui/screen"
)

// nameInvitation is the name of the screen that asks for an invitation. It is no step: nobody comes back to it.
const nameInvitation = "invitation"

// begin shows what comes first: the first step, or what has to come before it.
func (m Model) begin() Model {
	if m.options.Doorkeeper == nil || m.admitted {
		return m.show(0, screen.Entry{})
	}
	m.at, m.name = 0, nameInvitation
	return m.put(screen.NewInvitation(m.ctx, m.options.Doorkeeper))
}

// admit lets in who has an invitation; nothing was asked of the tenant before. What they typed while it was looked up is for the
// screens that come now.
func (m Model) admit() (tea.Model, tea.Cmd) {
	m.abandon()
	m.admitted = true
	m = m.begin()
	next, cmd := m.replay()
	return next, tea.Batch(m.enquire(), m.active.Init(), cmd)
}

// awaiting reports whether keys are kept for the screen that is yet to come.
func (m Model) awaiting() bool {
	switch s := m.active.(type) {
	case screen.Opening:
		return true
	case screen.Invitation:
		return s.Looking()
	}
	return false
}
