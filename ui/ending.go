package ui

import (
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"foyer/internal/i18n"
	"foyer/ui/theme"
)

// A Reason is why a session ended.
type Reason string

// The reasons.
const (
	Finished Reason = "finished" // the person is registered, and the session was for one
	Left     Reason = "left"     // somebody chose to leave
	Idle     Reason = "idle"     // nobody touched a key, and the session was for one
	Barred   Reason = "barred"   // somebody had no invitation, too often
	Closed   Reason = "closed"   // a notice came, and nobody was in the middle of anything
	Cut      Reason = "cut"      // the context or the line ended
)

// An Ending is how a session ended.
type Ending struct {
	Reason     Reason
	Registered int         // how many people, while it lasted
	Words      *i18n.Words // in the language that was shown last
}

// sized is the model in a window of size, if that is known.
func (m Model) sized(size theme.Size) Model {
	return m.resize(tea.WindowSizeMsg{Width: size.Width, Height: size.Height})
}

// noticedMsg says how long the session may still last.
type noticedMsg struct{ left time.Duration }

// noticed ends the session where nobody is in the middle of anything, and elsewhere says what is left of it.
func (m Model) noticed(msg noticedMsg) (tea.Model, tea.Cmd) {
	if m.name == nameInvitation || m.name == stepWelcome || m.name == nameSoon || m.name == nameDone {
		return m.quit(Closed)
	}
	m.left = msg.left
	return m.refit(), nil
}

// notice is the line that says how long the session lasts; "" when that is up to the person.
func (m Model) notice() string {
	switch minutes := int(m.left / time.Minute); {
	case m.left <= 0:
		return ""
	case minutes > 0:
		return m.words.Text("app.ending_minutes", minutes)
	}
	return m.words.Text("app.ending_seconds", int(m.left/time.Second))
}
