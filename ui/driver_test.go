package ui_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"

	"foyer/internal/i18n"
	"foyer/internal/password"
	"foyer/internal/registration"
	"foyer/internal/secret"
	"foyer/ui"
	"foyer/ui/theme"
)

// A desk is a ui.Service that answers as it is told. Registrations wait for an answer.
type desk struct {
	form     *registration.Form
	formErr  error
	opened   chan struct{} // when not nil, the form waits for it
	answers  chan func(*registration.Submission) (registration.Receipt, error)
	notices  chan registration.Progress
	known    *registration.User                                   // who was registered with what is recorded; nil for nobody
	front    *front                                               // where staff sign in; nil for none
	keeper   registration.Doorkeeper                              // asks for an invitation; nil for none
	breached string                                               // the password that is known from a breach
	codes    chan func(said string) (registration.Receipt, error) // answer Confirm with the code, and Resend with "code" or "link"

	mu    sync.Mutex
	subs  []*registration.Submission
	forms int // how often it was asked for
}

func (d *desk) Form(ctx context.Context) (*registration.Form, error) {
	d.mu.Lock()
	d.forms++
	form, err := d.form, d.formErr
	d.mu.Unlock()
	if d.opened != nil {
		select {
		case <-d.opened:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	return form, err
}

// closes has the form be read in vain, until it opens.
func (d *desk) closes(p registration.Problem) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.formErr = &p
}

func (d *desk) opens() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.formErr = nil
}

func (d *desk) Register(ctx context.Context, _ *registration.Form, sub *registration.Submission, notify func(registration.Progress)) (registration.Receipt, error) {
	d.mu.Lock()
	d.subs = append(d.subs, sub)
	d.mu.Unlock()
	for {
		select {
		case p := <-d.notices:
			notify(p)
		case answer := <-d.answers:
			return answer(sub)
		case <-ctx.Done():
			return registration.Receipt{}, &registration.Problem{Kind: registration.Unavailable, Cause: ctx.Err()}
		}
	}
}

func (d *desk) Confirm(ctx context.Context, _ *registration.Form, _ *registration.Submission, code secret.Text, _ func(registration.Progress)) (registration.Receipt, error) {
	return d.told(ctx, code.Reveal())
}

func (d *desk) Resend(ctx context.Context, _ *registration.Form, _ *registration.Submission, as registration.CodeType, _ func(registration.Progress)) (registration.Receipt, error) {
	return d.told(ctx, string(as))
}

func (d *desk) Breached(_ context.Context, password secret.Text) bool {
	return d.breached != "" && password.Reveal() == d.breached
}

func (d *desk) told(ctx context.Context, said string) (registration.Receipt, error) {
	select {
	case answer := <-d.codes:
		return answer(said)
	case <-ctx.Done():
		return registration.Receipt{}, &registration.Problem{Kind: registration.Unavailable, Cause: ctx.Err()}
	}
}

// reads is how often the form was asked for.
func (d *desk) Recognize(context.Context, registration.Identifier) (registration.User, bool, error) {
	if d.known == nil {
		return registration.User{}, false, nil
	}
	return *d.known, true, nil
}

func (d *desk) reads() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.forms
}

// submissions are those that were begun.
func (d *desk) submissions() []*registration.Submission {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.subs
}

const schema = `{"type": "object", "description": "Your details, please", "properties": {
	"given_name": {"type": "string", "description": "First name", "maxLength": 40},
	"state": {"type": "string", "title": "State", "description": "Where you live", "enum": ["Alabama", "Alaska", "Texas"]},
	"zip": {"type": "string", "title": "ZIP code", "pattern": "^\\d{5}$"},
	"visits": {"type": "integer", "title": "Visits so far", "minimum": 0},
	"news": {"type": "boolean", "title": "Newsletter"}
}, "required": ["given_name"], "additionalProperties": false}`

func newForm(tb testing.TB) *registration.Form {
	tb.Helper()
	return formOf(tb, registration.Settings{Status: registration.Active})
}

// formOf is the form of the tests for another way in, and other mechanisms to sign in with.
func formOf(tb testing.TB, settings registration.Settings, mechanisms ...string) *registration.Form {
	tb.Helper()
	pool := registration.Pool{ID: "customers", PasswordPolicy: password.Policy{MinLength: 8, Digits: 1, Strength: password.Fair}, Name: "Customers", Mechanisms: mechanisms}
	settings.Country = "US"
	settings.Identifiers = []registration.IdentifierSetting{{Type: registration.Email, Required: true}, {Type: registration.Mobile}}
	form, err := registration.NewForm(pool, []byte(schema), nil, settings)
	if err != nil {
		tb.Fatal(err)
	}
	return form
}

func newDesk(tb testing.TB) *desk {
	tb.Helper()
	return &desk{
		form: newForm(tb), notices: make(chan registration.Progress),
		answers: make(chan func(*registration.Submission) (registration.Receipt, error), 8),
		codes:   make(chan func(string) (registration.Receipt, error), 8),
	}
}

func (d *desk) willCreate() {
	d.answers <- func(s *registration.Submission) (registration.Receipt, error) {
		return registration.Receipt{UserID: "u1", Status: "active", Flow: "create", Next: registration.NextSignIn, Reference: s.Reference}, nil
	}
}

// willWait answers a submission with a receipt that waits for a code, of a user in a state; "" is for one who is not there yet.
func (d *desk) willWait(c *clock, status string) registration.Receipt {
	purpose := map[string]registration.Purpose{"new": registration.Activation, "active": registration.AddressVerification, "": registration.AddressProof}
	r := registration.Receipt{
		UserID: "u1", Status: status, Flow: "create", Next: registration.NextEnterCode, Reference: "7KQ4-M2XW",
		Challenge: &registration.Challenge{
			Purpose: purpose[status], Address: "ann@example.com", Medium: registration.Email, Length: 6, Expires: c.Now().Add(10 * time.Minute),
		},
	}
	d.answers <- func(*registration.Submission) (registration.Receipt, error) { return r, nil }
	return r
}

func (d *desk) willFail(p registration.Problem) {
	d.answers <- func(s *registration.Submission) (registration.Receipt, error) {
		p.Reference = s.Reference
		return registration.Receipt{}, &p
	}
}

// A clock is set by the test.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// pass lets a minute go by.
func (c *clock) pass() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(time.Minute)
}

// A driver runs a model as Bubble Tea would, without a terminal: commands on their own goroutines, one Update at a time.
type driver struct {
	t     testing.TB
	model tea.Model
	msgs  chan tea.Msg
	clock *clock
	quit  bool

	patience time.Duration // with what has to come
}

func options(tb testing.TB, d *desk) ui.Options {
	tb.Helper()
	catalogue, err := i18n.Load()
	if err != nil {
		tb.Fatal(err)
	}
	var recorded registration.Identifier
	if d.known != nil {
		recorded = fingerprint()
	}
	return ui.Options{
		Recorded: recorded, Service: d, Catalogue: catalogue, Language: "en", Sandbox: true, Terminal: theme.Terminal{Profile: colorprofile.NoTTY},
		IdleTimeout: 90 * time.Second, IdleWarning: 20 * time.Second, DoneTimeout: 20 * time.Second, Desk: d.front.desk(),
		Doorkeeper: d.keeper,
	}
}

func start(tb testing.TB, o ui.Options) *driver {
	tb.Helper()
	c := &clock{now: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}
	o.Now = c.Now
	return startBy(tb, o, c)
}

// startBy is start by the clock of o, as in a bubble of synctest.
func startBy(tb testing.TB, o ui.Options, c *clock) *driver {
	tb.Helper()
	d := &driver{t: tb, msgs: make(chan tea.Msg, 1024), clock: c, patience: 20 * time.Second}
	model := ui.New(tb.Context(), o)
	d.model = model
	d.exec(model.Init())
	return d
}

func (d *driver) exec(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	go func() {
		switch msg := cmd().(type) {
		case nil:
		case tea.BatchMsg:
			for _, c := range msg {
				d.exec(c)
			}
		default:
			d.msgs <- msg
		}
	}()
}

func (d *driver) send(msg tea.Msg) {
	if _, ok := msg.(tea.QuitMsg); ok {
		d.quit = true
		return
	}
	var cmd tea.Cmd
	d.model, cmd = d.model.Update(msg)
	d.exec(cmd)
}

// view is the frame as text.
func (d *driver) view() string { return ansi.Strip(d.model.View()) }

// until handles messages until the frame has text, whose lines may be broken anywhere.
func (d *driver) until(text string) {
	d.t.Helper()
	d.wait(text, func() bool {
		return strings.Contains(d.view(), text) || strings.Contains(strings.Join(strings.Fields(d.view()), " "), text)
	})
}

func (d *driver) wait(what string, done func() bool) {
	d.t.Helper()
	timeout := time.After(d.patience)
	for !done() {
		select {
		case msg := <-d.msgs:
			d.send(msg)
		case <-timeout:
			d.t.Fatalf("waiting for %q:\n%s", what, d.view())
		}
	}
}

// begin goes to the first questions.
func (d *driver) begin() {
	d.t.Helper()
	d.until("Press Enter to begin")
	d.press("<enter>")
	d.until("Your details")
}

// keys are the keys with a name, as typed in the tests between angle brackets.
func keys() map[string]tea.KeyType {
	return map[string]tea.KeyType{
		"enter": tea.KeyEnter, "tab": tea.KeyTab, "back": tea.KeyEsc, "up": tea.KeyUp, "down": tea.KeyDown, "left": tea.KeyLeft,
		"right": tea.KeyRight, "f1": tea.KeyF1, "f2": tea.KeyF2, "f9": tea.KeyF9, "leave": tea.KeyCtrlC, "show": tea.KeyCtrlR, "suggest": tea.KeyCtrlG, "del": tea.KeyBackspace, "clear": tea.KeyCtrlU,
	}
}

// press types text at once; a name between angle brackets is a key.
func (d *driver) press(text string) {
	d.t.Helper()
	for text != "" {
		before, rest, named := strings.Cut(text, "<")
		if before != "" {
			d.send(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(before)})
		}
		if !named {
			return
		}
		name, after, _ := strings.Cut(rest, ">")
		kind, ok := keys()[name]
		if !ok {
			d.t.Fatalf("no key is called %q", name)
		}
		d.send(tea.KeyMsg{Type: kind})
		text = after
	}
}

// good is a whole registration up to the review, as one text.
const good = "<enter>ann@example.com<enter><enter>Ann<enter><enter><enter><enter><enter>correct horse 7 battery<enter>correct horse 7 battery<enter>"

var errTest = errors.New("test")
