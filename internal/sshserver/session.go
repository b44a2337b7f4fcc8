package sshserver

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"runtime/debug"
	"time"

	gossh "golang.org/x/crypto/ssh"

	"foyer/internal/i18n"
	"foyer/internal/registration"
	"foyer/ui"
	"foyer/ui/lines"
	"foyer/ui/theme"
)

// An Outcome is how a session ended.
type Outcome string

// The outcomes.
const (
	Finished     Outcome = "finished" // the person is registered
	Left         Outcome = "left"     // the person chose to leave
	Idle         Outcome = "idle"     // nobody touched a key
	TimeUp       Outcome = "time_up"  // the session has lasted as long as one may
	Closed       Outcome = "closed"   // the server ends
	Disconnected Outcome = "disconnected"
	Stalled      Outcome = "stalled" // the client does not read
	Failed       Outcome = "failed"  // there was a panic or an error, and it is ours
	Refused      Outcome = "refused" // there was none: see the Refusal
)

// Outcomes are all of them.
func Outcomes() []Outcome {
	return []Outcome{Finished, Left, Idle, TimeUp, Closed, Disconnected, Stalled, Failed, Refused}
}

// A result is what became of a session.
type result struct {
	outcome    Outcome
	denial     Denial // why there was none
	admitted   bool   // there was room for a session
	registered int
	words      *i18n.Words // in the language of the person
	reference  string      // of what failed
	err        error       // for the log
	stack      []byte
}

// linger is how long a client may take to hang up after its session.
const linger = 2 * time.Second

// shell is a session from its beginning to its end. Cancel ends ctx.
func (c *channel) shell(ctx context.Context, cancel context.CancelCauseFunc) {
	begun := time.Now()
	defer cancel(nil)
	c.visit.last()
	c.door = c.server.newDoor(c.visit)
	r := c.run(ctx, cancel)
	c.door.close(ctx)
	lasted := time.Since(begun)
	c.server.over(c.visit, r, lasted)
	c.report(r, lasted)
	c.farewell(r)
	status := struct{ Status uint32 }{r.status()}
	_, _ = c.SendRequest("exit-status", false, gossh.Marshal(&status)) // RFC 4254, 6.10
	_ = c.Close()
	c.visit.hurry(linger)
}

// run shows the screens, or asks in lines, if there may be a session. A panic is a result like any other.
func (c *channel) run(ctx context.Context, cancel context.CancelCauseFunc) (r result) {
	r.words = c.words()
	defer func() {
		if p := recover(); p != nil {
			r.outcome, r.reference, r.stack = Failed, registration.NewReference(), debug.Stack()
			r.err = fmt.Errorf("panic with a value of type %T", p) // the value may quote what was typed
		}
	}()
	if denial := c.server.admit(c.visit); denial.Why != "" {
		r.outcome, r.denial = Refused, denial
		return r
	}
	r.admitted = true
	c.visit.begin()
	c.visit.stay()
	defer c.limit(cancel)()
	ending, err := c.show(ctx, cancel)
	r.registered, r.words = ending.Registered, ending.Words
	if errors.Is(err, lines.ErrNoTerminal) {
		c.server.gate.count(RefusedNoTerminal)
		r.outcome, r.denial = Refused, Denial{Why: RefusedNoTerminal}
		return r
	}
	r.denial.Why = c.door.barred()
	if r.outcome, r.err = c.outcome(ctx, ending.Reason), err; err != nil {
		r.outcome, r.reference = Failed, registration.NewReference()
	}
	var panicked *ui.PanicError
	if errors.As(err, &panicked) {
		r.stack = panicked.Stack
	}
	return r
}

// show shows the screens, or asks in lines.
func (c *channel) show(ctx context.Context, cancel context.CancelCauseFunc) (ui.Ending, error) {
	if !c.inLines() {
		return ui.Show(ctx, c.options(), ui.Line{
			In: c, Out: c.output(cancel), Size: c.size, Resize: c.sizes, Notices: c.visit.notices,
		})
	}
	return lines.Show(ctx, c.options(), lines.Line{
		In: c, Out: c.output(cancel), Terminal: c.term != "", Size: c.size, Resize: c.sizes, Notices: c.visit.notices,
	})
}

// linesUser is the user name by which a client with a terminal asks for plain lines.
const linesUser = "lines"

// inLines reports whether the session is one of plain questions and answers, and not of screens. A terminal that knows no control
// sequences could be shown screens only line by line, most of them without the question that they belong to.
func (c *channel) inLines() bool {
	return c.term == "" || c.terminal().Controls == theme.Teletype || c.user == linesUser || c.visit.config.Accessible
}

// terminal is what the client's terminal can do, as far as it says.
func (c *channel) terminal() theme.Terminal {
	return theme.Detect(variables(c.term, c.environ), c.visit.config.Background)
}

// lastCall is how long before the end of its time a session is told.
const lastCall = time.Minute

// limit ends the session when its time is over, and says so before. It returns what stops that.
func (c *channel) limit(cancel context.CancelCauseFunc) (stop func()) {
	timeout := c.visit.config.Limits.SessionTimeout
	if timeout <= 0 {
		return func() {}
	}
	left := min(lastCall, timeout/2)
	call := time.AfterFunc(timeout-left, func() { c.visit.notify(left) })
	end := time.AfterFunc(timeout, func() { cancel(errTimeUp) })
	return func() {
		call.Stop()
		end.Stop()
	}
}

// options are those of the session: what is the client's comes from what it says, never from the server's environment.
func (c *channel) options() ui.Options {
	o := c.visit.config.Options
	o.Terminal = c.terminal()
	o.Language, o.Remote = c.visit.config.language(c.environ), true
	if key := c.visit.fingerprint(); key != "" && c.visit.config.RecordKeys {
		o.Recorded = registration.Identifier{Type: registration.External, Identifier: key}
	}
	o.Service = tally{o.Service, c.visit}
	if c.door != nil {
		o.Doorkeeper, o.Service = c.door, invited{o.Service, c.door}
	}
	return o
}

// outcome says how a session ended that ended without an error.
func (c *channel) outcome(ctx context.Context, reason ui.Reason) Outcome {
	switch reason {
	case ui.Finished:
		return Finished
	case ui.Left:
		return Left
	case ui.Idle:
		return Idle
	case ui.Barred:
		return Refused
	case ui.Closed:
		if c.server.gate.shut() {
			return Closed
		}
		return TimeUp
	case ui.Cut:
	}
	switch cause := context.Cause(ctx); {
	case errors.Is(cause, errStalled):
		return Stalled
	case errors.Is(cause, errTimeUp):
		return TimeUp
	case errors.Is(cause, errClosing):
		return Closed
	}
	return Disconnected
}

// status is the exit status: 0 when the person is done.
func (r result) status() uint32 {
	if r.outcome == Finished || r.outcome == Left {
		return 0
	}
	return 1
}

// farewell is the line that stays on the client's terminal.
func (c *channel) farewell(r result) {
	switch r.outcome {
	case Refused:
		var to io.Writer = c
		if c.door.barred() == "" { // there was nothing on the screen that it has to come after
			to = c.Stderr()
		}
		c.say(to, r.denial.text(r.words))
	case Failed:
		c.say(c, r.words.Text("ssh.ended.failed")+"\n"+r.words.Text("reference", r.reference))
	case Disconnected, Stalled: // nobody would read it
	case Finished, Left, Idle, TimeUp, Closed:
		c.say(c, r.words.Text("ssh.ended."+string(r.outcome)))
	}
}

// report logs what became of the session.
func (c *channel) report(r result, lasted time.Duration) {
	args := []any{
		"session", c.visit.id, "remote", c.visit.remote(), "user", c.user, "client", c.client, "terminal", c.term, "lines", c.inLines(),
		"outcome", string(r.outcome), "registered", r.registered, "lasted", lasted.Round(time.Millisecond).String(),
	}
	for name, value := range map[string]string{
		"key": c.visit.fingerprint(), "invitation": c.door.invitation(), "refusal": string(r.denial.Why), "reference": r.reference, "stack": string(r.stack),
	} {
		if value != "" {
			args = append(args, name, value)
		}
	}
	level := slog.LevelInfo
	if r.err != nil {
		level, args = slog.LevelError, append(args, "error", r.err.Error())
	}
	c.server.log(level, "session", args...)
}
