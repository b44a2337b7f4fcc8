package sandbox

import (
	"net/http"
	"slices"
	"strings"
)

// A staffMember is somebody who can sign in at the practice tenant's pages. They take no password.
type staffMember struct{ key, subject, name, email string }

// team is everybody who can sign in.
func team() []staffMember {
	return []staffMember{
		{"ann", "staff-ann", "Ann Staff", "ann@staff.example"},
		{"ben", "staff-ben", "Ben Staff", "ben@staff.example"},
	}
}

// member returns the member of staff whom take chooses.
func member(take func(staffMember) bool) (staffMember, bool) {
	i := slices.IndexFunc(team(), take)
	if i < 0 {
		return staffMember{}, false
	}
	return team()[i], true
}

// memberByKey returns who is meant in a form.
func memberByKey(key string) (staffMember, bool) {
	return member(func(m staffMember) bool { return m.key == key })
}

// staffScopes are what staff may be asked for in addition to a client's own scopes (OpenID Connect Core, 5.4 and 11).
func staffScopes() []string { return []string{ScopeOpenID, ScopeProfile, "email", ScopeOfflineAccess} }

// personClaims are what is told of a member of staff (OpenID Connect Core, 5.1).
type personClaims struct {
	Subject string `json:"sub"`
	Name    string `json:"name"`
	Email   string `json:"email"`
}

func (m staffMember) claims() personClaims { return personClaims{m.subject, m.name, m.email} }

// idClaims are the claims of an ID token (OpenID Connect Core, 2).
type idClaims struct {
	personClaims

	Issuer   string `json:"iss"`
	Audience string `json:"aud"`
	Expires  int64  `json:"exp"`
	Issued   int64  `json:"iat"`
	Nonce    string `json:"nonce,omitempty"`
}

// idToken tells the client who signed in.
func (t *Tenant) idToken(g grant, nonce string) (string, error) {
	m, _ := member(func(m staffMember) bool { return m.subject == g.staff })
	now := t.now()
	return t.signer.sign("JWT", idClaims{
		personClaims: m.claims(), Issuer: g.issuer, Audience: g.client,
		Expires: now.Add(t.tokens.ttl).Unix(), Issued: now.Unix(), Nonce: nonce,
	})
}

// userinfo tells who signed in (OpenID Connect Core, 5.3).
func (t *Tenant) userinfo(e *exchange) (reply, error) {
	g, err := t.authorize(e, ScopeOpenID)
	if err != nil {
		return reply{}, asGeneric(err)
	}
	m, ok := member(func(m staffMember) bool { return m.subject == g.staff })
	if !ok {
		return reply{}, asGeneric(challenge(http.StatusUnauthorized, schemeBearer, "invalid_token", "Nobody signed in for this access token"))
	}
	answer, err := jsonReply(http.StatusOK, m.claims())
	return answer.with("Cache-Control", "no-store"), err
}

// grantRefresh grants refresh_token (RFC 6749, 6). Each refresh token is good once, and none outlasts the sign-in.
func (t *Tenant) grantRefresh(in tokenRequest) (grant, string, error) {
	if in.form.Get("refresh_token") == "" {
		return grant{}, "", oauthError("invalid_request", "The parameter refresh_token is missing")
	}
	var scopes []string
	g, err := t.tokens.spend(in.form.Get("refresh_token"), in.client.ID, func(g grant) error {
		if in.client.Method == MethodNone && g.cnf != in.cnf { // RFC 9449, 5; RFC 8705, 4
			return oauthError("invalid_grant", "The refresh token is bound to another key or certificate")
		}
		scopes = g.scopes
		if asked := strings.Fields(in.form.Get("scope")); len(asked) > 0 {
			for _, s := range asked {
				if !slices.Contains(g.scopes, s) {
					return oauthError("invalid_scope", "One of these scopes was not granted at first")
				}
			}
			scopes = asked
		}
		return nil
	})
	g.scopes = in.fault.strip(scopes)
	return g, "", err
}
