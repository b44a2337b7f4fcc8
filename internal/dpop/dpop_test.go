package dpop_test

import (
	"bytes"
	"crypto"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/go-jose/go-jose/v4"
	"github.com/google/go-cmp/cmp"

	"foyer/internal/dpop"
)

// proof is one whose signature was checked with the key in it.
type proof struct {
	header map[string]any
	claims map[string]any
	jkt    string // the key's thumbprint
}

// open checks the one proof of r (RFC 9449, 4.3).
func open(t *testing.T, r *http.Request) proof {
	t.Helper()
	if n := len(r.Header.Values("DPoP")); n != 1 {
		t.Fatalf("%d proofs, want 1", n)
	}
	signed, err := jose.ParseSignedCompact(r.Header.Get("DPoP"), []jose.SignatureAlgorithm{jose.ES256})
	if err != nil {
		t.Fatalf("the proof does not parse: %v", err)
	}
	key := signed.Signatures[0].Protected.JSONWebKey
	payload, err := signed.Verify(key)
	if err != nil {
		t.Fatalf("the proof does not verify: %v", err)
	}
	sum, err := key.Thumbprint(crypto.SHA256)
	if err != nil {
		t.Fatal(err)
	}
	p := proof{jkt: base64.RawURLEncoding.EncodeToString(sum)}
	first, _, _ := strings.Cut(r.Header.Get("DPoP"), ".")
	raw, _ := base64.RawURLEncoding.DecodeString(first)
	if err := json.Unmarshal(raw, &p.header); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(payload, &p.claims); err != nil {
		t.Fatal(err)
	}
	return p
}

func newProver(t *testing.T) *dpop.Prover {
	t.Helper()
	p, err := dpop.New()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// A keeper answers with status 200 and what header says, and keeps what it is given.
type keeper struct {
	header   http.Header
	mu       sync.Mutex
	requests []*http.Request
}

func (k *keeper) RoundTrip(r *http.Request) (*http.Response, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.requests = append(k.requests, r)
	return &http.Response{StatusCode: http.StatusOK, Header: k.header, Body: http.NoBody, Request: r}, nil
}

// send sends r through p and returns what the keeper got.
func (k *keeper) send(t *testing.T, p *dpop.Prover, r *http.Request) *http.Request {
	t.Helper()
	resp, err := p.Transport(k).RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	return k.requests[len(k.requests)-1]
}

func request(t *testing.T, method, url, authorization string) *http.Request {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, url, http.NoBody)
	if authorization != "" {
		r.Header.Set("Authorization", authorization)
	}
	return r
}

func TestProofSaysWhatTheRequestIs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newProver(t)
		r := request(t, http.MethodPost, "https://acme.test/token?a=b", "DPoP abc")
		got := open(t, (&keeper{}).send(t, p, r))
		if jti, _ := got.claims["jti"].(string); len(jti) < 22 {
			t.Errorf("jti = %q, want at least 128 bits", jti)
		}
		delete(got.claims, "jti")
		sum := sha256.Sum256([]byte("abc"))
		want := map[string]any{
			"htm": "POST", "htu": "https://acme.test/token", "iat": float64(946684800), // when a bubble begins
			"ath": base64.RawURLEncoding.EncodeToString(sum[:]),
		}
		if diff := cmp.Diff(want, got.claims); diff != "" {
			t.Errorf("claims (-want +got):\n%s", diff)
		}
		key, _ := got.header["jwk"].(map[string]any)
		if got.header["typ"] != "dpop+jwt" || got.header["alg"] != "ES256" || len(got.header) != 3 || len(key) != 4 || key["d"] != nil {
			t.Errorf("header = %v, want typ dpop+jwt, alg ES256 and a public jwk", got.header)
		}
		if got.jkt != p.Thumbprint() {
			t.Errorf("Thumbprint() = %s, want %s", p.Thumbprint(), got.jkt)
		}
		if r.Header.Get("DPoP") != "" {
			t.Error("the caller's request was changed")
		}
	})
}

func TestProofURI(t *testing.T) {
	tests := []struct{ name, give, want string }{
		{"is the URL", "https://acme.test/a/b", "https://acme.test/a/b"},
		{"has no query", "https://acme.test/a?b=c", "https://acme.test/a"},
		{"has no fragment", "https://acme.test/a#b", "https://acme.test/a"},
		{"has scheme and host in small letters", "HTTPS://ACME.test/A", "https://acme.test/A"},
		{"has no default port", "https://acme.test:443/a", "https://acme.test/a"},
		{"has no default port of http", "http://acme.test:80/a", "http://acme.test/a"},
		{"has another port", "https://acme.test:8443/a", "https://acme.test:8443/a"},
		{"has the port of another scheme", "https://acme.test:80/a", "https://acme.test:80/a"},
		{"has an address of version 6", "https://[::1]:443/a", "https://[::1]/a"},
		{"has at least a slash", "https://acme.test", "https://acme.test/"},
		{"is encoded as it is sent", "https://acme.test/a%2Fb/%C3%A4", "https://acme.test/a%2Fb/%C3%A4"},
	}
	p := newProver(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, tt.give, http.NoBody)
			if err != nil {
				t.Fatal(err)
			}
			if got := open(t, (&keeper{}).send(t, p, r)).claims["htu"]; got != tt.want {
				t.Errorf("htu of %s = %v, want %s", tt.give, got, tt.want)
			}
		})
	}
}

func TestProofHashesATokenOfTheTypeDPoPOnly(t *testing.T) {
	p := newProver(t)
	for authorization, want := range map[string]bool{"": false, "Bearer abc": false, "Basic abc": false, "DPoP": false, "DPoP abc": true, "dpop abc": true} {
		r := (&keeper{}).send(t, p, request(t, http.MethodGet, "https://acme.test/", authorization))
		if _, got := open(t, r).claims["ath"]; got != want {
			t.Errorf("with Authorization %q the proof has ath: %t, want %t", authorization, got, want)
		}
	}
}

func TestProofsDiffer(t *testing.T) {
	p, k := newProver(t), &keeper{}
	var group sync.WaitGroup
	for range 50 {
		r := request(t, http.MethodGet, "https://acme.test/", "")
		group.Go(func() {
			if resp, err := p.Transport(k).RoundTrip(r); err == nil {
				_ = resp.Body.Close()
			}
		})
	}
	group.Wait()
	ids := map[any]bool{}
	for _, r := range k.requests {
		ids[open(t, r).claims["jti"]] = true
	}
	if len(ids) != 50 {
		t.Errorf("50 requests have %d ids, want 50", len(ids))
	}
}

func TestNonceOfASuccessIsUsedAtItsOrigin(t *testing.T) {
	p, k := newProver(t), &keeper{}
	nonceAt := func(url string) any {
		return open(t, k.send(t, p, request(t, http.MethodGet, url, ""))).claims["nonce"]
	}
	k.header = http.Header{"Dpop-Nonce": {"n-1"}}
	nonceAt("https://a.test/x")
	k.header = http.Header{"Dpop-Nonce": {"n-2"}}
	tests := []struct {
		url  string
		want any
	}{
		{"https://A.test:443/y?z", "n-1"},
		{"https://a.test/x", "n-2"},
		{"https://b.test/x", nil},
		{"https://a.test:8443/x", nil},
		{"http://a.test/x", nil},
	}
	for _, tt := range tests {
		if got := nonceAt(tt.url); got != tt.want {
			t.Errorf("nonce at %s = %v, want %v", tt.url, got, tt.want)
		}
	}
	k.header = nil
	if got := nonceAt("https://a.test/x"); got != "n-2" {
		t.Errorf("nonce = %v, want n-2", got)
	}
	if got := nonceAt("https://a.test/x"); got != "n-2" {
		t.Errorf("nonce after an answer without one = %v, want n-2", got)
	}
}

func TestNonceThatTheStandardForbidsIsNotUsed(t *testing.T) {
	for _, nonce := range []string{"", "a b", `a"b`, `a\b`, "a\tb", "ä", strings.Repeat("n", 1025)} {
		p, k := newProver(t), &keeper{header: http.Header{"Dpop-Nonce": {nonce}}}
		k.send(t, p, request(t, http.MethodGet, "https://a.test/", ""))
		if got := open(t, k.send(t, p, request(t, http.MethodGet, "https://a.test/", ""))).claims["nonce"]; got != nil {
			t.Errorf("nonce %q was used as %v", nonce, got)
		}
	}
}

func TestNoncesOfManyOriginsAreBounded(t *testing.T) {
	p, k := newProver(t), &keeper{header: http.Header{"Dpop-Nonce": {"n"}}}
	for i := range 100 {
		k.send(t, p, request(t, http.MethodGet, fmt.Sprintf("https://h%d.test/", i), ""))
	}
	k.header = nil
	kept := 0
	for i := range 100 {
		if open(t, k.send(t, p, request(t, http.MethodGet, fmt.Sprintf("https://h%d.test/", i), ""))).claims["nonce"] != nil {
			kept++
		}
	}
	if kept == 0 || kept > 16 {
		t.Errorf("the nonces of %d origins are kept, want some and at most 16", kept)
	}
}

func TestProverPrintsItsThumbprintOnly(t *testing.T) {
	p := newProver(t)
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "p", p)
	encoded, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	if want := "DPoP key " + p.Thumbprint(); !strings.Contains(log.String(), want) || string(encoded) != `"`+want+`"` {
		t.Errorf("log %s, JSON %s, want %q in both", log.String(), encoded, want)
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%d"} {
		if got, want := fmt.Sprintf(verb, p), "DPoP key "+p.Thumbprint(); got != want {
			t.Errorf("%s prints %q, want %q", verb, got, want)
		}
		if got := fmt.Sprintf(verb, struct{ p *dpop.Prover }{p}); strings.Contains(got, "D:") || strings.Contains(got, "big.Int") {
			t.Errorf("%s of a holder prints the key: %s", verb, got)
		}
	}
}
