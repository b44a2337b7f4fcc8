package token

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"time"
)

// A flight is one fetch that any number of callers wait for. Its results are set before done is closed.
type flight struct {
	done    chan struct{}
	id      Identity
	session *session // whose refresh token is used; nil for client credentials, or when nobody is signed in
	token   hidden
	err     *Error
}

// fly fetches a token for all who wait for f. It belongs to the process and not to the caller that began it, whose
// context may end; its own time is bounded.
func (s *Source) fly(f *flight) {
	ctx, cancel := context.WithTimeout(context.Background(), fetchTimeout)
	defer cancel()
	start := time.Now()
	got, err := s.fetch(ctx, f)
	changed, left := s.land(f, start, time.Now(), got, err)
	if changed {
		s.persist(ctx) // before anybody goes on: the process may end as soon as it has its token
	}
	close(f.done)
	s.disown(left)
}

// outdated reports whether f failed for a client that has changed since, or for a session that another has followed, so
// that a caller who is id tries again.
func (s *Source) outdated(f *flight, id Identity) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return f.id.Version != id.Version || s.session != nil && s.session != f.session
}

// land keeps what f, from start to now, came to. It reports whether the session has changed, and returns what of got nobody
// will use: it is of a session that has ended meanwhile, or with this.
func (s *Source) land(f *flight, start, now time.Time, got issued, err *Error) (changed bool, left issued) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.flight = nil
	if f.session != s.session && err == nil {
		err = s.fail(opToken, errNobody)
	}
	if f.session != nil && f.session == s.session && !got.refresh.IsZero() {
		f.session.refresh, changed = got.refresh, true // of which each is used once (RFC 9700, 4.14.2), whatever came with it
		s.hold(got.refresh)
	}
	if err != nil {
		f.err = err
		ended := s.crash(f, now)
		switch {
		case f.session != nil && f.session.out:
			left = got
		case ended && len(err.Missing) > 0:
			left = issued{token: got.token, refresh: f.session.refresh}
		}
		return ended || changed, left
	}
	f.token = got.token
	got.scopes = s.scopes(got, f.session)
	s.take(newGrant(got, f.id, start))
	s.log.Info("fetched token", slog.Time("expires", got.token().Expiry))
	return changed, issued{}
}

// crash keeps that f came to nothing, and reports whether a session has ended with it.
func (s *Source) crash(f *flight, now time.Time) bool {
	if !errors.Is(f.err, errNobody) {
		s.log.Warn("fetch token", "error", f.err, "still_usable", s.current.usable(now))
	}
	s.remember(f.err, f.id, now)
	s.pause = now.Add(renewPause)
	if !f.err.endsSession() || f.session != s.session || s.current.usable(now) && errors.Is(f.err, errNobody) {
		return false
	}
	return s.forget()
}

// maxRecent is how many tokens that were replaced may still be on their way.
const maxRecent = 4

// take makes g the current grant, and remembers what its token is bound to.
func (s *Source) take(g grant) {
	s.current, s.refusal = g, nil
	s.recent = slices.Insert(s.recent, 0, g)
	s.recent = s.recent[:min(len(s.recent), maxRecent)]
}

// fetch gets a token for f. Where another process shares the session, its refresh token is used, and looked for once more when
// ours is not honoured: the other may have been about to keep it. With an error, too, there may be something in what fetch
// returns.
func (s *Source) fetch(ctx context.Context, f *flight) (issued, *Error) {
	if f.session != nil {
		s.catchUp(ctx, f.session)
	}
	got, err := s.ask(ctx, f)
	if err != nil && err.Code == codeInvalidGrant && f.session != nil && s.catchUp(ctx, f.session) {
		return s.ask(ctx, f)
	}
	return got, err
}

// ask asks for a token once.
func (s *Source) ask(ctx context.Context, f *flight) (issued, *Error) {
	params, err := s.params(f.session)
	if err != nil {
		return issued{}, s.asError(opToken, err)
	}
	m, err := s.discovered(ctx)
	if err != nil {
		return issued{}, s.asError(opToken, err)
	}
	got, err := s.exchange(ctx, f.id, m.TokenEndpoint(f.id), params)
	if err != nil {
		return got, s.asError(opToken, err)
	}
	return got, nil
}
