package token_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"foyer/internal/registration"
	"foyer/internal/token"
)

func secondsOf(n int) time.Duration { return time.Duration(n) * time.Second }

// refreshTokens are those that the house was sent to grant another token.
func (h *house) refreshTokens() []string {
	var tokens []string
	for _, form := range h.sent("/token") {
		if form.Get("grant_type") == "refresh_token" {
			tokens = append(tokens, form.Get("refresh_token"))
		}
	}
	return tokens
}

// renew lets an hour pass and asks s for a token.
func renew(t *testing.T, s *token.Source) error {
	t.Helper()
	pass(time.Hour)
	_, err := s.Token(t.Context())
	synctest.Wait()
	return err
}

func TestNobodyIsSignedInAtFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, d := newHouse(), new(drawer)
		s, _ := h.source(t, token.DeviceCode, keptIn(d))
		wantNobody(t, s)
		if len(h.sent("/token")) != 0 {
			t.Errorf("%d token requests, want none", len(h.sent("/token")))
		}
		if len(d.done) != 0 {
			t.Errorf("the keeper was told to %v, want nothing: it may keep the sign-in of an earlier run", d.done)
		}
	})
}

func TestRefreshTokensRotate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse()
		s, log := h.source(t, token.DeviceCode)
		if who := enter(t, s); who != (registration.Operator{Subject: "s-1", Name: "Ann"}) {
			t.Errorf("signed in: %+v, want Ann", who)
		}
		wantToken(t, s, "a")
		for range 2 {
			if err := renew(t, s); err != nil {
				t.Fatal(err)
			}
		}
		h.always("/token", signedIn("x", "")) // which gives no new one
		for range 2 {
			if err := renew(t, s); err != nil {
				t.Fatal(err)
			}
		}
		want := []string{"MARKER-refresh-1", "MARKER-refresh-2", "MARKER-refresh-3", "MARKER-refresh-3"}
		if diff := cmp.Diff(want, h.refreshTokens()); diff != "" {
			t.Errorf("refresh tokens (-want +got):\n%s", diff)
		}
		discloses(t, "log", log.String())
	})
}

func TestARefreshTokenIsKeptThoughItsTokenIsOfNoUse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, d := newHouse(), new(drawer)
		s, _ := h.source(t, token.DeviceCode, keptIn(d))
		enter(t, s)
		h.always("/token", step{status: 200, body: `{"access_token":"x","token_type":"mac","refresh_token":"MARKER-next"}`})
		wantKind(t, "Token()", renew(t, s), registration.Misconfigured)
		h.answer("/token", nil)
		if err := renew(t, s); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"MARKER-refresh-1", "MARKER-next"}, h.refreshTokens()); diff != "" {
			t.Errorf("refresh tokens (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([]string{"save MARKER-refresh-1", "save MARKER-next", "save MARKER-refresh-2"}, d.done); diff != "" {
			t.Errorf("the keeper was told (-want +got):\n%s", diff)
		}
	})
}

func TestWhatEndsASession(t *testing.T) {
	tests := []struct {
		name string
		give step
		kind registration.ProblemKind
		ends bool
	}{
		{"a refresh token that is not honoured", step{status: 400, body: `{"error":"invalid_grant"}`}, registration.StaffSignIn, true},
		{"not a refused client", step{status: 401, body: `{"error":"invalid_client"}`}, registration.Misconfigured, false},
		{"not a client without the grant", step{status: 400, body: `{"error":"unauthorized_client"}`}, registration.Misconfigured, false},
		{"not a connection that fails", step{}, registration.Unavailable, false},
		{"not a tenant in trouble", step{status: 503}, registration.Unavailable, false},
		{"not too many requests", step{status: 429}, registration.TooMany, false},
		{"not nonsense", step{status: 200, body: "<html>"}, registration.Unexpected, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h := newHouse()
				s, log := h.source(t, token.DeviceCode)
				enter(t, s)
				h.always("/token", tt.give)
				wantKind(t, "Token()", renew(t, s), tt.kind)
				if tt.ends {
					wantNobody(t, s)
				} else {
					wantSomebody(t, s)
				}
				discloses(t, "log", log.String())
			})
		})
	}
}

func TestASessionThatIsNotHonouredEndsBeforeItsAccessToken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse()
		s, _ := h.source(t, token.DeviceCode)
		enter(t, s)
		h.always("/token", step{status: 400, body: `{"error":"invalid_grant"}`})
		pass(time.Hour - time.Minute)
		wantToken(t, s, "a")
		synctest.Wait()
		wantNobody(t, s)
	})
}

func TestASessionWithoutARefreshTokenEndsWithItsAccessToken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, d := newHouse(), new(drawer)
		h.always("/token", signedIn("a", ""))
		s, log := h.source(t, token.DeviceCode, keptIn(d))
		enter(t, s)
		pass(time.Hour - time.Second)
		for range 3 {
			wantToken(t, s, "a")
			synctest.Wait()
		}
		wantSomebody(t, s)
		pass(time.Second)
		if who, ok := s.Operator(); ok {
			t.Errorf("Operator() = %+v with an access token that has expired, want nobody", who)
		}
		wantNobody(t, s)
		if len(h.sent("/token")) != 1 {
			t.Errorf("%d token requests, want 1", len(h.sent("/token")))
		}
		if diff := cmp.Diff([]string{"delete"}, d.done); diff != "" {
			t.Errorf("the keeper was told (-want +got):\n%s", diff)
		}
		discloses(t, "log", log.String())
	})
}
