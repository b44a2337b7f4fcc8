package token_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"foyer/internal/registration"
	"foyer/internal/token"
)

// A registry is an authorization server over TLS that tells who signed in.
type registry struct {
	server   *httptest.Server
	key      *ecdsa.PrivateKey
	idToken  string
	userInfo string // the answer of the userinfo endpoint; "" for a refusal
	jwks     int    // the status of the keys' answer
	info     bool   // whether there is a userinfo endpoint
	bearer   string // the Authorization of the last userinfo request
}

func newRegistry(t *testing.T) *registry {
	t.Helper()
	r := &registry{key: newECKey(t), jwks: http.StatusOK, info: true}
	mux := http.NewServeMux()
	mux.HandleFunc("/.well-known/openid-configuration", r.discover)
	mux.HandleFunc("/token", func(w http.ResponseWriter, _ *http.Request) {
		r.write(w, http.StatusOK, map[string]any{"access_token": markerToken + "-a", "token_type": "bearer", "expires_in": 3600, "id_token": r.idToken})
	})
	mux.HandleFunc("/jwks", func(w http.ResponseWriter, _ *http.Request) {
		r.write(w, r.jwks, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: r.key.Public(), KeyID: "k", Algorithm: "ES256", Use: "sig"}}})
	})
	mux.HandleFunc("/userinfo", func(w http.ResponseWriter, req *http.Request) {
		r.bearer = req.Header.Get("Authorization")
		if r.userInfo == "" {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		_, _ = w.Write([]byte(r.userInfo))
	})
	r.server = httptest.NewTLSServer(mux)
	t.Cleanup(r.server.Close)
	return r
}

func newECKey(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func (r *registry) write(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

func (r *registry) discover(w http.ResponseWriter, _ *http.Request) {
	at := r.server.URL
	document := map[string]any{
		"issuer": at, "token_endpoint": at + "/token", "authorization_endpoint": at + "/authorize", "jwks_uri": at + "/jwks",
		"id_token_signing_alg_values_supported": []string{"none", "HS256", "ES256"},
	}
	if r.info {
		document["userinfo_endpoint"] = at + "/userinfo"
	}
	r.write(w, http.StatusOK, document)
}

// source is a source of the registry.
func (r *registry) source(t *testing.T) *token.Source {
	t.Helper()
	s, _ := newHouse().source(t, token.AuthorizationCode, redirectTo("http://127.0.0.1/callback"), func(c *token.Config) {
		c.IssuerURL, _ = url.Parse(r.server.URL)
		c.HTTPClient = r.server.Client()
	})
	return s
}

// signs makes an ID token.
func signs(t *testing.T, alg jose.SignatureAlgorithm, key any, claims map[string]any) string {
	t.Helper()
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: alg, Key: key}, (&jose.SignerOptions{}).WithHeader("kid", "k"))
	if err != nil {
		t.Fatal(err)
	}
	signed, err := jwt.Signed(signer).Claims(claims).Serialize()
	if err != nil {
		t.Fatal(err)
	}
	return signed
}

// claims are those of a good ID token, with some changed; nil takes one away.
func (r *registry) claims(nonce string, change map[string]any) map[string]any {
	claims := map[string]any{
		"iss": r.server.URL, "aud": "desk", "sub": "s-1", "nonce": nonce, "name": "Ann",
		"iat": time.Now().Unix(), "exp": time.Now().Add(time.Hour).Unix(),
	}
	maps.Copy(claims, change)
	maps.DeleteFunc(claims, func(_ string, v any) bool { return v == nil })
	return claims
}

// signIn signs somebody in whom make tells, given the nonce.
func (r *registry) signIn(t *testing.T, make func(nonce string) string) polled {
	t.Helper()
	b := browse(t.Context(), t, r.source(t))
	r.idToken = make(b.page.Get("nonce"))
	b.bring(t, http.MethodGet, "", "code", "c", "state", b.page.Get("state"))
	return <-b.polled
}

func TestOperatorByIDToken(t *testing.T) {
	tests := []struct {
		name   string
		change map[string]any
		want   registration.Operator
	}{
		{"has the name", nil, registration.Operator{Subject: "s-1", Name: "Ann"}},
		{"has both names where there is no one", map[string]any{"name": nil, "given_name": "Ann", "family_name": "Lee"}, registration.Operator{Subject: "s-1", Name: "Ann Lee"}},
		{"has the user name else", map[string]any{"name": " ", "preferred_username": "ann"}, registration.Operator{Subject: "s-1", Name: "ann"}},
		{"has the address else", map[string]any{"name": nil, "email": "ann@acme.test"}, registration.Operator{Subject: "s-1", Name: "ann@acme.test"}},
		{"has the subject else", map[string]any{"name": nil}, registration.Operator{Subject: "s-1", Name: "s-1"}},
		{"has no control characters", map[string]any{"name": "A\x1b[31mn\u202en\r\nLee\x07", "sub": "s\x1b[2J-1"}, registration.Operator{Subject: "s-1", Name: "Ann Lee"}},
		{"is not endless", map[string]any{"name": strings.Repeat("x", 1000)}, registration.Operator{Subject: "s-1", Name: strings.Repeat("x", 59) + "…"}},
		{"may be for several clients", map[string]any{"aud": []string{"api", "desk"}, "azp": "desk"}, registration.Operator{Subject: "s-1", Name: "Ann"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := newRegistry(t)
			got := r.signIn(t, func(nonce string) string { return signs(t, jose.ES256, r.key, r.claims(nonce, tt.change)) })
			if got.err != nil || got.Operator != tt.want {
				t.Errorf("Poll() = %+v, want %+v", got, tt.want)
			}
		})
	}
}

func TestIDTokensThatAreRefused(t *testing.T) {
	past := time.Now().Add(-time.Minute).Unix()
	tests := []struct {
		name string
		make func(t *testing.T, r *registry, nonce string) string
	}{
		{"for another client", claiming(map[string]any{"aud": "other"})},
		{"that was issued to another client", claiming(map[string]any{"aud": []string{"desk", "other"}, "azp": "other"})},
		{"of another issuer", claiming(map[string]any{"iss": "https://evil.test"})},
		{"that has expired", claiming(map[string]any{"exp": past})},
		{"without an end", claiming(map[string]any{"exp": nil})},
		{"of another sign-in", claiming(map[string]any{"nonce": "x"})},
		{"without a nonce", claiming(map[string]any{"nonce": nil})},
		{"with a name that is a number", claiming(map[string]any{"name": 5})},
		{"signed by another key", func(t *testing.T, r *registry, nonce string) string {
			t.Helper()
			return signs(t, jose.ES256, newECKey(t), r.claims(nonce, nil))
		}},
		{"signed by a shared secret", func(t *testing.T, r *registry, nonce string) string {
			t.Helper()
			return signs(t, jose.HS256, []byte(strings.Repeat("k", 32)), r.claims(nonce, nil))
		}},
		{"signed by nobody", func(t *testing.T, r *registry, nonce string) string {
			t.Helper()
			signed := signs(t, jose.ES256, r.key, r.claims(nonce, nil))
			return "eyJhbGciOiJub25lIn0." + strings.Split(signed, ".")[1] + "." // {"alg":"none"}
		}},
		{"that is none", func(*testing.T, *registry, string) string { return "MARKER.MARKER.MARKER" }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := newRegistry(t)
			got := r.signIn(t, func(nonce string) string { return tt.make(t, r, nonce) })
			staff := wantKind(t, "Poll()", got.err, registration.Misconfigured)
			if want := "ID token is not valid for client desk"; !strings.Contains(staff, want) {
				t.Errorf("Staff = %q, want %q in it", staff, want)
			}
			if strings.Contains(got.err.Error(), "eyJ") {
				t.Errorf("the error quotes the ID token: %v", got.err)
			}
		})
	}
}

// claiming makes an ID token with changed claims.
func claiming(change map[string]any) func(*testing.T, *registry, string) string {
	return func(t *testing.T, r *registry, nonce string) string {
		t.Helper()
		return signs(t, jose.ES256, r.key, r.claims(nonce, change))
	}
}

func TestOperatorByUserInfo(t *testing.T) {
	nameless := map[string]any{"name": nil}
	tests := []struct {
		name     string
		change   map[string]any // of the ID token; "" for its sub: there is none
		info     bool
		userInfo string
		want     registration.Operator
		staff    string // the sentence of the error; "" for none
	}{
		{"names who the ID token does not", nameless, true, `{"sub":"s-1","name":"Ann"}`, registration.Operator{Subject: "s-1", Name: "Ann"}, ""},
		{"is not asked who the ID token names", nil, true, `{"sub":"s-2","name":"Ben"}`, registration.Operator{Subject: "s-1", Name: "Ann"}, ""},
		{"names who signed in without an ID token", map[string]any{"sub": ""}, true, `{"sub":"s-1","name":"Ann"}`, registration.Operator{Subject: "s-1", Name: "Ann"}, ""},
		{"is not needed", nameless, false, "", registration.Operator{Subject: "s-1", Name: "s-1"}, ""},
		{"may refuse", nameless, true, "", registration.Operator{Subject: "s-1", Name: "s-1"}, ""},
		{"may tell nonsense", nameless, true, "<html>", registration.Operator{Subject: "s-1", Name: "s-1"}, ""},
		{"tells no other person", nameless, true, `{"sub":"s-2","name":"Ben"}`, registration.Operator{}, "somebody else than the ID token"},
		{"has to tell where nothing else does", map[string]any{"sub": ""}, true, "", registration.Operator{}, "assign the scope openid to the client desk"},
		{"has to be there where nothing else tells", map[string]any{"sub": ""}, false, "", registration.Operator{}, "assign the scope openid to the client desk"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := newRegistry(t)
			r.info, r.userInfo = tt.info, tt.userInfo
			got := r.signIn(t, func(nonce string) string {
				if tt.change["sub"] == "" {
					return ""
				}
				return signs(t, jose.ES256, r.key, r.claims(nonce, tt.change))
			})
			if tt.staff != "" {
				if staff := wantKind(t, "Poll()", got.err, registration.Misconfigured); !strings.Contains(staff, tt.staff) {
					t.Errorf("Staff = %q, want %q in it", staff, tt.staff)
				}
				return
			}
			if got.err != nil || got.Operator != tt.want {
				t.Errorf("Poll() = %+v, want %+v", got, tt.want)
			}
			if asked := tt.info && tt.change != nil; asked != (r.bearer == "Bearer "+markerToken+"-a") {
				t.Errorf("the userinfo endpoint was asked by %q", r.bearer)
			}
		})
	}
}

func TestAnIDTokenWhoseKeysCannotBeHad(t *testing.T) {
	r := newRegistry(t)
	r.jwks = http.StatusServiceUnavailable
	got := r.signIn(t, func(nonce string) string { return signs(t, jose.ES256, r.key, r.claims(nonce, nil)) })
	wantKind(t, "Poll()", got.err, registration.Unavailable)
}
