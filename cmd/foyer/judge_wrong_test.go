package main

import (
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestWhatIsWrongEndsInItsExitCodeAndItsFix(t *testing.T) {
	s := startAuthServer(t)
	api := startAPI(t, s)
	otherKey, another := newECKey(t), selfSigned(t)
	expired := s.ca.client(t, time.Now().Add(-time.Hour))
	foreign := newAuthority(t, "Elsewhere").client(t, time.Now().Add(time.Hour))
	tests := []struct {
		name   string
		way    way
		dpop   bool                              // whether the client's tokens have to be bound
		change map[string]any                    // of the client's registration
		spoil  func(*judged)                     // the client's side; nil for none
		meddle func(introspection) introspection // with what the API is told; nil for none
		code   int
		step   string
		fix    []string // words of it
	}{
		{
			name: "a wrong secret", way: way{"client_secret_basic", ""}, code: 2, step: "✗ client", fix: []string{"auth.client_secret"},
			spoil: func(c *judged) { c.secret = "Wrong secret with 7 blanks" },
		},
		{
			name: "a wrong secret in the form", way: way{"client_secret_post", ""}, code: 2, step: "✗ client", fix: []string{"auth.client_secret"},
			spoil: func(c *judged) { c.secret = "Wrong secret with 7 blanks" },
		},
		{
			name: "an unknown client", way: way{"client_secret_basic", ""}, code: 2, step: "✗ client", fix: []string{"auth.client_id"},
			spoil: func(c *judged) { c.id = "nobody" },
		},
		{
			name: "another method", way: way{"client_secret_jwt", ""}, code: 2, step: "✗ client", fix: []string{"auth.method"},
			spoil: func(c *judged) { c.method = "client_secret_basic" },
		},
		{
			name: "a missing scope", way: way{"client_secret_basic", ""}, code: 2, step: "✗ scopes", fix: []string{"auth.scopes"},
			change: map[string]any{"scope": "identity"},
		},
		{
			name: "a wrong secret in an assertion", way: way{"client_secret_jwt", ""}, code: 2, step: "✗ client", fix: []string{"auth.client_secret"},
			spoil: func(c *judged) { c.secret = "Wrong secret with 7 blanks, long enough for HS256" },
		},
		{
			name: "a wrong key", way: way{"private_key_jwt", "ES256"}, code: 2, step: "✗ client", fix: []string{"auth.signing_key_file"},
			spoil: func(c *judged) { c.key = otherKey },
		},
		{
			name: "another algorithm than the registered one", way: way{"private_key_jwt", "RS256"}, code: 2, step: "✗ client", fix: []string{"auth.signing_alg"},
			spoil: func(c *judged) { c.alg = "PS256" },
		},
		{
			name: "a wrong audience", way: way{"private_key_jwt", "ES256"}, code: 2, step: "✗ client", fix: []string{"auth.audience"},
			spoil: func(c *judged) { c.audience = "https://other.example" },
		},
		{
			name: "an expired certificate", way: way{"tls_client_auth", ""}, code: 2, step: "✗ mTLS", fix: []string{"auth.certificate_file", "expired"},
			spoil: func(c *judged) { c.certificate = expired },
		},
		{
			name: "a certificate of another authority", way: way{"tls_client_auth", ""}, code: 2, step: "✗ client", fix: []string{"auth.certificate_file"},
			spoil: func(c *judged) { c.certificate = foreign },
		},
		{
			name: "another certificate of its own", way: way{"self_signed_tls_client_auth", ""}, code: 2, step: "✗ client", fix: []string{"auth.certificate_file"},
			spoil: func(c *judged) { c.certificate = another },
		},
		{
			// The API is told of another certificate than the one that asked for the token.
			name: "a certificate swapped between token and API call", way: way{"tls_client_auth", ""}, code: 2, step: "✗ pool", fix: []string{"certificate"},
			meddle: func(said introspection) introspection {
				said.Confirmation.Certificate = thumbprint(another)
				return said
			},
		},
		{
			name: "DPoP required and off", way: way{"client_secret_basic", ""}, dpop: true, code: 2, step: "✗ client", fix: []string{"auth.dpop"},
			spoil: func(c *judged) { c.dpop = false },
		},
		{
			name: "a grant that the client may not use", way: way{"client_secret_basic", ""}, code: 2, step: "✗ client", fix: []string{"client_credentials"},
			change: map[string]any{"grant_types": []string{"refresh_token"}},
		},
		{
			name: "an API that refuses fresh tokens", way: way{"client_secret_basic", ""}, code: 2, step: "✗ pool", fix: []string{"tenant.url"},
			meddle: func(introspection) introspection { return introspection{} },
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := s.newClient(t, tt.way, tt.dpop, tt.change)
			if tt.spoil != nil {
				tt.spoil(&c)
			}
			if tt.meddle != nil {
				api.meddle(c.id, tt.meddle)
			}
			k := api.kiosk(t, c, c.formats()[0])
			k.checks(t, tt.code, tt.step, tt.fix...)
			k.registersNobody(t, tt.code)
			k.needsAttention(t, tt.fix...)
			k.keepsSecrets(t)
		})
	}
}

func TestAWrongSecretIsTriedOnce(t *testing.T) {
	s := startAuthServer(t)
	api := startAPI(t, s)
	tries := map[string]func(*testing.T, *kioskOf){
		"by foyer check":                           checksOnce,
		"by foyer register":                        registersOnce,
		"by a kiosk, however often a person tries": triesOften,
	}
	for name, try := range tries {
		t.Run(name, func(t *testing.T) {
			c := s.newClient(t, way{"client_secret_basic", ""}, false, nil)
			c.secret = "wrong secret"
			k := api.kiosk(t, c, "")
			try(t, k)
			if seen := s.seen(t, c.id); len(seen.Refusals) != 1 || !strings.HasPrefix(seen.Refusals[0], "invalid_client") {
				t.Errorf("the server refused %q, want one invalid_client", seen.Refusals)
			}
			k.keepsSecrets(t)
		})
	}
}

func checksOnce(t *testing.T, k *kioskOf) {
	t.Helper()
	k.checks(t, 2, "✗ client", "auth.client_secret")
}

func registersOnce(t *testing.T, k *kioskOf) {
	t.Helper()
	k.registersNobody(t, 2)
}

// triesOften has a person try again and again at a kiosk.
func triesOften(t *testing.T, k *kioskOf) {
	t.Helper()
	kiosk := k.needsAttention(t, "auth.client_secret")
	for range 3 {
		if kiosk.beginsAgain() {
			t.Fatal("the kiosk asks questions")
		}
	}
}

func TestASecretThatIsCorrectedIsTriedWithoutARestart(t *testing.T) {
	s := startAuthServer(t)
	c := s.newClient(t, way{"client_secret_basic", ""}, false, nil)
	right := c.secret
	c.secret = "" // which is in the file
	file := writeFile(t, "secret", []byte("wrong secret\n"))
	api := startAPI(t, s)
	k := api.kiosk(t, c, "")
	k.env = append(k.env, "FOYER_AUTH_CLIENT_SECRET_FILE="+file)
	kiosk := k.needsAttention(t, "auth.client_secret_file")
	if err := os.WriteFile(file, []byte(right), 0o600); err != nil {
		t.Fatal(err)
	}
	kiosk.wait("the form", kiosk.beginsAgain) // the file is looked at once a second
	email := api.newcomer()
	kiosk.press(answers(email)[1:])
	kiosk.until("Is everything right?")
	kiosk.press("\r")
	kiosk.until("You are registered")
	if seen := s.seen(t, c.id); len(seen.Refusals) != 1 || len(seen.Grants) != 1 || !api.has(t, email) {
		t.Errorf("the server refused %q and granted %q", seen.Refusals, seen.Grants)
	}
	k.keepsSecrets(t)
}

func TestARevokedTokenIsReplaced(t *testing.T) {
	s := startAuthServer(t)
	api := startAPI(t, s)
	c := s.newClient(t, way{"client_secret_basic", ""}, false, nil)
	var once sync.Once
	api.meddle(c.id, func(said introspection) introspection {
		once.Do(func() { said.Active = s.revoke(t, c.id, "") == 0 })
		return said
	})
	k := api.kiosk(t, c, "")
	k.registers(t)
	if seen := s.seen(t, c.id); !slices.Equal(seen.Grants, []string{"client_credentials", "client_credentials"}) {
		t.Errorf("the server gave %q, want a token and one in its place", seen.Grants)
	}
	k.keepsSecrets(t)
}
