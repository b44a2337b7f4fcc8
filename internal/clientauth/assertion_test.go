package clientauth_test

import (
	"crypto/elliptic"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/go-jose/go-jose/v4"
	"github.com/google/go-cmp/cmp"

	"foyer/internal/clientauth"
	"foyer/internal/secret"
)

// opened is an assertion whose signature was checked.
func opened(t *testing.T, assertion string, algorithm jose.SignatureAlgorithm, key any) (header, claims map[string]any) {
	t.Helper()
	signed, err := jose.ParseSignedCompact(assertion, []jose.SignatureAlgorithm{algorithm})
	if err != nil {
		t.Fatalf("the assertion does not parse: %v", err)
	}
	payload, err := signed.Verify(key)
	if err != nil {
		t.Fatalf("the assertion does not verify: %v", err)
	}
	first, _, _ := strings.Cut(assertion, ".")
	raw, err := base64.RawURLEncoding.DecodeString(first)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, &header); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(payload, &claims); err != nil {
		t.Fatal(err)
	}
	return header, claims
}

func TestAssertionSaysWhoAndForWhomAndHowLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := credentials(t, clientauth.PrivateKeyJWT)
		k := &keeper{}
		resp, err := authenticator(t, c).Transport(k).RoundTrip(post(t, strings.NewReader("grant_type=x")))
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		body, _ := io.ReadAll(k.requests[0].Body)
		form, _ := url.ParseQuery(string(body))
		header, claims := opened(t, form.Get("client_assertion"), jose.ES256, c.Key.Public())
		if jti, _ := claims["jti"].(string); len(jti) < 22 {
			t.Errorf("jti = %q, want at least 128 bits", jti)
		}
		delete(claims, "jti")
		const now = 946684800 // midnight UTC 2000-01-01, when a bubble begins
		want := map[string]any{"iss": clientID, "sub": clientID, "aud": issuer, "iat": float64(now), "exp": float64(now + 60)}
		if diff := cmp.Diff(want, claims); diff != "" {
			t.Errorf("claims (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(map[string]any{"alg": "ES256", "kid": "kid-1", "typ": "JWT"}, header); diff != "" {
			t.Errorf("header (-want +got):\n%s", diff)
		}
		if got := form.Get("client_assertion_type"); got != "urn:ietf:params:oauth:client-assertion-type:jwt-bearer" {
			t.Errorf("client_assertion_type = %q", got)
		}
		if form.Get("client_id") != clientID || form.Has("client_secret") {
			t.Errorf("form = %v, want the client_id and no secret", form)
		}
	})
}

func TestEachRoundTripHasAnAssertionOfItsOwn(t *testing.T) {
	a := authenticator(t, credentials(t, clientauth.PrivateKeyJWT))
	ten := newTenant(t)
	var group sync.WaitGroup
	for range 20 {
		group.Go(func() { ten.ask(t, a) })
	}
	group.Wait()
	assertions := map[string]bool{}
	for _, r := range ten.seen {
		assertions[r.form.Get("client_assertion")] = true
	}
	if len(assertions) != 20 {
		t.Errorf("20 requests carried %d assertions, want 20", len(assertions))
	}
}

func TestAssertionAlgorithms(t *testing.T) {
	rsa, p256, p384, p521, ed := rsaKey(t, 2048), ecKey(t, elliptic.P256()), ecKey(t, elliptic.P384()), ecKey(t, elliptic.P521()), edKey(t)
	tests := []struct {
		algorithm jose.SignatureAlgorithm
		key       any
	}{
		{jose.RS256, rsa},
		{jose.RS384, rsa},
		{jose.RS512, rsa},
		{jose.PS256, rsa},
		{jose.PS384, rsa},
		{jose.PS512, rsa},
		{jose.ES256, p256},
		{jose.ES384, p384},
		{jose.ES512, p521},
		{jose.EdDSA, ed},
	}
	for _, tt := range tests {
		t.Run(string(tt.algorithm), func(t *testing.T) {
			c := credentials(t, clientauth.ClientSecretPost)
			c.Method, c.Key = clientauth.PrivateKeyJWT, parse(t, pkcs8(t, tt.key), "", string(tt.algorithm))
			got := newTenant(t).ask(t, authenticator(t, c))
			header, _ := opened(t, got.form.Get("client_assertion"), tt.algorithm, c.Key.Public())
			if _, has := header["kid"]; has || header["alg"] != string(tt.algorithm) {
				t.Errorf("header = %v, want alg %s and no kid", header, tt.algorithm)
			}
		})
	}
}

func TestClientSecretJWT(t *testing.T) {
	tests := []struct {
		name, algorithm string
		length          int
		want            jose.SignatureAlgorithm
		err             string
	}{
		{"uses HS256 when nothing is said", "", 32, jose.HS256, ""},
		{"uses HS384", "HS384", 48, jose.HS384, ""},
		{"uses HS512", "HS512", 64, jose.HS512, ""},
		{"refuses a secret of 31 bytes", "", 31, "", "HS256 needs at least 32 bytes"},
		{"refuses a secret of 47 bytes for HS384", "HS384", 47, "", "HS384 needs at least 48 bytes"},
		{"refuses a secret of 63 bytes for HS512", "HS512", 63, "", "HS512 needs at least 64 bytes"},
		{"refuses no secret", "", 0, "", "auth.client_secret is empty"},
		{"refuses another algorithm", "RS256", 64, "", "HS256, HS384 or HS512"},
		{"refuses no algorithm at all", "none", 64, "", "HS256, HS384 or HS512"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			key := strings.Repeat("k", tt.length)
			c := credentials(t, clientauth.ClientSecretJWT)
			c.Secret, c.Algorithm = secret.New(key), tt.algorithm
			a, err := clientauth.New(c)
			if tt.err != "" {
				wantFixable(t, err, tt.err)
				return
			}
			if err != nil {
				t.Fatalf("New() = %v", err)
			}
			got := newTenant(t).ask(t, a)
			header, _ := opened(t, got.form.Get("client_assertion"), tt.want, []byte(key))
			if diff := cmp.Diff(map[string]any{"alg": string(tt.want), "typ": "JWT"}, header); diff != "" {
				t.Errorf("header (-want +got):\n%s", diff)
			}
			if got.form.Has("client_secret") || got.header.Get("Authorization") != "" {
				t.Error("the secret itself was sent too")
			}
		})
	}
}

func TestNewSaysWhatIsMissing(t *testing.T) {
	tests := []struct {
		name string
		give clientauth.Credentials
		want string
	}{
		{"no client id", clientauth.Credentials{Method: clientauth.None}, "auth.client_id"},
		{"no method", clientauth.Credentials{ClientID: "a"}, "auth.method"},
		{"an unknown method", clientauth.Credentials{ClientID: "a", Method: "password\x1b[2J"}, `"password"`},
		{"basic without a secret", clientauth.Credentials{ClientID: "a", Method: clientauth.ClientSecretBasic}, "auth.client_secret"},
		{"post without a secret", clientauth.Credentials{ClientID: "a", Method: clientauth.ClientSecretPost}, "auth.client_secret"},
		{"no key", clientauth.Credentials{ClientID: "a", Method: clientauth.PrivateKeyJWT, Audience: issuer}, "auth.signing_key_file"},
		{"no audience", clientauth.Credentials{ClientID: "a", Method: clientauth.PrivateKeyJWT}, "auth.audience"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := clientauth.New(tt.give)
			wantFixable(t, err, tt.want)
		})
	}
}

func TestTheTransportsErrorsPass(t *testing.T) {
	a := authenticator(t, credentials(t, clientauth.None))
	resp, err := a.Transport(tripper(func(*http.Request) (*http.Response, error) { return nil, http.ErrHandlerTimeout })).RoundTrip(post(t, nil))
	if err == nil {
		_ = resp.Body.Close()
	}
	if err != http.ErrHandlerTimeout { //nolint:errorlint // it is to be the very error
		t.Errorf("RoundTrip() = %v, want the transport's own error", err)
	}
}

type tripper func(*http.Request) (*http.Response, error)

func (f tripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
