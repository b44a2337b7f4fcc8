package sandbox_test

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// verify checks a password by a user's e-mail address, with the second version of the call.
func (h *harness) verify(t *testing.T, email, password string) answer {
	t.Helper()
	body, _ := json.Marshal(map[string]string{"identifier": email, "password": password}) // strings always encode
	return h.api(t, http.MethodPost, "/pools/customers/user/password/v2/verify", string(body))
}

func TestPasswordsAreVerified(t *testing.T) {
	tests := []struct{ name, right, wrong string }{
		{"plain", "lagoon-Copper-72 tiles", "lagoon-Copper-72 tile"},
		{"other scripts", "żółta łódź 42 płynie", "żółta łódź 42 plynie"},
		{"emoji", "🐙🦑🐙 ocean tide 9", "🐙🐙🦑 ocean tide 9"},
		{"a composed letter is not a decomposed one", "caf\u00e9 lagoon 72 tiles", "cafe\u0301 lagoon 72 tiles"},
		{"a trailing space counts", "lagoon copper 72 ", "lagoon copper 72"},
		{"case counts", "Lagoon-copper-72", "lagoon-copper-72"},
		{"a NUL does not end it", "lagoon\x00copper-72", "lagoon\x00copper-73"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := start(t)
			h.create(t, "customers", user("ann@example.com", password(tt.right)))
			if got := h.verify(t, "ann@example.com", tt.right).text(t, "result"); got != "password_correct" {
				t.Errorf("verify(%q) = %s, want password_correct", tt.right, got)
			}
			if got := h.verify(t, "ann@example.com", tt.wrong).text(t, "result"); got != "password_incorrect" {
				t.Errorf("verify(%q) = %s, want password_incorrect", tt.wrong, got)
			}
		})
	}
}

func TestVerifyResults(t *testing.T) {
	const secret = "lagoon-Copper-72 tiles"
	h := start(t)
	with := func(flags string) string {
		return `,"credentials":[{"type":"password","password":"` + secret + `"` + flags + `}]`
	}
	ids := map[string]string{}
	for email, more := range map[string]string{
		"ann@example.com": with(""), "bo@example.com": with(`,"must_be_changed":true`),
		"cy@example.com": with(`,"must_be_changed":true,"must_be_reset":true`), "di@example.com": "",
	} {
		ids[email] = h.create(t, "customers", user(email, more)).text(t, "id")
	}
	result := func(id, state, result string) map[string]any {
		return map[string]any{"id": id, "state": state, "result": result}
	}
	for _, tt := range []struct {
		name, body string
		want       map[string]any
	}{
		{"by identifier", `{"identifier":"ann@example.com","password":"` + secret + `"}`, result(ids["ann@example.com"], "valid", "password_correct")},
		{"by user id", `{"userID":"` + ids["bo@example.com"] + `","password":"` + secret + `"}`, result(ids["bo@example.com"], "must_be_changed", "password_correct")},
		{"by id, which overrides", `{"userID":"x","id":"` + ids["cy@example.com"] + `","password":"` + secret + `"}`, result(ids["cy@example.com"], "must_be_reset", "password_correct")},
		{"without a password set", `{"identifier":"di@example.com","password":"` + secret + `"}`, result(ids["di@example.com"], "valid", "no_password")},
		{"without a user", `{"identifier":"ed@example.com","password":"` + secret + `"}`, result("", "valid", "user_not_found")},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := h.api(t, http.MethodPost, "/pools/customers/user/password/v2/verify", tt.body)
			if diff := cmp.Diff(tt.want, got.object(t)); diff != "" {
				t.Errorf("verify (-want +got):\n%s", diff)
			}
			want := http.StatusUnauthorized
			if tt.want["result"] == "password_correct" {
				want = http.StatusOK
			}
			if got := h.api(t, http.MethodPost, "/pools/customers/user/password/verify", tt.body); got.status != want {
				t.Errorf("first version = %d, want %d", got.status, want)
			}
		})
	}
}

func TestWrongPasswordsCloseAUser(t *testing.T) {
	const secret = "lagoon-Copper-72 tiles"
	h := start(t)
	h.create(t, "customers", user("ann@example.com", password(secret)))
	h.create(t, "customers", user("bo@example.com", password(secret)))
	for range 5 {
		h.verify(t, "ann@example.com", "wrong")
	}
	got := h.verify(t, "ann@example.com", secret)
	if got.status != http.StatusTooManyRequests || got.header.Get("Retry-After") != "60" {
		t.Errorf("right password of a closed user = %d, Retry-After %q, want 429 and 60", got.status, got.header.Get("Retry-After"))
	}
	if got := h.verify(t, "bo@example.com", secret); got.status != http.StatusOK {
		t.Errorf("another user's password = %d, want 200", got.status)
	}
	h.clock.Advance(time.Minute)
	if got := h.verify(t, "ann@example.com", secret).text(t, "result"); got != "password_correct" {
		t.Errorf("right password a minute later = %s, want password_correct", got)
	}
}
