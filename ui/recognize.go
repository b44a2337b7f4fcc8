package ui

import (
	tea "github.com/charmbracelet/bubbletea"

	"foyer/internal/registration"
	"foyer/ui/screen"
)

// enquire is the command that asks the tenant what there is to know before anybody answers.
func (m Model) enquire() tea.Cmd { return tea.Batch(m.readForm(), m.recognize()) }

// recognizedMsg says who was registered with what the session records.
type recognizedMsg struct {
	user registration.User
	ok   bool
}

// recognize is the command that looks up whether the person is registered; nil when nothing is recorded of them.
func (m Model) recognize() tea.Cmd {
	ctx, service, id := m.ctx, m.options.Service, m.options.Recorded
	if id == (registration.Identifier{}) {
		return nil
	}
	return func() tea.Msg {
		user, ok, err := service.Recognize(ctx, id)
		return recognizedMsg{user, ok && err == nil}
	}
}

// recognized tells a person who is registered so, unless they have sent their answers meanwhile.
func (m Model) recognized(msg recognizedMsg) (tea.Model, tea.Cmd) {
	if !msg.ok || m.sub != nil || m.reason != "" {
		return m, nil
	}
	return m.cover(screen.NewKnown(msg.user))
}

// introduce goes on with somebody else than who was recognised: nothing is recorded of them.
func (m Model) introduce() (tea.Model, tea.Cmd) {
	m.options.Recorded, m.draft.Recorded = registration.Identifier{}, registration.Identifier{}
	return m, nil
}
