package screen

import (
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"foyer/internal/registration"
	"foyer/ui/wording"
)

// Later asks, over the verify screen, whether to leave with the code outstanding, and says what becomes of the account.
type Later struct {
	frame   Frame
	receipt registration.Receipt
	keys    laterKeys
}

type laterKeys struct{ Yes, No key.Binding }

// NewLater returns the question for a person whose receipt waits for a code.
func NewLater(receipt registration.Receipt) Later { return Later{receipt: receipt} }

// Init does nothing.
func (l Later) Init() tea.Cmd { return nil }

// Update waits for an answer.
func (l Later) Update(msg tea.Msg) (Screen, Intent, tea.Cmd) {
	k, ok := msg.(tea.KeyMsg)
	switch {
	case !ok:
	case key.Matches(k, l.keys.Yes):
		return l, Intent{Go: Succeed, Receipt: l.receipt.Unfinished()}, nil
	case key.Matches(k, l.keys.No):
		return l, Intent{Go: Back}, nil
	}
	return l, Intent{}, nil
}

// Fit puts the screen into f.
func (l Later) Fit(f Frame) Screen {
	l.frame = f
	l.keys = laterKeys{
		Yes: binding(f.Words, "enter", "key.later", "enter"),
		No:  binding(f.Words, "esc", "key.stay", "esc"),
	}
	return l
}

// View draws the question.
func (l Later) View() string {
	f, t, words := l.frame, l.frame.Theme, l.frame.Words
	return f.clip(strings.Join([]string{
		f.paragraph(t.Heading, words.Text("later.title")), "",
		f.paragraph(t.Text, wording.HalfMade(l.receipt).In(words)), "",
		f.paragraph(t.Text, words.Text("later.link")),
	}, "\n"), 0)
}

// ShortHelp returns the keys that work.
func (l Later) ShortHelp() []key.Binding { return []key.Binding{l.keys.Yes, l.keys.No} }

// FullHelp returns the keys that work.
func (l Later) FullHelp() [][]key.Binding { return [][]key.Binding{l.ShortHelp()} }
