package sandbox

import (
	"strings"
	"time"
)

// A grant is what an access token stands for.
type grant struct {
	client string
	scopes []string
	whole  []string     // what staff allowed at first, of which scopes may be a part
	staff  string       // the subject of the member of staff who signed in; "" for none
	family string       // of all tokens that came of one sign-in; "" for none
	cnf    confirmation // what the token is bound to

	issuer, audience string
	id               string // jti
	issued, ends     time.Time
}

// A confirmation says what a token takes beside itself (RFC 7800, 3.1): a certificate (RFC 8705, 3.1), a proof by a key
// (RFC 9449, 6.1), or nothing.
type confirmation struct {
	Certificate string `json:"x5t#S256,omitempty"` // SHA-256 thumbprint of the client certificate, base64url
	Key         string `json:"jkt,omitempty"`      // SHA-256 thumbprint of the JWK (RFC 7638), base64url
}

// accessClaims are the claims of an access token (RFC 9068, 2.2).
type accessClaims struct {
	Issuer   string        `json:"iss"`
	Subject  string        `json:"sub"`
	Audience []string      `json:"aud"`
	ClientID string        `json:"client_id"`
	Scope    string        `json:"scope"`
	Expires  int64         `json:"exp"`
	Issued   int64         `json:"iat"`
	ID       string        `json:"jti"`
	Cnf      *confirmation `json:"cnf,omitempty"`
}

// subject is who the token is about: the member of staff, or else the client itself.
func (g grant) subject() string {
	if g.staff != "" {
		return g.staff
	}
	return g.client
}

// bound returns the confirmation for a document; nil for none.
func (g grant) bound() *confirmation {
	if g.cnf == (confirmation{}) {
		return nil
	}
	return &g.cnf
}

func (g grant) claims() accessClaims {
	return accessClaims{
		Issuer: g.issuer, Subject: g.subject(), Audience: []string{g.audience}, ClientID: g.client,
		Scope: strings.Join(g.scopes, " "), Expires: g.ends.Unix(), Issued: g.issued.Unix(), ID: g.id, Cnf: g.bound(),
	}
}
