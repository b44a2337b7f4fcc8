package ui

import (
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"foyer/internal/registration"
	"foyer/ui/screen"
)

// The names of the screens for staff.
const (
	nameClosed = "closed"
	nameStaff  = "staff"
)

// operator is who is signed in of the staff; the zero one when nobody is, or has to be.
func (m Model) operator() registration.Operator {
	if m.options.Desk == nil {
		return registration.Operator{}
	}
	operator, _ := m.options.Desk.Operator()
	return operator
}

// deserted reports whether a member of staff has to sign in before anything can be done.
func (m Model) deserted() bool {
	if m.options.Desk == nil {
		return false
	}
	_, ok := m.options.Desk.Operator()
	return !ok
}

// lapsed reports whether p says that the sign-in of staff has ended, and there is a desk to sign in at.
func (m Model) lapsed(p *registration.Problem) bool {
	return p.Kind == registration.StaffSignIn && m.options.Desk != nil
}

// shut closes the kiosk over what a person is at, which is kept for them however long it takes; at is nil when there is nobody.
// Why is the problem that was met, if one was.
func (m Model) shut(why *registration.Problem, at screen.Screen) Model {
	m.lapse, m.held, m.since = why, at, m.options.Now()
	m.out, m.over, m.returning = outage{}, nil, false
	return m.closed(false)
}

// closed shows that the kiosk is closed. Untold says that the tenant could not be told of a sign-out.
func (m Model) closed(untold bool) Model {
	m.name = nameClosed
	visitor := m.held != nil
	return m.put(screen.NewClosed(screen.Closing{Problem: m.lapse, Visitor: visitor, Review: visitor && m.form != nil && !m.long(), Untold: untold}))
}

// unattended reports whether the kiosk is closed and nobody is in the middle of a registration.
func (m Model) unattended() bool {
	return (m.name == nameClosed || m.name == nameStaff) && m.held == nil
}

// attend shows s, a screen for staff.
func (m Model) attend(s screen.Screen) (tea.Model, tea.Cmd) {
	m.name = nameStaff
	m = m.put(s)
	return m, m.active.Init()
}

// close shows that the kiosk is closed, unless somebody of the staff is signed in after all, as when a sign-in was given up at the
// moment that it was done.
func (m Model) close(untold bool) (tea.Model, tea.Cmd) {
	if !m.deserted() {
		return m.open()
	}
	return m.closed(untold), nil
}

// beginSignIn shows the sign-in of a member of staff.
func (m Model) beginSignIn() (tea.Model, tea.Cmd) {
	return m.attend(screen.NewSigningIn(m.ctx, m.options.Desk, m.options.Now))
}

// signOut signs out who is signed in. The kiosk is closed at once, with nobody in the middle of anything.
func (m Model) signOut() (tea.Model, tea.Cmd) {
	return m.shut(nil, nil).attend(screen.NewSigningOut(m.ctx, m.options.Desk))
}

// askStaff asks who is signed in whether they sign out.
func (m Model) askStaff() (tea.Model, tea.Cmd) {
	if m.deserted() {
		return m.shut(nil, nil), nil
	}
	return m.cover(screen.NewOnDuty(m.operator()))
}

// longestWait is how long a person may have waited for staff and be taken to stand there still.
const longestWait = 5 * time.Minute

// long reports whether the person has waited for so long that they may have left. Their answers are kept, and shown only after
// staff has signed in.
func (m Model) long() bool { return m.options.Now().Sub(m.since) > longestWait }

// open goes on where the kiosk was closed: an attempt that failed is made again, and what was on the screen is there again. After
// a long wait the person, who may have left, is asked before anything is sent.
func (m Model) open() (tea.Model, tea.Cmd) {
	held, long := m.held, m.long()
	m.held, m.lapse = nil, nil
	m.touched = m.options.Now() // whoever waited has all the time that there is
	m.shift++
	m.name = m.steps[m.at].name
	switch held := held.(type) {
	case nil:
		m = m.speak(m.options.Catalogue.Words(m.options.Language)).show(0, screen.Entry{})
		return m, tea.Batch(m.readForm(), m.active.Init())
	case screen.Opening:
		return m.put(held), m.readForm()
	case screen.Submitting:
		if long {
			return m.goTo(m.index(stepReview), screen.Entry{})
		}
		return m.goTo(m.index(stepSubmit), screen.Entry{})
	default:
		return m.put(held), nil
	}
}

// remind gives a message that is no key to what is kept behind the closed screen: its clock goes on.
func (m Model) remind(msg tea.Msg) (Model, tea.Cmd) {
	if m.held == nil {
		return m, nil
	}
	next, _, cmd := m.held.Update(msg)
	m.held = next
	return m, cmd
}
