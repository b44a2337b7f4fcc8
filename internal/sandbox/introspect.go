package sandbox

import (
	"errors"
	"net/http"
	"slices"
	"strings"
)

// The scopes by which a client may ask about, and end, other clients' tokens (description of the operations).
const (
	scopeIntrospect = "introspect_tokens"
	scopeRevoke     = "revoke_tokens"
)

// An introspectResponse is the IntrospectResponse of the OAuth description (RFC 7662, 2.2).
type introspectResponse struct {
	Active    bool          `json:"active"`
	Issuer    string        `json:"iss,omitempty"`
	Subject   string        `json:"sub,omitempty"`
	Username  string        `json:"username,omitempty"`
	Audience  []string      `json:"aud,omitempty"`
	ClientID  string        `json:"client_id,omitempty"`
	Scope     string        `json:"scope,omitempty"`
	TokenType string        `json:"token_type,omitempty"`
	Expires   int64         `json:"exp,omitempty"`
	Issued    int64         `json:"iat,omitempty"`
	TenantID  string        `json:"tenant_id,omitempty"`
	Cnf       *confirmation `json:"cnf,omitempty"`
}

// introspect tells an authenticated client about a token of its own (RFC 7662, 2). Of any other it says no more than
// that it is not active.
func (t *Tenant) introspect(e *exchange) (reply, error) {
	c, token, err := t.aboutToken(e)
	if err != nil {
		return reply{}, err
	}
	kind := "access_token"
	g, ok := t.tokens.find(token)
	if !ok {
		kind = "refresh_token"
		g, ok = t.tokens.peek(token)
	}
	var out introspectResponse
	if ok && (g.client == c.ID || slices.Contains(c.Scopes, scopeIntrospect)) {
		out = g.introspection(kind, t.id)
	}
	answer, err := jsonReply(http.StatusOK, out)
	return answer.with("Cache-Control", "no-store"), err
}

func (g grant) introspection(kind, tenant string) introspectResponse {
	m, _ := member(func(m staffMember) bool { return m.subject == g.staff })
	out := introspectResponse{
		Active: true, Issuer: g.issuer, Subject: g.subject(), Username: m.name, Audience: []string{g.audience}, ClientID: g.client,
		Scope: strings.Join(g.scopes, " "), TokenType: kind, Expires: g.ends.Unix(), TenantID: tenant, Cnf: g.bound(),
	}
	if !g.issued.IsZero() {
		out.Issued = g.issued.Unix()
	}
	return out
}

// revoke ends a token of an authenticated client (RFC 7009, 2). With a refresh token ends all that came of the same
// sign-in. A token that is unknown, or another's, is answered alike.
func (t *Tenant) revoke(e *exchange) (reply, error) {
	c, token, err := t.aboutToken(e)
	if err != nil {
		return reply{}, err
	}
	may := func(g grant) bool { return g.client == c.ID || slices.Contains(c.Scopes, scopeRevoke) }
	if g, ok := t.tokens.find(token); ok && may(g) {
		t.tokens.revoke(token)
	}
	if g, ok := t.tokens.peek(token); ok && may(g) {
		t.tokens.revokeFamily(g.family)
	}
	return reply{status: http.StatusOK, header: http.Header{"Cache-Control": {"no-store"}}}, nil
}

// aboutToken returns the client that asks, and the token that it asks about.
func (t *Tenant) aboutToken(e *exchange) (Client, string, error) {
	form, err := e.form()
	if err != nil {
		return Client{}, "", err
	}
	c, err := t.authenticate(e.request, form)
	if err != nil {
		return Client{}, "", err
	}
	if form.Get("token") == "" {
		return Client{}, "", oauthError("invalid_request", "The parameter token is missing")
	}
	return c, form.Get("token"), nil
}

// RevokeTokens ends every access token; those to refresh stay good.
func (t *Tenant) RevokeTokens() { t.tokens.revokeAll(false) }

// RevokeRefreshTokens ends every access and refresh token: staff have to sign in again.
func (t *Tenant) RevokeRefreshTokens() { t.tokens.revokeAll(true) }

// asGeneric gives a refusal the form "genericError" of the OAuth description.
func asGeneric(err error) error {
	var r *httpError
	if errors.As(err, &r) {
		r.generic = true
	}
	return err
}
