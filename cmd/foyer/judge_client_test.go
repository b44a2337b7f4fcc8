package main

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/tls"
	"crypto/x509"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// awkward is a client secret with what the form encoding has to escape (RFC 6749, 2.3.1), long enough for HS256. It has no other
// letters than VSCHAR (RFC 6749, A.2), as the server refuses them.
const awkward = "p%41ss:w+rd & /=?~ \"<>\\^`{|}' 7 * lots of letters"

// allScopes are those that a kiosk can need.
const allScopes = "identity identity_self_registration transient_otp"

// A judged is a client of the server and what it authenticates with.
type judged struct {
	id       string
	metadata map[string]any // as registered (RFC 7591, 2)

	method      string
	secret      string
	key         crypto.Signer   // of private_key_jwt
	alg         string          // what the key signs with
	keyID       string          // of key
	audience    string          // of assertions; "" for the usual one
	certificate tls.Certificate // of the TLS methods
	dpop        bool
}

// A way is a client authentication method, and for private_key_jwt the algorithm.
type way struct{ method, alg string }

func (w way) String() string { return strings.TrimSpace(w.method + " " + w.alg) }

// ways are all that Foyer offers for a client with credentials.
func ways() []way {
	return []way{
		{"client_secret_basic", ""},
		{"client_secret_post", ""},
		{"client_secret_jwt", ""},
		{"private_key_jwt", "RS256"},
		{"private_key_jwt", "PS256"},
		{"private_key_jwt", "ES256"},
		{"private_key_jwt", "EdDSA"},
		{"tls_client_auth", ""},
		{"self_signed_tls_client_auth", ""},
	}
}

// newClient registers a client that authenticates by w, whose tokens are bound by DPoP if dpop says so. The last argument
// changes the metadata, and is nil for none.
func (s *authServer) newClient(t *testing.T, w way, dpop bool, change map[string]any) judged {
	t.Helper()
	c := judged{id: "kiosk-" + strings.ReplaceAll(t.Name(), " ", "_"), method: w.method, alg: w.alg, dpop: dpop}
	c.metadata = map[string]any{
		"client_id": c.id, "token_endpoint_auth_method": w.method, "scope": allScopes,
		"grant_types": []string{"client_credentials"}, "response_types": []string{}, "redirect_uris": []string{},
		"dpop_bound_access_tokens": dpop,
	}
	switch w.method {
	case "client_secret_basic", "client_secret_post", "client_secret_jwt":
		c.secret = awkward
		c.metadata["client_secret"] = awkward
	case "private_key_jwt":
		c.sign(t)
	case "tls_client_auth":
		c.certificate = s.ca.client(t, time.Now().Add(24*time.Hour))
		c.metadata["tls_client_auth_subject_dn"] = clientSubject
		c.bind(!dpop)
	case "self_signed_tls_client_auth":
		c.certificate = selfSigned(t)
		c.metadata["jwks"] = certificateKeys(t, c.certificate)
		c.bind(!dpop)
	}
	maps.Copy(c.metadata, change)
	s.order(t, "client", map[string]any{"metadata": c.metadata}, nil)
	return c
}

// bind says whether tokens have to be bound to the certificate; the server binds them to one thing at most.
func (c *judged) bind(bound bool) { c.metadata["tls_client_certificate_bound_access_tokens"] = bound }

// sign makes the key for c.alg.
func (c *judged) sign(t *testing.T) {
	t.Helper()
	c.keyID = "kiosk-1"
	switch c.alg {
	case "RS256", "PS256":
		c.key = newRSAKey(t)
	case "ES256":
		c.key = newECKey(t)
	case "EdDSA":
		c.key = newEdKey(t)
	}
	c.metadata["token_endpoint_auth_signing_alg"] = c.alg
	c.metadata["jwks"] = jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: c.key.Public(), KeyID: c.keyID, Use: "sig"}}}
}

// certificateKeys are a certificate's key and itself, as a client with self_signed_tls_client_auth registers them (RFC 8705,
// 2.2.2).
func certificateKeys(t *testing.T, pair tls.Certificate) jose.JSONWebKeySet {
	t.Helper()
	certificate, err := x509.ParseCertificate(pair.Certificate[0])
	if err != nil {
		t.Fatal(err)
	}
	return jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{
		Key: certificate.PublicKey, KeyID: "certificate", Certificates: []*x509.Certificate{certificate},
	}}}
}

// formats are those that the client's private key can be written in; one, "", if it has none.
func (c *judged) formats() []string {
	switch c.key.(type) {
	case nil:
		return []string{""}
	case ed25519.PrivateKey:
		return []string{"PKCS#8", "JWK"}
	case *ecdsa.PrivateKey:
		return []string{"SEC1", "PKCS#8", "JWK"}
	}
	return []string{"PKCS#1", "PKCS#8", "JWK"}
}

// settings is the configuration of auth that a client is used with, with its files written. The format is that of the signing
// key's file.
func (c *judged) settings(t *testing.T, format string) []string {
	t.Helper()
	env := []string{"FOYER_AUTH_METHOD=" + c.method, "FOYER_AUTH_CLIENT_ID=" + c.id}
	if c.secret != "" {
		env = append(env, "FOYER_AUTH_CLIENT_SECRET="+c.secret)
	}
	if c.key != nil {
		env = append(env, "FOYER_AUTH_SIGNING_KEY_FILE="+keyFile(t, format, c.key, c.keyID),
			"FOYER_AUTH_SIGNING_KEY_ID="+c.keyID, "FOYER_AUTH_SIGNING_ALG="+c.alg)
	}
	if c.certificate.Certificate != nil {
		certificate, key := writePair(t, c.certificate)
		env = append(env, "FOYER_AUTH_CERTIFICATE_FILE="+certificate, "FOYER_AUTH_KEY_FILE="+key)
	}
	if c.audience != "" {
		env = append(env, "FOYER_AUTH_AUDIENCE="+c.audience)
	}
	if c.dpop {
		env = append(env, "FOYER_AUTH_DPOP=true")
	}
	return env
}
