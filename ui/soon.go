package ui

import (
	"context"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"foyer/internal/registration"
	"foyer/ui/screen"
	"foyer/ui/wording"
)

// nameSoon is the name of the screen that says that nobody can register at the moment. It is no step.
const nameSoon = "soon"

// An outage is that the form could not be read, once or several times in a row. The zero outage is none.
type outage struct {
	problem *registration.Problem // why; its reference is the first one's as long as it is the same, for who tells it on a telephone
	times   int                   // in a row, but for those that somebody wished
	at      time.Time             // when it was read last
	wished  bool                  // by somebody
	id      *int                  // tells its alarms from those before
	quiet   context.CancelFunc    // ends the alarm; nil for none
}

// again is o after another reading, which ended in p at now.
func (o outage) again(p *registration.Problem, now time.Time) outage {
	if o.problem != nil && wording.Alike(o.problem, p) {
		copied := *p
		copied.Reference = o.problem.Reference
		p = &copied
	}
	times := o.times
	if !o.wished {
		times++
	}
	return outage{problem: p, times: times, at: now, id: new(int)}
}

// hush ends the alarm.
func (o outage) hush() {
	if o.quiet != nil {
		o.quiet()
	}
}

// reopenMsg says that it is time to ask the tenant again.
type reopenMsg struct{ id *int }

// shutSoon shows that nobody can register at the moment, since the form could not be read. What was typed ahead was for screens
// that do not come.
func (m Model) shutSoon(p *registration.Problem) (tea.Model, tea.Cmd) {
	if m.options.Remote { // the log has it, by the reference
		copied := *p
		copied.Staff = ""
		p = &copied
	}
	m.out.hush()
	m.out = m.out.again(p, m.options.Now())
	m.early, m.at, m.name = nil, 0, nameSoon
	var ctx context.Context
	ctx, m.out.quiet = context.WithCancel(m.ctx)
	id, pause := m.out.id, screen.ReopenPause(p, m.out.times)
	return m.put(screen.NewSoon(m.out.problem, false)), func() tea.Msg { return reopened(ctx, pause, id) }
}

// reopened waits for d, and not longer than the session lasts: sessions are many.
func reopened(ctx context.Context, d time.Duration, id *int) tea.Msg {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return reopenMsg{id}
	case <-ctx.Done():
		return nil
	}
}

// askPause is how long the tenant is left alone, however often somebody wishes that it is asked.
const askPause = 2 * time.Second

// reopen asks the tenant again. Wished says that somebody wants it, and to see that it is done.
func (m Model) reopen(wished bool) (tea.Model, tea.Cmd) {
	if wished && m.options.Now().Sub(m.out.at) < askPause {
		return m, nil
	}
	m.out.hush()
	m.out.id, m.out.wished = nil, wished // until the answer is there, nothing else asks
	if wished {
		m = m.put(screen.NewSoon(m.out.problem, true))
	}
	return m, m.readForm()
}

// reopening takes an alarm: the tenant is asked again if it is of the outage that lasts.
func (m Model) reopening(msg reopenMsg) (tea.Model, tea.Cmd) {
	if m.name != nameSoon || msg.id != m.out.id {
		return m, nil
	}
	return m.reopen(false)
}

// opens shows the first screen, with form: it could be read.
func (m Model) opens(form *registration.Form) Model {
	m.out.hush()
	m.out = outage{}
	return m.with(form).seat().show(0, screen.Entry{})
}
