package sandbox

import (
	"context"
	"net/http"
	"slices"
	"strings"
)

// The schemes by which a token is sent (RFC 6750, 2.1; RFC 9449, 7.1).
const (
	schemeBearer = "Bearer"
	schemeDPoP   = "DPoP"
)

// An Introspection is what another authorization server says of an active token (RFC 7662, 2.2).
type Introspection struct {
	ClientID, Subject string
	Scopes            []string

	// CertificateThumbprint and KeyThumbprint are x5t#S256 and jkt of cnf: what the token is bound to; "" for nothing.
	CertificateThumbprint, KeyThumbprint string
}

// behind returns what a token stands for, if it is good.
func (t *Tenant) behind(ctx context.Context, token string) (grant, bool) {
	if t.introspector == nil {
		return t.tokens.find(token)
	}
	i, active := t.introspector(ctx, token)
	return grant{
		client: i.ClientID, scopes: i.Scopes, cnf: confirmation{i.CertificateThumbprint, i.KeyThumbprint},
	}, active
}

// authorize returns the grant behind a request's access token, which must hold scope, over the certificate and with the
// proof that it is bound to.
func (t *Tenant) authorize(e *exchange, scope string) (grant, error) {
	scheme, token, _ := strings.Cut(e.request.Header.Get("Authorization"), " ")
	token = strings.TrimSpace(token)
	switch {
	case strings.EqualFold(scheme, schemeBearer):
		scheme = schemeBearer
	case strings.EqualFold(scheme, schemeDPoP):
		scheme = schemeDPoP
	default:
		token = ""
	}
	if token == "" {
		return grant{}, challenge(http.StatusUnauthorized, schemeBearer, "", "An access token is required")
	}
	g, ok := t.behind(e.request.Context(), token)
	if !ok {
		return grant{}, challenge(http.StatusUnauthorized, scheme, "invalid_token", "The access token is unknown or has expired")
	}
	if err := t.checkBinding(e.request, g.cnf, scheme, token); err != nil {
		return grant{}, err
	}
	if !slices.Contains(g.scopes, scope) {
		lacking := challenge(http.StatusForbidden, scheme, "insufficient_scope", "The access token was granted without the scope "+scope)
		lacking.header["Www-Authenticate"][0] += `, scope="` + scope + `"`
		return grant{}, lacking
	}
	return g, nil
}

// checkBinding holds a request to what its token is bound to (RFC 8705, 3; RFC 9449, 7).
func (t *Tenant) checkBinding(r *http.Request, cnf confirmation, scheme, token string) error {
	if cnf.Certificate != "" {
		if c := peer(r); c == nil || thumbprint(c) != cnf.Certificate {
			return challenge(http.StatusUnauthorized, scheme, "invalid_token", "The access token is bound to another client certificate")
		}
	}
	if (cnf.Key != "") != (scheme == schemeDPoP) {
		return challenge(http.StatusUnauthorized, scheme, "invalid_token", "The access token takes the other scheme of DPoP and Bearer")
	}
	if cnf.Key == "" {
		return nil
	}
	key, err := t.checkProof(r, token)
	if err != nil {
		return proofChallenge(err)
	}
	if key != cnf.Key {
		return challenge(http.StatusUnauthorized, scheme, "invalid_token", "The access token is bound to another key than that of the proof")
	}
	return nil
}

// challenge refuses a request and says what authorization it takes; code is the error of RFC 6750, 3.1, or "".
func challenge(status int, scheme, code, message string) *httpError {
	r := refuse(status, message)
	text := scheme + ` realm="sandbox"`
	if code != "" {
		text += `, error="` + code + `"`
	}
	if scheme == schemeDPoP {
		text += `, algs="` + algorithms(asymmetric()) + `"`
	}
	r.header = http.Header{"Www-Authenticate": {text}}
	return r
}
