package lines

import (
	"context"
	"errors"
	"time"

	"foyer/internal/clean"
	"foyer/internal/registration"
	"foyer/ui/wording"
)

// welcome says what this is, and reads the form. At a terminal for everybody it waits for somebody to begin; elsewhere somebody
// is there.
func (t *talk) welcome() error {
	if t.options.Remote {
		if err := t.open(); err != nil {
			return err
		}
		t.greet()
		return nil
	}
	for {
		if err := t.unlock(nil); err != nil {
			return err
		}
		if err := t.awaitOpening(nil); err != nil {
			return err
		}
		t.vacant = t.vacate
		err := t.begin()
		t.vacant = nil
		switch {
		case errors.Is(err, errRetry), errors.Is(err, errBack):
			continue
		case err != nil:
			return err
		}
		return t.open()
	}
}

// vacate makes what the next visitor finds as it should be, while nobody is there: the form is up to date, and what is said is in the
// language of the house. ErrRetry says that there is no form any more.
func (t *talk) vacate() error {
	house := t.options.Catalogue.Words(t.options.Language)
	changed := house.Name != t.words.Name
	t.words = words{house}
	err := t.readForm(nil)
	if problem := new(registration.Problem); errors.As(err, &problem) {
		return errRetry
	}
	if changed {
		t.welcoming()
	}
	return nil
}

// welcoming says how one begins.
func (t *talk) welcoming() {
	t.out.line("")
	t.greet()
	t.opened()
	t.say("welcome.start")
}

// begin waits for somebody to begin; errRetry says that something else was done.
func (t *talk) begin() error {
	p := prompt{help: "help.welcome", says: t.welcoming}
	if t.options.Desk != nil {
		p.also = []command{cmdStaff}
	}
	_, c, err := t.ask(p)
	if c == cmdStaff {
		return t.signOut()
	}
	return err
}

// greet says what this is, what lies ahead, and what can be typed.
func (t *talk) greet() {
	if t.options.Sandbox {
		t.say("app.sandbox")
	}
	title := clean.Line(t.options.Title, wording.LongestLabel)
	if title == "" {
		title = t.words.Text("welcome.title")
	}
	t.out.line(title)
	t.say("welcome.what")
	if t.invited {
		t.say("lines.invited")
	}
	t.tell(wording.Ahead(t.form)...)
	t.say("lines.commands", signHelp, signBack, t.typed(cmdLeave))
	other := t.options.Catalogue.Next(t.words.Words)
	t.out.line(other.Text("lines.other", signCommand+wordFor(other, cmdLanguage)))
}

// formTimeout bounds one reading of the form.
const formTimeout = 30 * time.Second

// open reads the form, as often as it takes: a person begins with one that is up to date.
func (t *talk) open() error {
	if err := t.awaitOpening(func() { t.say("opening") }); err != nil {
		return err
	}
	t.draft = t.form.Draft()
	return nil
}

// awaitOpening reads the form, as often as it takes. Slow, which may be nil, is called when it takes a moment.
func (t *talk) awaitOpening(slow func()) error {
	out := outage{talk: t}
	for {
		err := t.readForm(slow)
		var problem *registration.Problem
		switch {
		case err == nil:
			return nil
		case errors.Is(err, errStopped):
			err = t.leave()
		case !errors.As(err, &problem):
			return err
		case t.lapsed(problem):
			err = t.unlock(problem)
		default:
			err = out.wait(problem)
			slow = nil // once it was said, that is enough
		}
		if err != nil && !errors.Is(err, errRetry) && !errors.Is(err, errBack) {
			return err
		}
	}
}

// readForm reads the form. The error is a *registration.Problem, or ErrNoTerminal, or one of those of wait. Where a password is
// asked and there is no terminal to ask it on, people are invited, if the administrator's settings come to the same. Slow, which
// may be nil, is called when it takes a moment.
func (t *talk) readForm(slow func()) error {
	type read struct {
		form *registration.Form
		err  error
	}
	service := t.options.Service
	r, err := result(t, call{slow: slow}, func(ctx context.Context) read {
		ctx, cancel := context.WithTimeout(ctx, formTimeout)
		defer cancel()
		form, err := service.Form(ctx)
		return read{form, err}
	})
	if err == nil {
		err = r.err
	}
	switch {
	case ends(err):
		return err
	case err != nil:
		return registration.AsProblem(err, registration.ReferenceOf(err))
	case r.form.AsksPassword() && !t.line.Terminal:
		invitation, ok := r.form.Invitation()
		if !ok {
			return ErrNoTerminal
		}
		r.form, t.invited = invitation, true
	}
	t.form = r.form
	return nil
}
