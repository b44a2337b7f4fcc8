package token

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strings"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"

	"foyer/internal/clean"
	"foyer/internal/exchange"
	"foyer/internal/fixable"
	"foyer/internal/secret"
)

// errNoToken says that an answer of success has no token in it.
var errNoToken = errors.New("the answer is no access token")

// An issued token is what came of a token request.
type issued struct {
	token   hidden      // without a refresh token, and without what else the answer had; nil for none
	refresh secret.Text // empty when there was none
	idToken secret.Text // likewise
	scopes  []string    // that were granted, fit to be shown; nil when the answer does not say
}

// exchange asks endpoint for a token by params, those of a grant; without any by client credentials (RFC 6749, 4.4). Errors
// are *Error. What came with a token of no use is returned with the error: the refresh token that was sent may be spent, and
// what nobody uses is to be revoked.
func (s *Source) exchange(ctx context.Context, id Identity, endpoint string, params url.Values) (issued, error) {
	// This is the library's one request that takes any grant; Authenticate adds what proves the client.
	request := clientcredentials.Config{
		ClientID: s.config.ClientID, TokenURL: endpoint, AuthStyle: oauth2.AuthStyleInParams, EndpointParams: params,
	}
	if params == nil {
		request.Scopes = s.config.Scopes
	}
	client, seen := s.authenticated(opToken, id)
	token, err := request.Token(context.WithValue(ctx, oauth2.HTTPClient, client))
	if err != nil {
		return issued{}, s.withoutToken(opToken, seen, err)
	}
	got := issued{token: hide(&oauth2.Token{AccessToken: token.AccessToken, TokenType: s.tokenType(), Expiry: token.Expiry})}
	if token.RefreshToken != params.Get("refresh_token") { // which the library repeats where there is no new one
		got.refresh = secret.New(token.RefreshToken)
	}
	known := s.answered(opToken, seen)
	if known.Err = s.accept(token); known.Err != nil {
		return got, known
	}
	if known.Missing = s.missing(token); len(known.Missing) > 0 {
		return got, known
	}
	got.scopes = granted(token)
	idToken, _ := token.Extra("id_token").(string)
	got.idToken = secret.New(idToken)
	return got, nil
}

// withoutToken is the error of an operation that brought nothing. The library's error is not passed on when there was an
// answer, since its text quotes that.
func (s *Source) withoutToken(operation string, seen *recorder, err error) *Error {
	known := s.answered(operation, seen)
	known.Code = seen.code()
	var quoting *oauth2.RetrieveError
	var transport *url.Error
	switch {
	case errors.As(err, &quoting):
	case errors.As(err, &transport):
		known.unanswered(err)
	default:
		known.Code, known.Err = "", errNoToken
	}
	return known
}

// tokenType is how tokens are presented (RFC 6749, 7.1): the type of those that are bound to a key is DPoP (RFC 9449, 5).
func (s *Source) tokenType() string {
	if s.config.Prover != nil {
		return "DPoP"
	}
	return "Bearer"
}

// accept refuses a token that cannot be used (RFC 6749, 7.1).
func (s *Source) accept(t *oauth2.Token) error {
	got := clean.Line(t.TokenType, maxQuoted)
	switch {
	case strings.EqualFold(t.TokenType, s.tokenType()):
	case s.config.Prover != nil:
		return fixable.Errorf("the tenant issues tokens of type %q to client %s, though auth.dpop is true; let it bind them by DPoP, or set auth.dpop to false", got, s.clientID())
	case strings.EqualFold(t.TokenType, "dpop"):
		return fixable.Errorf("the tenant binds the tokens of client %s to a key (DPoP); set auth.dpop to true", s.clientID())
	default:
		return fixable.Errorf("the tenant issues tokens of type %q to client %s; let it issue bearer tokens", got, s.clientID())
	}
	if strings.ContainsFunc(t.AccessToken, func(r rune) bool { return r <= ' ' || r > '~' }) { // RFC 6749, A.12
		return errNoToken
	}
	return nil
}

// granted are the scopes of an answer, fit to be shown; nil when it has none.
func granted(t *oauth2.Token) []string {
	var scopes []string
	text, _ := t.Extra("scope").(string)
	for _, scope := range strings.Fields(text) {
		scopes = append(scopes, clean.Line(scope, maxQuoted))
	}
	return scopes
}

// missing are the scopes that the API needs and that were not granted. An answer without scope grants all (RFC 6749, 5.1).
func (s *Source) missing(t *oauth2.Token) []string {
	granted, _ := t.Extra("scope").(string)
	if granted == "" {
		return nil
	}
	var missing []string
	for _, scope := range s.config.Scopes {
		if !slices.Contains(strings.Fields(granted), scope) && !slices.Contains(signInScopes(), scope) {
			missing = append(missing, scope)
		}
	}
	return missing
}

// signInScopes are those of OpenID Connect Core 1.0, 5.4 and 11. Access tokens need not name them.
func signInScopes() []string { return []string{"openid", "offline_access", "profile", "email"} }

// answered is an error with what the recorder knows.
func (s *Source) answered(operation string, seen *recorder) *Error {
	return &Error{
		Operation: operation, ClientID: s.clientID(), Grant: s.config.Grant, Proof: seen.proof, Scopes: s.config.Scopes, Unproven: s.config.Prover == nil, Status: seen.status,
		TraceID: exchange.TraceID(seen.header), RetryAfter: exchange.RetryAfter(seen.header, time.Now(), maxRetryAfter),
	}
}

// fail is an error without an answer.
func (s *Source) fail(operation string, err error) *Error {
	wait, _ := exchange.Held(err)
	return &Error{Operation: operation, ClientID: s.clientID(), Grant: s.config.Grant, RetryAfter: wait, Err: err}
}

// unanswered notes that err came in place of an answer, and how long nothing is sent, where the tenant is spared.
func (e *Error) unanswered(err error) {
	wait, _ := exchange.Held(err)
	e.Err, e.RetryAfter = err, max(e.RetryAfter, wait)
}

// asError is err as an *Error.
func (s *Source) asError(operation string, err error) *Error {
	var known *Error
	if !errors.As(err, &known) {
		known = s.fail(operation, err)
	}
	return known
}

// clientID is the client id, fit to be shown.
func (s *Source) clientID() string { return clean.Line(s.config.ClientID, maxQuoted) }
