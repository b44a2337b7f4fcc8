package token

import (
	"context"
	"errors"
	"net/url"
	"time"

	"foyer/internal/registration"
	"foyer/internal/secret"
)

// Staff is what the grants of staff need beside the rest.
type Staff struct {
	RedirectURL *url.URL               // on the loopback, for AuthorizationCode; without a port: a free one
	Open        func(page string) bool // shows a page in a browser of this machine, and reports whether there is one; nil for none
	Keeper      Keeper                 // keeps the sign-in when the process ends; nil for nobody
}

// A session is a member of staff who is signed in. Its refresh token changes with each use; who it is does not.
type session struct {
	operator registration.Operator
	refresh  secret.Text // empty when the session ends with its first access token
	scopes   []string    // that were granted; nil when that is not known, after Restore
	out      bool        // signed out, or followed by another sign-in
}

// errNobody says that nobody of the staff is signed in, or not any more.
var errNobody = errors.New("nobody of the staff is signed in")

// byStaff reports whether the client acts for a member of staff.
func (s *Source) byStaff() bool {
	return s.config.Grant == AuthorizationCode || s.config.Grant == DeviceCode
}

// Operator is the member of staff who is signed in; ok is false when nobody is, and always for a client that acts for itself.
func (s *Source) Operator() (operator registration.Operator, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.session == nil || s.session.refresh.IsZero() && !s.current.usable(time.Now()) {
		return registration.Operator{}, false
	}
	return s.session.operator, true
}

// params are those of the token request for who is signed in; nil for client credentials. The error is errNobody.
func (s *Source) params(who *session) (url.Values, error) {
	if !s.byStaff() {
		return nil, nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if who == nil || who.refresh.IsZero() {
		return nil, errNobody
	}
	return url.Values{"grant_type": {"refresh_token"}, "refresh_token": {who.refresh.Reveal()}}, nil // RFC 6749, 6
}

// forget ends the session, and reports whether there was one. It is called under the lock, and persist after it.
func (s *Source) forget() bool {
	if s.session == nil {
		return false // what is kept of an earlier run is not ours to delete
	}
	s.log.Info("the sign-in of staff has ended", "operator", s.session.operator.Subject, "operator_name", s.session.operator.Name, "signed_out", s.session.out)
	s.session, s.current = nil, grant{}
	return true
}

// leave is what was issued to the session, which is about to end; nothing when nobody is signed in. It is called under the lock.
func (s *Source) leave() issued {
	if s.session == nil {
		return issued{}
	}
	s.session.out = true // a fetch that is under way revokes what it gets
	return issued{token: s.current.token, refresh: s.session.refresh}
}

// SignOut ends the session, and tells the tenant to revoke it (RFC 7009), also where another process has gone on with it. Nobody
// is signed in from the first moment on, whatever the error, which is always an *Error; nothing of it is kept for the next run
// either.
func (s *Source) SignOut(ctx context.Context) error {
	s.mu.Lock()
	who, left := s.session, s.leave()
	s.forget()
	s.mu.Unlock()
	err := s.revoke(ctx, left)
	ctx, cancel := context.WithTimeout(ctx, keeperPatience)
	defer cancel()
	if who != nil {
		s.disown(issued{refresh: s.elsewhere(ctx, who)}) //nolint:contextcheck // the caller waits for its own only
	}
	s.persist(ctx)
	return err
}

// disown revokes, on its own time, what was issued and is of nobody's use any more; nothing when there is nothing.
func (s *Source) disown(left issued) {
	if left.token == nil && left.refresh.IsZero() {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.spawn(func() {
		ctx, cancel := context.WithTimeout(context.Background(), fetchTimeout)
		defer cancel()
		if err := s.revoke(ctx, left); err != nil {
			s.log.Warn("revoke what nobody uses any more", "error", err)
		}
	})
}

// revoke makes a refresh token useless, and the access tokens of the same grant with it (RFC 7009, 2.1); the access token
// where there is no refresh token. A tenant without an endpoint for that is left alone.
func (s *Source) revoke(ctx context.Context, left issued) error {
	form := url.Values{"token": {left.refresh.Reveal()}, "token_type_hint": {"refresh_token"}}
	switch {
	case !left.refresh.IsZero():
	case left.token != nil:
		form = url.Values{"token": {left.token().AccessToken}, "token_type_hint": {"access_token"}}
	default:
		return nil
	}
	id, err := s.config.Identify()
	if err != nil {
		return s.fail(opRevoke, err)
	}
	if refused := s.turnedAway(id); refused != nil {
		return refused
	}
	m, err := s.discovered(ctx)
	if err != nil {
		return s.asError(opRevoke, err)
	}
	endpoint := m.endpoint(id, func(e Endpoints) string { return e.Revocation })
	if endpoint == "" {
		return nil
	}
	_, err = s.post(ctx, opRevoke, id, endpoint, form)
	return err
}
