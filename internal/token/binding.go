package token

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/url"
	"strings"
)

// A Binding is what an access token can be used with only, as its confirmation says (cnf: RFC 7800, 3.1).
type Binding struct {
	Known       bool   // there was something to read it off
	Certificate string // x5t#S256 (RFC 8705, 3.1); "" for none
	Key         string // jkt (RFC 9449, 6.1); "" for none
}

// A confirmed token is one in which, or about which, its confirmation can be read.
type confirmed struct {
	Active       *bool `json:"active"` // of an introspection
	Confirmation struct {
		Certificate string `json:"x5t#S256"`
		Key         string `json:"jkt"`
	} `json:"cnf"`
}

// Binding reads off the token what it is bound to, if it is a JWT (RFC 9068), and otherwise asks the issuer (RFC 7662), if that
// answers the client. A non-nil error is always an *Error.
func (s *Source) Binding(ctx context.Context) (Binding, error) {
	t, err := s.Token(ctx)
	if err != nil {
		return Binding{}, err
	}
	if payload, ok := payloadOf(t.AccessToken); ok {
		return bindingIn(payload), nil
	}
	answer, err := s.introspect(ctx, t.AccessToken)
	if err != nil {
		return Binding{}, s.asError(opIntrospect, err)
	}
	return bindingIn(answer), nil
}

// payloadOf is the claims of a JWT, which are read for what they say and not believed.
func payloadOf(accessToken string) ([]byte, bool) {
	parts := strings.Split(accessToken, ".")
	if len(parts) != 3 {
		return nil, false
	}
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	return payload, err == nil && json.Valid(payload)
}

// bindingIn reads a binding off claims or an introspection; unknown where there is neither.
func bindingIn(document []byte) Binding {
	var c confirmed
	if json.Unmarshal(document, &c) != nil || c.Active != nil && !*c.Active {
		return Binding{}
	}
	return Binding{Known: true, Certificate: c.Confirmation.Certificate, Key: c.Confirmation.Key}
}

// introspect asks the issuer about a token. Nil is an issuer that does not tell this client.
func (s *Source) introspect(ctx context.Context, accessToken string) ([]byte, error) {
	id, err := s.config.Identify()
	if err != nil {
		return nil, err
	}
	if refused := s.turnedAway(id); refused != nil {
		return nil, refused
	}
	m, err := s.discovered(ctx)
	if err != nil {
		return nil, err
	}
	endpoint := m.endpoint(id, func(e Endpoints) string { return e.Introspection })
	if endpoint == "" {
		return nil, nil
	}
	seen, err := s.post(ctx, opIntrospect, id, endpoint, url.Values{"token": {accessToken}, "token_type_hint": {"access_token"}})
	var refused *Error
	switch {
	case errors.As(err, &refused) && refused.Status != 0:
		return nil, nil
	case err != nil:
		return nil, err
	}
	return seen.body, nil
}
