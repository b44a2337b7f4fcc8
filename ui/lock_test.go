package ui_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"foyer/internal/secret"
)

// A gate is a lock with the passcode "open sesame".
type gate struct {
	mu    sync.Mutex
	wait  time.Duration // after a wrong passcode
	tried []string
}

func (g *gate) Try(_ context.Context, passcode secret.Text) (bool, time.Duration) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.tried = append(g.tried, passcode.Reveal())
	return passcode.Reveal() == "open sesame", g.wait
}

func (g *gate) Wait() time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.tried) == 0 {
		return 0
	}
	return g.wait
}

// codes are those that were tried.
func (g *gate) codes() []string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return slices.Clone(g.tried)
}

// startLocked starts a locked kiosk.
func startLocked(t *testing.T, desk *desk, g *gate) *driver {
	t.Helper()
	o := options(t, desk)
	o.Terminal, o.Lock = colourless(), g
	return start(t, o)
}

// atPasscode is the beginning of the question for the passcode.
const atPasscode = "left with the passcode of staff"

func TestALockedKioskIsLeftByThePasscodeFromEveryScreen(t *testing.T) {
	for name, scene := range allScenes() {
		if strings.HasPrefix(name, "known") || strings.HasPrefix(name, "invitation") || strings.Contains(name, "leaving") || name == "mailbox" {
			continue // which is of a session over SSH, or of the other way to leave, or needs a mailbox
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			desk, g := deskOf(t, name), &gate{}
			d := startLocked(t, desk, g)
			scene(d, desk)
			for _, stays := range []string{"<back>", "<leave><leave><back>", "open barley<leave><enter>"} {
				d.press("<leave>")
				d.until(atPasscode)
				d.press(stays)
				if strings.HasSuffix(stays, "<enter>") {
					d.until("That is not the passcode")
					d.press("<back>")
				}
				if d.quit || strings.Contains(d.view(), atPasscode) {
					t.Fatalf("after %s it has ended: %t; it shows\n%s", stays, d.quit, d.view())
				}
			}
			d.press("<leave>")
			d.until(atPasscode)
			d.press("open sesame<enter>")
			d.wait("the end", func() bool { return d.quit })
			if got := g.codes(); !slices.Equal(got, []string{"open barley", "open sesame"}) {
				t.Errorf("tried were %q", got)
			}
		})
	}
}

func TestThePasscodeLeavesEverythingAsItWas(t *testing.T) {
	for _, name := range []string{"welcome", "details-invalid", "password", "review", "help", "conflict", "later", "staff-on-duty"} {
		scene, ok := allScenes()[name]
		if !ok {
			t.Errorf("there is no scene %s", name)
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			desk := deskOf(t, name)
			d := startLocked(t, desk, &gate{})
			scene(d, desk)
			before := d.view()
			d.press("<leave>")
			d.until(atPasscode)
			d.press("xyz")
			if strings.Contains(d.view(), "xyz") {
				t.Errorf("the passcode is to be seen:\n%s", d.view())
			}
			d.press("<back>")
			if d.view() != before {
				t.Errorf("it shows\n%s\nand not as before\n%s", d.view(), before)
			}
		})
	}
}

func TestAWrongPasscodeHasToWait(t *testing.T) {
	g := &gate{wait: 2 * time.Second}
	d := startLocked(t, newDesk(t), g)
	d.until("Press Enter to begin")
	d.press("<leave>wrong<enter>")
	d.until("The next one is taken in 2 seconds")
	d.press("open sesame<enter>")
	d.until("After the wrong passcodes before the next one is taken in")
	d.press("<back><leave>") // a new screen knows of it, too
	d.until("After the wrong passcodes before the next one is taken in")
	d.press("open sesame<enter>")
	if got := g.codes(); !slices.Equal(got, []string{"wrong"}) {
		t.Fatalf("tried were %q", got)
	}
	g.mu.Lock()
	g.wait = 0
	g.mu.Unlock()
	d.wait("the end of the waiting", func() bool { return !strings.Contains(d.view(), "next one is taken") })
	d.press("<enter>")
	d.wait("the end", func() bool { return d.quit })
}

func TestNobodyAtThePasscodeGoesBackToThePersonBelow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := startLocked(t, newDesk(t), &gate{})
		d.begin()
		d.press("ann@example.com<leave>")
		begun := time.Now()
		d.until(fmt.Sprintf("goes on in %d seconds", 30))
		for range 5 {
			d.send(<-d.msgs)
		}
		d.press("x")
		d.until(fmt.Sprintf("goes on in %d seconds", 30))
		for strings.Contains(d.view(), atPasscode) {
			d.send(<-d.msgs)
		}
		d.until("ann@example.com")
		if took := time.Since(begun); took < 30*time.Second || took > 40*time.Second {
			t.Errorf("it took %s", took)
		}
	})
}

func TestTheWarningIsSeenAboveThePasscode(t *testing.T) {
	o := options(t, newDesk(t))
	o.Lock, o.IdleTimeout, o.IdleWarning = &gate{}, 2*time.Second, time.Second
	d := start(t, o)
	d.begin()
	d.press("ann@example.com<leave>")
	d.until(atPasscode)
	d.clock.pass()
	d.until("Are you still there?")
	d.until("Press Enter to begin")
}

func TestWhatWasTypedEarlyIsNoPasscode(t *testing.T) {
	desk, g := newDesk(t), &gate{}
	desk.opened = make(chan struct{})
	d := startLocked(t, desk, g)
	d.press("<enter>ann@example.com<leave>")
	d.until(atPasscode)
	close(desk.opened)
	d.press("open sesame")
	d.wait("the form", func() bool { return desk.reads() > 0 && len(d.msgs) == 0 })
	d.press("<enter>")
	d.wait("the end", func() bool { return d.quit })
	if got := g.codes(); !slices.Equal(got, []string{"open sesame"}) {
		t.Errorf("tried were %q", got)
	}
}

func TestTheLanguageOfThePasscode(t *testing.T) {
	d := startLocked(t, newDesk(t), &gate{})
	d.until("ctrl+c staff")
	d.press("<leave><f2>")
	d.until("Für das Personal")
	d.fits(t)
}

func TestTheLastScreenOfALockedKioskLeadsToTheNextPerson(t *testing.T) {
	desk := newDesk(t)
	o := options(t, desk)
	o.Lock, o.DoneTimeout = &gate{}, time.Second
	d := start(t, o)
	d.until("Press Enter to begin")
	d.press(good + "<enter>")
	desk.willCreate()
	d.until("You are registered")
	d.press("<leave>")
	d.until(atPasscode) // and stays while the last screen goes
	d.press("open")
	d.wait("the end of the last screen", func() bool { return desk.reads() > 1 })
	d.press("<back>")
	d.until("Press Enter to begin")
}
