package token_test

import (
	"net/http"
	"net/url"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"foyer/internal/registration"
	"foyer/internal/token"
)

// revoked are the tokens that the house was told to revoke.
func (h *house) revoked() []string {
	var tokens []string
	for _, form := range h.sent("/revoke") {
		tokens = append(tokens, form.Get("token"))
	}
	return tokens
}

func TestASignInThatFailsIsRevoked(t *testing.T) {
	granted := func(members string) step {
		return step{status: 200, body: `{"access_token":"MARKER-token-a",` + members + `}`}
	}
	const refresh = `,"refresh_token":"MARKER-refresh"`
	tests := []struct {
		name     string
		token    step
		userInfo step
		kind     registration.ProblemKind
		want     string
	}{
		{"when a scope is missing", granted(`"token_type":"bearer","scope":"openid"` + refresh), step{}, registration.Misconfigured, "MARKER-refresh"},
		{"by its access token where there is no other", granted(`"token_type":"bearer","scope":"openid"`), step{}, registration.Misconfigured, "MARKER-token-a"},
		{"when the token is of no use", granted(`"token_type":"mac"` + refresh), step{}, registration.Misconfigured, "MARKER-refresh"},
		{"when the ID token is none", granted(`"token_type":"bearer","id_token":"MARKER.MARKER.MARKER"` + refresh), step{}, registration.Misconfigured, "MARKER-refresh"},
		{"when nobody can be named", granted(`"token_type":"bearer"` + refresh), step{status: 503}, registration.Unavailable, "MARKER-refresh"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h := newHouse()
				h.always("/token", tt.token)
				h.always("/userinfo", tt.userInfo)
				s, log := h.source(t, token.DeviceCode)
				_, err := poll(t, s)
				wantKind(t, "Poll()", err, tt.kind)
				if err := s.Settle(t.Context()); err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff([]string{tt.want}, h.revoked()); diff != "" {
					t.Errorf("revoked (-want +got):\n%s", diff)
				}
				wantNobody(t, s)
				discloses(t, "log", log.String())
			})
		})
	}
}

func TestASignInRevokesTheOneBefore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse()
		s, _ := h.source(t, token.DeviceCode)
		enter(t, s)
		if len(h.revoked()) != 0 {
			t.Errorf("revoked %v at the first sign-in, want nothing", h.revoked())
		}
		enter(t, s)
		if err := s.Settle(t.Context()); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"MARKER-refresh-1"}, h.revoked()); diff != "" {
			t.Errorf("revoked (-want +got):\n%s", diff)
		}
		wantToken(t, s, "b")
	})
}

func TestASignInRevokesWhatTheOneBeforeGetsLate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse()
		s, _ := h.source(t, token.DeviceCode)
		enter(t, s)
		h.answer("/token", func(form url.Values) step {
			if form.Get("grant_type") == "refresh_token" {
				pass(10 * time.Second)
				return signedIn("late", "MARKER-late")
			}
			return signedIn("next", "MARKER-next")
		})
		pass(time.Hour - 30*time.Second)
		wantToken(t, s, "a") // and another is on its way
		enter(t, s)
		if err := s.Settle(t.Context()); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"MARKER-refresh-1", "MARKER-late"}, h.revoked()); diff != "" {
			t.Errorf("revoked (-want +got):\n%s", diff)
		}
		wantToken(t, s, "next")
	})
}

func TestSettle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse()
		s, _ := h.source(t, token.DeviceCode)
		if err := s.Settle(t.Context()); err != nil {
			t.Errorf("Settle() of nothing = %v", err)
		}
		enter(t, s)
		h.answer("/token", func(url.Values) step {
			pass(10 * time.Second)
			return step{status: http.StatusServiceUnavailable}
		})
		pass(time.Hour - 30*time.Second)
		wantToken(t, s, "a")
		if err := s.Settle(within(t, 5)); err == nil {
			t.Error("Settle() = nil while a fetch is under way, want the end of its context")
		}
		if err := s.Settle(t.Context()); err != nil || len(h.refreshTokens()) != 1 {
			t.Errorf("Settle() = %v after %d refreshes, want nil and 1", err, len(h.refreshTokens()))
		}
	})
}
