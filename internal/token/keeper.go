package token

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"foyer/internal/clean"
	"foyer/internal/registration"
	"foyer/internal/secret"
)

// A Keeper keeps one secret text, encrypted, for the next run. It may take its time, and other processes may use it, too. It
// is called by one goroutine at a time.
type Keeper interface {
	Load() (secret.Text, error) // empty when nothing is kept
	Save(text secret.Text) error
	Delete() error
}

// keeperPatience is how long a Keeper is waited for: it may ask somebody to unlock it, and visitors stand there.
const keeperPatience = 2 * time.Second

// A turn is what the Keeper is asked at once, for any number of callers. What it came to is set before done is closed.
type turn struct {
	save bool // who is signed in by then is kept, or nobody
	load bool // afterwards, what is kept is read
	done chan struct{}
	text secret.Text
	err  error // of load
}

// atKeeper has the Keeper do its part at its next turn. One goroutine takes all turns: a Keeper that hangs holds up no other, and
// what is kept last is what is so last.
func (s *Source) atKeeper(keeper Keeper, save, load bool) *turn {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.turning == nil {
		s.turning = &turn{save: save, load: load, done: make(chan struct{})}
		s.spawn(func() { s.takeTurns(keeper) })
		return s.turning
	}
	if s.pending == nil {
		s.pending = &turn{done: make(chan struct{})}
	}
	s.pending.save, s.pending.load = s.pending.save || save, s.pending.load || load
	return s.pending
}

// takeTurns takes turns until there is none.
func (s *Source) takeTurns(keeper Keeper) {
	for {
		s.mu.Lock()
		t := s.turning
		s.mu.Unlock()
		if t == nil {
			return
		}
		if t.save {
			if err := s.keep(keeper); err != nil { // which costs the next run a sign-in, and this one nothing
				s.log.Warn("keep the sign-in of staff for the next run", "error", err)
			}
		}
		if t.load {
			t.text, t.err = keeper.Load()
		}
		close(t.done)
		s.mu.Lock()
		s.turning, s.pending = s.pending, nil
		s.mu.Unlock()
	}
}

// persist has kept who is signed in now, or nobody, and waits for that a little, until ctx ends at most.
func (s *Source) persist(ctx context.Context) {
	if s.config.Staff.Keeper == nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, keeperPatience)
	defer cancel()
	select {
	case <-s.atKeeper(s.config.Staff.Keeper, true, false).done:
	case <-ctx.Done():
	}
}

// loaded is the session that is kept; nil when there is none. It waits for the Keeper until ctx ends.
func (s *Source) loaded(ctx context.Context) (*session, error) {
	if s.config.Staff.Keeper == nil {
		return nil, nil
	}
	t := s.atKeeper(s.config.Staff.Keeper, false, true)
	select {
	case <-t.done:
		return decodeSession(t.text), t.err
	case <-ctx.Done():
		return nil, fmt.Errorf("what keeps the sign-in of staff does not answer; unlock the keyring, or set auth.keep to memory: %w", context.Cause(ctx))
	}
}

// Restore takes up the sign-in that was kept by an earlier run; whether the tenant still honours it shows with the first
// Token. An error is the keeper's, or says that it did not answer before ctx ended; then, and when nothing was kept, nobody is
// signed in.
func (s *Source) Restore(ctx context.Context) error {
	who, err := s.loaded(ctx)
	if err != nil || who == nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.session == nil {
		s.session, s.kept = who, who.refresh
		s.hold(who.refresh)
	}
	return nil
}

// Kept reports whether the next run will find who is signed in: then nothing is to be revoked at the end of this one.
func (s *Source) Kept() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.session != nil && !s.session.refresh.IsZero() && s.session.refresh.Equal(s.kept)
}

// keep writes down who is signed in.
func (s *Source) keep(keeper Keeper) error {
	s.mu.Lock()
	var who session
	somebody := s.session != nil
	if somebody {
		who = *s.session
	}
	s.mu.Unlock()
	switch {
	case !somebody:
		return s.clear(keeper)
	case who.refresh.IsZero():
		return keeper.Delete() // of whoever was signed in before
	}
	text, err := who.encode()
	if err == nil {
		err = keeper.Save(text)
	}
	if err == nil {
		s.mu.Lock()
		s.kept = who.refresh
		s.mu.Unlock()
	}
	return err
}

// clear deletes what is kept if it is of a session of this process. What another process has kept since is not ours.
func (s *Source) clear(keeper Keeper) error {
	text, err := keeper.Load()
	if err != nil {
		return err
	}
	other := decodeSession(text)
	if other == nil {
		return nil
	}
	s.mu.Lock()
	ours := s.held(other.refresh)
	s.mu.Unlock()
	if !ours {
		return nil
	}
	return keeper.Delete()
}

// A keepsake is what a Keeper keeps of a session, as JSON.
type keepsake struct {
	Refresh string `json:"refresh_token"`
	Subject string `json:"sub"`
	Name    string `json:"name"`
}

// encode is the text that is kept of a session.
func (who *session) encode() (secret.Text, error) {
	text, err := json.Marshal(keepsake{who.refresh.Reveal(), who.operator.Subject, who.operator.Name}) //nolint:gosec // for the keyring, which encrypts it
	return secret.New(string(text)), err
}

// decodeSession is the session that was kept as text; nil when it is none.
func decodeSession(text secret.Text) *session {
	var k keepsake
	if json.Unmarshal([]byte(text.Reveal()), &k) != nil || k.Refresh == "" || k.Subject == "" || k.Name == "" {
		return nil
	}
	who := registration.Operator{Subject: clean.Line(k.Subject, maxSubject), Name: clean.Line(k.Name, maxName)}
	return &session{operator: who, refresh: secret.New(k.Refresh)}
}
