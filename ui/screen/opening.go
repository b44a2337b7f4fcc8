package screen

import (
	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"
)

// Opening is shown while the form is read from the tenant.
type Opening struct{ frame Frame }

// Init does nothing: the root reads the form.
func (o Opening) Init() tea.Cmd { return nil }

// Update does nothing: the root keeps the keys until there is a screen for them.
func (o Opening) Update(tea.Msg) (Screen, Intent, tea.Cmd) { return o, Intent{}, nil }

// Fit puts the screen into f.
func (o Opening) Fit(f Frame) Screen {
	o.frame = f
	return o
}

// View draws the screen.
func (o Opening) View() string {
	return o.frame.paragraph(o.frame.Theme.Faint, o.frame.Words.Text("opening"))
}

// ShortHelp returns no keys.
func (o Opening) ShortHelp() []key.Binding { return nil }

// FullHelp returns no keys.
func (o Opening) FullHelp() [][]key.Binding { return nil }
