package token

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"time"

	"foyer/internal/clean"
	"foyer/internal/registration"
	"foyer/internal/secret"
)

// Staff is what the grants of staff need beside the rest.
type Staff struct {
	RedirectURL *url.URL               // on the loopback, for AuthorizationCode; without a port: a free one
	Open        func(page string) bool // shows a page in a browser of this machine, and reports whether there is one; nil for none
	Keeper      Keeper                 // keeps the sign-in when the process ends; nil for nobody
}

// A Keeper keeps one secret text, encrypted, for the next run. It may take its time.
type Keeper interface {
	Load() (secret.Text, error) // empty when nothing is kept
	Save(text secret.Text) error
	Delete() error
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
	s.session, s.current = nil, grant{}
	s.log.Info("the sign-in of staff has ended")
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

// SignOut ends the session, and tells the tenant to revoke it (RFC 7009). Nobody is signed in afterwards, whatever the error,
// which is always an *Error; nothing is kept for the next run either.
func (s *Source) SignOut(ctx context.Context) error {
	s.mu.Lock()
	left := s.leave()
	s.forget()
	s.mu.Unlock()
	kept := s.persisted()
	err := s.revoke(ctx, left) // also when the keyring takes its time
	await(ctx, kept)
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

// A kept session is what a Keeper keeps, as JSON.
type kept struct {
	Refresh string `json:"refresh_token"`
	Subject string `json:"sub"`
	Name    string `json:"name"`
}

// Restore takes up the sign-in that was kept by an earlier run; whether the tenant still honours it shows with the first
// Token. An error is the keeper's; then, and when nothing was kept, nobody is signed in.
func (s *Source) Restore() error {
	if s.config.Staff.Keeper == nil {
		return nil
	}
	text, err := s.config.Staff.Keeper.Load()
	if err != nil {
		return err
	}
	var k kept
	if json.Unmarshal([]byte(text.Reveal()), &k) != nil || k.Refresh == "" || k.Name == "" {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.session == nil {
		who := registration.Operator{Subject: clean.Line(k.Subject, maxSubject), Name: clean.Line(k.Name, maxName)}
		s.session = &session{operator: who, refresh: secret.New(k.Refresh)}
	}
	return nil
}

// persist has kept who is signed in now, or nobody, and waits for that until ctx ends: a keyring may ask somebody to unlock
// it.
func (s *Source) persist(ctx context.Context) { await(ctx, s.persisted()) }

// persisted has kept who is signed in now, or nobody, and closes what it returns when that is done.
func (s *Source) persisted() <-chan struct{} {
	done := make(chan struct{})
	if s.config.Staff.Keeper == nil {
		close(done)
		return done
	}
	go func() {
		defer close(done)
		s.keep(s.config.Staff.Keeper)
	}()
	return done
}

// await waits until done is closed or ctx ends.
func await(ctx context.Context, done <-chan struct{}) {
	select {
	case <-done:
	case <-ctx.Done():
	}
}

// keep writes down who is signed in. A keeper that fails costs the next run a sign-in, and this one nothing.
func (s *Source) keep(keeper Keeper) {
	s.keeping <- struct{}{} // so that what is kept last is what is so last
	defer func() { <-s.keeping }()
	text, err := s.keepsake()
	switch {
	case err != nil:
	case text.IsZero():
		err = keeper.Delete()
	default:
		err = keeper.Save(text)
	}
	if err != nil {
		s.log.Warn("keep the sign-in of staff for the next run", "error", err)
	}
}

// keepsake is the text that is kept of the session; empty when there is none that goes on.
func (s *Source) keepsake() (secret.Text, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.session == nil || s.session.refresh.IsZero() {
		return secret.Text{}, nil
	}
	//nolint:gosec // G117: what is marshalled goes to the keeper, encrypted
	text, err := json.Marshal(kept{s.session.refresh.Reveal(), s.session.operator.Subject, s.session.operator.Name})
	return secret.New(string(text)), err
}
