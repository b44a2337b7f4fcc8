package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"foyer/internal/registration"
	"foyer/internal/sandbox"
	"foyer/internal/secret"
)

// A visit is a guest in a world, and what they were told.
type visit struct {
	*world
	guest

	label   string // in the trace
	family  string // the part of the name that they may correct
	moves   int    // to other addresses
	process *process
	form    *registration.Form
	sub     *registration.Submission
	begun   time.Time // when they came with sub, or with the one that it was revised from

	sessions int // that they have begun

	settled bool // they are done, or gave up for a reason
	done    bool // and were told that they are registered
	hearsay []heard
	wrongs  []string // what they were told and is not so
}

// heard is what one call told somebody.
type heard struct {
	reference, operation, outcome string
	perhaps                       bool // they left or the process crashed: the record need not have it
}

// live is all of a visit.
func (v *visit) live() {
	v.pause(v.comes)
	v.arrive()
	for _, m := range v.moods {
		if v.attempt(); v.settled {
			return
		}
		v.pause(m.wait)
		v.react(m.do)
	}
	if v.attempt(); v.settled {
		return
	}
	if v.quits {
		v.say("gives up")
		return
	}
	v.pause(max(0, heals-v.now()) + time.Duration(len(v.moods))*time.Second)
	for _, deed := range []deed{tryAgain, tryAgain, comesBack, tryAgain, comesBack, tryAgain} {
		v.react(deed)
		if v.attempt(); v.settled {
			return
		}
		v.pause(90 * time.Second)
	}
	v.wrong("nothing that they do gets them through, though all is well")
}

func (v *visit) say(format string, args ...any) { v.trace.say(v.label, format, args...) }

func (v *visit) wrong(format string, args ...any) {
	text := v.label + ": " + fmt.Sprintf(format, args...)
	v.trace.say("WRONG", "%s", text)
	v.wrongs = append(v.wrongs, text)
}

// pause lets time pass, which is that of the bubble.
func (v *visit) pause(d time.Duration) { <-time.After(d) }

// arrive stands before the program, which runs again by then, and gives all answers.
func (v *visit) arrive() {
	for v.now() < 2*heals {
		v.process = v.alive()
		for _, u := range v.mine() { // likewise: they come back with the answers that were sent
			v.family, v.email = familyName(u), u.Identifiers[0]
		}
		form, err := v.process.Form(v.process.ctx)
		if err == nil {
			v.form, v.sub, v.begun = form, registration.NewSubmission(form.Align(v.answers())), time.Now()
			v.sessions++
			v.say("begins %s with %s", v.sub.Reference, v.email)
			return
		}
		v.pause(15 * time.Second) // the screen says that it will be back soon
	}
	v.wrong("finds nobody in, though all is well")
	v.settled = true
}

// answers are what they type.
func (v *visit) answers() registration.Draft {
	d := registration.Draft{
		Identifiers: []registration.Identifier{{Type: registration.Email, Identifier: v.email}},
		Payload:     map[string]any{"given_name": v.name, "family_name": v.family},
	}
	if v.plan.pool == "customers" {
		d.Password = secret.New(marker)
	}
	return d
}

// react does what a mood is for.
func (v *visit) react(do deed) {
	if v.sessions > 1 && (do == changesName || do == changesMail) {
		do = tryAgain // nobody can know that who came before with other answers was the same person
	}
	v.say("%s", do)
	switch do {
	case tryAgain:
	case comesBack:
		v.arrive()
	case changesName:
		v.family += "-Ray"
		v.revise()
	case changesMail:
		v.move()
	}
}

// move takes another address, which is free.
func (v *visit) move() {
	v.moves++
	v.email = fmt.Sprintf("%s%d.%d@example.com", v.name, v.plan.seed, v.moves)
	v.revise()
}

func (v *visit) revise() {
	v.sub = v.sub.Revise(v.form.Align(v.answers()))
	v.say("goes on as %s with %s", v.sub.Reference, v.email)
}

// attempt has the program register them, and goes on until they are done or have a problem.
func (v *visit) attempt() {
	for range 8 {
		receipt, problem := v.call("register", func(ctx context.Context) (registration.Receipt, error) {
			return v.process.Register(ctx, v.form, v.sub, nil)
		})
		if problem == nil && receipt.Challenge != nil {
			receipt, problem = v.redeem(receipt)
		}
		switch {
		case v.process.ctx.Err() != nil:
			v.pause(45 * time.Second)
			if v.arrive(); v.settled {
				return
			}
			continue
		case problem == nil:
			v.tell(receipt)
		case problem.Kind == registration.AlreadyDone:
			v.tell(*problem.Receipt)
		case v.plan.flow.api == "self_register" && problem.Made && v.toldByMail():
			v.say("reads in a message that they are registered")
			v.settled, v.done = true, true
		case problem.Kind == registration.Conflict && v.twinWasTold():
			v.say("knows already")
			v.settled = true
		case problem.Kind == registration.Conflict && v.elsewhere() == nil:
			v.move()
			continue
		}
		return
	}
	v.wrong("is sent round and round")
}

// call is one call of the service, of which they wait for the end or not.
func (v *visit) call(operation string, do func(context.Context) (registration.Receipt, error)) (registration.Receipt, *registration.Problem) {
	ctx, cancel := v.process.ctx, context.CancelFunc(func() {})
	if v.patience > 0 {
		ctx, cancel = context.WithTimeout(ctx, v.patience)
		v.patience = 0
	}
	defer cancel()
	receipt, err := do(registration.From(ctx, registration.Origin{Terminal: v.label}))
	problem := registration.AsProblem(err, registration.ReferenceOf(err))
	told := heard{reference: v.sub.Reference, operation: operation, outcome: registration.Done, perhaps: ctx.Err() != nil}
	if problem != nil {
		told.outcome = string(problem.Kind)
		v.keepsDraft()
	}
	v.hearsay = append(v.hearsay, told)
	if v.process.ctx.Err() != nil {
		v.say("%s: the process is gone", operation)
		return receipt, problem
	}
	v.say("%s %s: %s", operation, v.sub.Reference, inShort(receipt, problem))
	if problem != nil && ctx.Err() == nil {
		v.judge(problem)
	}
	return receipt, problem
}

// redeem gives back the code that they were sent, and asks for another one where none comes.
func (v *visit) redeem(receipt registration.Receipt) (registration.Receipt, *registration.Problem) {
	var problem *registration.Problem
	for range 4 {
		_, waits := v.sub.Pending()
		if code := v.code(); waits && code != "" {
			receipt, problem = v.call("confirm", func(ctx context.Context) (registration.Receipt, error) {
				return v.process.Confirm(ctx, v.form, v.sub, secret.New(code), nil)
			})
			if problem == nil && receipt.Challenge == nil || problem != nil && problem.Kind != registration.CodeRejected {
				return receipt, problem
			}
		}
		if v.process.ctx.Err() != nil || !waits {
			return receipt, problem
		}
		v.pause(registration.ResendPause)
		receipt, problem = v.call("resend", func(ctx context.Context) (registration.Receipt, error) {
			return v.process.Resend(ctx, v.form, v.sub, registration.AsCode, nil)
		})
	}
	if problem == nil {
		problem = &registration.Problem{Kind: registration.CodeRejected, Made: true}
	}
	return receipt, problem
}

// code is the last one that came to their address; "" when none did.
func (v *visit) code() string {
	for _, m := range slices.Backward(v.tenant.Outbox()) {
		if m.To == v.email && m.Code != "" {
			return m.Code
		}
	}
	return ""
}

// toldByMail reports whether the tenant has told them that their address is registered, as it does where it does not tell us.
func (v *visit) toldByMail() bool {
	return slices.ContainsFunc(v.tenant.Outbox(), func(m sandbox.Message) bool {
		return m.To == v.email && m.Kind == sandbox.MessageAlreadyUsed
	})
}

// tell is that they hear that they are registered.
func (v *visit) tell(receipt registration.Receipt) {
	v.settled, v.done = true, true
	if len(receipt.Identifiers) > 0 { // it may be an earlier address of theirs
		v.email = receipt.Identifiers[0].Identifier
	}
	v.sub.Told(v.process.ctx)
	v.say("is told that they are registered: %s", receipt.Next)
}

// mine are the users of the tenant who are this person.
func (v *visit) mine() []sandbox.Registered {
	return slices.DeleteFunc(v.tenant.Registered(v.plan.pool), func(u sandbox.Registered) bool { return givenName(u) != v.name })
}

func inShort(receipt registration.Receipt, problem *registration.Problem) string {
	if problem == nil {
		return fmt.Sprintf("%s, next %s", receipt.Status, receipt.Next)
	}
	text := string(problem.Kind)
	for word, so := range map[string]bool{" unclear": problem.Unclear, " made": problem.Made} {
		if so {
			text += word
		}
	}
	if problem.Flaw.Rule != "" {
		text += " " + string(problem.Flaw.Rule)
	}
	return fmt.Sprintf("%s (%v)", text, problem.Cause)
}
