package main

import (
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// A flaky tenant is a sandbox that can be away.
type flaky struct {
	*tenantServer
	away   atomic.Bool
	leaves atomic.Bool // as soon as it has created a user, before it says so
}

// serveFlaky serves one that is away.
func serveFlaky(t *testing.T) *flaky {
	t.Helper()
	f := &flaky{tenantServer: serve(t, "customers")}
	f.away.Store(true)
	door := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/users") && f.leaves.Swap(false) {
			f.ServeHTTP(httptest.NewRecorder(), r)
			f.away.Store(true)
		}
		if !f.away.Load() {
			f.ServeHTTP(w, r)
			return
		}
		if conn, _, err := http.NewResponseController(w).Hijack(); err == nil {
			_ = conn.(*net.TCPConn).SetLinger(0) //nolint:forcetypeassert // it is served over TCP
			_ = conn.Close()
		}
	}))
	t.Cleanup(door.Close)
	for i, setting := range f.env {
		f.env[i] = strings.ReplaceAll(setting, f.url, door.URL)
	}
	return f
}

// long is how long a pause of the tenant and of the kiosk may take together.
const long = 2 * time.Minute

// TestAKioskWaitsForItsTenant: it opens by itself, and who is in the middle of a registration is registered once by itself.
func TestAKioskWaitsForItsTenant(t *testing.T) {
	t.Parallel()
	for name, accessible := range map[string]string{"in screens": "false", "in lines": "true"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tenant := serveFlaky(t)
			s := open(t, 80, 24, append(tenant.env, "FOYER_UI_ACCESSIBLE="+accessible), "kiosk")
			s.until("We will be back soon")
			s.until("Reference: ")
			s.press("eve@example.com")
			tenant.away.Store(false)
			s.waitLong(long, "the first screen", func() bool { return strings.Contains(s.text(), "Press Enter to begin") })
			s.press("\r")
			s.wait("the first question", func() bool { return hasAny(s.text(), "Your details", "Question 1 of") })
			s.press(answers("ann@example.com")[1:])
			s.until("Is everything right?")
			tenant.leaves.Store(true)
			s.press("\r")
			s.waitLong(long, "a countdown", func() bool { return strings.Contains(s.text(), "by itself in") })
			tenant.away.Store(false)
			s.waitLong(long, "the end", func() bool { return strings.Contains(s.text(), "You are registered") })
			if got := tenant.signIn(t, "ann@example.com"); got != "password_correct" {
				t.Errorf("signing in with the password that was typed: %s", got)
			}
		})
	}
}

// TestAKioskIsClosedWhileItCannotKeepItsRecord: whoever comes next does not type everything in vain.
func TestAKioskIsClosedWhileItCannotKeepItsRecord(t *testing.T) {
	t.Parallel()
	tenant := serve(t, "customers")
	record := filepath.Join(t.TempDir(), "audit.jsonl")
	s := open(t, 80, 24, append(tenant.env, "FOYER_AUDIT_FILE="+record, "FOYER_KIOSK_IDLE_TIMEOUT=6s", "FOYER_KIOSK_IDLE_WARNING=2s"), "kiosk")
	s.until("Press Enter to begin")
	s.press("\r")
	s.until("Your details")
	kept, err := os.ReadFile(record + ".head")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(record+".head", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	s.press(answers("ann@example.com")[1:] + "\r")
	s.until("This kiosk needs attention")
	if !hasAll(s.said(), []string{"Registration is closed for the moment", "Please ask a member of staff", "For staff: the audit record cannot be written"}) {
		t.Errorf("the screen does not say what is the matter:\n%s", s.text())
	}
	s.until("This opens by itself as soon as it is") // the person has left
	if err := os.WriteFile(record+".head", kept, 0o600); err != nil {
		t.Fatal(err)
	}
	s.press("\r")
	s.until("Press Enter to begin")
}
