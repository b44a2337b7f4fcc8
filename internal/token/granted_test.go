package token_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"foyer/internal/registration"
	"foyer/internal/secret"
	"foyer/internal/token"
)

// saying is the grant with that scope in it.
func saying(granted step, scope string) step {
	granted.body = strings.Replace(granted.body, "{", `{"scope":"`+scope+`",`, 1)
	return granted
}

func wantGranted(t *testing.T, s *token.Source, want token.Granted) {
	t.Helper()
	got, err := s.Granted(t.Context())
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(token.Granted{}, "Expires")); err != nil || diff != "" {
		t.Errorf("Granted() = %v (-want +got):\n%s", err, diff)
	}
	if left := time.Until(got.Expires); left <= 0 || left > time.Hour {
		t.Errorf("Granted() ends in %v, want up to an hour", left)
	}
}

func TestGrantedToTheClient(t *testing.T) {
	tests := []struct {
		name string
		give step
		want []string
	}{
		{"is what the answer says", saying(granted("a", 3600), "identity  other identity_self_registration"), []string{"identity", "other", "identity_self_registration"}},
		{"is what was asked for where it is silent", granted("a", 3600), []string{"identity", "identity_self_registration"}},
		{"is fit to be shown", saying(granted("a", 3600), `identity identity_self_registration \u001b[31mx`), []string{"identity", "identity_self_registration", "x"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s, _ := source(t, &issuer{steps: []step{tt.give}})
				wantGranted(t, s, token.Granted{Scopes: tt.want, Lasts: true})
			})
		})
	}
}

func TestGrantedToStaff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse()
		h.always("/token", saying(signedIn("a", "MARKER-1"), "openid identity other"))
		s, _ := h.source(t, token.DeviceCode)
		_, err := s.Granted(t.Context())
		wantKind(t, "Granted()", err, registration.StaffSignIn)
		enter(t, s)
		want := token.Granted{Scopes: []string{"openid", "identity", "other"}, Lasts: true}
		wantGranted(t, s, want)
		h.always("/token", signedIn("b", "MARKER-2"))
		if err := renew(t, s); err != nil {
			t.Fatal(err)
		}
		wantGranted(t, s, want) // RFC 6749, 6: as it was
		h.always("/token", saying(signedIn("c", "MARKER-3"), "identity"))
		if err := renew(t, s); err != nil {
			t.Fatal(err)
		}
		wantGranted(t, s, token.Granted{Scopes: []string{"identity"}, Lasts: true})
	})
}

func TestGrantedToStaffWithoutARefreshToken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse()
		h.always("/token", signedIn("a", ""))
		s, _ := h.source(t, token.DeviceCode)
		enter(t, s)
		wantGranted(t, s, token.Granted{Scopes: []string{"openid", "identity"}})
	})
}

func TestGrantedToStaffOfTheRunBefore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse()
		s, _ := h.source(t, token.DeviceCode, keptIn(&drawer{text: secret.New(`{"refresh_token":"MARKER-old","sub":"s-1","name":"Ann"}`)}))
		if err := s.Restore(t.Context()); err != nil {
			t.Fatal(err)
		}
		wantGranted(t, s, token.Granted{Scopes: []string{"openid", "identity"}, Lasts: true})
	})
}

func TestARefreshThatLacksAScopeEndsTheSession(t *testing.T) {
	for _, rotated := range []string{"", "MARKER-next"} {
		synctest.Test(t, func(t *testing.T) {
			h, d := newHouse(), new(drawer)
			s, _ := h.source(t, token.DeviceCode, keptIn(d))
			enter(t, s)
			h.always("/token", saying(signedIn("b", rotated), "openid other"))
			p := wantKind(t, "Token()", renew(t, s), registration.StaffSignIn)
			wantStaff(t, p, "does not have the scope identity")
			wantStaff(t, p, "sign out and in again")
			if err := s.Settle(t.Context()); err != nil {
				t.Fatal(err)
			}
			last := "MARKER-refresh-1"
			if rotated != "" {
				last = rotated
			}
			if diff := cmp.Diff([]string{last}, h.revoked()); diff != "" {
				t.Errorf("revoked (-want +got):\n%s", diff)
			}
			wantNobody(t, s)
			if !d.text.IsZero() {
				t.Error("something is kept, want nothing")
			}
		})
	}
}
