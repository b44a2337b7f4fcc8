package screen

import (
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"foyer/internal/i18n"
)

// Leaving asks, over another screen, whether to leave the kiosk. A second ctrl+c is a yes.
type Leaving struct {
	frame Frame
	keys  leavingKeys
}

type leavingKeys struct{ Yes, No key.Binding }

// Init does nothing.
func (l Leaving) Init() tea.Cmd { return nil }

// Update waits for an answer.
func (l Leaving) Update(msg tea.Msg) (Screen, Intent, tea.Cmd) {
	k, ok := msg.(tea.KeyMsg)
	switch {
	case !ok:
	case key.Matches(k, l.keys.Yes):
		return l, Intent{Go: Leave}, nil
	case key.Matches(k, l.keys.No):
		return l, Intent{Go: Back}, nil
	}
	return l, Intent{}, nil
}

// Fit puts the screen into f.
func (l Leaving) Fit(f Frame) Screen {
	l.frame = f
	l.keys = newLeavingKeys(f.Words)
	return l
}

func newLeavingKeys(words *i18n.Words) leavingKeys {
	return leavingKeys{
		Yes: binding(words, "enter", "key.leave", "enter", "ctrl+c"),
		No:  binding(words, "esc", "key.stay", "esc"),
	}
}

// View draws the question.
func (l Leaving) View() string {
	f, t, words := l.frame, l.frame.Theme, l.frame.Words
	return f.clip(strings.Join([]string{
		f.paragraph(t.Heading, words.Text("leave.title")), "",
		f.paragraph(t.Text, words.Text("leave.what")),
	}, "\n"), 0)
}

// ShortHelp returns the keys that work.
func (l Leaving) ShortHelp() []key.Binding { return []key.Binding{l.keys.Yes, l.keys.No} }

// FullHelp returns the keys that work.
func (l Leaving) FullHelp() [][]key.Binding { return [][]key.Binding{l.ShortHelp()} }
