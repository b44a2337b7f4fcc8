package screen

import (
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"foyer/internal/i18n"
	"foyer/internal/registration"
)

// Leaving asks, over another screen, whether to leave the kiosk. A second ctrl+c is a yes.
type Leaving struct {
	frame   Frame
	pending *registration.Receipt // waits for a code; nil when none does
	keys    leavingKeys
}

// NewLeaving returns the question. Pending is the receipt that waits for a code, so that the person learns what becomes of
// the account; nil for none.
func NewLeaving(pending *registration.Receipt) Leaving { return Leaving{pending: pending} }

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
	lines := []string{f.paragraph(t.Heading, words.Text("leave.title")), "", f.paragraph(t.Text, words.Text("leave.what"))}
	if l.pending != nil {
		lines = append(lines, "", f.paragraph(t.Warning, halfMade(*l.pending, words)))
	}
	return f.clip(strings.Join(lines, "\n"), 0)
}

// ShortHelp returns the keys that work.
func (l Leaving) ShortHelp() []key.Binding { return []key.Binding{l.keys.Yes, l.keys.No} }

// FullHelp returns the keys that work.
func (l Leaving) FullHelp() [][]key.Binding { return [][]key.Binding{l.ShortHelp()} }
