package sshserver

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"foyer/internal/invite"
	"foyer/internal/registration"
	"foyer/internal/secret"
)

// Bounds of the codes that may be tried. With 80 random bits a code nobody would find it anyway: they keep the log readable, and a
// mistake in the making of codes from being a way in.
const (
	mostTries   = 5  // a session, slips included
	mostGuesses = 20 // an hour, of codes that are no invitation's, from one address
)

// storeTimeout bounds the giving back of a use, which goes on when its session has ended.
const storeTimeout = 15 * time.Second

// spare is how much longer than its session a use is held: clocks of machines that share invitations differ.
const spare = time.Minute

// A door is what an invitation opens, for one session: it holds a use of the invitation, and knows what becomes of it. It is safe
// for concurrent use. A nil door is one that is open.
type door struct {
	server *Server
	visit  *visit

	mu     sync.Mutex // guards what follows, and is held while the store is asked
	tries  int
	use    invite.Use // the zero one until there is an invitation
	spent  bool
	holder *registration.Submission           // of whom an account was made; nil for nobody
	open   map[*registration.Submission]doubt // of whom one may have been made
	closed bool
	why    Refusal // why the session had to end; "" when it had not

	calls sync.WaitGroup // by which somebody may be registered; none begins once closed
	taken atomic.Bool    // there is a holder, or somebody in open
}

// newDoor returns the door of a session; nil where nobody needs an invitation.
func (s *Server) newDoor(v *visit) *door {
	if v.config.Invitations == nil {
		return nil
	}
	return &door{server: s, visit: v, open: make(map[*registration.Submission]doubt)}
}

// Present is registration.Doorkeeper's.
func (d *door) Present(ctx context.Context, code string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch {
	case d.closed:
		return registration.ErrCodeUnavailable
	case d.use != (invite.Use{}):
		return nil
	case d.tries >= mostTries:
		return d.bar(RefusedCode)
	case !d.server.guesses.left(d.visit.address):
		d.server.gate.count(RefusedGuesses)
		return d.bar(RefusedGuesses)
	}
	typed := secret.New(code)
	defer typed.Wipe()
	use, err := d.visit.config.Invitations.Hold(ctx, typed, d.lasts())
	if err == nil {
		d.use = use
		d.log(slog.LevelInfo, "invitation taken", use)
		return nil
	}
	return d.refuse(use, err)
}

// refuse says why a code is not taken, and counts that. Its caller holds mu.
func (d *door) refuse(use invite.Use, err error) error {
	why, known := reason(err)
	if !known {
		if !errors.Is(err, context.Canceled) { // the person left
			d.log(slog.LevelError, "invitations cannot be looked up", use, "error", err.Error())
		}
		return registration.ErrCodeUnavailable
	}
	d.tries++
	d.server.gate.count(RefusedCode)
	d.log(slog.LevelInfo, "invitation refused", use, "reason", why)
	if errors.Is(err, invite.ErrUnknown) {
		d.server.guesses.miss(d.visit.address)
	}
	switch {
	case d.tries >= mostTries:
		return d.bar(RefusedCode)
	case errors.Is(err, invite.ErrMistyped):
		return registration.ErrCodeMistyped
	}
	return registration.ErrCodeRefused
}

// reason is what the log says of a code that is not taken; not known is an error that has another cause.
func reason(err error) (why string, known bool) {
	for _, r := range []struct {
		err error
		why string
	}{
		{invite.ErrMistyped, "mistyped"},
		{invite.ErrUnknown, "unknown"},
		{invite.ErrExpired, "expired"},
		{invite.ErrUsedUp, "used_up"},
		{invite.ErrHeld, "held"},
	} {
		if errors.Is(err, r.err) {
			return r.why, true
		}
	}
	return "", false
}

// bar ends the session. Its caller holds mu.
func (d *door) bar(why Refusal) error {
	d.why = why
	return registration.ErrCodeTries
}

// lasts is how long a use is held from now on; where sessions have no end, a day.
func (d *door) lasts() time.Duration {
	const day = 24 * time.Hour
	if t := d.visit.config.Limits.SessionTimeout; t > 0 {
		return t + spare
	}
	return day
}

// settle spends the use. What cannot be written now is tried again when the session ends. Its caller holds mu.
func (d *door) settle(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), storeTimeout)
	defer cancel()
	if err := d.visit.config.Invitations.Spend(ctx, d.use); err != nil {
		d.log(slog.LevelError, "invitation cannot be marked as used", d.use, "error", err.Error())
		return
	}
	d.spent = true
	d.log(slog.LevelInfo, "invitation used", d.use)
}

// close gives back what was not spent, once nothing is under way any more. Nobody comes through the door then.
func (d *door) close(ctx context.Context) {
	if d == nil {
		return
	}
	d.mu.Lock()
	d.closed = true
	d.mu.Unlock()
	d.wait()
	d.mu.Lock()
	defer d.mu.Unlock()
	switch {
	case d.spent || d.use == (invite.Use{}):
		return
	case d.Taken():
		d.settle(ctx)
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), storeTimeout)
	defer cancel()
	if err := d.visit.config.Invitations.GiveBack(ctx, d.use); err != nil { // then it lapses
		d.log(slog.LevelError, "invitation cannot be given back", d.use, "error", err.Error())
		return
	}
	d.log(slog.LevelInfo, "invitation given back", d.use)
}

// wait waits for the calls that are under way, whose contexts have ended, and no longer than storeTimeout.
func (d *door) wait() {
	done := make(chan struct{})
	go func() {
		defer close(done)
		d.calls.Wait()
	}()
	timeout := time.NewTimer(storeTimeout)
	defer timeout.Stop()
	select {
	case <-done:
	case <-timeout.C:
	}
}

// barred is why the session had to end; "" when it had not.
func (d *door) barred() Refusal {
	if d == nil {
		return ""
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.why
}

// invitation is the id of the one that was taken; "" for none.
func (d *door) invitation() string {
	if d == nil {
		return ""
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.use.Invitation
}

// log logs what became of a code, and never the code.
func (d *door) log(level slog.Level, message string, use invite.Use, args ...any) {
	all := []any{"session", d.visit.id, "remote", d.visit.remote()}
	if use.Invitation != "" {
		all = append(all, "invitation", use.Invitation)
	}
	d.server.log(level, message, append(all, args...)...)
}
