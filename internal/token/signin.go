package token

import (
	"context"
	"errors"
	"time"

	"foyer/internal/fixable"
	"foyer/internal/registration"
)

// A SignIn of a member of staff is under way until Poll says Done or errs, or the context that it began with ends. It is for
// one goroutine at a time.
type SignIn struct {
	source *Source
	id     Identity
	meta   Metadata
	nonce  string // of the ID token; "" where none was asked for
	prompt registration.SignInPrompt
	poll   func(ctx context.Context) (got issued, slower time.Duration, err error)
	end    func() // closes what was opened for the sign-in; nil when there is nothing
}

// SignIn begins the sign-in of a member of staff by the grant of the configuration. Whoever is signed in stays so until it is
// done. A non-nil error is always an *Error.
func (s *Source) SignIn(ctx context.Context) (*SignIn, error) {
	id, err := s.config.Identify()
	if err != nil {
		return nil, s.fail(opSignIn, err)
	}
	if refused := s.turnedAway(id); refused != nil {
		return nil, refused
	}
	m, err := s.discovered(ctx)
	if err != nil {
		return nil, s.asError(opSignIn, err)
	}
	begun := &SignIn{source: s, id: id, meta: m}
	switch s.config.Grant {
	case AuthorizationCode:
		err = begun.inBrowser(ctx)
	case DeviceCode:
		err = begun.onDevice(ctx)
	case ClientCredentials:
		err = fixable.Errorf("auth.grant is client_credentials, which needs nobody to sign in")
	}
	if err != nil {
		return nil, begun.failed(ctx, err)
	}
	return begun, nil
}

// turnedAway is the refusal of an identity that is not to be presented again; nil when there is none.
func (s *Source) turnedAway(id Identity) *Error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.refused(id, time.Now())
}

// Prompt is what to show.
func (i *SignIn) Prompt() registration.SignInPrompt { return i.prompt }

// Poll waits until there is something to say: that somebody is signed in, or that the tenant asks for patience. Errors are
// registration.ErrSignInExpired, registration.ErrSignInDenied, the end of ctx, or an *Error; the sign-in is over then.
func (i *SignIn) Poll(ctx context.Context) (registration.SignInProgress, error) {
	if !i.prompt.Expires.IsZero() {
		deadline, cancel := context.WithDeadlineCause(ctx, i.prompt.Expires, registration.ErrSignInExpired)
		defer cancel()
		ctx = deadline
	}
	got, slower, err := i.poll(ctx)
	if err == nil && slower > 0 {
		return registration.SignInProgress{Slower: slower}, nil
	}
	if i.end != nil {
		defer i.end()
	}
	var who registration.Operator
	if err == nil {
		who, err = i.identify(ctx, got)
	}
	if err != nil {
		i.source.disown(got) //nolint:contextcheck // the tenant has to know, though the caller may not wait for it
		err = i.failed(ctx, err)
		i.source.log.Info("a sign-in of staff came to nothing", "error", err)
		return registration.SignInProgress{}, err
	}
	if got.scopes == nil {
		got.scopes = i.source.config.Scopes
	}
	i.source.admit(ctx, &session{operator: who, refresh: got.refresh, scopes: got.scopes}, newGrant(got, i.id, time.Now()))
	return registration.SignInProgress{Done: true, Operator: who}, nil
}

// errNoCode says that an answer of success has no code in it.
var errNoCode = errors.New("the answer has no code")

// failed is the error that a sign-in ends with.
func (i *SignIn) failed(ctx context.Context, err error) error {
	known := i.source.asError(opSignIn, err)
	if known.Operation == opToken || known.ClientID == "" {
		own := *known
		own.Operation, own.ClientID, own.Grant, own.Proof = opSignIn, i.source.clientID(), i.source.config.Grant, i.id.Proof
		known = &own
	}
	switch {
	case errors.Is(context.Cause(ctx), registration.ErrSignInExpired), known.Code == codeExpiredToken:
		return registration.ErrSignInExpired
	case known.Code == codeAccessDenied:
		return registration.ErrSignInDenied
	}
	i.source.mu.Lock()
	defer i.source.mu.Unlock()
	i.source.remember(known, i.id, time.Now())
	return known
}

// admit makes who the member of staff who is signed in, with the token g. Who was before is signed out with it.
func (s *Source) admit(ctx context.Context, who *session, g grant) {
	lasts := !who.refresh.IsZero() // read before others may renew it
	s.mu.Lock()
	left := s.leave()
	s.hold(who.refresh)
	s.session, s.pause = who, time.Time{}
	s.take(g)
	s.mu.Unlock()
	if !left.refresh.Equal(who.refresh) || who.refresh.IsZero() {
		s.disown(left) //nolint:contextcheck // as in Poll
	}
	s.log.Info("staff signed in", "operator", who.operator.Subject, "operator_name", who.operator.Name)
	if !lasts {
		s.log.Warn("the sign-in of staff ends with its access token: the tenant gave no refresh token; grant the client offline_access")
	}
	s.persist(ctx)
}
