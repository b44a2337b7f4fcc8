package screen

import (
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"foyer/internal/i18n"
	"foyer/ui/wording"
)

// Leaving asks, over another screen, whether to leave the kiosk, or only to start over. A second ctrl+c is a yes.
type Leaving struct {
	frame   Frame
	subject string // of the question: "leave", "leave_done", "leave_closed" or "forget"
	yes     Move
	warning wording.Say // of what becomes of the account; silent for nothing
	keys    leavingKeys
}

// NewLeaving returns the question. Warning says what becomes of an account that is begun; silent for nothing.
func NewLeaving(warning wording.Say) Leaving {
	return Leaving{subject: "leave", yes: Leave, warning: warning}
}

// NewLeavingDone returns the question to somebody who is through.
func NewLeavingDone() Leaving { return Leaving{subject: "leave_done", yes: Leave} }

// NewLeavingClosed returns the question where the kiosk is closed and nobody is in the middle of anything.
func NewLeavingClosed() Leaving { return Leaving{subject: "leave_closed", yes: Leave} }

// NewForgetting returns the question whether to start over, which forgets what was typed.
func NewForgetting(warning wording.Say) Leaving {
	return Leaving{subject: "forget", yes: Restart, warning: warning}
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
		return l, Intent{Go: l.yes}, nil
	case key.Matches(k, l.keys.No):
		return l, Intent{Go: Back}, nil
	}
	return l, Intent{}, nil
}

// Fit puts the screen into f.
func (l Leaving) Fit(f Frame) Screen {
	l.frame = f
	l.keys = newLeavingKeys(f.Words, l.yes)
	return l
}

func newLeavingKeys(words *i18n.Words, yes Move) leavingKeys {
	what := "key.leave"
	if yes == Restart {
		what = "key.restart"
	}
	return leavingKeys{
		Yes: binding(words, "enter", what, "enter", "ctrl+c"),
		No:  binding(words, "esc", "key.stay", "esc"),
	}
}

// View draws the question.
func (l Leaving) View() string {
	f, t, words := l.frame, l.frame.Theme, l.frame.Words
	lines := []string{f.paragraph(t.Heading, words.Text(l.subject+".title")), "", f.paragraph(t.Text, words.Text(l.subject+".what"))}
	if !l.warning.Silent() {
		lines = append(lines, "", f.paragraph(t.Warning, l.warning.In(words)))
	}
	return f.clip(strings.Join(lines, "\n"), 0)
}

// ShortHelp returns the keys that work.
func (l Leaving) ShortHelp() []key.Binding { return []key.Binding{l.keys.Yes, l.keys.No} }

// FullHelp returns the keys that work.
func (l Leaving) FullHelp() [][]key.Binding { return [][]key.Binding{l.ShortHelp()} }
