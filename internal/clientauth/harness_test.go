package clientauth_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/go-jose/go-jose/v4"
	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"

	"foyer/internal/clientauth"
	"foyer/internal/fixable"
	"foyer/internal/secret"
)

const (
	clientID = "kiosk 1:a"
	awkward  = "MARKER:%+& ü=?/0123456789abcdef0123456789abcdef0123456789abcdef"
	issuer   = "https://acme.test/acme/system"
)

// credentials returns those of a client with that method, all that it may need included.
func credentials(t *testing.T, method clientauth.Method) clientauth.Credentials {
	t.Helper()
	c := clientauth.Credentials{Method: method, ClientID: clientID, Secret: secret.New(awkward), Audience: issuer}
	if method == clientauth.PrivateKeyJWT {
		c.Key = parse(t, pkcs8(t, ecKey(t, elliptic.P256())), "kid-1", "")
	}
	return c
}

func authenticator(t *testing.T, c clientauth.Credentials) *clientauth.Authenticator {
	t.Helper()
	a, err := clientauth.New(c)
	if err != nil {
		t.Fatalf("New(%v) = %v", c, err)
	}
	return a
}

// arrived is a request as the server saw it.
type arrived struct {
	header http.Header
	length int64
	form   url.Values
}

// A tenant answers token requests and keeps them.
type tenant struct {
	*httptest.Server
	mu   sync.Mutex
	seen []arrived
}

func newTenant(t *testing.T) *tenant {
	t.Helper()
	ten := &tenant{}
	ten.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		form, _ := url.ParseQuery(string(body))
		ten.mu.Lock()
		defer ten.mu.Unlock()
		ten.seen = append(ten.seen, arrived{r.Header, r.ContentLength, form})
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"access_token":"x","token_type":"bearer"}`)
	}))
	t.Cleanup(ten.Close)
	return ten
}

// ask fetches a token through a and returns the request that arrived.
func (ten *tenant) ask(t *testing.T, a *clientauth.Authenticator) arrived {
	t.Helper()
	client := &http.Client{Transport: a.Transport(ten.Client().Transport)}
	ctx := context.WithValue(t.Context(), oauth2.HTTPClient, client)
	config := clientcredentials.Config{ClientID: clientID, TokenURL: ten.URL, Scopes: []string{"a", "b"}, AuthStyle: oauth2.AuthStyleInParams}
	if _, err := config.Token(ctx); err != nil {
		t.Fatalf("Token() = %v", err)
	}
	ten.mu.Lock()
	defer ten.mu.Unlock()
	return ten.seen[len(ten.seen)-1]
}

// wantFixable fails the test unless err is an *fixable.Error with each of the parts in its sentence.
func wantFixable(t *testing.T, err error, parts ...string) {
	t.Helper()
	var mend *fixable.Error
	if !errors.As(err, &mend) {
		t.Errorf("error = %v, want a *fixable.Error", err)
		return
	}
	for _, part := range parts {
		if !strings.Contains(mend.Staff, part) {
			t.Errorf("error = %q, want %q in it", mend.Staff, part)
		}
	}
}

func rsaKey(tb testing.TB, bits int) *rsa.PrivateKey {
	tb.Helper()
	key, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		tb.Fatal(err)
	}
	return key
}

func ecKey(tb testing.TB, curve elliptic.Curve) *ecdsa.PrivateKey {
	tb.Helper()
	key, err := ecdsa.GenerateKey(curve, rand.Reader)
	if err != nil {
		tb.Fatal(err)
	}
	return key
}

func edKey(tb testing.TB) ed25519.PrivateKey {
	tb.Helper()
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		tb.Fatal(err)
	}
	return key
}

func block(kind string, der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
}

func pkcs8(tb testing.TB, key any) []byte {
	tb.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		tb.Fatal(err)
	}
	return block("PRIVATE KEY", der)
}

func pkcs1(key *rsa.PrivateKey) []byte {
	return block("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(key))
}

func sec1(tb testing.TB, key *ecdsa.PrivateKey) []byte {
	tb.Helper()
	der, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		tb.Fatal(err)
	}
	return block("EC PRIVATE KEY", der)
}

func public(tb testing.TB, key any) []byte {
	tb.Helper()
	der, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		tb.Fatal(err)
	}
	return block("PUBLIC KEY", der)
}

// jwk encodes keys: one as a JWK, several as a JWK Set.
func jwk(tb testing.TB, keys ...jose.JSONWebKey) []byte {
	tb.Helper()
	var value any = jose.JSONWebKeySet{Keys: keys}
	if len(keys) == 1 {
		value = keys[0]
	}
	data, err := json.Marshal(value)
	if err != nil {
		tb.Fatal(err)
	}
	return data
}

func parse(t *testing.T, data []byte, keyID, algorithm string) *clientauth.SigningKey {
	t.Helper()
	key, err := clientauth.ParseSigningKey(data, keyID, algorithm)
	if err != nil {
		t.Fatalf("ParseSigningKey() = %v", err)
	}
	return key
}
