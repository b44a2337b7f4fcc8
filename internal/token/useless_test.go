package token_test

import (
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"foyer/internal/registration"
	"foyer/internal/token"
)

// call calls the house's API with the token that s hands out, and tells s when the API refuses it.
func call(t *testing.T, h *house, s *token.Source, status int) {
	t.Helper()
	h.always("/pools", step{status: status})
	got := mustToken(t, s)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://acme.test/acme/system/pools", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	got.SetAuthHeader(r)
	resp, err := s.Transport().RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	if resp.StatusCode == http.StatusUnauthorized {
		s.Invalidate(got)
	}
}

func TestATokenThatTheAPINeverAccepts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse()
		h.always("/token", signedIn("a", ""))
		s, _ := h.source(t, token.DeviceCode)
		enter(t, s)
		call(t, h, s, http.StatusServiceUnavailable)
		call(t, h, s, http.StatusUnauthorized)
		for range 2 { // no reason to sign in again
			_, err := s.Token(t.Context())
			wantStaff(t, wantKind(t, "Token()", err, registration.Misconfigured), "tenant's API refuses the token")
		}
		wantSomebody(t, s)
		if n := len(h.sent("/token")); n != 1 {
			t.Errorf("%d token requests, want 1", n)
		}
		pass(time.Hour)
		wantNobody(t, s)
		enter(t, s)
		wantToken(t, s, "a")
	})
}

func TestSignOutWithATokenThatTheAPINeverAccepts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse()
		h.always("/token", signedIn("a", ""))
		s, _ := h.source(t, token.DeviceCode)
		enter(t, s)
		call(t, h, s, http.StatusUnauthorized)
		if err := s.SignOut(t.Context()); err != nil || len(h.revoked()) != 1 {
			t.Errorf("SignOut() = %v with %d revocations, want nil and 1", err, len(h.revoked()))
		}
		wantNobody(t, s)
	})
}

func TestATokenThatTheAPIAcceptsNoMore(t *testing.T) {
	tests := []struct {
		name    string
		refresh string
		ends    bool
	}{
		{"ends a sign-in without a refresh token", "", true},
		{"is replaced where there is one", "MARKER-refresh", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h := newHouse()
				h.always("/token", signedIn("a", tt.refresh))
				s, _ := h.source(t, token.DeviceCode)
				enter(t, s)
				call(t, h, s, http.StatusOK)
				call(t, h, s, http.StatusUnauthorized)
				if tt.ends {
					wantNobody(t, s)
					return
				}
				h.always("/token", signedIn("b", tt.refresh))
				wantToken(t, s, "b")
			})
		})
	}
}
