package ui_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"foyer/internal/registration"
	"foyer/ui"
)

// inBubble runs test with a kiosk in a bubble of synctest, whose clock it goes by.
func inBubble(t *testing.T, desk func() *desk, test func(d *driver, desk *desk)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		served := desk()
		o := options(t, served)
		o.Now = time.Now
		test(startInBubble(t, o), served)
	})
}

// startInBubble starts a kiosk in a bubble.
func startInBubble(t *testing.T, o ui.Options) *driver {
	t.Helper()
	t.Cleanup(func() { <-time.After(time.Hour) }) // a tick that nobody waits for any more goes on
	d := startBy(t, o, nil)
	d.patience = 20 * time.Minute
	return d
}

// pass lets so much time go by, with what happens meanwhile.
func (d *driver) pass(t time.Duration) {
	d.t.Helper()
	over := time.After(t)
	for {
		select {
		case msg := <-d.msgs:
			d.send(msg)
		case <-over:
			synctest.Wait()
			return
		}
	}
}

// fails leads a person to a problem.
func (d *driver) fails(desk *desk, p registration.Problem, says string) {
	d.t.Helper()
	d.until(toWelcome)
	d.press(good + "<enter>")
	d.until(toSubmit)
	desk.willFail(p)
	d.until(says)
}

const byItself = "Trying again by itself"

func TestWhatTheTenantDoesNotAnswerIsTriedAgainByItself(t *testing.T) {
	inBubble(t, func() *desk { return newDesk(t) }, func(d *driver, desk *desk) {
		d.fails(desk, registration.Problem{Kind: registration.Unavailable, Unclear: true}, byItself)
		for range 5 {
			d.until(toSubmit)
			desk.willFail(registration.Problem{Kind: registration.Unavailable})
			d.until(byItself)
		}
		d.until(toSubmit)
		desk.willCreate()
		d.until("You are registered")
		for _, sub := range desk.submissions() {
			if sub != desk.submissions()[0] {
				d.t.Error("it was another submission, with another idempotency key")
			}
		}
	})
}

func TestEnterTriesAtOnce(t *testing.T) {
	inBubble(t, func() *desk { return newDesk(t) }, func(d *driver, desk *desk) {
		d.fails(desk, registration.Problem{Kind: registration.TooMany, RetryAfter: 4 * time.Minute}, "in 4 minutes.")
		before := time.Now()
		d.press("<enter>")
		d.until(toSubmit)
		if waited := time.Since(before); waited > 0 {
			d.t.Errorf("it took %s", waited)
		}
	})
}

func TestWhoGoesBackIsNotTakenOnByItself(t *testing.T) {
	inBubble(t, func() *desk { return newDesk(t) }, func(d *driver, desk *desk) {
		d.fails(desk, registration.Problem{Kind: registration.Unavailable}, byItself)
		d.press("<back>")
		d.pass(time.Minute)
		if !strings.Contains(d.view(), toReview) || len(desk.submissions()) != 1 {
			d.t.Fatalf("after a minute there are %d attempts, and:\n%s", len(desk.submissions()), d.view())
		}
		d.keeps(desk)
	})
}

func TestWhoWaitsIsNotTakenToHaveLeft(t *testing.T) {
	inBubble(t, func() *desk { return newDesk(t) }, func(d *driver, desk *desk) {
		d.fails(desk, registration.Problem{Kind: registration.TooMany, RetryAfter: 4 * time.Minute}, "in 4 minutes.")
		d.pass(4*time.Minute - 1500*time.Millisecond)
		if !strings.Contains(d.view(), "in 2 seconds.") {
			d.t.Fatalf("two seconds before its end:\n%s", d.view())
		}
		d.until(toSubmit)
		desk.willFail(registration.Problem{Kind: registration.Unexpected})
		d.until("Something unexpected")
		d.pass(time.Minute) // nobody has touched a key for five minutes, but there was nothing to be done
		if !strings.Contains(d.view(), "Something unexpected") {
			d.t.Errorf("a minute after its end:\n%s", d.view())
		}
	})
}

func TestWhoIsNotThereAnyMoreIsNotRegisteredForEver(t *testing.T) {
	inBubble(t, func() *desk { return newDesk(t) }, func(d *driver, desk *desk) {
		begun := time.Now()
		d.fails(desk, registration.Problem{Kind: registration.Unavailable}, byItself)
		for strings.Contains(d.view(), byItself) {
			d.until(toSubmit)
			desk.willFail(registration.Problem{Kind: registration.Unavailable})
			d.until("does not answer")
		}
		if took := time.Since(begun); took < 10*time.Minute || took > 12*time.Minute {
			d.t.Errorf("it was tried for %s", took)
		}
		attempts := len(desk.submissions())
		d.until("Are you still there?")
		d.until(toWelcome)
		if !desk.submissions()[0].Draft.Password.IsZero() || len(desk.submissions()) != attempts {
			d.t.Error("the person's password is still there, or something was sent after they had left")
		}
	})
}

func TestThePausesGrow(t *testing.T) {
	inBubble(t, func() *desk { return newDesk(t) }, func(d *driver, desk *desk) {
		d.fails(desk, registration.Problem{Kind: registration.Unavailable}, byItself)
		var longest time.Duration
		for range 8 {
			before := time.Now()
			d.until(toSubmit)
			longest = max(longest, time.Since(before))
			desk.willFail(registration.Problem{Kind: registration.Unavailable})
			d.until(byItself)
		}
		if longest <= 4*time.Second || longest > time.Minute {
			d.t.Errorf("the longest pause of eight is %s", longest)
		}
	})
}

// soon is the first line of the screen that is there while nobody can register.
const soon = "We will be back soon"

func TestAKioskOpensByItself(t *testing.T) {
	closed := func() *desk {
		desk := newDesk(t)
		desk.closes(registration.Problem{Kind: registration.Unavailable, Reference: "7KQ4-M2XW", Staff: "no route to host"})
		return desk
	}
	inBubble(t, closed, func(d *driver, desk *desk) {
		d.until(soon)
		d.until("opens by itself")
		d.until("Reference: 7KQ4-M2XW")
		d.until("For staff: no route to host")
		d.press("<f2>")
		d.until("Wir sind bald wieder da")
		d.press("<f2>ann@example.com")
		reads := desk.reads()
		d.pass(time.Hour)
		if n := desk.reads() - reads; n < 60 || n > 600 {
			d.t.Errorf("in an hour the tenant was asked %d times", n)
		}
		desk.opens()
		before := time.Now()
		d.until(toWelcome)
		if took := time.Since(before); took > time.Minute {
			d.t.Errorf("it took %s", took)
		}
		d.begin()
		if strings.Contains(d.view(), "ann@example.com") && !strings.Contains(d.view(), "For example") || len(desk.submissions()) > 0 {
			d.t.Errorf("what was typed while nobody could register was kept:\n%s", d.view())
		}
	})
}

func TestAKioskAsksAtOnceWhenSomebodyWishesIt(t *testing.T) {
	closed := func() *desk {
		desk := newDesk(t)
		desk.closes(registration.Problem{Kind: registration.Misconfigured, Reference: "7KQ4-M2XW", Staff: "grant the scope"})
		return desk
	}
	inBubble(t, closed, func(d *driver, desk *desk) {
		d.until("needs attention")
		d.until("as soon as it is put right")
		d.until("For staff: grant the scope")
		reads := desk.reads()
		d.pass(time.Hour)
		if n := desk.reads() - reads; n < 12 || n > 60 {
			d.t.Errorf("in an hour the tenant was asked %d times", n)
		}
		desk.opens()
		d.press("<enter>")
		before := time.Now()
		d.until(toWelcome)
		if took := time.Since(before); took > 0 {
			d.t.Errorf("it took %s", took)
		}
	})
}

func TestAKioskClosesAndOpensOvernight(t *testing.T) {
	inBubble(t, func() *desk { return newDesk(t) }, func(d *driver, desk *desk) {
		d.until(toWelcome)
		d.pass(8 * time.Hour)
		desk.closes(registration.Problem{Kind: registration.Unavailable})
		d.until(soon)
		d.press("<f2>")
		d.pass(8 * time.Hour)
		d.until(soon) // in the language of the house again
		desk.opens()
		d.until(toWelcome)
		d.press(good + "<enter>")
		d.until(toSubmit)
	})
}

func TestWhatWasTypedAheadIsNotForAClosedKiosk(t *testing.T) {
	closing := func() *desk {
		desk := newDesk(t)
		desk.closes(registration.Problem{Kind: registration.Unavailable})
		desk.opened = make(chan struct{})
		return desk
	}
	inBubble(t, closing, func(d *driver, desk *desk) {
		d.press(good)
		d.until("One moment")
		close(desk.opened)
		d.until(soon)
		desk.opens()
		d.until(toWelcome)
	})
}

func TestWhoWaitsElsewhereForTheFirstScreenIsAskedAfterAWhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		desk := newDesk(t)
		desk.closes(registration.Problem{Kind: registration.Unavailable, Staff: "no route to 10.0.0.1"})
		o := options(t, desk)
		o.Now, o.Remote = time.Now, true
		d := startInBubble(t, o)
		d.until(soon)
		if strings.Contains(d.view(), "10.0.0.1") {
			d.t.Error("what is for staff is told elsewhere")
		}
		d.pass(9 * time.Minute)
		d.until(soon)
		d.until("Are you still there?")
		d.wait("the end", func() bool { return d.quit })
	})
}

func TestATroubleThatIsTheSameKeepsItsReference(t *testing.T) {
	closed := func() *desk {
		desk := newDesk(t)
		desk.closes(registration.Problem{Kind: registration.Unavailable, Reference: "first"})
		return desk
	}
	inBubble(t, closed, func(d *driver, desk *desk) {
		d.until("Reference: first")
		desk.closes(registration.Problem{Kind: registration.Unavailable, Reference: "second"})
		d.pass(time.Hour)
		d.until("Reference: first")
		desk.closes(registration.Problem{Kind: registration.Misconfigured, Reference: "third"})
		d.until("Reference: third")
	})
}
