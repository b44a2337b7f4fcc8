package sandbox_test

import (
	"crypto"
	"crypto/rand"
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"foyer/internal/sandbox"
)

// proofOf is a DPoP proof for a request; the claims are changed by pairs.
func (l *lab) proofOf(t *testing.T, key crypto.Signer, method, uri string, pairs ...any) string {
	t.Helper()
	claims := map[string]any{"jti": rand.Text(), "htm": method, "htu": uri, "iat": l.unix(0)}
	public := jose.JSONWebKey{Key: key.Public()}
	return sign(t, jose.ES256, key, with(claims, pairs...), map[jose.HeaderKey]any{"typ": "dpop+jwt", "jwk": public})
}

// bound fetches a token with a proof by key.
func (l *lab) bound(t *testing.T, key crypto.Signer, pairs ...any) answer {
	t.Helper()
	uri := l.server.URL + base + "/oauth2/token"
	form := clientCredentials("client_id", "desk", "client_secret", "s3cret")
	return call{l.browser(t), uri, form, map[string]string{"DPoP": l.proofOf(t, key, http.MethodPost, uri, pairs...)}}.do(t)
}

func proving() sandbox.Client {
	return sandbox.Client{ID: "desk", Secret: "s3cret", Scopes: []string{"identity"}, DPoP: true}
}

func TestProofsAtTheTokenEndpoint(t *testing.T) {
	l := newLab(t, sandbox.Options{}, proving())
	key, other := keyFor(t, jose.ES256), keyFor(t, jose.ES256)
	uri := l.server.URL + base + "/oauth2/token"
	claims := map[string]any{"jti": "j", "htm": "POST", "htu": uri, "iat": l.unix(0)}
	public := jose.JSONWebKey{Key: key.Public()}
	signed := func(by any, headers map[jose.HeaderKey]any) string { return sign(t, jose.ES256, by, claims, headers) }
	tests := []struct {
		name   string
		proof  string
		status int
	}{
		{"a good one is taken", l.proofOf(t, key, "POST", uri), 200},
		{"the host may be in any case", l.proofOf(t, key, "POST", strings.Replace(uri, "https", "HTTPS", 1)), 200},
		{"one of a while ago is taken", l.proofOf(t, key, "POST", uri, "iat", l.unix(-50*time.Second)), 200},
		{"none is refused", "", 400},
		{"no JWT is refused", "x", 400},
		{"another method is refused", l.proofOf(t, key, "GET", uri), 400},
		{"another path is refused", l.proofOf(t, key, "POST", uri+"s"), 400},
		{"another host is refused", l.proofOf(t, key, "POST", "https://elsewhere.example"+base+"/oauth2/token"), 400},
		{"a query is refused", l.proofOf(t, key, "POST", uri+"?a=b"), 400},
		{"an old one is refused", l.proofOf(t, key, "POST", uri, "iat", l.unix(-2*time.Minute)), 400},
		{"one from the future is refused", l.proofOf(t, key, "POST", uri, "iat", l.unix(time.Minute)), 400},
		{"one without a time is refused", l.proofOf(t, key, "POST", uri, "iat", nil), 400},
		{"one without an id is refused", l.proofOf(t, key, "POST", uri, "jti", nil), 400},
		{"another typ is refused", signed(key, map[jose.HeaderKey]any{"typ": "JWT", "jwk": public}), 400},
		{"one without its key is refused", signed(key, map[jose.HeaderKey]any{"typ": "dpop+jwt"}), 400},
		{"another key is refused", signed(other, map[jose.HeaderKey]any{"typ": "dpop+jwt", "jwk": public}), 400},
		{"a private key is refused", signed(key, map[jose.HeaderKey]any{"typ": "dpop+jwt", "jwk": jose.JSONWebKey{Key: key}}), 400},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := call{l.browser(t), uri, clientCredentials("client_id", "desk", "client_secret", "s3cret"), map[string]string{}}
			if tt.proof != "" {
				c.header["DPoP"] = tt.proof
			}
			got := c.do(t)
			if tt.status != 200 {
				wantAnswer(t, "token", got, tt.status, "invalid_dpop_proof")
				return
			}
			if got.status != 200 || got.text(t, "token_type") != "DPoP" {
				t.Fatalf("token = %d %s, want 200 and token_type DPoP", got.status, got.body)
			}
			thumb, _ := public.Thumbprint(crypto.SHA256)
			if cnf := claimsOf(t, got.text(t, "access_token"))["cnf"].(map[string]any); cnf["jkt"] != base64.RawURLEncoding.EncodeToString(thumb) {
				t.Errorf("cnf = %v, want the key's thumbprint", cnf)
			}
			wantAnswer(t, "the same proof again", c.do(t), 400, "invalid_dpop_proof")
		})
	}
}

func TestProofsAtAResource(t *testing.T) {
	l := newLab(t, sandbox.Options{}, proving())
	key, other := keyFor(t, jose.ES256), keyFor(t, jose.ES256)
	token := l.bound(t, key).text(t, "access_token")
	uri := l.server.URL + poolsPath
	replayed := l.proofOf(t, key, "GET", uri, "ath", hash(token))
	tests := []struct {
		name, scheme, proof string
		status              int
		code                string
	}{
		{"a good one is let in", "DPoP", replayed, 200, ""},
		{"a replayed one is not", "DPoP", replayed, 401, `DPoP realm="sandbox", error="invalid_dpop_proof"`},
		{"the query takes no part", "DPoP", l.proofOf(t, key, "GET", uri, "ath", hash(token)), 200, ""},
		{"none is not let in", "DPoP", "", 401, `DPoP realm="sandbox", error="invalid_dpop_proof"`},
		{"one for no token is not", "DPoP", l.proofOf(t, key, "GET", uri), 401, `DPoP realm="sandbox", error="invalid_dpop_proof"`},
		{"one for another token is not", "DPoP", l.proofOf(t, key, "GET", uri, "ath", hash("x")), 401, `error="invalid_dpop_proof"`},
		{"another key's is not", "DPoP", l.proofOf(t, other, "GET", uri, "ath", hash(token)), 401, `DPoP realm="sandbox", error="invalid_token"`},
		{"the scheme Bearer is not", "Bearer", l.proofOf(t, key, "GET", uri, "ath", hash(token)), 401, `Bearer realm="sandbox", error="invalid_token"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			header := map[string]string{"Authorization": tt.scheme + " " + token}
			if tt.proof != "" {
				header["DPoP"] = tt.proof
			}
			got := call{l.browser(t), uri + "?limit=1", nil, header}.do(t)
			if got.status != tt.status || !strings.Contains(got.header.Get("WWW-Authenticate"), tt.code) {
				t.Errorf("GET pools = %d %q, want %d %q", got.status, got.header.Get("WWW-Authenticate"), tt.status, tt.code)
			}
		})
	}
}

func TestATokenThatIsNotBoundTakesNoProof(t *testing.T) {
	l := newLab(t, sandbox.Options{}, sandbox.Client{ID: "desk", Secret: "s3cret", Scopes: []string{"identity"}})
	token := l.post(t, "/oauth2/token", clientCredentials("client_id", "desk", "client_secret", "s3cret")).text(t, "access_token")
	proof := l.proofOf(t, keyFor(t, jose.ES256), "GET", l.server.URL+poolsPath, "ath", hash(token))
	got := call{l.browser(t), l.server.URL + poolsPath, nil, map[string]string{"Authorization": "DPoP " + token, "DPoP": proof}}.do(t)
	if got.status != http.StatusUnauthorized {
		t.Errorf("GET pools by DPoP = %d, want 401", got.status)
	}
}

func TestNoncesOfProofs(t *testing.T) {
	l := newLab(t, sandbox.Options{DPoPNonce: true, DPoPNonceUses: 2}, proving())
	key := keyFor(t, jose.ES256)
	challenged := l.bound(t, key)
	wantAnswer(t, "token without a nonce", challenged, 400, "use_dpop_nonce")
	nonce := challenged.header.Get("DPoP-Nonce")
	got := l.bound(t, key, "nonce", nonce)
	wantAnswer(t, "token with the nonce", got, 200, "")
	token := got.text(t, "access_token")
	uri := l.server.URL + poolsPath
	pools := func(nonce any) answer {
		proof := l.proofOf(t, key, "GET", uri, "ath", hash(token), "nonce", nonce)
		return call{l.browser(t), uri, nil, map[string]string{"Authorization": "DPoP " + token, "DPoP": proof}}.do(t)
	}
	if got := pools(nonce); got.status != http.StatusOK {
		t.Fatalf("GET pools with the nonce = %d, want 200", got.status)
	}
	again := pools(nonce)
	fresh := again.header.Get("DPoP-Nonce")
	if again.status != 401 || !strings.Contains(again.header.Get("WWW-Authenticate"), `DPoP realm="sandbox", error="use_dpop_nonce"`) || fresh == "" || fresh == nonce {
		t.Fatalf("GET pools with a nonce that is used up = %d %v, want 401 and another nonce", again.status, again.header)
	}
	if got := pools(fresh); got.status != http.StatusOK {
		t.Errorf("GET pools with the fresh nonce = %d, want 200", got.status)
	}
	if got := pools(nil); got.status != http.StatusUnauthorized {
		t.Errorf("GET pools without a nonce = %d, want 401", got.status)
	}
	l.clock.Advance(time.Minute)
	if got := pools(fresh); got.status != http.StatusUnauthorized || got.header.Get("DPoP-Nonce") == fresh {
		t.Errorf("GET pools with a nonce of a minute ago = %d, want 401 and another nonce", got.status)
	}
}

func TestRefreshTokensOfPublicClientsAreBound(t *testing.T) {
	l := newLab(t, sandbox.Options{}, staffed())
	key, other := keyFor(t, jose.ES256), keyFor(t, jose.ES256)
	uri := l.server.URL + base + "/oauth2/token"
	ask := func(key crypto.Signer, form url.Values) answer {
		return call{l.browser(t), uri, form, map[string]string{"DPoP": l.proofOf(t, key, "POST", uri)}}.do(t)
	}
	got := ask(key, l.codeForm(t, "ann"))
	wantAnswer(t, "token", got, 200, "")
	refresh := values("grant_type", "refresh_token", "client_id", "desk", "refresh_token", got.text(t, "refresh_token"))
	wantAnswer(t, "refresh by another key", ask(other, refresh), 400, "invalid_grant")
	wantAnswer(t, "refresh without a key", l.post(t, "/oauth2/token", refresh), 400, "invalid_grant")
	wantAnswer(t, "refresh by the key", ask(key, refresh), 200, "")
}
