package lines

import (
	"errors"

	"foyer/ui"
	"foyer/ui/screen"
	"foyer/ui/wording"
)

// run leads one person after the other through their registration, or one where the session is for one. The error is ErrNoTerminal
// or nil: how else it ended is the ending's.
func (t *talk) run() error {
	for {
		err := t.person()
		t.ending.Reason = reason(err)
		switch {
		case errors.Is(err, ErrNoTerminal):
			return err
		case errors.Is(err, errRestart) && t.taken():
			t.ending.Reason = ui.Left
			return nil
		case errors.Is(err, errRestart):
		case err != nil && !errors.Is(err, errIdle), t.options.Remote:
			if errors.Is(err, errDrained) {
				t.say("lines.drained")
			}
			return nil
		}
		t.forget()
		t.clear()
		t.gone()
		t.words = words{t.options.Catalogue.Words(t.options.Language)}
	}
}

// reason is why a session ends when a person was left with err.
func reason(err error) ui.Reason {
	switch {
	case err == nil:
		return ui.Finished
	case errors.Is(err, errLeft):
		return ui.Left
	case errors.Is(err, errIdle):
		return ui.Idle
	case errors.Is(err, errBarred):
		return ui.Barred
	case errors.Is(err, errClosing):
		return ui.Closed
	}
	return ui.Cut
}

// person leads one person through their registration. Nil says that they are through.
func (t *talk) person() error {
	for _, before := range []func() error{t.letIn, t.welcome, t.recognize} {
		if err := before(); err != nil {
			return err
		}
	}
	steps := t.steps()
	entry := screen.Entry{}
	for at := 0; ; {
		err := steps[at](entry)
		entry = screen.Entry{}
		switch {
		case err == nil && at == len(steps)-1:
			return nil
		case err == nil:
			at++
		case !errors.Is(err, errBack):
			return err
		case at > 0:
			if at--; at == 0 {
				entry = t.lastEntry()
			}
		default:
			if err := t.startOver(); err != nil {
				return err
			}
		}
	}
}

// lastEntry leads to the last question of the details at which there is something to decide: the one before what comes after them.
func (t *talk) lastEntry() screen.Entry {
	questions := t.form.Questions(t.draft)
	return screen.Entry{At: questions[t.before(walk{questions: questions, at: len(questions)})].Pointer}
}

// steps are what a person goes through: each is done, or left for the one before by errBack. The last leads to the end.
func (t *talk) steps() []func(screen.Entry) error {
	steps := []func(screen.Entry) error{t.details}
	if t.form.AsksPassword() {
		steps = append(steps, t.password)
	}
	if t.form.AsksTOTP() {
		steps = append(steps, t.totp)
	}
	return append(steps, t.review)
}

// taken reports whether the invitation of the session, which is for one account, is used, or may be.
func (t *talk) taken() bool {
	k := t.options.Doorkeeper
	return k != nil && (k.Taken() || t.halfMade() != nil)
}

// startOver asks whether to start over, where a person goes back from the first question; nil is a no.
func (t *talk) startOver() error {
	switch {
	case !t.untouched():
		yes, err := t.sure(wording.Say{Key: "forget.title"}, wording.Say{Key: "forget.what"}, t.unfinished())
		if yes {
			return errRestart
		}
		return err
	case t.options.Remote:
		t.say("lines.first")
		return nil
	}
	return errRestart
}
