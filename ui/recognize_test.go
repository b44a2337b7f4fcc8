package ui_test

import (
	"testing"

	"foyer/internal/registration"
)

// fingerprint is what is recorded of a person.
func fingerprint() registration.Identifier {
	return registration.Identifier{Type: registration.External, Identifier: "SHA256:uwLkEVqDkCIXZUWDDhFeGOJM3JTh9QrlRjZWbUKoQmk"}
}

func TestWhatIsRecordedOfAPersonIsShownAndSent(t *testing.T) {
	d := newDesk(t)
	o := options(t, d)
	o.Recorded = fingerprint()
	k := start(t, o)
	k.until("Press Enter to begin")
	k.press(good)
	k.until(fingerprint().Identifier)
	k.press("<enter>")
	d.willCreate()
	k.until("You are registered")
	if got := d.submissions()[0].Draft.Recorded; got != fingerprint() {
		t.Errorf("the submission records %v, want %v", got, fingerprint())
	}
}

func TestWhoIsRecognisedLeaves(t *testing.T) {
	d := newDesk(t)
	d.known = &registration.User{Status: "active"}
	k := start(t, options(t, d))
	k.until("Press Enter to begin")
	k.until("You are registered already")
	k.press("<enter>") // meant for the screen below
	k.until("enter leave · esc register somebody else · f2 Deutsch · ctrl+c leave")
	if k.quit {
		t.Fatal("a key that was meant for another screen ends the session")
	}
	k.press("<enter>")
	k.wait("the end", func() bool { return k.quit })
}

func TestAnotherPersonIsRegisteredWithNothingRecorded(t *testing.T) {
	d := newDesk(t)
	d.known = &registration.User{Status: "active"}
	k := start(t, options(t, d))
	k.until("esc register somebody else")
	k.press("<back>")
	k.until("Press Enter to begin")
	k.press(good + "<enter>")
	d.willCreate()
	k.until("You are registered")
	if got := d.submissions()[0].Draft.Recorded; got != (registration.Identifier{}) {
		t.Errorf("the submission records %v, want nothing", got)
	}
}
