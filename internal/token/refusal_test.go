package token_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"foyer/internal/registration"
	"foyer/internal/token"
)

// wantStaff fails the test unless staff are told of part.
func wantStaff(t *testing.T, staff, part string) {
	t.Helper()
	if !strings.Contains(staff, part) {
		t.Errorf("Staff = %q, want %q in it", staff, part)
	}
}

func TestARefusedProofIsNoRefusalOfTheClient(t *testing.T) {
	for _, code := range []string{"invalid_dpop_proof", "use_dpop_nonce"} {
		for _, status := range []int{400, 401} {
			t.Run(code, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					i := &issuer{steps: []step{{status: status, body: `{"error":"` + code + `"}`}, granted("a", 3600)}}
					s, _ := source(t, i)
					_, err := s.Token(t.Context())
					wantStaff(t, wantKind(t, "Token()", err, registration.Misconfigured), "auth.dpop to true")
					pass(secondsOf(10))
					wantToken(t, s, "a")
				})
			})
		}
	}
}

func TestARefusalEndsWhenTheClockIsSet(t *testing.T) {
	const years = 50 * 365 * 24 * time.Hour
	tests := []struct {
		name  string
		signs bool
		step  time.Duration
		want  int // requests
	}{
		{"forward, for an assertion", true, years, 2},
		{"back, for an assertion", true, -years, 2},
		{"not by a little", true, 50 * time.Second, 1},
		{"not for a secret", false, years, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				i := &issuer{steps: []step{{status: 401, body: `{"error":"invalid_client"}`}}}
				w := two(i)
				w.identities[0].Signs = tt.signs
				s := changing(t, i, w, nil)
				_, err := s.Token(t.Context())
				wantKind(t, "Token()", err, registration.Misconfigured)
				s.SetClock(tt.step)
				pass(time.Hour)
				for range 3 {
					_, err = s.Token(t.Context())
					wantKind(t, "Token()", err, registration.Misconfigured)
				}
				if i.count() != tt.want {
					t.Errorf("%d requests, want %d", i.count(), tt.want)
				}
			})
		})
	}
}

func TestARefusedClientIsNotPresentedElsewhere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse()
		s, _ := h.source(t, token.DeviceCode)
		enter(t, s)
		h.always("/token", step{status: 401, body: `{"error":"invalid_client"}`})
		h.always("/.well-known/openid-configuration", step{status: 200, body: houseDocument(`"introspection_endpoint":"https://acme.test/acme/system/introspect"`)})
		if _, err := s.Discover(t.Context()); err != nil {
			t.Fatal(err)
		}
		pass(time.Hour - 30*time.Second)
		wantToken(t, s, "a") // which is still good, while another is asked for
		synctest.Wait()
		_, err := s.Binding(t.Context())
		wantKind(t, "Binding()", err, registration.Misconfigured)
		wantKind(t, "SignOut()", s.SignOut(t.Context()), registration.Misconfigured)
		if n := len(h.sent("/introspect")) + len(h.sent("/revoke")); n != 0 {
			t.Errorf("%d requests to other endpoints, want none", n)
		}
		if who, ok := s.Operator(); ok {
			t.Errorf("Operator() = %+v, want nobody", who)
		}
	})
}
