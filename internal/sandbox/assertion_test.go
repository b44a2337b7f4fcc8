package sandbox_test

import (
	"crypto/rand"
	"net/http"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"foyer/internal/sandbox"
)

const (
	assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
	sharedSecret  = "a secret that is long enough to sign by every one of the digests HS256, HS384 and HS512"
)

func jwk(key any, kid string) jose.JSONWebKey { return jose.JSONWebKey{Key: key, KeyID: kid} }

func TestEveryAlgorithmOfAssertions(t *testing.T) {
	for _, alg := range []jose.SignatureAlgorithm{
		jose.RS256, jose.RS384, jose.RS512, jose.PS256, jose.PS384, jose.PS512, jose.ES256, jose.ES384, jose.ES512, jose.EdDSA,
		jose.HS256, jose.HS384, jose.HS512,
	} {
		t.Run(string(alg)+" is taken", func(t *testing.T) {
			var key any = []byte(sharedSecret)
			client := sandbox.Client{ID: "desk", Method: sandbox.MethodClientSecretJWT, Secret: sharedSecret, Scopes: []string{"identity"}}
			if alg[0] != 'H' {
				private := keyFor(t, alg)
				key = private
				client.Method, client.Secret = sandbox.MethodPrivateKeyJWT, ""
				client.Keys.Keys = []jose.JSONWebKey{jwk(private.Public(), "one")}
			}
			l := newLab(t, sandbox.Options{}, client)
			claims := map[string]any{
				"iss": "desk", "sub": "desk", "aud": l.server.URL + base, "exp": l.unix(time.Minute), "jti": rand.Text(),
			}
			got := l.post(t, "/oauth2/token", clientCredentials("client_assertion_type", assertionType, "client_assertion", sign(t, alg, key, claims, nil)))
			wantAnswer(t, "token", got, http.StatusOK, "")
			if got := l.pools(t, got.text(t, "access_token")); got.status != http.StatusOK {
				t.Errorf("GET pools = %d, want 200", got.status)
			}
		})
	}
}

func TestAssertionsAreCheckedWholly(t *testing.T) {
	key, other := keyFor(t, jose.ES256), keyFor(t, jose.ES256)
	client := sandbox.Client{
		ID: "desk", Method: sandbox.MethodPrivateKeyJWT, Scopes: []string{"identity"},
		Keys: jose.JSONWebKeySet{Keys: []jose.JSONWebKey{jwk(other.Public(), "old"), jwk(key.Public(), "new")}},
	}
	l := newLab(t, sandbox.Options{}, client)
	issuer := l.server.URL + base
	good := map[string]any{"iss": "desk", "sub": "desk", "aud": issuer, "exp": l.unix(time.Minute), "iat": l.unix(0)}
	kid := func(kid string) map[jose.HeaderKey]any { return map[jose.HeaderKey]any{"kid": kid} }
	tests := []struct {
		name    string
		key     any
		claims  map[string]any
		headers map[jose.HeaderKey]any
		status  int
	}{
		{"a good one is taken", key, good, nil, 200},
		{"its kid is heeded", key, good, kid("new"), 200},
		{"the token endpoint may be the audience", key, with(good, "aud", issuer+"/oauth2/token"), nil, 200},
		{"one audience may be in a list", key, with(good, "aud", []string{issuer}), nil, 200},
		{"it may be from a clock that is a little ahead", key, with(good, "iat", l.unix(4*time.Second)), nil, 200},
		{"another key is refused", keyFor(t, jose.ES256), good, nil, 401},
		{"the kid of another key is refused", key, good, kid("old"), 401},
		{"an unknown kid is refused", key, good, kid("newest"), 401},
		{"another issuer is refused", key, with(good, "iss", "front"), nil, 401},
		{"another subject is refused", key, with(good, "sub", "front"), nil, 401},
		{"another audience is refused", key, with(good, "aud", "https://elsewhere.example"), nil, 401},
		{"two audiences are refused", key, with(good, "aud", []string{issuer, "https://elsewhere.example"}), nil, 401},
		{"no audience is refused", key, with(good, "aud", nil), nil, 401},
		{"an expired one is refused", key, with(good, "exp", l.unix(0)), nil, 401},
		{"one for too long is refused", key, with(good, "exp", l.unix(6*time.Minute)), nil, 401},
		{"one without an end is refused", key, with(good, "exp", nil), nil, 401},
		{"one made in the future is refused", key, with(good, "iat", l.unix(time.Minute)), nil, 401},
		{"one good in the future is refused", key, with(good, "nbf", l.unix(time.Minute)), nil, 401},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			assertion := sign(t, jose.ES256, tt.key, with(tt.claims, "jti", rand.Text()), tt.headers)
			form := clientCredentials("client_assertion_type", assertionType, "client_assertion", assertion)
			got := l.post(t, "/oauth2/token", form)
			if got.status != tt.status || tt.status == 401 && got.text(t, "error") != "invalid_client" {
				t.Fatalf("token = %d %s, want %d", got.status, got.body, tt.status)
			}
			if again := l.post(t, "/oauth2/token", form); again.status != http.StatusUnauthorized {
				t.Errorf("the same assertion again = %d, want 401", again.status)
			}
		})
	}
	t.Run("one without an id is refused", func(t *testing.T) {
		form := clientCredentials("client_assertion_type", assertionType, "client_assertion", sign(t, jose.ES256, key, good, nil))
		wantAnswer(t, "token", l.post(t, "/oauth2/token", form), 401, "invalid_client")
	})
	t.Run("one of another type is refused", func(t *testing.T) {
		assertion := sign(t, jose.ES256, key, with(good, "jti", rand.Text()), nil)
		wantAnswer(t, "token", l.post(t, "/oauth2/token", clientCredentials("client_assertion_type", "jwt", "client_assertion", assertion)), 401, "invalid_client")
	})
	t.Run("one signed by a secret is refused", func(t *testing.T) {
		assertion := sign(t, jose.HS256, []byte(sharedSecret), with(good, "jti", rand.Text()), nil)
		form := clientCredentials("client_assertion_type", assertionType, "client_assertion", assertion)
		wantAnswer(t, "token", l.post(t, "/oauth2/token", form), 401, "invalid_client")
	})
}

func TestWrongSecretsThatSignCloseAClient(t *testing.T) {
	l := newLab(t, sandbox.Options{}, sandbox.Client{ID: "desk", Method: sandbox.MethodClientSecretJWT, Secret: sharedSecret})
	for i := range 6 {
		claims := map[string]any{"iss": "desk", "sub": "desk", "aud": l.server.URL + base, "exp": l.unix(time.Minute), "jti": rand.Text()}
		assertion := sign(t, jose.HS256, []byte("not "+sharedSecret), claims, nil)
		got := l.post(t, "/oauth2/token", clientCredentials("client_assertion_type", assertionType, "client_assertion", assertion))
		if want := map[bool]int{true: 401, false: 429}[i < 5]; got.status != want {
			t.Errorf("try %d = %d, want %d", i+1, got.status, want)
		}
	}
}
