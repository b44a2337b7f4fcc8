package token_test

import (
	"testing"

	"foyer/internal/token"
)

func TestTheTenantAsksWhoItIs(t *testing.T) {
	tests := []struct {
		name   string
		scopes []string
		want   string
	}{
		{"whatever the browser remembers", []string{"openid"}, "login"},
		{"and for consent to offline access", []string{"openid", "offline_access"}, "login consent"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, _ := newHouse().source(t, token.AuthorizationCode, redirectTo("http://127.0.0.1/callback"), func(c *token.Config) { c.Scopes = tt.scopes })
			if got := browse(t.Context(), t, s).page.Get("prompt"); got != tt.want {
				t.Errorf("prompt = %q, want %q", got, tt.want)
			}
		})
	}
}
