package token_test

import (
	"strings"
	"testing"
	"testing/synctest"

	"foyer/internal/registration"
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
					wantStaff(t, wantKind(t, "Token()", err, registration.Misconfigured), "DPoP proof")
					pass(secondsOf(10))
					wantToken(t, s, "a")
				})
			})
		}
	}
}
