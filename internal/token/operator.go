package token

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"foyer/internal/clean"
	"foyer/internal/fixable"
	"foyer/internal/registration"
)

// Bounds of what is kept of who signed in, in characters.
const (
	maxName    = 60
	maxSubject = 255 // OpenID Connect Core 1.0, 2
)

// claims are those that name an end user (OpenID Connect Core 1.0, 5.1).
type claims struct {
	Subject  string `json:"sub"`
	Name     string `json:"name"`
	Given    string `json:"given_name"`
	Family   string `json:"family_name"`
	Username string `json:"preferred_username"`
	Email    string `json:"email"`
	Party    string `json:"azp"` // whom an ID token was issued to; "" where that goes without saying
}

// name is the first claim that has something to show; "" when none has.
func (c claims) name() string {
	for _, candidate := range []string{c.Name, c.Given + " " + c.Family, c.Username, c.Email} {
		if shown := strings.TrimSpace(clean.Line(candidate, maxName)); shown != "" {
			return shown
		}
	}
	return ""
}

// identify finds out who signed in: by the ID token, and by the userinfo endpoint where that names nobody. Who cannot be
// named is shown by the subject.
func (i *SignIn) identify(ctx context.Context, got issued) (registration.Operator, error) {
	s := i.source
	client, seen := s.record(opUserInfo, s.proving(s.transport(i.id)))
	ctx = oidc.ClientContext(ctx, client)
	config := oidc.ProviderConfig{
		IssuerURL: i.meta.Issuer, JWKSURL: i.meta.JWKSURI, Algorithms: signatures(i.meta.IDTokenAlgorithms),
		UserInfoURL: i.meta.endpoint(i.id, func(e Endpoints) string { return e.UserInfo }),
	}
	provider := config.NewProvider(ctx)
	found, err := i.byIDToken(ctx, provider, got, seen)
	if err != nil {
		return registration.Operator{}, err
	}
	if found.name() == "" && config.UserInfoURL != "" {
		if found, err = s.byUserInfo(ctx, provider, got.token(), found, seen); err != nil {
			return registration.Operator{}, err
		}
	}
	who := registration.Operator{Subject: clean.Line(found.Subject, maxSubject), Name: found.name()}
	if who.Name == "" {
		who.Name = clean.Line(found.Subject, maxName)
	}
	if who.Subject == "" {
		return registration.Operator{}, fixable.Errorf("the tenant does not say who signed in; assign the scope openid to the client %s", s.clientID())
	}
	return who, nil
}

// unanswered is the error of an operation that proves no client, and to which there was no answer of success.
func (s *Source) unanswered(operation string, seen *recorder) *Error {
	known := s.answered(operation, seen)
	known.Err = seen.failed
	return known
}

// signatures are those of named that only the tenant can make: neither "none" nor one by a secret that others share. Where
// none is left, the library takes RS256 (OpenID Connect Core 1.0, 15.1).
func signatures(named []string) []string {
	var kept []string
	for _, alg := range named {
		if slices.Contains([]string{
			oidc.RS256, oidc.RS384, oidc.RS512, oidc.PS256, oidc.PS384, oidc.PS512, oidc.ES256, oidc.ES384, oidc.ES512, oidc.EdDSA,
		}, alg) {
			kept = append(kept, alg)
		}
	}
	return kept
}

// byIDToken returns the claims of the ID token, which has to be meant for this client and this sign-in (OpenID Connect Core
// 1.0, 3.1.3.7); none where there is no ID token. The library's errors are not passed on: they may quote it.
func (i *SignIn) byIDToken(ctx context.Context, provider *oidc.Provider, got issued, seen *recorder) (claims, error) {
	var found claims
	if got.idToken.IsZero() {
		return found, nil
	}
	clientID := i.source.config.ClientID
	verified, err := provider.VerifierContext(ctx, &oidc.Config{ClientID: clientID}).Verify(ctx, got.idToken.Reveal())
	switch {
	case ctx.Err() != nil:
		return found, context.Cause(ctx)
	case err != nil && (seen.failed != nil || seen.status > http.StatusOK): // the tenant's keys could not be had
		return found, i.source.unanswered(opKeys, seen)
	case err != nil, verified.Nonce != i.nonce, verified.Claims(&found) != nil, found.Party != "" && found.Party != clientID:
		return claims{}, fixable.Errorf("the tenant's ID token is not valid for client %s; check this machine's clock and the client's signing algorithm", i.source.clientID())
	}
	return found, nil
}

// byUserInfo returns the claims of the userinfo endpoint, which have to be of the subject of known if there is one (OpenID
// Connect Core 1.0, 5.3.2); known when it tells nothing. Where nobody is known, an endpoint that may answer later is an error.
func (s *Source) byUserInfo(ctx context.Context, provider *oidc.Provider, t *oauth2.Token, known claims, seen *recorder) (claims, error) {
	var found claims
	info, err := provider.UserInfo(ctx, oauth2.StaticTokenSource(t))
	switch {
	case ctx.Err() != nil:
		return known, context.Cause(ctx)
	case err != nil && known.Subject == "" && (seen.failed != nil || s.unanswered(opUserInfo, seen).passes()):
		return known, s.unanswered(opUserInfo, seen)
	case err != nil, info.Claims(&found) != nil, found.Subject == "":
		s.log.Warn("the userinfo endpoint does not say who signed in; let the ID token have the claim name")
		return known, nil //nolint:nilerr // which costs the name only
	case known.Subject != "" && known.Subject != found.Subject:
		return claims{}, fixable.Errorf("the tenant's userinfo endpoint tells of somebody else than the ID token; let the ID token of client %s have the claim name", s.clientID())
	}
	return found, nil
}
