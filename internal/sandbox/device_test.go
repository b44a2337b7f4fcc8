package sandbox_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"foyer/internal/sandbox"
)

// deviceForm begins a sign-in on another device and returns what it answers, and the request to poll with.
func (l *lab) deviceForm(t *testing.T) (answer, url.Values) {
	t.Helper()
	got := l.post(t, "/device/authorization", values("client_id", "desk", "scope", "openid identity"))
	wantAnswer(t, "device authorization", got, 200, "")
	return got, values("grant_type", string(sandbox.GrantDeviceCode), "client_id", "desk", "device_code", got.text(t, "device_code"))
}

func TestStaffSignInOnAnotherDevice(t *testing.T) {
	l := newLab(t, sandbox.Options{}, staffed())
	begun, poll := l.deviceForm(t)
	code, page := begun.text(t, "user_code"), begun.text(t, "verification_uri")
	if !regexp.MustCompile(`^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$`).MatchString(code) {
		t.Errorf("user_code = %q, want letters without vowels", code)
	}
	if body := begun.object(t); body["expires_in"] != 600.0 || body["interval"] != 5.0 || body["verification_uri_complete"] != page+"?user_code="+code {
		t.Errorf("device authorization = %s, want ten minutes, five seconds and the code in the complete URL", begun.body)
	}
	wantAnswer(t, "poll", l.post(t, "/oauth2/token", poll), 400, "authorization_pending")
	if shown := (call{l.browser(t), page, nil, nil}).do(t); !strings.Contains(shown.body, `name="user_code"`) {
		t.Errorf("the page asks for no code: %s", shown.body)
	}
	typed := strings.ToLower(strings.ReplaceAll(code, "-", " "))
	shown := call{l.browser(t), page + "?" + values("user_code", typed).Encode(), nil, nil}.do(t)
	if !strings.Contains(shown.body, code) || !strings.Contains(shown.body, "Ann Staff") {
		t.Errorf("the page for %q = %s, want the code and the staff", typed, shown.body)
	}
	if got := l.decide(t, page, values("user_code", code, "staff", "ann")); got.status != 200 || !strings.Contains(got.body, "Ann Staff is signed in") {
		t.Errorf("allow = %d %s, want that Ann is signed in", got.status, got.body)
	}
	l.clock.Advance(5 * time.Second)
	got := l.post(t, "/oauth2/token", poll)
	wantAnswer(t, "poll", got, 200, "")
	if claimsOf(t, got.text(t, "id_token"))["name"] != "Ann Staff" || got.text(t, "refresh_token") == "" {
		t.Errorf("token = %s, want Ann's ID token and a refresh token", got.body)
	}
	l.clock.Advance(5 * time.Second)
	wantAnswer(t, "poll again", l.post(t, "/oauth2/token", poll), 400, "invalid_grant")
}

func TestDevicesThatGetNoToken(t *testing.T) {
	l := newLab(t, sandbox.Options{DeviceTTL: time.Minute, DeviceInterval: 2 * time.Second}, staffed())
	begun, poll := l.deviceForm(t)
	page := begun.text(t, "verification_uri")
	if got := l.decide(t, page, values("user_code", begun.text(t, "user_code"), "staff", "refuse")); got.status != 200 {
		t.Fatalf("refuse = %d, want 200", got.status)
	}
	if got := l.decide(t, page, values("user_code", begun.text(t, "user_code"), "staff", "ann")); got.status != http.StatusNotFound {
		t.Errorf("allow what was refused = %d, want 404", got.status)
	}
	wantAnswer(t, "poll what was refused", l.post(t, "/oauth2/token", poll), 400, "access_denied")

	late, poll := l.deviceForm(t)
	l.clock.Advance(time.Minute)
	if got := l.decide(t, page, values("user_code", late.text(t, "user_code"), "staff", "ann")); got.status != http.StatusNotFound {
		t.Errorf("allow what has expired = %d, want 404", got.status)
	}
	wantAnswer(t, "poll what has expired", l.post(t, "/oauth2/token", poll), 400, "expired_token")
	wantAnswer(t, "an unknown device code", l.post(t, "/oauth2/token",
		values("grant_type", string(sandbox.GrantDeviceCode), "client_id", "desk", "device_code", "x")), 400, "invalid_grant")
	wantAnswer(t, "a scope too much", l.post(t, "/device/authorization", values("client_id", "desk", "scope", "admin")), 400, "invalid_scope")
}

func TestADeviceThatPollsTooFastIsSlowedDown(t *testing.T) {
	l := newLab(t, sandbox.Options{DeviceInterval: 2 * time.Second}, staffed())
	_, poll := l.deviceForm(t)
	for _, step := range []struct {
		wait time.Duration
		want string
	}{
		{0, "authorization_pending"},
		{2 * time.Second, "authorization_pending"},
		{time.Second, "slow_down"},
		{2 * time.Second, "slow_down"}, // it takes seven now, and then twelve
		{7 * time.Second, "slow_down"},
		{17 * time.Second, "authorization_pending"},
	} {
		l.clock.Advance(step.wait)
		wantAnswer(t, "poll after "+step.wait.String(), l.post(t, "/oauth2/token", poll), 400, step.want)
	}
}
