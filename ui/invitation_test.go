package ui_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"foyer/internal/registration"
	"foyer/ui"
)

// typedCode is a code as somebody types it.
const typedCode = "a7k 4m2 xwp 9ht 3rc d8f"

// A keeper is a registration.Doorkeeper that answers as it is told.
type keeper struct {
	answers chan error
	asked   chan struct{} // tells of each code

	mu    sync.Mutex
	codes []string
	ended []context.Context
	taken bool
}

func (k *keeper) Taken() bool { return k.taken }

func newKeeper() *keeper { return &keeper{answers: make(chan error, 8), asked: make(chan struct{}, 8)} }

func (k *keeper) Present(ctx context.Context, code string) error {
	k.mu.Lock()
	k.codes, k.ended = append(k.codes, code), append(k.ended, ctx)
	k.mu.Unlock()
	k.asked <- struct{}{}
	select {
	case err := <-k.answers:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// shown are the codes that were shown.
func (k *keeper) shown() []string {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.codes
}

// presenting shows a code that is rejected.
func presenting(r registration.InvitationError, says string) func(*driver, *desk) {
	return func(d *driver, desk *desk) {
		d.until("Registration by invitation")
		d.press(typedCode + "<enter>")
		if k, ok := desk.keeper.(*keeper); ok {
			k.answers <- r
		}
		d.until(says)
	}
}

// startKept starts a session that asks for an invitation.
func startKept(t *testing.T, change func(*ui.Options)) (*driver, *desk, *keeper) {
	t.Helper()
	desk, k := newDesk(t), newKeeper()
	desk.keeper = k
	o := options(t, desk)
	o.Remote = true
	if change != nil {
		change(&o)
	}
	return start(t, o), desk, k
}

func TestAnInvitationComesBeforeAllElse(t *testing.T) {
	d, desk, k := startKept(t, nil)
	d.until("Registration by invitation")
	d.press("<enter>")
	d.until("Type the code that you were given.")
	d.press("<back><f9><up>")
	d.until("Registration by invitation")
	d.press(typedCode + "<enter>")
	k.answers <- registration.ErrCodeMistyped
	d.until("has a slip in it")
	d.press("<del>G<enter>")
	k.answers <- registration.ErrCodeRefused
	d.until("cannot be used now")
	d.press("Z7K-4M2-XWP-9HT-3RC-D8F\r\n<enter>") // a paste takes the place of what was refused
	k.answers <- errors.New("the file is broken")
	d.until("cannot be checked at the moment")
	if n := desk.reads(); n > 0 {
		t.Errorf("the form was read %d times for somebody without an invitation", n)
	}
	d.press("<enter>")
	k.answers <- nil
	d.until("Press Enter to begin")
	want := []string{"A7K 4M2 XWP 9HT 3RC D8F", "A7K 4M2 XWP 9HT 3RC D8G", "Z7K-4M2-XWP-9HT-3RC-D8F", "Z7K-4M2-XWP-9HT-3RC-D8F"}
	if got := strings.Join(k.shown(), ", "); got != strings.Join(want, ", ") {
		t.Errorf("the doorkeeper is shown %s, want %s", got, strings.Join(want, ", "))
	}
	d.press(good + "<enter>")
	desk.willCreate()
	d.until("You are registered")
}

func TestAllIsTypedInOneGo(t *testing.T) {
	d, desk, k := startKept(t, nil)
	d.press(typedCode + "<enter>" + good + "<enter>")
	k.answers <- nil
	desk.willCreate()
	d.until("You are registered")
	if subs := desk.submissions(); len(subs) != 1 || subs[0].Draft.Identifiers[0].Identifier != "ann@example.com" {
		t.Errorf("%d submissions, want one of ann@example.com", len(subs))
	}
}

func TestWhatWasTypedAheadGoesWithACodeThatIsRefused(t *testing.T) {
	d, _, k := startKept(t, nil)
	d.press(typedCode + "<enter>" + good)
	k.answers <- registration.ErrCodeRefused
	d.until("cannot be used now")
	if strings.Contains(d.view(), "ANN") {
		t.Errorf("what was typed ahead is in the field:\n%s", d.view())
	}
	d.press("<enter>")
	k.answers <- nil
	d.until("Press Enter to begin")
}

func TestTooManyCodesEndTheSession(t *testing.T) {
	d, _, k := startKept(t, nil)
	d.press(typedCode + "<enter>")
	k.answers <- registration.ErrCodeTries
	d.wait("the end", func() bool { return d.quit })
}

func TestLeavingEndsTheLookUp(t *testing.T) {
	d, _, k := startKept(t, nil)
	d.press(typedCode + "<enter>")
	<-k.asked
	d.press("<leave><leave>")
	d.wait("the end", func() bool { return d.quit })
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.ended[0].Err() == nil {
		t.Error("the look-up goes on")
	}
}

func TestTheLanguageAndTheHelpOfTheInvitation(t *testing.T) {
	d, _, k := startKept(t, nil)
	d.press("a7k<f1>")
	d.until("Its code has six groups")
	d.press("<back><f2>")
	d.until("Registrierung auf Einladung")
	if !strings.Contains(d.view(), "A7K") {
		t.Error("what was typed is gone")
	}
	d.press("<enter>")
	k.answers <- registration.ErrCodeRefused
	d.until("Dieser Code gilt jetzt nicht")
}

func TestNobodyAtTheDoorIsWarnedAndLeaves(t *testing.T) {
	d, _, _ := startKept(t, func(o *ui.Options) { o.IdleTimeout, o.IdleWarning = 1100*time.Millisecond, time.Second })
	d.press("a7k")
	d.clock.pass()
	d.until("Are you still there?")
	d.wait("the end", func() bool { return d.quit })
}

func TestAStartOverKeepsTheInvitation(t *testing.T) {
	d, _, k := startKept(t, nil)
	d.press(typedCode + "<enter>")
	k.answers <- nil
	d.begin()
	d.press("ann@example.com<enter><up><back>")
	d.until("Start over?")
	d.press("<enter>")
	d.until("Press Enter to begin")
}

// TestAnInvitationThatMayBeUsedIsForNobodyElse starts over after a call that nobody knows the outcome of.
func TestAnInvitationThatMayBeUsedIsForNobodyElse(t *testing.T) {
	d, desk, k := startKept(t, nil)
	d.press(typedCode + "<enter>" + good + "<enter>")
	k.answers <- nil
	d.until("being created")
	desk.willFail(registration.Problem{Kind: registration.Unavailable, Unclear: true})
	d.until("It is not certain")
	k.taken = true
	d.press("<back>")
	d.until("Is everything right?")
	d.press("<back>")
	d.until("Password")
	d.press("<back>")
	d.until("Your details")
	d.press("<back>")
	d.until("your invitation counts as used")
	d.press("<enter>")
	d.wait("the end", func() bool { return d.quit })
}

// TestAnInvitationIsForOneAccount starts over when an account is there that waits for its code.
func TestAnInvitationIsForOneAccount(t *testing.T) {
	desk, k := newDesk(t), newKeeper()
	desk.keeper, desk.form = k, formOf(t, coded(registration.New))
	o := options(t, desk)
	o.Remote = true
	d := start(t, o)
	d.press(typedCode + "<enter>" + good + "<enter>")
	k.answers <- nil
	d.until("being created")
	desk.willWait(d.clock, "new")
	d.until("Type your code")
	d.press("<down><down><enter>") // another address
	d.until("Your details")
	d.press("<enter>")
	d.until("Is everything right?")
	d.press("<back><back><back>")
	d.until("Start over?")
	d.press("<enter>")
	d.wait("the end", func() bool { return d.quit })
}
