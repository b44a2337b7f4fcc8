package lines_test

import (
	"context"
	"errors"
	"io"
	"regexp"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"foyer/internal/i18n"
	"foyer/internal/password"
	"foyer/internal/registration"
	"foyer/internal/secret"
	"foyer/internal/termtest"
	"foyer/ui"
	"foyer/ui/lines"
	"foyer/ui/theme"
)

// marker is a password that must be found nowhere.
const marker = "Marker-7 horse battery staple"

// An office is a ui.Service that answers as it is told.
type office struct {
	form     *registration.Form
	formErr  []error // of the next readings
	breached string  // the password that is known from a breach
	known    bool    // whoever comes is recognised

	mu      sync.Mutex
	drafts  []registration.Draft // that were sent, with a password of their own
	answers []answer             // of what is asked next, in order; then everybody is registered
	said    []string             // the codes that were given back, and "code" or "link" for a wish
}

// An answer is what comes of a call; hold makes it wait for its context.
type answer struct {
	receipt registration.Receipt
	problem *registration.Problem
	hold    bool
	panics  bool
}

func (o *office) Form(context.Context) (*registration.Form, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.formErr) > 0 {
		err := o.formErr[0]
		o.formErr = o.formErr[1:]
		return nil, err
	}
	return o.form, nil
}

func (o *office) Register(ctx context.Context, _ *registration.Form, sub *registration.Submission, _ func(registration.Progress)) (registration.Receipt, error) {
	o.mu.Lock()
	draft := sub.Draft
	draft.Password, draft.TOTPSecret = draft.Password.Clone(), draft.TOTPSecret.Clone()
	o.drafts = append(o.drafts, draft)
	o.mu.Unlock()
	return o.answer(ctx, sub)
}

func (o *office) Confirm(ctx context.Context, _ *registration.Form, sub *registration.Submission, code secret.Text, _ func(registration.Progress)) (registration.Receipt, error) {
	o.hear(code.Reveal())
	return o.answer(ctx, sub)
}

func (o *office) Resend(ctx context.Context, _ *registration.Form, sub *registration.Submission, as registration.CodeType, _ func(registration.Progress)) (registration.Receipt, error) {
	o.hear(string(as))
	return o.answer(ctx, sub)
}

func (o *office) Recognize(context.Context, registration.Identifier) (registration.User, bool, error) {
	return registration.User{Status: "active", CreatedAt: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}, o.known, nil
}

func (o *office) Breached(_ context.Context, p secret.Text) bool { return p.Reveal() == o.breached }

func (o *office) hear(text string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.said = append(o.said, text)
}

func (o *office) answer(ctx context.Context, sub *registration.Submission) (registration.Receipt, error) {
	o.mu.Lock()
	next := answer{receipt: done()}
	if len(o.answers) > 0 {
		next, o.answers = o.answers[0], o.answers[1:]
	}
	o.mu.Unlock()
	switch {
	case next.panics:
		panic(marker)
	case next.hold:
		<-ctx.Done()
		return registration.Receipt{}, &registration.Problem{Kind: registration.Unavailable, Reference: sub.Reference}
	case next.problem != nil:
		p := *next.problem
		p.Reference = "7KQ4-M2XW"
		return registration.Receipt{}, &p
	}
	return next.receipt, nil
}

// last is the draft that was sent last.
func (o *office) last() registration.Draft {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.drafts[len(o.drafts)-1]
}

// done is the receipt of somebody who is registered.
func done() registration.Receipt {
	return registration.Receipt{UserID: "u1", Status: "active", Flow: "create", Next: registration.NextSignIn, Reference: "7KQ4-M2XW"}
}

// coded is the receipt of somebody who was sent a code, for a user in a state; "" is for one who is not there yet.
func coded(status string) registration.Receipt {
	purpose := map[string]registration.Purpose{"new": registration.Activation, "active": registration.AddressVerification, "": registration.AddressProof}
	r := done()
	r.Status, r.Next = status, registration.NextEnterCode
	r.Challenge = &registration.Challenge{
		Purpose: purpose[status], Address: "ann@example.com", Medium: registration.Email, Length: 6, Expires: time.Now().Add(10 * time.Minute),
	}
	return r
}

const plainSchema = `{"type": "object", "properties": {"given_name": {"type": "string", "title": "First name"}}, "required": ["given_name"]}`

// formOf is a form with schema, for a pool with mechanisms.
func formOf(tb testing.TB, schema string, settings registration.Settings, mechanisms ...string) *registration.Form {
	tb.Helper()
	if settings.Status == "" {
		settings.Status = registration.Active
	}
	if len(settings.Identifiers) == 0 {
		settings.Identifiers = []registration.IdentifierSetting{{Type: registration.Email, Required: true}}
	}
	pool := registration.Pool{ID: "customers", Name: "Customers", Mechanisms: mechanisms, PasswordPolicy: password.Policy{MinLength: 8, Digits: 1, Strength: password.Fair}}
	form, err := registration.NewForm(pool, []byte(schema), nil, settings)
	if err != nil {
		tb.Fatal(err)
	}
	return form
}

// newOffice is one with a form that asks for an e-mail address and a first name, and for no password.
func newOffice(tb testing.TB) *office {
	tb.Helper()
	return &office{form: formOf(tb, plainSchema, registration.Settings{}, "email_otp")}
}

// A buffer collects what is said.
type buffer = termtest.Buffer

// A partner talks with lines.Show. It lives in a bubble of synctest: its clock goes on while it listens.
type partner struct {
	t      *testing.T
	office *office
	in     *io.PipeWriter
	out    *buffer
	notice chan time.Duration
	at     int // up to where it was heard
	stop   context.CancelFunc
	over   chan struct{}
	ending ui.Ending
	err    error
}

// meet begins a talk with office; change makes another of how.
func meet(t *testing.T, o *office, change func(*ui.Options, *lines.Line)) *partner {
	t.Helper()
	catalogue, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	in, keys := io.Pipe()
	p := &partner{t: t, office: o, in: keys, out: &buffer{}, notice: make(chan time.Duration, 1), over: make(chan struct{})}
	options := ui.Options{
		Service: o, Catalogue: catalogue, Language: "en", Remote: true, Now: time.Now,
		IdleTimeout: 90 * time.Second, IdleWarning: 20 * time.Second, DoneTimeout: 20 * time.Second,
	}
	line := lines.Line{In: in, Out: p.out, Notices: p.notice}
	if change != nil {
		change(&options, &line)
	}
	ctx, stop := context.WithCancel(t.Context())
	p.stop = stop
	go func() {
		defer close(p.over)
		defer func() { _ = in.Close() }() // as a connection is then
		p.ending, p.err = lines.Show(ctx, options, line)
	}()
	t.Cleanup(func() {
		stop()
		_ = keys.Close()
		<-p.over
	})
	return p
}

// terminal is a line that ends in a terminal.
func terminal(_ *ui.Options, l *lines.Line) {
	l.Terminal, l.Size = true, theme.Size{Width: 200, Height: 24}
}

// local is the kiosk of a house, at a terminal.
func local(o *ui.Options, l *lines.Line) {
	terminal(o, l)
	o.Remote, l.Public = false, true
}

// hears waits for text, after what was heard before.
func (p *partner) hears(text string) {
	p.t.Helper()
	const patience = 20 * time.Minute // of the bubble's clock
	for deadline := time.Now().Add(patience); ; <-time.After(100 * time.Millisecond) {
		synctest.Wait()
		all := p.out.String()
		if i := strings.Index(all[p.at:], text); i >= 0 {
			p.at += i + len(text)
			return
		}
		select {
		case <-p.over:
			p.t.Fatalf("it is over (%+v, %v) before %q; heard since:\n%s\nand before:\n%s", p.ending, p.err, text, all[p.at:], all[:p.at])
		default:
		}
		if time.Now().After(deadline) {
			p.t.Fatalf("waiting for %q, heard since:\n%s\nand before:\n%s", text, all[p.at:], all[:p.at])
		}
	}
}

// types types text in one write.
func (p *partner) types(text string) {
	p.t.Helper()
	if _, err := io.WriteString(p.in, text); err != nil && !errors.Is(err, io.ErrClosedPipe) {
		p.t.Fatal(err)
	}
}

// goes follows a script: a line that begins with > is typed, the others are to be heard.
func (p *partner) goes(script string) {
	p.t.Helper()
	for line := range strings.SplitSeq(strings.TrimSpace(script), "\n") {
		line = strings.TrimSpace(line)
		if text, ok := strings.CutPrefix(line, ">"); ok {
			p.types(strings.ReplaceAll(strings.TrimPrefix(text, " "), "{password}", marker) + "\r")
			continue
		}
		p.hears(line)
	}
}

// ends waits for the end, for a reason.
func (p *partner) ends(why ui.Reason, registered int) {
	p.t.Helper()
	select {
	case <-p.over:
	case <-time.After(20 * time.Minute):
		p.t.Fatalf("it does not end; heard:\n%s", p.out)
	}
	if p.ending.Reason != why || p.ending.Registered != registered || p.err != nil {
		p.t.Errorf("it ends with %s, %d registered and %v, want %s, %d and none; heard:\n%s", p.ending.Reason, p.ending.Registered, p.err, why, registered, p.out)
	}
	p.clean()
}

var (
	control   = regexp.MustCompile(`[^\x20-\x7e\r\n\x{a0}-\x{10ffff}]`)
	takenBack = regexp.MustCompile("\x08 \x08")
)

// wipe clears the terminal of a house after a person.
const wipe = "\x1b[m\x1b[H\x1b[2J\x1b[?2004l\x1b[?25h\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[3J"

// clean looks for what may not be in what was heard.
func (p *partner) clean() {
	p.t.Helper()
	all := strings.ReplaceAll(takenBack.ReplaceAllString(p.out.String(), ""), wipe, "")
	if found := control.FindString(all); found != "" {
		p.t.Errorf("what was heard has %q in it:\n%q", found, all)
	}
	if strings.Contains(all, "horse") {
		p.t.Errorf("the password was said:\n%s", all)
	}
}

// answers is the questions of newOffice, up to the review.
const answers = `
	Question 1 of 2, required: E-mail address
	> ann@example.com
	Question 2 of 2, required: First name
	> Ann
	Is everything right?
`
