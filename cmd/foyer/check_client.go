package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"foyer/internal/registration"
	"foyer/internal/token"
)

// client proves that the tenant accepts the client, and has a member of staff sign in where it acts for one. What is wrong with the
// scopes only is for the next step to say.
func (c *checkup) client(ctx context.Context) (finding, error) {
	a := c.config.Auth
	if err := c.program.signIn(ctx, c.tenant); err != nil && !lacksScopes(err) {
		return finding{}, err
	}
	l, err := c.link(ctx)
	if err != nil {
		return finding{}, err
	}
	if _, err := l.tokens.Token(ctx); err != nil && !lacksScopes(err) {
		return finding{}, err
	}
	text := fmt.Sprintf("the tenant accepts the client %s by %s", a.ClientID, a.Method)
	if who, ok := l.tokens.Operator(); ok {
		text += fmt.Sprintf(", for %s by %s", who.Name, a.Grant)
	}
	return finding{text: text}, nil
}

// lacksScopes reports whether err is of scopes that were not granted: the tenant knows the client.
func lacksScopes(err error) bool {
	var known *token.Error
	return errors.As(err, &known) && known.LacksScopes()
}

// scopes proves that all that the API needs is granted.
func (c *checkup) scopes(ctx context.Context) (finding, error) {
	l, err := c.link(ctx)
	if err != nil {
		return finding{}, err
	}
	granted, err := l.tokens.Granted(ctx)
	if err != nil {
		return finding{}, err
	}
	found := finding{text: "granted: " + strings.Join(granted.Scopes, " ")}
	if !granted.Lasts {
		found.look = "the tenant gave no refresh token: staff has to sign in again when the token ends (" + granted.Expires.Local().Format(time.TimeOnly) +
			"); assign offline_access and the grant refresh_token to the client " + c.config.Auth.ClientID
	}
	return found, nil
}

// binding tells what tokens are bound to (RFC 8705, 3; RFC 9449, 6).
func (c *checkup) binding(ctx context.Context) (finding, error) {
	a := c.config.Auth
	if !a.ByCertificate() && !a.DPoP {
		return finding{text: "none: tokens are bearer tokens"}, nil
	}
	l, err := c.link(ctx)
	if err != nil {
		return finding{}, err
	}
	bound, err := l.tokens.Binding(ctx)
	switch {
	case err != nil:
		return finding{}, err
	case !bound.Known:
		return finding{text: "tokens do not show what they are bound to; the API will"}, nil
	case a.DPoP && bound.Key == "":
		return finding{}, failed(registration.Misconfigured, nil, "the tenant issues tokens that are not bound to the key of auth.dpop; set dpop_bound_access_tokens on the client %s", a.ClientID)
	case bound.Key != "" && (c.prover == nil || bound.Key != c.prover.Thumbprint()):
		return finding{}, failed(registration.Misconfigured, nil, "the tenant binds tokens to another key (cnf.jkt) than Foyer's; something on the way replaces the DPoP proofs")
	case bound.Certificate != "" && (c.proofs.cert == nil || bound.Certificate != c.proofs.cert.Current().Thumbprint()):
		return finding{}, failed(registration.Misconfigured, nil, "the tenant binds tokens to another certificate (cnf.x5t#S256) than auth.certificate_file; something on the way replaces the certificate")
	}
	return boundTo(bound, a.ClientID, a.ByCertificate()), nil
}

// boundTo says what tokens are bound to.
func boundTo(bound token.Binding, client string, certificate bool) finding {
	var found finding
	switch {
	case bound.Key != "":
		found.text = "tokens are bound to the key of this process (cnf.jkt)"
	case bound.Certificate != "":
		found.text = "tokens are bound to the client certificate (cnf.x5t#S256)"
	case certificate:
		found.text = "none: tokens are bearer tokens"
		found.look = "tokens could be used without the client certificate; set tls_client_certificate_bound_access_tokens on the client " + client
	}
	return found
}
