package lines

import (
	"context"
	"errors"
	"time"

	"foyer/internal/clean"
	"foyer/internal/registration"
	"foyer/internal/secret"
	"foyer/ui/field"
	"foyer/ui/screen"
	"foyer/ui/wording"
)

// A code is one that a person was sent, and what became of it.
type code struct {
	receipt registration.Receipt
	sent    time.Time // when the last message was sent
	closed  time.Time // until when no code is taken, after too many wrong ones
	heard   bool      // what there is to say about it was heard a moment ago
}

// proof reports whether there is no user yet: the address is proven first.
func (c *code) proof() bool { return c.receipt.Challenge.Purpose == registration.AddressProof }

// address is where the message went, as it is said.
func (c *code) address() string {
	return clean.Line(c.receipt.Challenge.Address, wording.LongestLabel)
}

// verify asks for the code that r waits for, and leads the person through what can happen to it: a wrong one is asked for again,
// another one is sent when they want it, and the address can be changed.
func (t *talk) verify(r registration.Receipt) error {
	c := &code{receipt: r, sent: t.options.Now()}
	t.waiting, t.slow = &c.receipt, true
	defer func() { t.slow = false }()
	for {
		over, err := t.turn(c)
		if over || err != nil {
			return err
		}
	}
}

// turn asks for a code once; over is true when no more has to be asked.
func (t *talk) turn(c *code) (over bool, err error) {
	can := []command{cmdAgain, cmdAddress}
	if !c.proof() {
		can = append(can, cmdLink, cmdLater)
	}
	text, does, err := t.ask(prompt{help: "help.verify", also: can, says: func() { t.introduceCode(c) }})
	switch {
	case errors.Is(err, errBack) && c.proof():
		return true, err
	case errors.Is(err, errBack):
		return t.later(c)
	case err != nil:
		return true, err
	}
	switch does { //nolint:exhaustive // the others were done
	case cmdAgain:
		return t.resend(c, registration.AsCode)
	case cmdLink:
		return t.resend(c, registration.AsLink)
	case cmdAddress:
		return t.changeAddress(c)
	case cmdLater:
		return t.later(c)
	}
	return t.confirm(c, text)
}

// introduceCode says where the code went, and what can be done.
func (t *talk) introduceCode(c *code) {
	challenge := c.receipt.Challenge
	t.out.line("")
	t.say("verify.title")
	if c.heard {
		c.heard = false
		return
	}
	t.say("verify.what."+string(challenge.Medium), c.address())
	if challenge.Unsure {
		t.say("verify.unsure")
	}
	if !t.lasts(challenge.Expires) {
		t.say("verify.expired")
	}
	t.mailbox(c)
	if challenge.Length > 0 {
		t.say("lines.code", challenge.Length)
	}
	t.say("lines.command", t.typed(cmdAgain), t.words.Text("lines.does.again"))
	t.say("lines.command", t.typed(cmdAddress), t.words.Text("lines.does.address"))
	if !c.proof() {
		t.say("lines.command", t.typed(cmdLink), t.words.Text("lines.does.link"))
		t.say("lines.command", t.typed(cmdLater), t.words.Text("lines.does.later"))
	}
}

// lasts says how long a code lasts, when that is known; it reports whether it does.
func (t *talk) lasts(expires time.Time) bool {
	switch left := expires.Sub(t.options.Now()); {
	case expires.IsZero():
	case left <= 0:
		return false
	case left < 2*time.Minute:
		t.say("lines.code.seconds", wording.Seconds(left))
	default:
		t.say("lines.code.minutes", int(left/time.Minute))
	}
	return true
}

// longestMail bounds a line of a message, in code points.
const longestMail = 200

// mailbox reads out the practice tenant's.
func (t *talk) mailbox(c *code) {
	if t.options.Mailbox == nil {
		return
	}
	mail := t.options.Mailbox(c.receipt.Challenge.Address)
	t.say("mailbox.title")
	if len(mail) == 0 {
		t.say("mailbox.empty")
	}
	for _, line := range mail {
		t.out.line(clean.Line(line, longestMail))
	}
}

// confirm gives a code back.
func (t *talk) confirm(c *code, text string) (over bool, err error) {
	challenge, now := c.receipt.Challenge, t.options.Now()
	typed, refusal := field.NewCode(challenge.Length).Update(field.Paste(text))
	c.heard = true
	switch {
	case now.Before(c.closed):
		t.tell(wording.InAWhile("verify.closed", c.closed.Sub(now)))
		return false, nil
	case !refusal.Silent():
		t.tell(refusal)
		return false, nil
	case !typed.Complete():
		t.tell(wording.Incomplete(challenge.Length))
		return false, nil
	}
	back, service, form, sub := secret.New(typed.Value()), t.options.Service, t.form, t.sub
	return t.came(c, "", registration.StageConfirming, func(ctx context.Context, notify func(registration.Progress)) (registration.Receipt, error) {
		defer back.Wipe()
		return service.Confirm(ctx, form, sub, back, notify)
	})
}

// resend sends another message, unless the last may still be on its way.
func (t *talk) resend(c *code, as registration.CodeType) (over bool, err error) {
	if left := c.sent.Add(registration.ResendPause).Sub(t.options.Now()); left > 0 && as == registration.AsCode {
		t.tell(wording.InAWhile("lines.again.wait", left))
		c.heard = true
		return false, nil
	}
	service, form, sub := t.options.Service, t.form, t.sub
	return t.came(c, as, registration.StageSending, func(ctx context.Context, notify func(registration.Progress)) (registration.Receipt, error) {
		return service.Resend(ctx, form, sub, as, notify)
	})
}

// came does a deed about c, and takes what comes of it. Sending is what is sent; "" while a code is given back.
func (t *talk) came(c *code, sending registration.CodeType, stage registration.Stage, do deed) (over bool, err error) {
	receipt, p, err := t.work(stage, do)
	switch {
	case errors.Is(err, errStopped):
		t.say("lines.stopped")
		return false, nil
	case err != nil:
		return true, err
	case p != nil:
		return t.codeTrouble(c, sending, p)
	case receipt.Challenge == nil:
		return true, t.finish(receipt, false)
	}
	c.receipt, c.sent, c.heard = receipt, t.options.Now(), false
	if !receipt.Challenge.Unsure { // otherwise that is said
		t.say("verify.sent_again", c.address())
	}
	return false, nil
}

// codeTrouble keeps the place where the person can do something about p here.
func (t *talk) codeTrouble(c *code, sending registration.CodeType, p *registration.Problem) (over bool, err error) {
	said, here := wording.AtCode(p, sending != "")
	switch {
	case t.lapsed(p): // it goes on here once somebody has signed in
		c.heard = false
		err := t.unlock(p)
		return err != nil, err
	case !here:
		return true, t.trouble(p)
	case p.Kind == registration.TooMany && p.Flaw.Rule == registration.RuleCodeTries:
		c.closed = t.options.Now().Add(registration.CodePause(p))
	case p.Kind == registration.TooMany && sending != "":
		c.sent = t.options.Now().Add(p.RetryAfter - registration.ResendPause)
	}
	t.tell(said)
	c.heard = true
	return false, nil
}

// changeAddress asks for the address that the message went to. The next submission is another one, with another code.
func (t *talk) changeAddress(c *code) (over bool, err error) {
	t.slow = false
	err = t.change(screen.Entry{At: t.sub.Draft.AddressPointer(c.receipt.Challenge.Address), Once: true})
	t.slow = true
	if errors.Is(err, errBack) { // nothing was changed: the code is still waited for
		return false, nil
	}
	if err == nil {
		err = errBack
	}
	return true, err
}

// later asks whether to leave with the code outstanding, and says what becomes of the account.
func (t *talk) later(c *code) (over bool, err error) {
	yes, err := t.sure(wording.Say{Key: "later.title"}, wording.HalfMade(c.receipt), wording.Say{Key: "later.link"})
	if !yes || err != nil {
		return err != nil, err
	}
	return true, t.finish(c.receipt.Unfinished(), false)
}
