package main

import (
	"context"
	"crypto/tls"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
)

func TestTheJudgeAcceptsEveryMethod(t *testing.T) {
	s := startAuthServer(t)
	introspect := s.introspector(t)
	for _, w := range ways() {
		for _, dpop := range []bool{false, true} {
			name := w.String()
			if dpop {
				name += " with DPoP"
			}
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				c := s.newClient(t, w, dpop, nil)
				token, err := s.token(t, c, "identity")
				if err != nil {
					t.Fatalf("asking for a token: %v", err)
				}
				got := introspect(t.Context(), token.AccessToken)
				if !got.Active || got.ClientID != c.id || got.Scope != "identity" {
					t.Errorf("the token is %+v, want an active one of %s with the scope identity", got, c.id)
				}
				bound := c.certificate.Certificate != nil && !dpop
				if bound && got.Confirmation.Certificate != thumbprint(c.certificate) || dpop != (got.Confirmation.Key != "") {
					t.Errorf("the token is bound to %+v", got.Confirmation)
				}
				if n := s.revoke(t, c.id, ""); n != 1 {
					t.Errorf("%d tokens are revoked, want 1", n)
				}
				if introspect(t.Context(), token.AccessToken).Active {
					t.Error("the revoked token is active")
				}
			})
		}
	}
}

func TestTheJudgeRefuses(t *testing.T) {
	s := startAuthServer(t)
	other := newAuthority(t, "Elsewhere")
	tomorrow := time.Now().Add(24 * time.Hour)
	tests := []struct {
		name  string
		way   way
		dpop  bool
		spoil func(*judged)
		want  string
	}{
		{"a wrong secret", way{"client_secret_basic", ""}, false, func(c *judged) { c.secret = "wrong" }, "invalid_client"},
		{"an unknown client", way{"client_secret_basic", ""}, false, func(c *judged) { c.id = "nobody" }, "invalid_client"},
		{"another method", way{"client_secret_post", ""}, false, func(c *judged) { c.method = "client_secret_jwt" }, "invalid_client"},
		{"a wrong secret in an assertion", way{"client_secret_jwt", ""}, false, func(c *judged) { c.secret = strings.Repeat("x", 32) }, "invalid_client"},
		{"a wrong key", way{"private_key_jwt", "ES256"}, false, func(c *judged) { c.key = newECKey(t) }, "invalid_client"},
		{"another algorithm", way{"private_key_jwt", "RS256"}, false, func(c *judged) { c.alg = "PS256" }, "invalid_client"},
		{"an expired certificate", way{"tls_client_auth", ""}, false, func(c *judged) {
			c.certificate = s.ca.client(t, time.Now().Add(-time.Hour))
		}, "invalid_client"},
		{"a certificate of another authority", way{"tls_client_auth", ""}, false, func(c *judged) { c.certificate = other.client(t, tomorrow) }, "invalid_client"},
		{"another certificate of its own", way{"self_signed_tls_client_auth", ""}, false, func(c *judged) { c.certificate = selfSigned(t) }, "invalid_client"},
		{"no certificate", way{"tls_client_auth", ""}, false, func(c *judged) { c.certificate = tls.Certificate{} }, "invalid_client"},
		{"no proof", way{"client_secret_post", ""}, true, func(c *judged) { c.dpop = false }, "invalid_grant"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := s.newClient(t, tt.way, tt.dpop, nil)
			tt.spoil(&c)
			if _, err := s.token(t, c, "identity"); refusal(err) != tt.want {
				t.Errorf("asking for a token: %v, want %s", err, tt.want)
			}
		})
	}
}

func TestTheJudgeRefusesScopesAndAudiences(t *testing.T) {
	s := startAuthServer(t)
	narrow := s.newClient(t, way{"client_secret_basic", ""}, false, map[string]any{"scope": "identity"})
	if _, err := s.token(t, narrow, "identity", "identity_self_registration"); refusal(err) != "invalid_scope" {
		t.Errorf("asking for a scope that the client has not: %v, want invalid_scope", err)
	}
	params := url.Values{}
	signs := s.newClient(t, way{"private_key_jwt", "ES256"}, false, map[string]any{"client_id": "signs"})
	signs.id = "signs"
	assert(t, params, signs, jose.SigningKey{Algorithm: jose.ES256, Key: jose.JSONWebKey{Key: signs.key, KeyID: signs.keyID}}, "https://other.example")
	config := clientcredentials.Config{ClientID: signs.id, TokenURL: s.issuer + "/oauth2/token", AuthStyle: oauth2.AuthStyleInParams, EndpointParams: params}
	_, err := config.Token(context.WithValue(t.Context(), oauth2.HTTPClient, s.client(tls.Certificate{})))
	if refusal(err) != "invalid_client" {
		t.Errorf("an assertion for another audience: %v, want invalid_client", err)
	}
}
