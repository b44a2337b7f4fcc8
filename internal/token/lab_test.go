package token_test

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"

	"foyer/internal/clientauth"
	"foyer/internal/dpop"
	"foyer/internal/sandbox"
	"foyer/internal/secret"
	"foyer/internal/token"
)

// strong is a secret that is long enough to sign.
const strong = markerSecret + "0123456789abcdef0123456789abcdef"

// A lab is a sandbox over real TLS, by an authority of its own.
type lab struct {
	*sandbox.Tenant

	authority *sandbox.Authority
	server    *sandbox.Server
}

// newLab serves a tenant with one client.
func newLab(t *testing.T, authority *sandbox.Authority, c sandbox.Client) *lab {
	t.Helper()
	l := &lab{authority: authority}
	var err error
	l.Tenant, err = sandbox.New(sandbox.Options{
		TenantID: "default", Authority: authority, Clients: []sandbox.Client{c}, DPoPNonce: true, DPoPNonceUses: 2, DeviceInterval: secondsOf(1),
	})
	if err != nil {
		t.Fatal(err)
	}
	if l.server, err = l.Listen("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.server.Close() })
	return l
}

func newAuthority(t *testing.T) *sandbox.Authority {
	t.Helper()
	a, err := sandbox.NewAuthority(nil)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// transport trusts the lab, and shows certificates.
func (l *lab) transport(t *testing.T, certificates ...tls.Certificate) *http.Transport {
	t.Helper()
	transport := &http.Transport{
		TLSClientConfig: &tls.Config{RootCAs: l.authority.Pool(), Certificates: certificates, MinVersion: tls.VersionTLS12}, ForceAttemptHTTP2: true,
	}
	t.Cleanup(transport.CloseIdleConnections)
	return transport
}

// A proof is what a client proves itself by.
type proof struct {
	credentials clientauth.Credentials // without method and id
	certificate *tls.Certificate
}

// identity is what proves the client "kiosk" of l by m and p.
func (l *lab) identity(t *testing.T, m clientauth.Method, p proof) token.Identity {
	t.Helper()
	p.credentials.Method, p.credentials.ClientID = m, "kiosk"
	if p.credentials.Audience == "" {
		p.credentials.Audience = l.server.URL + "/default/system"
	}
	a, err := clientauth.New(p.credentials)
	if err != nil {
		t.Fatal(err)
	}
	id := token.Identity{Version: 1, Authenticate: a.Transport, Proof: []string{"what proves it"}}
	if p.certificate != nil {
		sum := sha256.Sum256(p.certificate.Leaf.Raw)
		id.Certificate, id.NotAfter = base64.RawURLEncoding.EncodeToString(sum[:]), p.certificate.Leaf.NotAfter
		id.Transport = l.transport(t, *p.certificate)
	}
	return id
}

// source is a source of l.
func (l *lab) source(t *testing.T, grant token.Grant, id token.Identity, bound bool, scopes ...string) *token.Source {
	t.Helper()
	u, err := url.Parse(l.server.URL + "/default/system")
	if err != nil {
		t.Fatal(err)
	}
	c := token.Config{
		IssuerURL: u, ClientID: "kiosk", Grant: grant, Scopes: append(scopes, "identity"), HTTPClient: &http.Client{Transport: l.transport(t)},
		Identify: func() (token.Identity, error) { return id, nil },
	}
	if bound {
		if c.Prover, err = dpop.New(); err != nil {
			t.Fatal(err)
		}
	}
	redirectTo("http://127.0.0.1/callback")(&c)
	return token.NewSource(c)
}

// wantLetIn calls the API by a token of s.
func (l *lab) wantLetIn(t *testing.T, s *token.Source, id token.Identity) {
	t.Helper()
	at := l.server.URL
	if id.Certificate != "" {
		at = l.server.MutualURL
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, at+"/api/identity/default/system/pools", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	mustToken(t, s).SetAuthHeader(r)
	resp, err := (&http.Client{Transport: s.Transport()}).Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Errorf("GET pools = %d %s, %v, want 200", resp.StatusCode, body, err)
	}
}

// decide sends the form of a staff page, and returns the answer's status and where it leads; nil for nowhere.
func (l *lab) decide(t *testing.T, page string, form url.Values) (int, *url.URL) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, page, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", l.server.URL)
	resp, err := l.transport(t).RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	to, _ := resp.Location()
	return resp.StatusCode, to
}

// secretly is a proof by a secret.
func secretly(s string) proof {
	return proof{credentials: clientauth.Credentials{Secret: secret.New(s)}}
}

// signing is a proof by a key, and what the tenant has to know of it.
func signing(t *testing.T, key crypto.Signer, algorithm string) (proof, jose.JSONWebKeySet) {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := clientauth.ParseSigningKey(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), "k", algorithm)
	if err != nil {
		t.Fatal(err)
	}
	known := jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: key.Public(), KeyID: "k", Algorithm: algorithm, Use: "sig"}}}
	return proof{credentials: clientauth.Credentials{Key: parsed}}, known
}

func newRSAKey(t *testing.T) *rsa.PrivateKey {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func newEdKey(t *testing.T) ed25519.PrivateKey {
	t.Helper()
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}
