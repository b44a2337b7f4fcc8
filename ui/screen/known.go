package screen

import (
	"strings"
	"time"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"foyer/internal/registration"
	"foyer/ui/wording"
)

// Known tells somebody who was recognised, over another screen, that they are registered. Its keys work a moment later, so that
// one that was meant for the screen below does not take it away unread.
type Known struct {
	frame Frame
	user  registration.User
	seen  bool
	keys  knownKeys
}

type knownKeys struct{ Leave, Other key.Binding }

// NewKnown returns the screen for whoever is recognised as user.
func NewKnown(user registration.User) Known { return Known{user: user} }

// seenMsg says that the screen has been there for a moment.
type seenMsg struct{}

// glance is how long it takes to see that a screen is another one.
const glance = 700 * time.Millisecond

// Init waits for a moment.
func (k Known) Init() tea.Cmd { return tea.Tick(glance, func(time.Time) tea.Msg { return seenMsg{} }) }

// Update waits for an answer.
func (k Known) Update(msg tea.Msg) (Screen, Intent, tea.Cmd) {
	switch msg := msg.(type) {
	case seenMsg:
		k.seen = true
		k.enable()
	case tea.KeyMsg:
		switch {
		case key.Matches(msg, k.keys.Leave):
			return k, Intent{Go: Leave}, nil
		case key.Matches(msg, k.keys.Other):
			return k, Intent{Go: Introduce}, nil
		}
	}
	return k, Intent{}, nil
}

// Fit puts the screen into f.
func (k Known) Fit(f Frame) Screen {
	k.frame = f
	k.keys = knownKeys{
		Leave: binding(f.Words, "enter", "key.leave", "enter"),
		Other: binding(f.Words, "esc", "key.other_person", "esc"),
	}
	k.enable()
	return k
}

func (k *Known) enable() {
	k.keys.Leave.SetEnabled(k.seen)
	k.keys.Other.SetEnabled(k.seen)
}

// View draws who somebody is taken for.
func (k Known) View() string {
	f, t, words := k.frame, k.frame.Theme, k.frame.Words
	title, what, advice := wording.OfKnown(k.user, words)
	return f.clip(strings.Join([]string{
		f.paragraph(t.Heading, title.In(words)), "",
		f.paragraph(t.Text, what.In(words)), "",
		f.paragraph(t.Text, advice.In(words)), "",
		f.paragraph(t.Faint, words.Text("known.other")),
	}, "\n"), 0)
}

// ShortHelp returns the keys that work.
func (k Known) ShortHelp() []key.Binding { return []key.Binding{k.keys.Leave, k.keys.Other} }

// FullHelp returns the keys that work.
func (k Known) FullHelp() [][]key.Binding { return [][]key.Binding{k.ShortHelp()} }
