package ui_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"foyer/internal/registration"
	"foyer/internal/termtest"
	"foyer/ui"
	"foyer/ui/theme"
)

// A remote is a session over pipes, read back by a terminal emulator.
type remote struct {
	t       *testing.T
	keys    *io.PipeWriter
	sizes   chan theme.Size
	notices chan time.Duration
	cancel  context.CancelFunc
	over    chan struct{} // closed when the session has ended
	ending  ui.Ending
	err     error
	screen  *termtest.Screen
}

func connect(t *testing.T, o ui.Options) *remote {
	t.Helper()
	in, keys := io.Pipe()
	r := &remote{
		t: t, keys: keys, screen: termtest.NewScreen(80, 24), over: make(chan struct{}),
		sizes: make(chan theme.Size), notices: make(chan time.Duration),
	}
	o.Remote = true
	if o.Now == nil {
		o.Now = time.Now
	}
	var ctx context.Context
	ctx, r.cancel = context.WithCancel(t.Context())
	go func() {
		defer close(r.over)
		r.ending, r.err = ui.Show(ctx, o, ui.Line{In: in, Out: r.screen, Size: theme.Size{Width: 80, Height: 24}, Resize: r.sizes, Notices: r.notices})
	}()
	t.Cleanup(func() {
		r.cancel()
		_ = keys.Close()
		<-r.over
	})
	return r
}

func (r *remote) text() string { return r.screen.Text() }

func (r *remote) until(text string) {
	r.t.Helper()
	r.screen.Until(r.t, text)
}

func (r *remote) press(text string) {
	r.t.Helper()
	if _, err := io.WriteString(r.keys, text); err != nil {
		r.t.Fatal(err)
	}
}

// end waits for the end of the session and says how it was.
func (r *remote) end() ui.Ending {
	r.t.Helper()
	select {
	case <-r.over:
	case <-time.After(20 * time.Second):
		r.t.Fatalf("the session does not end:\n%s", r.text())
	}
	return r.ending
}

func TestASessionForOnePersonEndsWithThem(t *testing.T) {
	d := newDesk(t)
	d.willCreate()
	r := connect(t, options(t, d))
	r.until("Press Enter to begin")
	r.press("\rann@example.com\r\rAnn\r\r\r\r\rcorrect horse 7 battery\rcorrect horse 7 battery\r\r")
	r.until("You are registered")
	r.until("enter finish")
	r.press("\r")
	if got := r.end(); got.Reason != ui.Finished || got.Registered != 1 || r.err != nil {
		t.Errorf("Show() = %s, %d registered, %v, want finished, 1, nil", got.Reason, got.Registered, r.err)
	}
	if d.submissions()[0].Draft.Password.Reveal() != "" {
		t.Error("the password is still in the draft")
	}
}

func TestASessionThatNobodyTypesInEnds(t *testing.T) {
	o := options(t, newDesk(t))
	o.IdleTimeout, o.IdleWarning = 2*time.Second, time.Second
	r := connect(t, o)
	r.until("Are you still there?")
	if got := r.end(); got.Reason != ui.Idle {
		t.Errorf("Show() = %s, want idle", got.Reason)
	}
}

func TestANoticeEndsASessionThatNobodyBegan(t *testing.T) {
	r := connect(t, options(t, newDesk(t)))
	r.until("Press Enter to begin")
	r.notices <- time.Minute
	if got := r.end(); got.Reason != ui.Closed {
		t.Errorf("Show() = %s, want closed", got.Reason)
	}
}

func TestANoticeIsShownToWhoIsInTheMiddle(t *testing.T) {
	r := connect(t, options(t, newDesk(t)))
	r.until("Press Enter to begin")
	r.press("\r")
	r.until("Your details")
	r.notices <- time.Minute
	r.until("1 minute left.")
	r.notices <- 5 * time.Second
	r.until("5 seconds left.")
	r.cancel()
	if got := r.end(); got.Reason != ui.Cut || r.err != nil {
		t.Errorf("Show() = %s, %v, want cut, nil", got.Reason, r.err)
	}
}

func TestWindowsOfASessionAreClamped(t *testing.T) {
	r := connect(t, options(t, newDesk(t)))
	r.until("Press Enter to begin")
	r.sizes <- theme.Size{Width: 1<<32 - 1, Height: 1<<32 - 1}
	r.sizes <- theme.Size{}
	r.sizes <- theme.Size{Width: 20, Height: 5}
	r.until("This window is too")
	r.sizes <- theme.Size{Width: 80, Height: 24}
	r.until("Press Enter to begin")
	if n := len(r.screen.Recorded()); n > 1<<20 {
		t.Errorf("%d bytes were sent", n)
	}
}

// panicking is a service that panics with what was typed.
type panicking struct{ *desk }

func (panicking) Register(context.Context, *registration.Form, *registration.Submission, func(registration.Progress)) (registration.Receipt, error) {
	panic("Marker-7")
}

func (panicking) Form(context.Context) (*registration.Form, error) { panic("Marker-7") }

func TestAPanicOfTheServiceIsAProblem(t *testing.T) {
	o := options(t, newDesk(t))
	o.Service = panicking{newDesk(t)}
	r := connect(t, o)
	r.until("Something unexpected")
}

// A broken desk is one where the wrong question is a panic.
type brokenDesk struct {
	*front
	armed atomic.Bool
}

func (b *brokenDesk) Operator() (registration.Operator, bool) {
	if b.armed.Load() {
		var nobody *registration.Operator
		return *nobody, true
	}
	return registration.Operator{Subject: "s1", Name: "Ann"}, true
}

func TestAPanicOfTheScreensEndsTheSession(t *testing.T) {
	o := options(t, newDesk(t))
	broken := &brokenDesk{}
	o.Desk = broken
	r := connect(t, o)
	r.until("Opened by Ann")
	broken.armed.Store(true)
	r.press("\x1b[20~") // f9
	got := r.end()
	var panicked *ui.PanicError
	if !errors.As(r.err, &panicked) || got.Reason != ui.Cut {
		t.Fatalf("Show() = %s, %v, want a *PanicError", got.Reason, r.err)
	}
	if len(panicked.Stack) == 0 || !strings.Contains(panicked.What, "nil pointer") {
		t.Errorf("the panic is told as %q, with %d bytes of stack", panicked.What, len(panicked.Stack))
	}
}

func TestElsewhereNobodySignsInForStaff(t *testing.T) {
	d := newDesk(t)
	d.formErr = &registration.Problem{Kind: registration.StaffSignIn, Reference: "7KQ4-M2XW", Staff: "sign in at 10.0.0.1"}
	r := connect(t, options(t, d))
	r.until("Closed: staff sign-in needed")
	r.until("7KQ4-M2XW")
	for _, kept := range []string{"sign in at 10.0.0.1", "enter sign in", "f9"} {
		if strings.Contains(r.text(), kept) {
			t.Errorf("the screen has %q:\n%s", kept, r.text())
		}
	}
}
