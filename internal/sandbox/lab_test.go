package sandbox_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/tls"
	"encoding/base64"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"foyer/internal/sandbox"
)

const base = "/default/system" // of the OAuth endpoints

// A lab is a tenant that is served over TLS by an authority of its own.
type lab struct {
	*sandbox.Tenant

	clock     *clock
	authority *sandbox.Authority
	server    *sandbox.Server
}

// newLab serves a tenant with clients; options may change the rest.
func newLab(t *testing.T, options sandbox.Options, clients ...sandbox.Client) *lab {
	t.Helper()
	l := &lab{clock: newClock()}
	var err error
	if l.authority, err = sandbox.NewAuthority(l.clock.Now); err != nil {
		t.Fatal(err)
	}
	l.serve(t, options, clients...)
	return l
}

func (l *lab) serve(t *testing.T, options sandbox.Options, clients ...sandbox.Client) {
	t.Helper()
	options.TenantID, options.Now, options.Authority, options.Clients = "default", l.clock.Now, l.authority, clients
	var err error
	if l.Tenant, err = sandbox.New(options); err != nil {
		t.Fatal(err)
	}
	if l.server, err = l.Listen("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.server.Close() })
}

// certificate issues a client certificate.
func (l *lab) certificate(t *testing.T, r sandbox.CertificateRequest) tls.Certificate {
	t.Helper()
	c, err := l.authority.Client(r)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// browser is an HTTP client that trusts the authority, shows certificates, and follows no redirect.
func (l *lab) browser(t *testing.T, certificates ...tls.Certificate) *http.Client {
	t.Helper()
	transport := &http.Transport{
		TLSClientConfig: &tls.Config{RootCAs: l.authority.Pool(), Certificates: certificates, Time: l.clock.Now},
	}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// A call is one request of a test.
type call struct {
	client *http.Client
	url    string
	form   url.Values // posted; nil for GET
	header map[string]string
}

func (c call) do(t *testing.T) answer {
	t.Helper()
	method := http.MethodGet
	if c.form != nil {
		method = http.MethodPost
	}
	r, err := http.NewRequestWithContext(t.Context(), method, c.url, strings.NewReader(c.form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	if c.form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for name, value := range c.header {
		r.Header.Set(name, value)
	}
	resp, err := c.client.Do(r)
	if err != nil {
		t.Fatalf("%s %s: %v", method, r.URL.Path, err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{resp.StatusCode, resp.Header, string(body)}
}

// post sends a form to an OAuth endpoint of the listener that asks for no certificate.
func (l *lab) post(t *testing.T, path string, form url.Values) answer {
	t.Helper()
	return call{l.browser(t), l.server.URL + base + path, form, nil}.do(t)
}

// pools calls the API with a token.
func (l *lab) pools(t *testing.T, token string) answer {
	t.Helper()
	return call{l.browser(t), l.server.URL + poolsPath, nil, map[string]string{"Authorization": "Bearer " + token}}.do(t)
}

const poolsPath = "/api/identity/default/system/pools"

// values makes a form of pairs.
func values(pairs ...string) url.Values {
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	return form
}

// clientCredentials is a token request, with more parameters.
func clientCredentials(more ...string) url.Values {
	form := values(more...)
	form.Set("grant_type", "client_credentials")
	return form
}

// wantAnswer holds an answer against a status and an OAuth error, "" for none.
func wantAnswer(t *testing.T, what string, got answer, status int, code string) {
	t.Helper()
	if got.status != status || code != "" && got.text(t, "error") != code {
		t.Errorf("%s = %d %s, want %d %s", what, got.status, got.body, status, code)
	}
}

// keyFor makes a private key for an algorithm.
func keyFor(t *testing.T, alg jose.SignatureAlgorithm) crypto.Signer {
	t.Helper()
	var key crypto.Signer
	var err error
	switch alg { //nolint:exhaustive // the rest are of RSA
	case jose.ES256:
		key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	case jose.ES384:
		key, err = ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	case jose.ES512:
		key, err = ecdsa.GenerateKey(elliptic.P521(), rand.Reader)
	case jose.EdDSA:
		_, key, err = ed25519.GenerateKey(rand.Reader)
	default:
		key, err = rsa.GenerateKey(rand.Reader, 2048)
	}
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// sign signs claims; headers are added to the header.
func sign(t *testing.T, alg jose.SignatureAlgorithm, key any, claims map[string]any, headers map[jose.HeaderKey]any) string {
	t.Helper()
	options := new(jose.SignerOptions)
	for name, value := range headers {
		options = options.WithHeader(name, value)
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: alg, Key: key}, options)
	if err != nil {
		t.Fatal(err)
	}
	token, err := jwt.Signed(signer).Claims(claims).Serialize()
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// with returns claims with some changed; nil takes one away.
func with(claims map[string]any, pairs ...any) map[string]any {
	out := maps.Clone(claims)
	for i := 0; i+1 < len(pairs); i += 2 {
		name, _ := pairs[i].(string)
		if out[name] = pairs[i+1]; pairs[i+1] == nil {
			delete(out, name)
		}
	}
	return out
}

// hash is SHA-256 in base64url, as PKCE and DPoP have it.
func hash(s string) string {
	sum := sha256.Sum256([]byte(s))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// unix is a NumericDate from now.
func (l *lab) unix(d time.Duration) int64 { return l.clock.Now().Add(d).Unix() }
