package sandbox_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// people makes ann, with a verified address and an unverified one, and bo, who has bo@example.com only.
func (h *harness) people(t *testing.T) {
	t.Helper()
	ann := strings.Replace(newcomer("ann", "ann@example.com", number), "false", "true", 1)
	h.create(t, "customers", strings.Replace(ann, "{", `{"id":"ann-id",`, 1))
	h.create(t, "customers", strings.Replace(newcomer("bo", "bo@example.com"), "{", `{"id":"bo-id",`, 1))
}

func TestRequestOTPAnswersAlways(t *testing.T) {
	tests := []struct {
		name, body string
		want       string // who gets a code; "" for nobody
	}{
		{"a verified address", object("address", "ANN@example.com"), "ann@example.com"},
		{"an unverified address", object("address", number), ""},
		{"an unverified address of a user", object("userID", "ann-id", "address", number), number},
		{"an unverified address of somebody named", object("identifier", "ann", "address", number), number},
		{"an address of another user", object("identifier", "ann", "address", "bo@example.com"), ""},
		{"the only address of a user", object("identifier", "bo"), "bo@example.com"},
		{"none of two addresses", object("userID", "ann-id"), ""},
		{"an address that is an identifier", object("address", "ann"), ""},
		{"nobody", object("userID", "nobody", "address", "ann@example.com"), ""},
		{"nobody's address", object("address", "eve@example.com"), ""},
	}
	for _, tt := range tests {
		for path, kind := range map[string]string{"/user/otp/request": "challenge code", "/user/totp/reset/request": "reset_totp link"} {
			if kind == "reset_totp link" && !strings.Contains(tt.body, "address") {
				continue // it is required there
			}
			t.Run(tt.name+" by "+path, func(t *testing.T) {
				h := start(t)
				h.people(t)
				got := h.api(t, http.MethodPost, pool+path, tt.body)
				want := []string{}
				if tt.want != "" {
					want = []string{strings.Replace(kind, " ", " "+tt.want+" ", 1)}
				}
				if diff := cmp.Diff(want, h.sent(0)); got.status != http.StatusNoContent || diff != "" {
					t.Errorf("request(%s) = %d %s, want 204 with messages (-want +got):\n%s", tt.body, got.status, got.body, diff)
				}
			})
		}
	}
}

func TestResetRefuses(t *testing.T) {
	h := start(t)
	for body, want := range map[string]map[string]string{
		object("userID", "ann-id"): {"/address": "is required"},
		object("address", number, "userID", "ann-id", "identifier", "ann"): {"/identifier": "is not to be given with userID"},
	} {
		got := h.api(t, http.MethodPost, pool+"/user/totp/reset/request", body)
		if diff := cmp.Diff(want, got.details(t)); got.status != http.StatusUnprocessableEntity || diff != "" {
			t.Errorf("request(%s) = %d, want 422 with details (-want +got):\n%s", body, got.status, diff)
		}
	}
}

func TestChallengesAreTaken(t *testing.T) {
	const verify, ask = "/user/otp/verify", "/user/otp/request"
	tests := []struct {
		name string
		body func(code, extended string) string
		want int
	}{
		{"by id", func(code, _ string) string { return object("userID", "ann-id", "code", code) }, 200},
		{"by the older name of id, which overrides", func(code, _ string) string { return object("userID", "x", "id", "ann-id", "code", code) }, 200},
		{"by identifier", func(code, _ string) string { return object("identifier", "ANN", "code", code) }, 200},
		{"by extended code", func(_, extended string) string { return object("code", extended) }, 200},
		{"by id and extended code", func(_, extended string) string { return object("userID", "ann-id", "code", extended) }, 200},
		{"not as somebody else", func(code, _ string) string { return object("userID", "bo-id", "code", code) }, 401},
		{"not as somebody else by extended code", func(_, extended string) string { return object("userID", "bo-id", "code", extended) }, 401},
		{"not as nobody", func(code, _ string) string { return object("identifier", "eve", "code", code) }, 401},
		{"not by a verified address", func(code, _ string) string { return object("identifier", "ann@example.com", "code", code) }, 401},
		{"not without a name", func(code, _ string) string { return object("code", code) }, 401},
		{"not without a code", func(string, string) string { return object("userID", "ann-id") }, 422},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := start(t)
			h.people(t)
			made := h.api(t, http.MethodPost, users+"/ann-id/code/generate", `{"type":"challenge"}`)
			body := tt.body(made.text(t, "code"), made.text(t, "extended_code"))
			got := h.api(t, http.MethodPost, pool+verify, body)
			if got.status != tt.want || tt.want == http.StatusOK && got.body != `{"id":"ann-id"}` {
				t.Errorf("verify(%s) = %d %s, want %d", body, got.status, got.body, tt.want)
			}
			if tt.want == http.StatusUnauthorized && got.text(t, "error") != "The code is wrong or no longer good" {
				t.Errorf("verify(%s) = %s, want the answer to a wrong code", body, got.body)
			}
			if tt.want != http.StatusOK {
				return
			}
			if again := h.api(t, http.MethodPost, pool+verify, body); again.status != http.StatusUnauthorized {
				t.Errorf("verify(%s) again = %d, want 401", body, again.status)
			}
		})
	}
}

// TestCodesOfEveryKind is about what holds of all kinds alike: a newer code voids an older one, and its time ends.
func TestCodesOfEveryKind(t *testing.T) {
	for _, kind := range []string{
		"activation", "reset_password", "reset_totp", "enroll_webauthn", "challenge", "verify_address", "authentication",
	} {
		t.Run(kind, func(t *testing.T) {
			h := start(t)
			h.people(t)
			make := func() string {
				got := h.api(t, http.MethodPost, users+"/bo-id/code/generate", object("type", kind, "address", "bo@example.com"))
				if code := got.text(t, "code"); got.status != http.StatusCreated || len(code) != 6 {
					t.Fatalf("generate = %d %s, want 201 and six digits", got.status, got.body)
				}
				return got.text(t, "extended_code")
			}
			inspect := func(extended string, want int) {
				t.Helper()
				got := h.api(t, http.MethodPost, pool+"/user/otp/inspect", object("code", extended))
				if got.status != want || want == http.StatusOK && got.body != `{"user_id":"bo-id","password_set":false,"code_type":"`+kind+`"}` {
					t.Errorf("inspect = %d %s, want %d", got.status, got.body, want)
				}
			}
			first, second := make(), make()
			inspect(first, http.StatusUnauthorized)
			inspect(second, http.StatusOK)
			inspect(second, http.StatusOK)
			h.clock.Advance(10*time.Minute - 1)
			inspect(second, http.StatusOK)
			h.clock.Advance(1)
			inspect(second, http.StatusUnauthorized)
			if sent := h.sent(0); len(sent) != 0 {
				t.Errorf("generating sent %q", sent)
			}
		})
	}
}

// TestInspectingGivesNoGuesses is about somebody with a code of their own who guesses at another.
func TestInspectingGivesNoGuesses(t *testing.T) {
	h := start(t)
	id := h.create(t, "customers", newcomer("ann", "mine@example.com", "other@example.com")).text(t, "id")
	mine := h.api(t, http.MethodPost, users+"/"+id+"/code/generate", object("type", "verify_address", "address", "mine@example.com"))
	h.api(t, http.MethodPost, users+"/"+id+"/address/verification/request", object("address", "other@example.com"))
	last := 0
	for range 6 {
		h.api(t, http.MethodPost, pool+"/user/otp/inspect", object("code", mine.text(t, "extended_code")))
		last = h.api(t, http.MethodPost, users+"/"+id+"/address/verification/complete",
			object("address", "other@example.com", "code", mine.text(t, "code"))).status
	}
	if last != http.StatusTooManyRequests {
		t.Errorf("the sixth guess = %d, want 429", last)
	}
}

func TestCodesOfAPoolsSettings(t *testing.T) {
	h := start(t)
	h.people(t)
	changed := strings.Replace(h.api(t, http.MethodGet, pool, "").body, `"otp_settings":{`, `"otp_settings":{"reset_totp":{"length":8,"ttl":"1h"},`, 1)
	if got := h.control(t, http.MethodPut, "pools/customers", changed); got.status != http.StatusOK {
		t.Fatalf("PUT pool = %d %s", got.status, got.body)
	}
	h.api(t, http.MethodPost, pool+"/user/totp/reset/request?code_type_in_message=code", object("address", "ann@example.com"))
	m := h.messageTo(t, "ann@example.com")
	if len(m.Code) != 8 || !m.ExpiresAt.Equal(h.clock.Now().Add(time.Hour)) || !strings.HasSuffix(m.Text, "It is good for 1 hour.") {
		t.Errorf("message = %v, want eight digits for an hour", members(m))
	}
	bad := strings.Replace(changed, `"ttl":"1h"`, `"ttl":"soon"`, 1)
	if got := h.control(t, http.MethodPut, "pools/customers", bad); got.status != http.StatusUnprocessableEntity {
		t.Errorf("PUT pool with a time that is none = %d, want 422", got.status)
	}
}

func TestGenerateChoosesTheAddress(t *testing.T) {
	const one, other = "bo@example.com", "eve@example.com"
	tests := []struct {
		name, path, body string
		want             int
		details          map[string]string
	}{
		{"an activation finds the only address", "/users/bo-id/code/generate", object("type", "activation"), 201, nil},
		{"an activation does not choose", "/users/ann-id/code/generate", object("type", "activation"), 422, map[string]string{"/address": "is required, as the user has not just one"}},
		{"an address is the user's", "/users/bo-id/code/generate", object("type", "challenge", "address", other), 422, map[string]string{"/address": "is not an address of the user"}},
		{"an address may be left out", "/users/ann-id/code/generate", object("type", "reset_password"), 201, nil},
		{"an address is verified once", "/users/ann-id/code/generate", object("type", "verify_address", "address", "ann@example.com"), 422, map[string]string{"/address": "is verified already"}},
		{"an address to verify is told", "/users/bo-id/code/generate", object("type", "verify_address"), 422, map[string]string{"/address": "is required"}},
		{"an address to verify is nobody else's", "/users/cy-id/code/generate", object("type", "verify_address", "address", "ann@example.com"), 422, map[string]string{"/address": "is somebody else's"}},
		{"a challenge finds a user by a verified address", "/user/code/generate", object("type", "challenge", "address", "ann@example.com"), 201, nil},
		{"a new password does too", "/user/code/generate", object("type", "reset_password", "address", "ann@example.com"), 201, nil},
		{"an unverified address finds nobody", "/user/code/generate", object("type", "challenge", "address", one), 404, nil},
		{"another kind needs the user", "/user/code/generate", object("type", "reset_totp", "address", "ann@example.com"), 422, map[string]string{"/userID": "is required, or else identifier"}},
		{"metadata is an object", "/users/bo-id/code/generate", `{"type":"challenge","metadata":[]}`, 422, map[string]string{"/metadata": "is not an object"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := start(t)
			h.people(t)
			h.create(t, "customers", strings.Replace(newcomer("cy", "ann@example.com"), "{", `{"id":"cy-id",`, 1))
			got := h.api(t, http.MethodPost, pool+tt.path, tt.body)
			if got.status != tt.want {
				t.Fatalf("generate(%s) = %d %s, want %d", tt.body, got.status, got.body, tt.want)
			}
			if diff := cmp.Diff(tt.details, got.details(t)); diff != "" {
				t.Errorf("details (-want +got):\n%s", diff)
			}
		})
	}
}
