package ui

import (
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"foyer/internal/registration"
	"foyer/ui/screen"
	"foyer/ui/wording"
)

// A step is a place on the way through a registration. Its screen is built when a person comes to it and dropped when they
// leave, so that nothing outlives them.
type step struct {
	name    string
	counted bool   // in "step 2 of 3"
	asks    string // the beginning of the pointers it asks for; "" for none
	build   func(m Model, e screen.Entry) screen.Screen
}

// The names of steps and of the screens that are no step.
const (
	stepWelcome = "welcome"
	stepTOTP    = "totp"
	stepReview  = "review"
	stepSubmit  = "submit"
	stepVerify  = "verify"
	nameDone    = "done"
	nameProblem = "problem"
)

// steps is the way through a registration with form, which is nil until it was read.
func steps(form *registration.Form) []step {
	way := []step{
		{name: stepWelcome, build: func(m Model, _ screen.Entry) screen.Screen {
			return screen.NewWelcome(m.options.Title, m.form, m.operator())
		}},
		{name: "details", counted: true, asks: "/", build: func(m Model, e screen.Entry) screen.Screen {
			return screen.NewDetails(m.form, m.draft, e)
		}},
	}
	if form == nil || form.AsksPassword() {
		way = append(way, step{name: "password", counted: true, asks: registration.PointerPassword, build: func(m Model, e screen.Entry) screen.Screen {
			return screen.NewPassword(m.ctx, m.form, m.draft, e, m.options.Service)
		}})
	}
	if form != nil && form.AsksTOTP() {
		way = append(way, step{name: stepTOTP, counted: true, asks: registration.PointerTOTPSecret, build: func(m Model, e screen.Entry) screen.Screen {
			return screen.NewTOTP(m.form, m.draft, e, m.options.Now)
		}})
	}
	way = append(way,
		step{name: stepReview, counted: true, build: func(m Model, _ screen.Entry) screen.Screen {
			return screen.NewReview(m.form, m.draft)
		}},
		step{name: stepSubmit, build: func(m Model, _ screen.Entry) screen.Screen {
			return screen.NewSubmitting(m.ctx, m.options.Service, m.form, m.sub)
		}},
	)
	if form != nil && form.EntersCode() {
		way = append(way, step{name: stepVerify, counted: true, build: Model.verify})
	}
	return way
}

// verify builds the screen for the code that is outstanding.
func (m Model) verify(screen.Entry) screen.Screen {
	visit := screen.Visit{Confirmer: m.options.Service, Form: m.form, Sub: m.sub, Now: m.options.Now, Mailbox: m.options.Mailbox}
	return screen.NewVerify(m.ctx, visit, *m.pending)
}

// with is the model with form, and the steps that it makes.
func (m Model) with(form *registration.Form) Model {
	m.form, m.steps = form, steps(form)
	return m
}

// index is where the step called name is.
func (m Model) index(name string) int {
	for i, s := range m.steps {
		if s.name == name {
			return i
		}
	}
	return 0
}

// asking is the step that asks for pointer: the one with the longest beginning of it.
func (m Model) asking(pointer string) int {
	best, length := m.index(stepReview), 0
	for i, s := range m.steps {
		if strings.HasPrefix(pointer, s.asks) && len(s.asks) > length {
			best, length = i, len(s.asks)
		}
	}
	return best
}

// show makes step i the active one.
func (m Model) show(i int, e screen.Entry) Model {
	m.at, m.name = i, m.steps[i].name
	return m.put(m.steps[i].build(m, e))
}

// put makes s the active screen.
func (m Model) put(s screen.Screen) Model {
	m.active = s.Fit(m.frame(s))
	return m
}

// goTo shows step i, or what has to come before it.
func (m Model) goTo(i int, e screen.Entry) (tea.Model, tea.Cmd) {
	if i > 0 && m.form == nil { // it is being read
		return m.put(screen.Opening{}), nil
	}
	if i == m.index(stepSubmit) {
		m.over = nil // it may have begun by itself
	}
	m.held = nil
	m = m.show(i, e)
	return m, m.active.Init()
}

// act does what a screen asks.
func (m Model) act(i screen.Intent) (tea.Model, tea.Cmd) {
	if i.Draft != nil {
		m.draft = *i.Draft
	}
	switch i.Go {
	case screen.Stay:
	case screen.Next, screen.Back:
		return m.step(i.Go)
	case screen.Jump:
		return m.jump(i)
	case screen.Submit:
		m.sub, m.pending = m.sub.Revise(m.draft), nil
		return m.goTo(m.index(stepSubmit), screen.Entry{})
	case screen.Succeed:
		return m.succeed(i.Receipt)
	case screen.Postpone:
		return m.cover(screen.NewLater(i.Receipt))
	case screen.Fail:
		return m.fail(i.Problem)
	case screen.Restart:
		return m.restart()
	case screen.Conclude:
		return m.conclude()
	case screen.Leave:
		return m.depart()
	case screen.Introduce:
		return m.introduce()
	case screen.Reopen:
		return m.reopen(true)
	case screen.AskStaff:
		return m.askStaff()
	case screen.BeginSignIn:
		return m.beginSignIn()
	case screen.GreetStaff:
		return m.attend(screen.NewSignedIn(i.Operator, m.held != nil))
	case screen.MissSignIn:
		return m.attend(screen.NewNotSignedIn(i.Problem))
	case screen.SignOut:
		return m.signOut()
	case screen.Close:
		return m.close(i.Problem != nil)
	case screen.Open:
		return m.open()
	case screen.Admit:
		return m.admit()
	case screen.Decline:
		m.early = nil
	case screen.TurnAway:
		return m.quit(Barred)
	}
	return m, nil
}

// jump goes to the step that asks for what i points at, for that one answer.
func (m Model) jump(i screen.Intent) (tea.Model, tea.Cmd) {
	m.returning = true
	e := screen.Entry{At: i.At, Once: true}
	if i.Problem != nil {
		e.Flaw = i.Problem.Flaw
	}
	return m.goTo(m.asking(i.At), e)
}

// conclude makes room for the next person, or ends a session that was for one.
func (m Model) conclude() (tea.Model, tea.Cmd) {
	switch {
	case !m.options.Remote:
		return m.restart()
	case m.name == nameDone:
		return m.quit(Finished)
	}
	return m.quit(Idle)
}

// quit forgets the person and ends the program.
func (m Model) quit(why Reason) (tea.Model, tea.Cmd) {
	m.forget()
	m.reason = why
	return m, tea.Quit
}

// forget ends what is under way for the person, and wipes what they said.
func (m Model) forget() {
	m.abandon()
	m.draft.Wipe()
	m.sub.Wipe()
}

// seat is the model with what a person begins with, as the form has it.
func (m Model) seat() Model {
	m.draft = m.form.Draft()
	m.draft.Recorded = m.options.Recorded
	return m
}

// untouched reports whether the person at the screen has typed nothing.
func (m Model) untouched() bool { return m.form == nil || m.form.Untouched(m.draft) }

// step goes on or back, or to the review when a person left it to change an answer.
func (m Model) step(move screen.Move) (tea.Model, tea.Cmd) {
	if m.returning {
		m.returning = false
		if move == screen.Back && m.pending != nil { // nothing was changed: the code is still waited for
			return m.goTo(m.index(stepVerify), screen.Entry{})
		}
		return m.goTo(m.index(stepReview), screen.Entry{})
	}
	if move == screen.Back && m.at >= m.index(stepSubmit) { // from what came after the review, whatever is shown
		return m.goTo(m.index(stepReview), screen.Entry{})
	}
	if move == screen.Back && m.at == m.index(stepWelcome)+1 && (!m.untouched() || m.halfMade() != nil) {
		return m.cover(screen.NewForgetting(m.unfinished())) // the next person begins there, and finds nothing of this one
	}
	if move == screen.Back {
		return m.goTo(max(m.at-1, 0), screen.Entry{})
	}
	return m.goTo(min(m.at+1, len(m.steps)-1), screen.Entry{})
}

// succeed asks for the code that the receipt waits for, or shows that the person is registered.
func (m Model) succeed(r registration.Receipt) (tea.Model, tea.Cmd) {
	if r.Challenge != nil && m.index(stepVerify) > 0 {
		m.over, m.pending = nil, &r
		return m.waited().goTo(m.index(stepVerify), screen.Entry{})
	}
	return m.finish(r, false)
}

// finish shows that the person is registered.
func (m Model) finish(r registration.Receipt, already bool) (tea.Model, tea.Cmd) {
	m.name, m.over, m.pending, m.tries = nameDone, nil, nil, 0
	m.registered++
	m = m.put(screen.NewDone(wording.OfReceipt(m.draft, r, already, m.options.Now()), r, m.options.DoneTimeout))
	return m, tea.Batch(m.active.Init(), m.told())
}

// told notes that the person knows that they are registered.
func (m Model) told() tea.Cmd {
	ctx, sub := m.ctx, m.sub
	if sub == nil {
		return nil
	}
	return func() tea.Msg {
		sub.Told(ctx)
		return nil
	}
}

// fail shows a problem.
func (m Model) fail(p *registration.Problem) (tea.Model, tea.Cmd) {
	if p.Kind == registration.AlreadyDone && p.Receipt != nil {
		return m.finish(*p.Receipt, true)
	}
	if m.lapsed(p) {
		return m.shut(p, m.active), nil
	}
	copied := *p
	if p = &copied; !m.form.Asks(m.draft, p.Field) { // nothing on the screens leads there
		p.Field = ""
	}
	if m.options.Remote { // the log has it, by the reference
		p.Staff = ""
	}
	m.name, m.returning, m.over = nameProblem, false, nil
	m, pause := m.await(p)
	m = m.put(screen.NewProblem(p, m.form.AnswerAt(m.draft, p.Field), pause))
	m.refused = m.form != nil && (p.Kind == registration.DetailsRejected || p.Kind == registration.PasswordRejected)
	if m.refused {
		return m, tea.Batch(m.active.Init(), m.readForm())
	}
	return m, m.active.Init()
}

// abandon ends what the active screen has under way.
func (m Model) abandon() {
	if s, ok := m.active.(screen.Abandoner); ok {
		s.Abandon()
	}
}

// restart forgets the person and shows the first step.
func (m Model) restart() (tea.Model, tea.Cmd) {
	if m.taken() {
		return m.quit(Left)
	}
	m.forget()
	m.sub, m.pending, m.early, m.returning, m.over, m.held = nil, nil, nil, false, nil, nil
	if m.fresh != nil {
		m = m.with(m.fresh)
		m.fresh = nil
	}
	m.tries = 0
	m = m.seat().speak(m.options.Catalogue.Words(m.options.Language)).begin()
	if m.deserted() {
		return m.shut(nil, nil), tea.Batch(tea.ClearScreen, m.gone)
	}
	return m, tea.Batch(m.readForm(), m.active.Init(), tea.ClearScreen, m.gone)
}

// gone is a command, and not a call, as the model that knew the person is in use until the next one takes its place.
func (m Model) gone() tea.Msg {
	m.options.forgotten()
	return nil
}
