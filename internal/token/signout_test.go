package token_test

import (
	"net/http"
	"net/url"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"foyer/internal/registration"
	"foyer/internal/token"
)

func TestSignOutRevokes(t *testing.T) {
	tests := []struct {
		name    string
		granted step
		want    url.Values
	}{
		{"the refresh token", signedIn("a", "MARKER-refresh"), url.Values{"client_id": {"desk"}, "token": {"MARKER-refresh"}, "token_type_hint": {"refresh_token"}}},
		{"the access token where there is no other", signedIn("a", ""), url.Values{"client_id": {"desk"}, "token": {markerToken + "-a"}, "token_type_hint": {"access_token"}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h := newHouse()
				h.always("/token", tt.granted)
				s, log := h.source(t, token.DeviceCode)
				enter(t, s)
				if err := s.SignOut(t.Context()); err != nil {
					t.Errorf("SignOut() = %v", err)
				}
				if diff := cmp.Diff([]url.Values{tt.want}, h.sent("/revoke")); diff != "" {
					t.Errorf("revoked (-want +got):\n%s", diff)
				}
				wantNobody(t, s)
				if err := s.SignOut(t.Context()); err != nil || len(h.sent("/revoke")) != 1 {
					t.Errorf("SignOut() of nobody = %v, %d requests, want no more", err, len(h.sent("/revoke")))
				}
				discloses(t, "log", log.String())
			})
		})
	}
}

func TestSignOutThatCannotRevoke(t *testing.T) {
	tests := []struct {
		name string
		give step
		kind registration.ProblemKind
	}{
		{"errs when the connection fails", step{}, registration.Unavailable},
		{"errs when the tenant is in trouble", step{status: 503}, registration.Unavailable},
		{"errs when the tenant refuses", step{status: 401, body: `{"error":"invalid_client"}`}, registration.Misconfigured},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h, d := newHouse(), new(drawer)
				h.always("/revoke", tt.give)
				s, _ := h.source(t, token.DeviceCode, keptIn(d))
				enter(t, s)
				wantKind(t, "SignOut()", s.SignOut(t.Context()), tt.kind)
				wantNobody(t, s)
				if !d.text.IsZero() {
					t.Error("something is kept, want nothing")
				}
			})
		})
	}
}

func TestSignOutWhereNothingCanBeRevoked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse()
		h.always("/.well-known/openid-configuration", step{status: 200, body: `{"issuer":"https://acme.test/acme/system",
			"token_endpoint":"https://acme.test/acme/system/token","device_authorization_endpoint":"https://acme.test/acme/system/device",
			"userinfo_endpoint":"https://acme.test/acme/system/userinfo"}`})
		s, _ := h.source(t, token.DeviceCode)
		enter(t, s)
		if err := s.SignOut(t.Context()); err != nil {
			t.Errorf("SignOut() = %v, want nil", err)
		}
		wantNobody(t, s)
	})
}

func TestSignOutDuringARefresh(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, d := newHouse(), new(drawer)
		s, _ := h.source(t, token.DeviceCode, keptIn(d))
		enter(t, s)
		h.answer("/token", func(url.Values) step {
			pass(time.Second)
			return signedIn("b", "MARKER-late")
		})
		pass(time.Hour)
		var group sync.WaitGroup
		group.Go(func() {
			_, err := s.Token(t.Context())
			wantKind(t, "Token()", err, registration.StaffSignIn)
		})
		synctest.Wait()
		if err := s.SignOut(t.Context()); err != nil {
			t.Errorf("SignOut() = %v", err)
		}
		group.Wait()
		synctest.Wait()
		wantNobody(t, s)
		var revoked []string
		for _, form := range h.sent("/revoke") {
			revoked = append(revoked, form.Get("token"))
		}
		if diff := cmp.Diff([]string{"MARKER-refresh-1", "MARKER-late"}, revoked); diff != "" {
			t.Errorf("revoked (-want +got):\n%s", diff)
		}
		if !d.text.IsZero() {
			t.Error("something is kept, want nothing")
		}
	})
}

func TestWhoWaitedForTheSessionBeforeGetsTheNextOnes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse()
		s, _ := h.source(t, token.DeviceCode)
		enter(t, s)
		h.answer("/token", func(form url.Values) step {
			if form.Get("grant_type") == "refresh_token" {
				pass(10 * time.Second)
				return step{status: http.StatusBadRequest, body: `{"error":"invalid_grant"}`}
			}
			return signedIn("next", "MARKER-next")
		})
		pass(time.Hour)
		var group sync.WaitGroup
		group.Go(func() { wantToken(t, s, "next") })
		synctest.Wait()
		enter(t, s) // which takes 5 s
		group.Wait()
		wantSomebody(t, s)
	})
}

func TestASessionUnderLoad(t *testing.T) {
	h := newHouse()
	h.always("/device", step{status: 200, body: `{"device_code":"c","user_code":"u","verification_uri":"https://acme.test/go","interval":0.001}`})
	s, _ := h.source(t, token.DeviceCode, keptIn(new(drawer)))
	var group sync.WaitGroup
	for n := range 8 {
		group.Go(func() {
			for range 50 {
				if got, err := s.Token(t.Context()); err == nil {
					s.Invalidate(got)
				}
				_, _ = s.Operator()
				if n == 0 {
					enter(t, s)
				}
				if n == 1 {
					_ = s.SignOut(t.Context())
				}
			}
		})
	}
	group.Wait()
}
