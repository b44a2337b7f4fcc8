package lines

import (
	"context"
	"errors"

	"foyer/internal/secret"
	"foyer/ui/screen"
	"foyer/ui/wording"
)

// askPasscode asks staff for the passcode of a locked kiosk. ErrLeft says that it was the right one, and nil that whoever was there
// goes on: they say so, or type nothing for long.
func (t *talk) askPasscode() error {
	defer t.gone() // what was typed for a passcode is nobody's any more
	lock := t.options.Lock
	t.out.line("")
	t.asksPasscode()
	for {
		if wait := lock.Wait(); wait > 0 {
			t.say("passcode.wait", wording.Seconds(wait))
		}
		passcode, err := t.readPasscode()
		switch {
		case errors.Is(err, errBack), errors.Is(err, errElapsed):
			t.say("lines.stayed")
			return nil
		case errors.Is(err, errRetry):
			continue
		case err != nil:
			return err
		case lock.Wait() > 0: // it came too early
			passcode.Wipe()
			continue
		}
		opened, err := t.tryPasscode(lock, passcode)
		switch {
		case opened:
			return errLeft
		case err != nil && !errors.Is(err, errStopped):
			return err
		}
		t.say("passcode.wrong")
	}
}

// asksPasscode says what is asked.
func (t *talk) asksPasscode() {
	t.tell(wording.Say{Key: "passcode.title"}, wording.Say{Key: "passcode.what"})
}

// readPasscode is what somebody types for a passcode: errBack when that is nothing, and errRetry when it was something else.
func (t *talk) readPasscode() (secret.Text, error) {
	t.edit.reset(true)
	key, err := t.next(screen.PasscodePatience)
	if err != nil {
		return secret.Text{}, err
	}
	c, answer := cmdLeave, ""
	if key == entered {
		c, answer = t.read(string(t.edit.text), nil, true)
	}
	spoilt := t.edit.spoilt
	t.edit.reset(false)
	t.enter()
	switch {
	case c == cmdBack, c == cmdNone && answer == "" && !spoilt:
		return secret.Text{}, errBack
	case c == cmdLanguage:
		t.speak()
	case spoilt:
		t.say("refused.control")
	case c == cmdNone:
		return secret.New(answer), nil
	}
	t.asksPasscode()
	return secret.Text{}, errRetry
}

// tryPasscode tries a passcode and forgets it. The error is one of those of wait, or tells of a panic.
func (t *talk) tryPasscode(lock screen.Lock, passcode secret.Text) (bool, error) {
	return result(t, call{}, func(ctx context.Context) bool {
		defer passcode.Wipe()
		opened, _ := lock.Try(ctx, passcode)
		return opened
	})
}
