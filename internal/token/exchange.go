package token

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"

	"foyer/internal/clean"
	"foyer/internal/exchange"
)

// errNoToken says that an answer of success has no token in it.
var errNoToken = errors.New("the answer is no access token")

// exchange asks endpoint for a token (RFC 6749, 4.4). Errors are *Error or *fixable.
func (s *Source) exchange(ctx context.Context, endpoint string) (*oauth2.Token, error) {
	request := clientcredentials.Config{ClientID: s.config.ClientID, TokenURL: endpoint, Scopes: s.config.Scopes}
	authenticate, err := s.config.authenticator()
	if err != nil {
		return nil, err
	}
	if err := authenticate(s.config, &request); err != nil {
		return nil, err
	}
	client, seen := s.record()
	token, err := request.Token(context.WithValue(ctx, oauth2.HTTPClient, client))
	if err != nil {
		return nil, s.withoutToken(seen, err)
	}
	if err := s.accept(token); err != nil {
		known := s.answered(opToken, seen)
		known.Err = err
		return nil, known
	}
	if missing := s.missing(token); len(missing) > 0 {
		known := s.answered(opToken, seen)
		known.Missing = missing
		return nil, known
	}
	// Nothing else is kept of the answer, which the library's token carries whole.
	return &oauth2.Token{AccessToken: token.AccessToken, TokenType: "Bearer", Expiry: token.Expiry}, nil
}

// withoutToken is the error of an exchange that gave no token. The library's error is not passed on when there was an
// answer, since its text quotes that.
func (s *Source) withoutToken(seen *recorder, err error) *Error {
	known := s.answered(opToken, seen)
	known.Code = seen.code()
	var quoting *oauth2.RetrieveError
	var transport *url.Error
	switch {
	case errors.As(err, &quoting):
	case errors.As(err, &transport):
		known.Err = err
	default:
		known.Code, known.Err = "", errNoToken
	}
	return known
}

// accept refuses a token that cannot be used (RFC 6749, 7.1).
func (s *Source) accept(t *oauth2.Token) error {
	if !strings.EqualFold(t.TokenType, "bearer") {
		return &fixable{fmt.Sprintf("the tenant issues tokens of type %q to client %s; let it issue bearer tokens",
			clean.Line(t.TokenType, maxQuoted), s.clientID())}
	}
	if strings.ContainsFunc(t.AccessToken, func(r rune) bool { return r <= ' ' || r > '~' }) { // RFC 6749, A.12
		return errNoToken
	}
	return nil
}

// missing are the scopes that were asked for and not granted. An answer without scope grants all (RFC 6749, 5.1).
func (s *Source) missing(t *oauth2.Token) []string {
	granted, _ := t.Extra("scope").(string)
	if granted == "" {
		return nil
	}
	var missing []string
	for _, scope := range s.config.Scopes {
		if !slices.Contains(strings.Fields(granted), scope) {
			missing = append(missing, scope)
		}
	}
	return missing
}

// answered is an error with what the recorder knows.
func (s *Source) answered(operation string, seen *recorder) *Error {
	return &Error{
		Operation: operation, ClientID: s.clientID(), Status: seen.status,
		TraceID: exchange.TraceID(seen.header), RetryAfter: exchange.RetryAfter(seen.header, time.Now(), maxRetryAfter),
	}
}

// fail is an error without an answer.
func (s *Source) fail(operation string, err error) *Error {
	return &Error{Operation: operation, ClientID: s.clientID(), Err: err}
}

// clientID is the client id, fit to be shown.
func (s *Source) clientID() string { return clean.Line(s.config.ClientID, maxQuoted) }
