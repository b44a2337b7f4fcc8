package ui

import (
	"context"
	"fmt"
	"slices"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"foyer/internal/registration"
	"foyer/ui/screen"
)

// formReadMsg brings the form, or why there is none.
type formReadMsg struct {
	form  *registration.Form
	err   error
	shift int // in which it was begun to be read
}

// formTimeout bounds one reading of the form.
const formTimeout = 30 * time.Second

// readForm is the command that reads the form from the tenant.
func (m Model) readForm() tea.Cmd {
	ctx, service, shift := m.ctx, m.options.Service, m.shift
	return func() (msg tea.Msg) {
		defer func() {
			if r := recover(); r != nil {
				msg = formReadMsg{err: fmt.Errorf("panic with a value of type %T while the form was read", r), shift: shift}
			}
		}()
		ctx, cancel := context.WithTimeout(ctx, formTimeout)
		defer cancel()
		form, err := service.Form(ctx)
		return formReadMsg{form, err, shift}
	}
}

// opened takes a form that was read. A person in the middle of a registration finishes with the form they began with.
func (m Model) opened(msg formReadMsg) (tea.Model, tea.Cmd) {
	_, opening := m.active.(screen.Opening)
	switch {
	case msg.err != nil && msg.shift != m.shift: // staff has signed in since, and it is read anew
	case msg.err != nil && (opening || m.name == stepWelcome || m.name == nameSoon):
		return m.unread(registration.AsProblem(msg.err, registration.ReferenceOf(msg.err)))
	case msg.err != nil: // the form from before still stands
	case opening:
		m = m.with(msg.form).seat()
		next, cmd := m.show(m.index(stepWelcome)+1, screen.Entry{}).replay()
		return next, cmd
	case m.name == stepWelcome, m.name == nameSoon:
		return m.opens(msg.form), nil
	case m.name == nameInvitation:
		return m.with(msg.form).seat(), nil
	case m.name == nameProblem && m.refused: // the tenant asks for something else by now: this person is asked it, too
		m = m.with(msg.form)
		m.at, m.refused = m.index(stepSubmit), false
	default:
		m.fresh = msg.form
	}
	return m, nil
}

// unread takes why the form could not be read.
func (m Model) unread(p *registration.Problem) (tea.Model, tea.Cmd) {
	_, opening := m.active.(screen.Opening)
	switch {
	case opening && m.lapsed(p):
		return m.shut(p, m.active), nil
	case m.lapsed(p):
		return m.shut(p, nil), nil
	}
	return m.shutSoon(p)
}

// watchedMsg says that it is time to see whether anybody is there.
type watchedMsg struct{}

// A sleeper returns watchedMsg after a while, or nothing when something else is to send it, or the context has ended.
type sleeper func(context.Context, time.Duration) tea.Msg

// asleep waits itself.
func asleep(ctx context.Context, d time.Duration) tea.Msg {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return watchedMsg{}
	case <-ctx.Done():
		return nil
	}
}

// watch looks after d whether anybody is there. It ends with the session, as d can be minutes and sessions are many.
func (m Model) watch(d time.Duration) tea.Cmd {
	ctx, sleep := m.ctx, m.sleep
	return func() tea.Msg { return sleep(ctx, max(d, time.Second)) }
}

// watched warns a person who has not touched a key for long. There is one watch at a time, and it never stops. While nobody
// is there, the first screen is made as the next visitor should find it, with a form that is up to date.
func (m Model) watched() (tea.Model, tea.Cmd) {
	quiet := m.quiet()
	left := quiet - m.options.Now().Sub(m.touched)
	_, warned := m.over.(screen.Idle)
	switch {
	case left > 0:
		return m, m.watch(left)
	case m.name == stepWelcome && !m.options.Remote:
		m.over = nil
		m = m.speak(m.options.Catalogue.Words(m.options.Language))
		return m, tea.Batch(m.readForm(), m.watch(quiet))
	case m.name == nameClosed && m.unattended(), m.name == nameSoon && !m.options.Remote:
		m.over = nil
		return m.speak(m.options.Catalogue.Words(m.options.Language)), m.watch(quiet)
	case m.name == nameClosed:
		return m.closed(false), m.watch(quiet)
	case warned || !m.busy():
		return m, m.watch(quiet)
	}
	m.top = nil // the warning is to be seen
	covered, cmd := m.cover(screen.NewIdle(m.options.IdleWarning, m.halfMade()))
	return covered, tea.Batch(cmd, m.watch(quiet))
}

// slowTimeout is how long a person may be away for a message to come, or a telephone to be found.
const slowTimeout = 5 * time.Minute

// longestSoon is how long a person elsewhere may wait for the first screen: they may have left, and there is room for so many only.
const longestSoon = 10 * time.Minute

// quiet is how long nobody may touch a key before they are warned.
func (m Model) quiet() time.Duration {
	timeout := m.options.IdleTimeout
	switch m.name {
	case stepVerify, stepTOTP:
		timeout = max(timeout, slowTimeout)
	case nameSoon:
		timeout = max(timeout, longestSoon)
	}
	return timeout - m.options.IdleWarning
}

// busy reports whether a person's answers are on the screen and wait for them: not on the last screen, nor while the answers
// are being sent, a countdown leads on or the kiosk is closed.
func (m Model) busy() bool {
	if p, ok := m.active.(screen.Problem); ok && p.Waiting() {
		return false
	}
	return !slices.Contains([]string{nameDone, stepSubmit, nameClosed, nameStaff}, m.name)
}
