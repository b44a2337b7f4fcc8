package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
)

// This file is a client of the OAuth server that is not Foyer: it proves that the server judges as the tests take it to.

// client is an HTTP client that trusts the server and shows it pair, if there is one.
func (s *authServer) client(pair tls.Certificate) *http.Client {
	config := &tls.Config{RootCAs: s.ca.pool(), MinVersion: tls.VersionTLS12}
	if pair.Certificate != nil {
		// Through Certificates a certificate that no asked authority has signed would not be shown.
		config.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return &pair, nil }
	}
	return &http.Client{Transport: &http.Transport{TLSClientConfig: config, DisableKeepAlives: true}}
}

// endpoint is the address of a path of the server, on the port for mutual TLS if the client has a certificate.
func (s *authServer) endpoint(c judged, path string) string {
	if c.certificate.Certificate != nil {
		return s.mtls + "/acme/system" + path
	}
	return s.issuer + path
}

// token asks for a token as c, with the scopes that are given. Where the server asks for a nonce, the second request has a new
// assertion too, as the first one's is spent.
func (s *authServer) token(t *testing.T, c judged, scopes ...string) (*oauth2.Token, error) {
	t.Helper()
	client := s.client(c.certificate)
	if c.dpop {
		client.Transport = &prover{t: t, base: client.Transport, key: newECKey(t)}
	}
	ctx := context.WithValue(t.Context(), oauth2.HTTPClient, client)
	token, err := s.request(t, c, scopes).Token(ctx)
	if refusal(err) == "use_dpop_nonce" {
		token, err = s.request(t, c, scopes).Token(ctx)
	}
	return token, err
}

// request is what c asks for a token with.
func (s *authServer) request(t *testing.T, c judged, scopes []string) *clientcredentials.Config {
	t.Helper()
	config := &clientcredentials.Config{
		ClientID: c.id, ClientSecret: c.secret, TokenURL: s.endpoint(c, "/oauth2/token"), Scopes: scopes,
		AuthStyle: oauth2.AuthStyleInParams, EndpointParams: url.Values{},
	}
	switch c.method {
	case "client_secret_basic":
		config.AuthStyle = oauth2.AuthStyleInHeader
	case "client_secret_jwt":
		config.ClientSecret = ""
		key := jose.SigningKey{Algorithm: jose.HS256, Key: []byte(c.secret)}
		assert(t, config.EndpointParams, c, key, s.issuer)
	case "private_key_jwt":
		key := jose.SigningKey{Algorithm: jose.SignatureAlgorithm(c.alg), Key: jose.JSONWebKey{Key: c.key, KeyID: c.keyID}}
		assert(t, config.EndpointParams, c, key, s.issuer)
	}
	return config
}

// assert adds a client assertion (RFC 7523, 2.2) to params.
func assert(t *testing.T, params url.Values, c judged, key jose.SigningKey, audience string) {
	t.Helper()
	signer, err := jose.NewSigner(key, nil)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	assertion, err := jwt.Signed(signer).Claims(jwt.Claims{
		Issuer: c.id, Subject: c.id, Audience: jwt.Audience{audience}, ID: rand.Text(),
		IssuedAt: jwt.NewNumericDate(now), Expiry: jwt.NewNumericDate(now.Add(time.Minute)),
	}).Serialize()
	if err != nil {
		t.Fatal(err)
	}
	params.Set("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
	params.Set("client_assertion", assertion)
}

// A prover adds a DPoP proof (RFC 9449, 4) to each request, with the nonce that the server gave last.
type prover struct {
	t     *testing.T
	base  http.RoundTripper
	key   *ecdsa.PrivateKey
	nonce string
}

func (p *prover) RoundTrip(r *http.Request) (*http.Response, error) {
	proven := r.Clone(r.Context())
	proven.Header.Set("DPoP", p.proof(r))
	response, err := p.base.RoundTrip(proven)
	if err == nil && response.Header.Get("DPoP-Nonce") != "" {
		p.nonce = response.Header.Get("DPoP-Nonce")
	}
	return response, err
}

func (p *prover) proof(r *http.Request) string {
	p.t.Helper()
	options := (&jose.SignerOptions{EmbedJWK: true}).WithType("dpop+jwt")
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: p.key}, options)
	if err != nil {
		p.t.Fatal(err)
	}
	claims := map[string]any{"jti": rand.Text(), "htm": r.Method, "htu": r.URL.String(), "iat": time.Now().Unix()}
	if p.nonce != "" {
		claims["nonce"] = p.nonce
	}
	proof, err := jwt.Signed(signer).Claims(claims).Serialize()
	if err != nil {
		p.t.Fatal(err)
	}
	return proof
}

// thumbprint is that of a certificate (RFC 8705, 3.1).
func thumbprint(pair tls.Certificate) string {
	sum := sha256.Sum256(pair.Certificate[0])
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// refusal is the error code with which the server refused a token.
func refusal(err error) string {
	var refused *oauth2.RetrieveError
	if errors.As(err, &refused) {
		return refused.ErrorCode
	}
	return ""
}
