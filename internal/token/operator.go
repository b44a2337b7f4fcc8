package token

import (
	"context"
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

// identify finds out who signed in: by the ID token, and by the userinfo endpoint where that names nobody.
func (i *SignIn) identify(ctx context.Context, got issued) (registration.Operator, error) {
	s := i.source
	client, _ := s.record(s.proving(s.transport(i.id)))
	ctx = oidc.ClientContext(ctx, client)
	config := oidc.ProviderConfig{
		IssuerURL: s.issuer, JWKSURL: i.meta.JWKSURI, Algorithms: i.meta.IDTokenAlgorithms,
		UserInfoURL: i.meta.endpoint(i.id, func(e Endpoints) string { return e.UserInfo }),
	}
	provider := config.NewProvider(ctx)
	found, err := i.byIDToken(ctx, provider, got)
	if err != nil {
		return registration.Operator{}, err
	}
	if found.name() == "" && config.UserInfoURL != "" {
		found, err = byUserInfo(ctx, provider, got.token(), found.Subject)
		if err != nil {
			return registration.Operator{}, err
		}
	}
	if found.Subject == "" {
		return registration.Operator{}, fixable.Errorf("the tenant does not say who signed in; assign the scope openid to the client %s", s.clientID())
	}
	who := registration.Operator{Subject: clean.Line(found.Subject, maxSubject), Name: found.name()}
	if who.Name == "" {
		who.Name = clean.Line(found.Subject, maxName)
	}
	return who, nil
}

// byIDToken returns the claims of the ID token, which has to be meant for this client and this sign-in (OpenID Connect Core
// 1.0, 3.1.3.7); none where there is no ID token. The library's errors are not passed on: they may quote it.
func (i *SignIn) byIDToken(ctx context.Context, provider *oidc.Provider, got issued) (claims, error) {
	var found claims
	if got.idToken.IsZero() {
		return found, nil
	}
	verified, err := provider.VerifierContext(ctx, &oidc.Config{ClientID: i.source.config.ClientID}).Verify(ctx, got.idToken.Reveal())
	switch {
	case ctx.Err() != nil:
		return found, context.Cause(ctx)
	case err != nil || verified.Nonce != i.nonce:
		return found, fixable.Errorf("the tenant's ID token is not valid for client %s; check this machine's clock and the client's signing algorithm", i.source.clientID())
	}
	if err := verified.Claims(&found); err != nil {
		return claims{}, errNoToken
	}
	return found, nil
}

// byUserInfo returns the claims of the userinfo endpoint, which have to be of subject if that is known (OpenID Connect Core 1.0,
// 5.3.2).
func byUserInfo(ctx context.Context, provider *oidc.Provider, t *oauth2.Token, subject string) (claims, error) {
	var found claims
	info, err := provider.UserInfo(ctx, oauth2.StaticTokenSource(t))
	switch {
	case ctx.Err() != nil:
		return found, context.Cause(ctx)
	case err != nil, info.Claims(&found) != nil, subject != "" && subject != found.Subject:
		return claims{}, fixable.Errorf("the tenant's userinfo endpoint does not say who signed in; let the ID token have the claim name")
	}
	return found, nil
}
