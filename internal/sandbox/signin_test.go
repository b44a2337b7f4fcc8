package sandbox_test

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

// signIn signs in to the pool "totp", which most tests of it use.
func (h *harness) signIn(t *testing.T, identifier, password, code string) answer {
	t.Helper()
	return h.control(t, http.MethodPost, "sign-in",
		object("pool", "totp", "identifier", identifier, "password", password, "totp", code))
}

// member makes an active user of the pool "totp" with a password and a secret, and returns the id.
func (h *harness) member(t *testing.T) string {
	t.Helper()
	return h.create(t, "totp", user("ann@example.com", `,"credentials":[{"type":"password","password":"`+good+`"},
		{"type":"totp","totp_secret":"`+secret+`"}],"verifiable_addresses":[
		{"type":"mobile","address":"`+number+`","status":"active","verified":true}]`)).text(t, "id")
}

func TestSignIn(t *testing.T) {
	tests := []struct {
		name                       string
		identifier, password, totp string // of totp: the steps from now, as in "+1"; "" for none
		want                       string
	}{
		{"with everything", "ann@example.com", good, "0", "signed_in"},
		{"by a verified address", number, good, "0", "signed_in"},
		{"with a clock that is slow", "ann@example.com", good, "-1", "signed_in"},
		{"with a clock that is fast", "ann@example.com", good, "+1", "signed_in"},
		{"with a clock that is too slow", "ann@example.com", good, "-2", "totp_incorrect"},
		{"with a clock that is too fast", "ann@example.com", good, "+2", "totp_incorrect"},
		{"without a code", "ann@example.com", good, "", "totp_incorrect"},
		{"with a wrong password", "ann@example.com", "wrong", "0", "password_incorrect"},
		{"as nobody", "bo@example.com", good, "0", "user_not_found"},
		{"as a new user", "new@example.com", good, "0", "not_active"},
		{"without a second factor that was set", "single@example.com", good, "", "signed_in"},
		{"without any credential", "none@example.com", "", "", "signed_in"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := start(t)
			id := h.member(t)
			h.create(t, "totp", strings.Replace(user("new@example.com", password(good)), `"active"`, `"new"`, 1))
			h.create(t, "totp", user("single@example.com", password(good)))
			h.create(t, "totp", user("none@example.com", ""))
			code := ""
			if tt.totp != "" {
				code = h.totp(t, secret, map[string]int{"0": 0, "+1": 1, "-1": -1, "+2": 2, "-2": -2}[tt.totp])
			}
			got := h.signIn(t, tt.identifier, tt.password, code)
			if got.status != http.StatusOK || got.text(t, "result") != tt.want {
				t.Errorf("sign-in = %d %s, want 200 and %s", got.status, got.body, tt.want)
			}
			if got.text(t, "user_id") != "" != (tt.want == "signed_in") || tt.totp == "0" && tt.want == "signed_in" && got.text(t, "user_id") != id {
				t.Errorf("sign-in = %s, want the id with signed_in only", got.body)
			}
		})
	}
}

func TestSignInUsesAStepOnce(t *testing.T) {
	h := start(t)
	h.member(t)
	steps := []struct {
		name    string
		advance time.Duration
		step    int
		want    string
	}{
		{"the first", 0, 0, "signed_in"},
		{"the same again", 0, 0, "totp_incorrect"},
		{"an earlier one", 0, -1, "totp_incorrect"},
		{"the next", 0, 1, "signed_in"},
		{"the same when its time has come", 30 * time.Second, 0, "totp_incorrect"},
		{"the one after", 30 * time.Second, 0, "signed_in"},
		{"the same while it drifts", 30 * time.Second, -1, "totp_incorrect"},
		{"one much later", time.Hour, 0, "signed_in"},
	}
	for _, s := range steps {
		h.clock.Advance(s.advance)
		if got := h.signIn(t, "ann@example.com", good, h.totp(t, secret, s.step)).text(t, "result"); got != s.want {
			t.Errorf("%s = %s, want %s", s.name, got, s.want)
		}
	}
}

func TestAWrongPasswordUsesNoStep(t *testing.T) {
	h := start(t)
	h.member(t)
	code := h.totp(t, secret, 0)
	h.signIn(t, "ann@example.com", "wrong", code)
	if got := h.signIn(t, "ann@example.com", good, code).text(t, "result"); got != "signed_in" {
		t.Errorf("the code after a wrong password = %s, want signed_in", got)
	}
}

func TestWrongSignInsClose(t *testing.T) {
	for name, try := range map[string][2]string{"passwords": {"wrong", ""}, "codes": {good, "000000"}} {
		t.Run(name, func(t *testing.T) {
			h := start(t)
			h.member(t)
			for range 5 {
				h.signIn(t, "ann@example.com", try[0], try[1])
			}
			got := h.signIn(t, "ann@example.com", good, h.totp(t, secret, 0))
			if got.status != http.StatusTooManyRequests || got.header.Get("Retry-After") != "60" {
				t.Errorf("a right sign-in after five wrong = %d, Retry-After %q, want 429 and 60", got.status, got.header.Get("Retry-After"))
			}
		})
	}
}

func TestSignInRefuses(t *testing.T) {
	h := start(t)
	for _, tt := range []struct {
		name, method, body string
		want               int
	}{
		{"another method", http.MethodGet, "", 405},
		{"what is not JSON", http.MethodPost, "{", 400},
		{"what it does not know", http.MethodPost, `{"pin":"1"}`, 400},
		{"a pool that is not there", http.MethodPost, `{"pool":"nowhere"}`, 404},
	} {
		if got := h.control(t, tt.method, "sign-in", tt.body); got.status != tt.want {
			t.Errorf("%s = %d %s, want %d", tt.name, got.status, got.body, tt.want)
		}
	}
	got := h.send(t, http.MethodPost, "/sandbox/sign-in", object("pool", "totp"), func(r *http.Request) { r.Header.Set("Origin", h.server.URL) })
	if got.status != http.StatusForbidden {
		t.Errorf("a sign-in from a page = %d, want 403", got.status)
	}
}

// TestANewSecretTakesTheOldOnesPlace follows a secret through a change and a reset, each within one step.
func TestANewSecretTakesTheOldOnesPlace(t *testing.T) {
	const second, third = "JBSWY3DPEHPK3PXP", "GEZDGNBVGY3TQOJQ"
	h := start(t)
	id := h.member(t)
	one := "/pools/totp/users/" + id
	signs := func(secret, want string) {
		t.Helper()
		if got := h.signIn(t, "ann@example.com", good, h.totp(t, secret, 0)).text(t, "result"); got != want {
			t.Errorf("signing in with %s = %s, want %s", secret, got, want)
		}
	}
	before := h.api(t, http.MethodGet, one, "")
	h.clock.Advance(10 * time.Minute)
	change := object("totp", h.totp(t, secret, 0), "new_totp_secret", second)
	walk(t, h,
		step{http.MethodPost, one + "/totp/change", change, 412, []string{"If-Match", `"x"`}},
		step{http.MethodPost, one + "/totp/change", change, 204, []string{"If-Match", before.header.Get("ETag")}},
		step{http.MethodPost, one + "/totp/change", change, 401, nil},
	)
	signs(secret, "totp_incorrect")
	signs(second, "signed_in")
	ask := object("address", number)
	walk(t, h, step{http.MethodPost, "/pools/totp/user/totp/reset/request?code_type_in_message=code", ask, 204, nil})
	complete := object("address", number, "code", h.codeTo(t, number), "new_totp_secret", third)
	walk(t, h, step{http.MethodPost, "/pools/totp/user/totp/reset/complete", complete, 204, nil})
	signs(second, "totp_incorrect")
	signs(third, "signed_in")
	after := h.api(t, http.MethodGet, one, "")
	if strings.Contains(after.body, third) || strings.Count(after.body, `"type":"totp"`) != 1 || after.body == before.body {
		t.Errorf("the user is now %s, want one blurred secret with a new date", after.body)
	}
}

// TestASecretFromNothing registers, activates and signs in with an authenticator.
func TestASecretFromNothing(t *testing.T) {
	h := start(t)
	body := object("identifier", "bo@example.com", "password", good, "totp_secret", secret)
	walk(t, h, step{http.MethodPost, "/pools/totp/user/register?code_type_in_message=code", body, 201, nil})
	if got := h.signIn(t, "bo@example.com", good, h.totp(t, secret, 0)).text(t, "result"); got != "not_active" {
		t.Errorf("signing in before activation = %s, want not_active", got)
	}
	made := h.api(t, http.MethodPost, "/pools/totp/users/by_key", object("identifier", "bo@example.com"))
	activation := object("code", h.codeTo(t, "bo@example.com"))
	walk(t, h, step{http.MethodPost, "/pools/totp/users/" + made.text(t, "id") + "/activate", activation, 201, nil})
	if got := h.signIn(t, "bo@example.com", good, h.totp(t, secret, 0)).text(t, "result"); got != "signed_in" {
		t.Errorf("signing in after activation = %s, want signed_in", got)
	}
}
