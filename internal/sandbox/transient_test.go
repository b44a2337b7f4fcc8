package sandbox_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// public calls a path below the transient codes with the token.
func (h *harness) public(t *testing.T, method, path, body string) answer {
	t.Helper()
	return h.send(t, method, "/default/system/authn/otp/transient"+path, body, func(r *http.Request) {
		r.Header.Set("Authorization", "Bearer "+h.token)
		r.Header.Set("Content-Type", "application/json")
	})
}

const number = "+15551234567"

func TestTransientIsStarted(t *testing.T) {
	h := start(t)
	got := h.public(t, http.MethodPost, "", object("mechanism", "sms", "address", number, "state", "s"))
	want := map[string]any{
		"id": got.text(t, "id"), "tenant_id": "default", "address": number, "mechanism": "sms", "verified": false,
		"created_at": "2026-03-01T09:00:00Z", "updated_at": "2026-03-01T09:00:00Z", "expires_in": "10m0s",
	}
	if diff := cmp.Diff(want, got.object(t)); got.status != http.StatusOK || diff != "" {
		t.Errorf("start = %d (-want +got):\n%s", got.status, diff)
	}
	m := h.messageTo(t, number)
	if want := "Your code to confirm your address is " + m.Code + ". It is good for 10 minutes."; m.Text != want || m.Medium != "sms" ||
		m.Kind != "transient_otp" || len(m.Code) != 6 || !m.ExpiresAt.Equal(h.clock.Now().Add(10*time.Minute)) {
		t.Errorf("message = %v, want %q", members(m), want)
	}
	if again := h.public(t, http.MethodGet, "/"+got.text(t, "id")+"?state=s", ""); again.body != got.body {
		t.Errorf("GET = %s, want %s", again.body, got.body)
	}
}

func TestTransientRefuses(t *testing.T) {
	const malformed = "is not well-formed for the mechanism"
	tests := []struct {
		name, body string
		want       map[string]string
	}{
		{"nothing", `{}`, map[string]string{"/mechanism": "is required", "/address": "is required"}},
		{"another mechanism", object("mechanism", "voice", "address", number), map[string]string{"/mechanism": "is not one of the allowed values"}},
		{"a number by e-mail", object("mechanism", "email", "address", number), map[string]string{"/address": malformed}},
		{"an address by SMS", object("mechanism", "sms", "address", "ann@example.com"), map[string]string{"/address": malformed}},
		{"a number that is not in E.164", object("mechanism", "sms", "address", "1235555609"), map[string]string{"/address": malformed}},
	}
	h := start(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := h.public(t, http.MethodPost, "", tt.body)
			if diff := cmp.Diff(tt.want, got.details(t)); got.status != http.StatusUnprocessableEntity || diff != "" {
				t.Errorf("start = %d, want 422 with details (-want +got):\n%s", got.status, diff)
			}
		})
	}
}

func TestTransientIsVerified(t *testing.T) {
	right := func(code string) string {
		return object("mechanism", "sms", "address", number, "state", "s", "otp", code)
	}
	tests := []struct {
		name   string
		before func(h *harness)
		body   func(code string) string
		times  int
		want   int // the last time
	}{
		{"by the code", nil, right, 1, 204},
		{"once", nil, right, 2, 401},
		{"not by another code", nil, func(code string) string { return right(wrong(code)) }, 5, 401},
		{"not by a sixth code", nil, func(code string) string { return right(wrong(code)) }, 6, 404},
		{"not without a code", nil, func(string) string { return right("") }, 6, 422},
		{"not with another state", nil, func(code string) string {
			return object("mechanism", "sms", "address", number, "state", "t", "otp", code)
		}, 1, 401},
		{"not without the state", nil, func(code string) string {
			return object("mechanism", "sms", "address", number, "otp", code)
		}, 1, 401},
		{"not for another number", nil, func(code string) string {
			return object("mechanism", "sms", "address", "+15551234568", "state", "s", "otp", code)
		}, 1, 401},
		{"within its life", func(h *harness) { h.clock.Advance(10*time.Minute - 1) }, right, 1, 204},
		{"not after it", func(h *harness) { h.clock.Advance(10 * time.Minute) }, right, 1, 404},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := start(t)
			id := h.public(t, http.MethodPost, "", object("mechanism", "sms", "address", number, "state", "s")).text(t, "id")
			if tt.before != nil {
				tt.before(h)
			}
			var got answer
			for range tt.times {
				got = h.public(t, http.MethodPost, "/"+id, tt.body(h.codeTo(t, number)))
			}
			if got.status != tt.want || got.header.Get("WWW-Authenticate") != "" {
				t.Errorf("verify = %d %s, want %d without a challenge", got.status, got.body, tt.want)
			}
		})
	}
}

func TestTransientIsSeen(t *testing.T) {
	h := start(t)
	stateless := h.public(t, http.MethodPost, "", object("mechanism", "sms", "address", number)).text(t, "id")
	code := h.codeTo(t, number)
	for path, want := range map[string]int{stateless: 200, stateless + "?state=": 200, stateless + "?state=s": 404, "none": 404} {
		if got := h.public(t, http.MethodGet, "/"+path, ""); got.status != want {
			t.Errorf("GET %s = %d, want %d", path, got.status, want)
		}
	}
	h.clock.Advance(time.Minute)
	h.public(t, http.MethodPost, "/"+stateless, object("mechanism", "sms", "address", number, "otp", code))
	got := h.send(t, http.MethodGet, "/default/default/authn/otp/transient/"+stateless, "", func(r *http.Request) {
		r.Header.Set("Authorization", "Bearer "+h.token)
	})
	if got.object(t)["verified"] != true || got.text(t, "updated_at") != "2026-03-01T09:01:00Z" {
		t.Errorf("GET in the other workspace = %s, want it verified a minute later", got.body)
	}
}

// TestScopes is about the operations that ask for another scope than most.
func TestScopes(t *testing.T) {
	h := start(t)
	for _, tt := range []struct{ scope, path string }{
		{"identity_self_registration", "/api/identity/default/system" + users + "/x/code/generate"},
		{"identity_self_registration", "/api/identity/default/system" + users + "/x/activation/generate"},
		{"identity_self_registration", "/api/identity/default/system" + pool + "/user/code/generate"},
		{"identity", "/api/identity/default/system" + users + "/x/activate"},
		{"transient_otp", "/default/default/authn/otp/transient"},
		{"transient_otp", "/default/system/authn/otp/transient/x"},
	} {
		for _, scope := range []string{"identity", "identity_self_registration", "transient_otp"} {
			token := h.askToken(t, "grant_type=client_credentials&scope="+scope, h.basic).text(t, "access_token")
			got := h.send(t, http.MethodPost, tt.path, "", func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+token) })
			if (got.status == http.StatusForbidden) != (scope != tt.scope) {
				t.Errorf("POST %s with the scope %s = %d, want 403 without %s", tt.path, scope, got.status, tt.scope)
			}
		}
	}
}
