package lines_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"foyer/internal/secret"
	"foyer/ui"
	"foyer/ui/lines"
	"foyer/ui/theme"
)

// A gate is a lock with the passcode "open sesame". After a wrong one it waits.
type gate struct {
	pause time.Duration
	until time.Time
	tried []string
}

func (g *gate) Try(_ context.Context, passcode secret.Text) (bool, time.Duration) {
	g.tried = append(g.tried, passcode.Reveal())
	if passcode.Reveal() == "open sesame" {
		return true, 0
	}
	g.until = time.Now().Add(g.pause)
	return false, g.pause
}

func (g *gate) Wait() time.Duration { return max(time.Until(g.until), 0) }

// locked is the kiosk of a house that only staff leaves.
func locked(g *gate) func(*ui.Options, *lines.Line) {
	return func(o *ui.Options, l *lines.Line) {
		local(o, l)
		o.Lock = g
	}
}

const asksPasscode = "left with the passcode of staff"

func TestALockedKioskInLinesIsLeftByThePasscode(t *testing.T) {
	places := []struct{ name, script, again string }{
		{"at the beginning", "Press Enter to begin", "Press Enter to begin"},
		{"at a question", "Press Enter to begin\n>\nE-mail address", "E-mail address"},
		{"at the review", "Press Enter to begin\n>\nE-mail address\n> ann@example.com\nFirst name\n> Ann\nPress Enter to register", "Press Enter to register"},
		{"at a question about starting over", "Press Enter to begin\n>\nE-mail address\n> ann@example.com\nFirst name\n> <\n> <\nStart over?", "Start over?"},
	}
	for _, place := range places {
		for name, leave := range map[string]string{"ctrl+c": "\x03", "ctrl+d": "\x04", "the command": "!leave\r", "ctrl+c in an answer": "an\x03"} {
			t.Run(place.name+" by "+name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					g := &gate{}
					p := meet(t, newOffice(t), locked(g))
					p.goes(place.script)
					for _, stays := range []string{"\r", "<\r", "\x03\x04!leave\r\r", "open barley\r\r"} {
						p.types(leave)
						p.hears(asksPasscode)
						p.types(stays)
						p.hears("Nothing was forgotten")
						p.hears(place.again)
					}
					p.types(leave)
					p.hears(asksPasscode)
					p.types("open sesame\r")
					p.ends(ui.Left, 0)
					if !slices.Equal(g.tried, []string{"open barley", "open sesame"}) {
						t.Errorf("tried were %q", g.tried)
					}
					if said := p.out.String(); strings.Contains(said, "barley") || strings.Contains(said, "sesame") {
						t.Errorf("a passcode is said:\n%s", said)
					}
				})
			})
		}
	}
}

func TestAWrongPasscodeInLinesHasToWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := &gate{pause: 8 * time.Second}
		p := meet(t, newOffice(t), locked(g))
		p.goes("Press Enter to begin")
		p.types("\x03wrong\r")
		p.goes("That is not the passcode.\nAfter the wrong passcodes before the next one is taken in 8 seconds.")
		p.types("open sesame\r")
		p.hears("the next one is taken in")
		<-time.After(9 * time.Second)
		p.types("open sesame\r")
		p.ends(ui.Left, 0)
		if !slices.Equal(g.tried, []string{"wrong", "open sesame"}) {
			t.Errorf("tried were %q", g.tried)
		}
	})
}

func TestNobodyAtThePasscodeInLinesGoesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := meet(t, newOffice(t), locked(&gate{}))
		p.goes("Press Enter to begin\n>\nE-mail address\n> ann@example.com\nFirst name")
		begun := time.Now()
		p.types("\x03")
		p.goes(asksPasscode + "\nNothing was forgotten\nFirst name\n> Ann\nann@example.com")
		if took := time.Since(begun); took < 30*time.Second || took > 40*time.Second {
			t.Errorf("it took %s", took)
		}
	})
}

func TestTheEndOfInputDoesNotLeaveALockedKioskButEndsItsSession(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := meet(t, newOffice(t), locked(&gate{}))
		p.goes("Press Enter to begin\n>\nE-mail address")
		_ = p.in.Close()
		p.ends(ui.Cut, 0) // and not left: it is shown anew
	})
}

func TestWhatWasSaidOnATerminalThatKnowsNothingIsPushedOutOfSight(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := meet(t, newOffice(t), func(o *ui.Options, l *lines.Line) {
			local(o, l)
			o.Terminal.Controls = theme.Teletype
		})
		p.goes("Press Enter to begin\n>\nE-mail address\n> <")
		p.hears(strings.Repeat("\r\n", 24))
		p.goes("Press Enter to begin")
	})
}
