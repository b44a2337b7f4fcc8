package main

import (
	"slices"
	"strings"
	"sync"
	"testing"
)

func TestWhatIsWrongEndsInItsExitCodeAndItsFix(t *testing.T) {
	s := startAuthServer(t)
	api := startAPI(t, s)
	tests := []struct {
		name   string
		way    way
		dpop   bool                              // whether the client's tokens have to be bound
		change map[string]any                    // of the client's registration
		spoil  func(*testing.T, *judged)         // the client's side; nil for none
		meddle func(introspection) introspection // with what the API is told; nil for none
		code   int
		step   string
		fix    []string // words of it
	}{
		{
			name: "a wrong secret", way: way{"client_secret_basic", ""}, code: 2, step: "✗ client", fix: []string{"auth.client_secret"},
			spoil: func(_ *testing.T, c *judged) { c.secret = "Wrong secret with 7 blanks" },
		},
		{
			name: "a wrong secret in the form", way: way{"client_secret_post", ""}, code: 2, step: "✗ client", fix: []string{"auth.client_secret"},
			spoil: func(_ *testing.T, c *judged) { c.secret = "Wrong secret with 7 blanks" },
		},
		{
			name: "an unknown client", way: way{"client_secret_basic", ""}, code: 2, step: "✗ client", fix: []string{"auth.client_id"},
			spoil: func(_ *testing.T, c *judged) { c.id = "nobody" },
		},
		{
			name: "another method", way: way{"client_secret_jwt", ""}, code: 2, step: "✗ client", fix: []string{"auth.method"},
			spoil: func(_ *testing.T, c *judged) { c.method = "client_secret_basic" },
		},
		{
			name: "a missing scope", way: way{"client_secret_basic", ""}, code: 2, step: "✗ scopes", fix: []string{"auth.scopes"},
			change: map[string]any{"scope": "identity"},
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
				tt.spoil(t, &c)
			}
			if tt.meddle != nil {
				api.meddle(c.id, tt.meddle)
			}
			k := api.kiosk(t, c, c.formats()[0])
			k.checks(t, tt.code, tt.step, tt.fix...)
			k.registersNobody(t, tt.code)
			k.keepsSecrets(t)
		})
	}
}

func TestAWrongSecretIsTriedOnce(t *testing.T) {
	s := startAuthServer(t)
	c := s.newClient(t, way{"client_secret_basic", ""}, false, nil)
	right := c
	c.secret = "wrong"
	startAPI(t, s).kiosk(t, c, "").registersNobody(t, 2)
	if seen := s.seen(t, right.id); len(seen.Refusals) != 1 || !strings.HasPrefix(seen.Refusals[0], "invalid_client") {
		t.Errorf("the server refused %q, want one invalid_client", seen.Refusals)
	}
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
