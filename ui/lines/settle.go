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

// settle sends what the person said, and leads them through what comes of it. Nil says that they are through, errBack that the
// answers are to be reviewed.
func (t *talk) settle() error {
	for {
		t.sub, t.waiting = t.sub.Revise(t.draft), nil
		service, form, sub := t.options.Service, t.form, t.sub
		t.out.line("")
		receipt, problem, err := t.work(registration.StageCreating, func(ctx context.Context, notify func(registration.Progress)) (registration.Receipt, error) {
			return service.Register(ctx, form, sub, notify)
		})
		switch {
		case errors.Is(err, errStopped):
			t.say("lines.stopped")
			return errBack
		case err != nil:
			return err
		case problem != nil:
			err = t.trouble(problem)
		default:
			err = t.succeed(receipt)
		}
		if !errors.Is(err, errRetry) {
			return err
		}
	}
}

// stoppable says how the person stops waiting, where they can.
func (t *talk) stoppable() {
	if t.line.Terminal {
		t.say("lines.stop")
	}
}

// succeed asks for the code that the receipt waits for, or says that the person is registered.
func (t *talk) succeed(r registration.Receipt) error {
	if r.Challenge == nil || !t.form.EntersCode() {
		return t.finish(r, false)
	}
	return t.verify(r)
}

// finish says that the person is registered.
func (t *talk) finish(r registration.Receipt, already bool) error {
	t.waiting, t.through, t.tries = nil, true, 0
	t.ending.Registered++
	said := wording.OfReceipt(t.draft, r, already, t.options.Now())
	says := func() {
		t.out.line("")
		t.tell(said.Title, said.What)
		for _, name := range said.Shown {
			t.out.line(name)
		}
		t.tell(said.Next...)
		t.say("reference", r.Reference)
		t.sub.Told(t.ctx)
	}
	if t.options.Remote {
		says()
		return nil
	}
	_, _, err := t.ask(prompt{help: "help.done", limit: t.options.DoneTimeout, says: func() {
		says()
		t.say("lines.finish", wording.Seconds(t.options.DoneTimeout))
	}})
	if errors.Is(err, errElapsed) || errors.Is(err, errBack) {
		return nil
	}
	return err
}

// trouble says what happened and what can be done, and does it. ErrRetry is to try the same again, errBack to review the answers;
// nil says that the person is through after all.
func (t *talk) trouble(p *registration.Problem) error {
	if p.Kind == registration.AlreadyDone && p.Receipt != nil {
		return t.finish(*p.Receipt, true)
	}
	if t.lapsed(p) {
		return t.resume(p)
	}
	copied := *p
	if p = &copied; !t.form.Asks(t.draft, p.Field) { // no question leads there
		p.Field = ""
	}
	if t.options.Remote { // the log has it, by the reference
		p.Staff = ""
	}
	err := t.offerWays(p, t.await(p))
	if err == nil {
		return t.fix(p)
	}
	return err
}

// await is how long to wait for p before the same is tried again by itself, which it counts; 0 when that is the person's.
func (t *talk) await(p *registration.Problem) time.Duration {
	pause := screen.Pause(p, t.tries, t.options.Now().Sub(t.touched))
	if t.tries++; !screen.Automatic(p) {
		t.tries = 0
	}
	return pause
}

// offerWays says what can be done about p, and returns what the person wants: nil to put an answer right. After pause, unless that is
// 0, they are taken to want to try again.
func (t *talk) offerWays(p *registration.Problem, pause time.Duration) error {
	can, ways := []wording.Option{}, []error{}
	way := func(key string, err error) {
		can, ways = append(can, wording.Option{Say: wording.Say{Key: key}, Value: key}), append(ways, err)
	}
	switch {
	case p.Fixable():
		way("key.fix", nil)
	case p.Retriable():
		way("key.retry", errRetry)
	default:
		way("key.restart", errRestart)
	}
	way("lines.to_review", errBack)
	way("key.leave", errLeft)
	i, err := t.menuFor(pause, "help.problem", func() { t.happened(p, pause) }, can)
	switch {
	case errors.Is(err, errElapsed):
		return errRetry
	case err != nil:
		return err
	case errors.Is(ways[i], errLeft):
		if err := t.leave(); err != nil {
			return err
		}
		return t.offerWays(p, pause)
	}
	return ways[i]
}

// happened says what p is, and that the same is tried again after pause, if it is.
func (t *talk) happened(p *registration.Problem, pause time.Duration) {
	t.out.line("")
	t.tell(wording.TitleOf(p))
	t.out.line(wording.Happened(p, t.words))
	if value := clean.Line(t.form.AnswerAt(t.draft, p.Field), wording.LongestLabel); value != "" {
		t.out.line(value)
	}
	if pause > 0 {
		t.tell(wording.Countdown(wording.Seconds(pause)))
	}
	t.tell(wording.AdviceOn(p, pause > 0, screen.Comeback(p)))
	t.tell(wording.OutcomeOf(p)...)
	t.tell(wording.ForStaff(p)...)
}

// fix leads to the answer that p is about, or to the review of all where nobody knows which it is. Then the answers are reviewed:
// errBack. The tenant may ask for something else by now, and this person is asked it, too.
func (t *talk) fix(p *registration.Problem) error {
	if p.Kind == registration.DetailsRejected || p.Kind == registration.PasswordRejected {
		if err := t.readForm(nil); ends(err) && !errors.Is(err, errStopped) {
			return err
		}
	}
	if p.Field != "" && t.form.Asks(t.draft, p.Field) {
		if err := t.change(screen.Entry{At: p.Field, Once: true, Flaw: p.Flaw}); err != nil {
			return err
		}
	}
	return errBack
}
