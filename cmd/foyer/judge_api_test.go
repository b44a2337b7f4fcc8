package main

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// An introspection is what the server says of a token (RFC 7662, 2.2).
type introspection struct {
	Active       bool   `json:"active"`
	ClientID     string `json:"client_id"`
	Scope        string `json:"scope"` // separated by blanks
	Confirmation struct {
		Certificate string `json:"x5t#S256"` // RFC 8705, 3.1
		Key         string `json:"jkt"`      // RFC 9449, 6.1
	} `json:"cnf"`
}

// introspector returns what asks the server about a token, as a client of its own. A token that the server says nothing of is not
// active. It is safe for concurrent use.
func (s *authServer) introspector(t *testing.T) func(context.Context, string) introspection {
	t.Helper()
	const id, secret = "api", "of the resource server"
	s.order(t, "client", map[string]any{"metadata": map[string]any{
		"client_id": id, "client_secret": secret, "token_endpoint_auth_method": "client_secret_basic",
		"grant_types": []string{"client_credentials"}, "response_types": []string{}, "redirect_uris": []string{},
	}}, nil)
	client := s.client(tls.Certificate{})
	return func(ctx context.Context, token string) introspection {
		form := url.Values{"token": {token}}.Encode()
		request, err := http.NewRequestWithContext(ctx, http.MethodPost, s.issuer+"/oauth2/introspect", strings.NewReader(form))
		if err != nil {
			return introspection{}
		}
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		request.SetBasicAuth(id, url.QueryEscape(secret))
		response, err := client.Do(request)
		if err != nil {
			return introspection{}
		}
		defer func() { _ = response.Body.Close() }()
		var said introspection
		if json.NewDecoder(response.Body).Decode(&said) != nil {
			return introspection{}
		}
		return said
	}
}
