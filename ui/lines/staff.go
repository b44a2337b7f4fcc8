package lines

import (
	"context"
	"errors"
	"time"

	"foyer/internal/clean"
	"foyer/internal/registration"
	"foyer/ui/screen"
	"foyer/ui/wording"
)

// Bounds of what the tenant has said, in code points.
const (
	longestURL  = 8192
	longestCode = 64
)

// lapsed reports whether p says that the sign-in of staff has ended, and there is a desk to sign in at.
func (t *talk) lapsed(p *registration.Problem) bool {
	return p.Kind == registration.StaffSignIn && t.options.Desk != nil
}

// operator is who is signed in of the staff; ok is false when somebody has to be and nobody is.
func (t *talk) operator() (who registration.Operator, ok bool) {
	if t.options.Desk == nil {
		return registration.Operator{}, true
	}
	return t.options.Desk.Operator()
}

// opened says who opened the kiosk, if somebody had to.
func (t *talk) opened() {
	if who, ok := t.operator(); ok && t.options.Desk != nil {
		t.say("welcome.opened", clean.Line(who.Name, wording.LongestLabel))
		t.say("lines.command", t.typed(cmdStaff), t.words.Text("lines.does.staff"))
	}
}

// longestAway is how long a person may have waited for staff and be taken to stand there still.
const longestAway = 5 * time.Minute

// resume has a member of staff sign in while a person waits, who then goes on where they were. After a long wait, since they may
// have left, they are asked before anything is sent.
func (t *talk) resume(why *registration.Problem) error {
	since := t.options.Now()
	if err := t.unlock(why); err != nil {
		return err
	}
	if t.options.Now().Sub(since) > longestAway && t.sub != nil {
		return errBack
	}
	return errRetry
}

// unlock waits until a member of staff has signed in, if one has to. Why is the problem that a person has met; nil when there is
// nobody. What was typed is kept for them.
func (t *talk) unlock(why *registration.Problem) error {
	if _, ok := t.operator(); ok && why == nil {
		return nil
	}
	before := t.vacant
	defer func() { t.vacant = before }()
	t.vacant = func() error { return nil }
	for {
		_, _, err := t.ask(prompt{help: "help.closed", says: func() { t.locked(why) }})
		if err != nil && !errors.Is(err, errBack) {
			return err
		}
		if err == nil {
			if err = t.signIn(); err == nil {
				return nil
			}
			if ends(err) && !errors.Is(err, errStopped) {
				return err
			}
		}
	}
}

// locked says that the kiosk is closed.
func (t *talk) locked(why *registration.Problem) {
	t.out.line("")
	if why == nil {
		t.say("closed.what")
	} else {
		t.say("problem.staff_sign_in.title")
		t.say("problem.staff_sign_in.what")
		t.say("problem.staff_sign_in.advice")
		t.tell(wording.OutcomeOf(why)...)
		t.tell(wording.ForStaff(why)...)
	}
	t.say("closed.sign_in")
}

// signIn signs a member of staff in. The error is one of those of wait, or a trouble that was said.
func (t *talk) signIn() error {
	ctx, cancel := context.WithCancel(t.ctx)
	defer cancel()
	type begun struct {
		signIn screen.SignIn
		err    error
	}
	desk := t.options.Desk
	t.out.line("")
	t.say("sign_in.title")
	b, err := result(t, call{slow: func() { t.say("opening") }}, func(context.Context) begun {
		s, err := desk.SignIn(ctx)
		return begun{s, err}
	})
	if err == nil {
		err = b.err
	}
	if err != nil {
		return t.missed(err)
	}
	t.prompted(b.signIn.Prompt())
	for {
		progress, err := t.poll(ctx, b.signIn)
		switch {
		case err != nil:
			return t.missed(err)
		case progress.Done:
			t.say("signed_in.title", clean.Line(progress.Operator.Name, wording.LongestLabel))
			return nil
		case progress.Slower > 0:
			t.say("sign_in.slower", wording.Seconds(progress.Slower))
		}
	}
}

// poll waits for news of a sign-in.
func (t *talk) poll(ctx context.Context, s screen.SignIn) (registration.SignInProgress, error) {
	type polled struct {
		progress registration.SignInProgress
		err      error
	}
	p, err := result(t, call{}, func(context.Context) polled {
		progress, err := s.Poll(ctx)
		return polled{progress, err}
	})
	if err == nil {
		err = p.err
	}
	return p.progress, err
}

// prompted says what a member of staff does.
func (t *talk) prompted(p registration.SignInPrompt) {
	url := clean.Line(p.URL, longestURL)
	switch {
	case url == "": // a sign-in that was kept
		return
	case p.UserCode != "":
		t.say("sign_in.phone")
		t.out.line(url)
		t.say("sign_in.code")
		t.out.line(clean.Line(p.UserCode, longestCode))
		t.lasts(p.Expires)
		t.say("sign_in.waiting.phone")
	case p.Opened:
		t.say("sign_in.opened")
		t.say("sign_in.not_opened")
		t.out.line(url)
		t.say("sign_in.waiting.browser")
	default:
		t.say("sign_in.browser")
		t.out.line(url)
		t.say("sign_in.waiting.browser")
	}
	t.stoppable()
}

// missed says why nobody has signed in, and returns err.
func (t *talk) missed(err error) error {
	if ends(err) {
		return err
	}
	p := registration.AsProblem(err, registration.ReferenceOf(err))
	t.out.line("")
	switch {
	case errors.Is(err, registration.ErrSignInExpired):
		t.say("not_signed_in.expired.title")
		t.say("not_signed_in.expired.what")
		return err
	case errors.Is(err, registration.ErrSignInDenied):
		t.say("not_signed_in.denied.title")
		t.say("not_signed_in.denied.what")
		return err
	case p.Kind == registration.Unavailable:
		t.say("not_signed_in.unavailable.title")
		t.say("not_signed_in.unavailable.what")
	default:
		t.tell(wording.TitleOf(p))
		t.out.line(wording.Happened(p, t.words))
	}
	t.tell(wording.ForStaff(p)...)
	return err
}

// signOutTime is how long the tenant may take to hear of a sign-out.
const signOutTime = 15 * time.Second

// signOut asks whether who is signed in signs out, and does it. The error is errRetry, or how the session ends.
func (t *talk) signOut() error {
	if who, ok := t.operator(); ok {
		yes, err := t.sure(
			wording.Say{Key: "on_duty.title"}, wording.Say{Key: "on_duty.who", Args: []any{clean.Line(who.Name, wording.LongestLabel)}}, wording.Say{Key: "on_duty.what"})
		if err != nil {
			return err
		}
		if !yes {
			return errRetry
		}
	}
	desk := t.options.Desk
	t.say("closed.signing_out")
	untold, err := result(t, call{}, func(ctx context.Context) error {
		ctx, cancel := context.WithTimeout(ctx, signOutTime)
		defer cancel()
		return desk.SignOut(ctx)
	})
	switch {
	case ends(err) && !errors.Is(err, errStopped):
		return err
	case err != nil || untold != nil:
		t.say("closed.untold")
	}
	return errRetry
}
