package token

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"time"

	"golang.org/x/oauth2"
)

// A flight is one fetch that any number of callers wait for. Its results are set before done is closed.
type flight struct {
	done    chan struct{}
	id      Identity
	session *session // whose refresh token is used; nil for client credentials, or when nobody is signed in
	token   *oauth2.Token
	err     *Error
}

// fly fetches a token for all who wait for f. It belongs to the process and not to the caller that began it, whose
// context may end; its own time is bounded.
func (s *Source) fly(f *flight) {
	ctx, cancel := context.WithTimeout(context.Background(), fetchTimeout)
	defer cancel()
	start := time.Now()
	got, err := s.fetch(ctx, f)
	if s.land(f, start, time.Now(), got, err) {
		s.persist()
	}
	close(f.done)
}

// land keeps what f, from start to now, came to, and reports whether the session has changed.
func (s *Source) land(f *flight, start, now time.Time, got issued, err *Error) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.flight = nil
	if err == nil && f.session != s.session { // signed out meanwhile
		err = s.fail(opToken, errNobody)
	}
	if err != nil {
		f.err = err
		return s.crash(f, now)
	}
	f.token = got.token
	s.take(newGrant(got.token, f.id, start))
	s.log.Info("fetched token", slog.Time("expires", got.token.Expiry))
	if f.session == nil || got.refresh.IsZero() {
		return false
	}
	f.session.refresh = got.refresh // of which each is used once (RFC 9700, 4.14.2)
	return true
}

// crash keeps that f came to nothing, and reports whether the session has ended with it.
func (s *Source) crash(f *flight, now time.Time) bool {
	if !errors.Is(f.err, errNobody) {
		s.log.Warn("fetch token", "error", f.err, "still_usable", s.current.usable(now))
	}
	s.remember(f.err, f.id, now)
	s.pause = now.Add(renewPause)
	if !f.err.endsSession() || f.session != s.session || s.current.usable(now) && errors.Is(f.err, errNobody) {
		return false
	}
	s.forget()
	return true
}

// maxRecent is how many tokens that were replaced may still be on their way.
const maxRecent = 4

// take makes g the current grant, and remembers what its token is bound to.
func (s *Source) take(g grant) {
	s.current, s.refusal = g, nil
	s.recent = slices.Insert(s.recent, 0, g)
	s.recent = s.recent[:min(len(s.recent), maxRecent)]
}

// fetch asks for a token once.
func (s *Source) fetch(ctx context.Context, f *flight) (issued, *Error) {
	params, err := s.params(f.session)
	if err != nil {
		return issued{}, s.asError(opToken, err)
	}
	m, err := s.discovered(ctx)
	if err != nil {
		return issued{}, s.asError(opToken, err)
	}
	got, err := s.exchange(ctx, f.id, m.tokenEndpoint(f.id), params)
	if err != nil {
		return issued{}, s.asError(opToken, err)
	}
	return got, nil
}
