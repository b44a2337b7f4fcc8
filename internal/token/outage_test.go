package token_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"foyer/internal/registration"
	"foyer/internal/token"
)

// testify has the house answer with an ID token of issuer for subject, which tells no name, and with the key to it.
func (h *house) testify(t *testing.T, issuer, subject string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: key}, nil)
	if err != nil {
		t.Fatal(err)
	}
	idToken, err := jwt.Signed(signer).Claims(map[string]any{
		"iss": issuer, "aud": "desk", "sub": subject, "exp": time.Now().Add(time.Hour).Unix(), "iat": time.Now().Unix(),
	}).Serialize()
	if err != nil {
		t.Fatal(err)
	}
	keys, err := json.Marshal(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: key.Public(), Algorithm: "ES256", Use: "sig"}}})
	if err != nil {
		t.Fatal(err)
	}
	h.always("/.well-known/openid-configuration", step{status: 200, body: strings.ReplaceAll(
		houseDocument(`"id_token_signing_alg_values_supported":["ES256"]`), `"issuer":"https://acme.test/acme/system"`, `"issuer":"`+issuer+`"`)})
	h.always("/jwks", step{status: 200, body: string(keys)})
	h.answer("/token", func(form url.Values) step {
		granted := h.rotate(form)
		granted.body = strings.Replace(granted.body, "{", `{"id_token":"`+idToken+`",`, 1)
		return granted
	})
}

// poll begins a sign-in by the device flow and returns what becomes of it.
func poll(t *testing.T, s *token.Source) (registration.SignInProgress, error) {
	t.Helper()
	begun, err := s.SignIn(t.Context())
	if err != nil {
		t.Fatalf("SignIn() = %v", err)
	}
	return begun.Poll(t.Context())
}

func TestASignInWhoseTenantIsInTrouble(t *testing.T) {
	tests := []struct {
		name    string
		path    string
		give    step
		subject string // of the ID token; "" for none
		kind    registration.ProblemKind
	}{
		{"cannot be checked without the tenant's keys", "/jwks", step{status: 503}, "s-1", registration.Unavailable},
		{"cannot be checked without a way to them", "/jwks", step{}, "s-1", registration.Unavailable},
		{"refuses nobody by refusing its keys", "/jwks", step{status: 401}, "s-1", registration.Misconfigured},
		{"cannot be named without userinfo", "/userinfo", step{status: 503}, "", registration.Unavailable},
		{"cannot be named without a way there", "/userinfo", step{}, "", registration.Unavailable},
		{"cannot be named while that is busy", "/userinfo", step{status: 429}, "", registration.TooMany},
		{"cannot be named where that may not tell", "/userinfo", step{status: 403}, "", registration.Misconfigured},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h := newHouse()
				if tt.subject != "" {
					h.testify(t, houseIssuer, tt.subject)
				}
				h.always(tt.path, tt.give)
				s, _ := h.source(t, token.DeviceCode)
				_, err := poll(t, s)
				wantKind(t, "Poll()", err, tt.kind)
				if tt.subject != "" {
					h.testify(t, houseIssuer, tt.subject)
				}
				h.answer("/userinfo", nil)
				enter(t, s)
			})
		})
	}
}

func TestASubjectThatIsKnownNeedsNoUserInfo(t *testing.T) {
	for _, give := range []step{{}, {status: 503}, {status: 403}, {status: 200, body: "<html>"}} {
		synctest.Test(t, func(t *testing.T) {
			h := newHouse()
			h.testify(t, houseIssuer, "s-1")
			h.always("/userinfo", give)
			s, _ := h.source(t, token.DeviceCode)
			if who := enter(t, s); who != (registration.Operator{Subject: "s-1", Name: "s-1"}) {
				t.Errorf("signed in: %+v, want s-1", who)
			}
		})
	}
}

func TestAnIssuerMayEndInASlash(t *testing.T) {
	tests := []struct{ name, configured, issuer string }{
		{"in neither", houseIssuer, houseIssuer},
		{"in its document", houseIssuer, houseIssuer + "/"},
		{"in the configuration", houseIssuer + "/", houseIssuer},
		{"in both", houseIssuer + "/", houseIssuer + "/"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			configured := func(c *token.Config) { c.IssuerURL, _ = url.Parse(tt.configured) }
			synctest.Test(t, func(t *testing.T) {
				h := newHouse()
				h.testify(t, tt.issuer, "s-1")
				s, _ := h.source(t, token.DeviceCode, configured)
				enter(t, s) // by an ID token of that issuer
				if m, err := s.Discover(t.Context()); err != nil || m.Issuer != tt.issuer {
					t.Errorf("Discover() = %+v, %v, want the issuer %s", m, err, tt.issuer)
				}
			})
			h := newHouse()
			h.testify(t, tt.issuer, "s-1")
			s, _ := h.source(t, token.AuthorizationCode, redirectTo("http://127.0.0.1/callback"), configured)
			b := browse(t.Context(), t, s)
			if status := b.bring(t, http.MethodGet, "", b.good("iss", tt.issuer)...); status != http.StatusOK {
				t.Errorf("the response gets %d, want 200", status)
			}
			wantStaff(t, wantKind(t, "Poll()", (<-b.polled).err, registration.Misconfigured), "ID token is not valid") // it has no nonce
		})
	}
}
