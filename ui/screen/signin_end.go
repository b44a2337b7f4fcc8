package screen

import (
	"errors"
	"strings"
	"time"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"foyer/internal/registration"
)

// SignedIn greets the member of staff who signed in, for a moment.
type SignedIn struct {
	frame    Frame
	operator registration.Operator
	visitor  bool // somebody waits to go on
	timer    countdown
	keys     signedInKeys
}

type signedInKeys struct{ Open key.Binding }

// greetingTime is how long the greeting stays.
const greetingTime = 3 * time.Second

// NewSignedIn returns the greeting of operator. Visitor says that somebody waits to go on.
func NewSignedIn(operator registration.Operator, visitor bool) SignedIn {
	return SignedIn{operator: operator, visitor: visitor, timer: newCountdown(greetingTime)}
}

// Init starts the countdown.
func (s SignedIn) Init() tea.Cmd { return s.timer.tick() }

// Update waits for enter or for the end of the countdown.
func (s SignedIn) Update(msg tea.Msg) (Screen, Intent, tea.Cmd) {
	switch msg := msg.(type) {
	case tickedMsg:
		timer, over, cmd := s.timer.update(msg)
		s.timer = timer
		if over {
			return s, Intent{Go: Open}, nil
		}
		return s, Intent{}, cmd
	case tea.KeyMsg:
		if key.Matches(msg, s.keys.Open) {
			return s, Intent{Go: Open}, nil
		}
	}
	return s, Intent{}, nil
}

// Fit puts the screen into f.
func (s SignedIn) Fit(f Frame) Screen {
	s.frame = f
	what := "key.open"
	if s.visitor {
		what = "key.resume"
	}
	s.keys = signedInKeys{Open: binding(f.Words, "enter", what, "enter")}
	return s
}

// View draws the greeting, and what happens next.
func (s SignedIn) View() string {
	f, t, words := s.frame, s.frame.Theme, s.frame.Words
	next := "signed_in.kiosk"
	if s.visitor {
		next = "signed_in.visitor"
	}
	return f.clip(strings.Join([]string{
		f.paragraph(t.Success, t.Glyphs.Tick+" "+words.Text("signed_in.title", nameOf(s.operator))), "",
		f.paragraph(t.Text, words.Text(next)), "",
		f.paragraph(t.Faint, words.Text("problem.countdown", s.timer.left)),
	}, "\n"), 0)
}

// ShortHelp returns the keys that work.
func (s SignedIn) ShortHelp() []key.Binding { return []key.Binding{s.keys.Open} }

// FullHelp returns the keys that work.
func (s SignedIn) FullHelp() [][]key.Binding { return [][]key.Binding{s.ShortHelp()} }

// NotSignedIn says why nobody signed in, and what to do now.
type NotSignedIn struct {
	frame Frame
	why   *registration.Problem
	page  page
	keys  notSignedInKeys
}

type notSignedInKeys struct{ Retry, Back key.Binding }

// NewNotSignedIn returns the screen for a sign-in that ended with why, which wraps registration.ErrSignInExpired or
// registration.ErrSignInDenied unless it is another trouble.
func NewNotSignedIn(why *registration.Problem) NotSignedIn { return NotSignedIn{why: why} }

// Init does nothing.
func (n NotSignedIn) Init() tea.Cmd { return nil }

// Update waits for an answer.
func (n NotSignedIn) Update(msg tea.Msg) (Screen, Intent, tea.Cmd) {
	k, ok := msg.(tea.KeyMsg)
	switch {
	case !ok:
	case key.Matches(k, n.keys.Retry):
		return n, Intent{Go: BeginSignIn}, nil
	case key.Matches(k, n.keys.Back):
		return n, Intent{Go: Close}, nil
	default:
		n.page = n.page.turn(k, n.frame, n.text())
	}
	return n, Intent{}, nil
}

// Fit puts the screen into f.
func (n NotSignedIn) Fit(f Frame) Screen {
	n.frame = f
	n.keys = notSignedInKeys{
		Retry: binding(f.Words, "enter", "key.retry", "enter"),
		Back:  binding(f.Words, "esc", "key.back", "esc"),
	}
	n.page = n.page.fit(f, n.text())
	return n
}

// View draws what happened, and what to do.
func (n NotSignedIn) View() string { return n.page.view(n.frame, n.text()) }

func (n NotSignedIn) text() string {
	switch {
	case errors.Is(n.why, registration.ErrSignInExpired):
		return n.say("not_signed_in.expired.title", "not_signed_in.expired.what", "not_signed_in.expired.advice")
	case errors.Is(n.why, registration.ErrSignInDenied):
		return n.say("not_signed_in.denied.title", "not_signed_in.denied.what", "not_signed_in.denied.advice")
	case n.why.Kind == registration.Unavailable:
		return n.say("not_signed_in.unavailable.title", "not_signed_in.unavailable.what", "not_signed_in.advice") + n.details()
	}
	kind := "problem." + string(n.why.Kind)
	return n.say(kind+".title", kind+".what", "not_signed_in.advice") + n.details()
}

// say is what stands under three keys.
func (n NotSignedIn) say(title, what, advice string) string {
	f, t, words := n.frame, n.frame.Theme, n.frame.Words
	return strings.Join([]string{
		f.paragraph(t.Trouble, words.Text(title)), "", f.paragraph(t.Text, words.Text(what)), "", f.paragraph(t.Text, words.Text(advice)),
	}, "\n")
}

// details is the lines by which the trouble can be looked into.
func (n NotSignedIn) details() string { return "\n\n" + strings.Join(n.frame.forStaff(n.why), "\n") }

// ShortHelp returns the keys that work.
func (n NotSignedIn) ShortHelp() []key.Binding {
	return append([]key.Binding{n.keys.Retry, n.keys.Back}, n.page.help()...)
}

// FullHelp returns the keys that work.
func (n NotSignedIn) FullHelp() [][]key.Binding { return [][]key.Binding{n.ShortHelp()} }
