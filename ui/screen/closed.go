package screen

import (
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"foyer/internal/registration"
)

// Closed says that nobody can register before a member of staff has signed in. Nothing is asked of the tenant until one
// presses enter: a code lasts for minutes, and the screen may stand for a night.
type Closed struct {
	frame   Frame
	closing Closing
	page    page
	keys    closedKeys
}

// A Closing says how the kiosk came to be closed.
type Closing struct {
	Problem *registration.Problem // what was met; nil when the kiosk starts like this
	Visitor bool                  // somebody was in the middle of something
	Review  bool                  // and has answers to go back to
	Untold  bool                  // a member of staff signed out, and the tenant could not be told
}

type closedKeys struct{ SignIn, Back key.Binding }

// NewClosed returns the screen of a kiosk that is closed as closing says.
func NewClosed(closing Closing) Closed { return Closed{closing: closing} }

// Init does nothing.
func (c Closed) Init() tea.Cmd { return nil }

// Update waits for a member of staff, or for the visitor to go back.
func (c Closed) Update(msg tea.Msg) (Screen, Intent, tea.Cmd) {
	k, ok := msg.(tea.KeyMsg)
	switch {
	case !ok:
	case key.Matches(k, c.keys.SignIn):
		return c, Intent{Go: BeginSignIn}, nil
	case key.Matches(k, c.keys.Back):
		return c, Intent{Go: Back}, nil
	default:
		c.page = c.page.turn(k, c.frame, c.text())
	}
	return c, Intent{}, nil
}

// Fit puts the screen into f.
func (c Closed) Fit(f Frame) Screen {
	c.frame = f
	c.keys = closedKeys{
		SignIn: binding(f.Words, "enter", "key.sign_in", "enter"),
		Back:   binding(f.Words, "esc", "key.back", "esc"),
	}
	c.keys.Back.SetEnabled(c.closing.Review)
	c.page = c.page.fit(f, c.text())
	return c
}

// View draws what a visitor has to know, and what staff do.
func (c Closed) View() string { return c.page.view(c.frame, c.text()) }

func (c Closed) text() string {
	f, t, words := c.frame, c.frame.Theme, c.frame.Words
	lines := []string{f.paragraph(t.Heading, words.Text("closed.what")), ""}
	if c.closing.Visitor {
		lines = c.visitor()
	}
	if c.closing.Untold {
		lines = append(lines, f.paragraph(t.Warning, words.Text("closed.untold")), "")
	}
	lines = append(lines, f.button(words.Text("closed.sign_in"), true))
	if c.closing.Problem != nil {
		lines = append(lines, "")
		lines = append(lines, f.forStaff(c.closing.Problem)...)
	}
	return strings.Join(lines, "\n")
}

// visitor is the lines for somebody who was in the middle of something.
func (c Closed) visitor() []string {
	f, t, words := c.frame, c.frame.Theme, c.frame.Words
	lines := []string{
		f.paragraph(t.Heading, words.Text("problem.staff_sign_in.title")), "",
		f.paragraph(t.Text, words.Text("problem.staff_sign_in.what")+" "+words.Text("problem.staff_sign_in.advice")),
	}
	return append(append(lines, f.outcome(c.closing.Problem)...), "")
}

// ShortHelp returns the keys that work.
func (c Closed) ShortHelp() []key.Binding {
	return append([]key.Binding{c.keys.SignIn, c.keys.Back}, c.page.help()...)
}

// FullHelp returns the keys that work.
func (c Closed) FullHelp() [][]key.Binding { return [][]key.Binding{c.ShortHelp()} }
