package screen

import (
	"context"
	"strings"
	"time"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"foyer/internal/registration"
)

// OnDuty says, over the welcome screen, who is signed in, and asks whether they sign out.
type OnDuty struct {
	frame    Frame
	operator registration.Operator
	keys     onDutyKeys
}

type onDutyKeys struct{ Yes, No key.Binding }

// NewOnDuty returns the question to operator.
func NewOnDuty(operator registration.Operator) OnDuty { return OnDuty{operator: operator} }

// Init does nothing.
func (o OnDuty) Init() tea.Cmd { return nil }

// Update waits for an answer.
func (o OnDuty) Update(msg tea.Msg) (Screen, Intent, tea.Cmd) {
	k, ok := msg.(tea.KeyMsg)
	switch {
	case !ok:
	case key.Matches(k, o.keys.Yes):
		return o, Intent{Go: SignOut}, nil
	case key.Matches(k, o.keys.No):
		return o, Intent{Go: Back}, nil
	}
	return o, Intent{}, nil
}

// Fit puts the screen into f.
func (o OnDuty) Fit(f Frame) Screen {
	o.frame = f
	o.keys = onDutyKeys{
		Yes: binding(f.Words, "enter", "key.sign_out", "enter"),
		No:  binding(f.Words, "esc", "key.stay", "esc", "f9"),
	}
	return o
}

// View draws the question.
func (o OnDuty) View() string {
	f, t, words := o.frame, o.frame.Theme, o.frame.Words
	return f.clip(strings.Join([]string{
		f.paragraph(t.Heading, words.Text("on_duty.title")), "",
		f.paragraph(t.Text, words.Text("on_duty.who", nameOf(o.operator))), "",
		f.paragraph(t.Text, words.Text("on_duty.what")),
	}, "\n"), 0)
}

// ShortHelp returns the keys that work.
func (o OnDuty) ShortHelp() []key.Binding { return []key.Binding{o.keys.Yes, o.keys.No} }

// FullHelp returns the keys that work.
func (o OnDuty) FullHelp() [][]key.Binding { return [][]key.Binding{o.ShortHelp()} }

// SigningOut is shown while a member of staff is signed out. The kiosk is closed already.
type SigningOut struct {
	frame Frame
	work  func() tea.Msg
	id    *int // tells this sign-out's end from that of another
}

// signedOutMsg says how a sign-out ended.
type signedOutMsg struct {
	id  *int
	err error
}

// signOutTime is how long the tenant may take to hear of a sign-out.
const signOutTime = 15 * time.Second

// NewSigningOut returns the screen that signs staff out at desk, in a context below ctx.
func NewSigningOut(ctx context.Context, desk Desk) SigningOut {
	id := new(int)
	return SigningOut{id: id, work: func() tea.Msg {
		ctx, cancel := context.WithTimeout(ctx, signOutTime)
		defer cancel()
		return signedOutMsg{id, desk.SignOut(ctx)}
	}}
}

// Init starts the sign-out.
func (s SigningOut) Init() tea.Cmd { return guard(s.work) }

// Update waits for the end.
func (s SigningOut) Update(msg tea.Msg) (Screen, Intent, tea.Cmd) {
	switch msg := msg.(type) {
	case signedOutMsg:
		if msg.id == s.id {
			return s, s.ended(msg.err), nil
		}
	case panickedMsg:
		return s, s.ended(msg.err), nil
	}
	return s, Intent{}, nil
}

func (s SigningOut) ended(err error) Intent {
	return Intent{Go: Close, Problem: registration.AsProblem(err, registration.ReferenceOf(err))}
}

// Fit puts the screen into f.
func (s SigningOut) Fit(f Frame) Screen {
	s.frame = f
	return s
}

// View draws the screen.
func (s SigningOut) View() string {
	f, t, words := s.frame, s.frame.Theme, s.frame.Words
	return f.clip(f.paragraph(t.Heading, words.Text("closed.what"))+"\n\n"+f.paragraph(t.Faint, words.Text("closed.signing_out")), 0)
}

// ShortHelp returns no keys.
func (s SigningOut) ShortHelp() []key.Binding { return nil }

// FullHelp returns no keys.
func (s SigningOut) FullHelp() [][]key.Binding { return nil }
