package registration_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"

	"foyer/internal/registration"
	"foyer/internal/secret"
)

// A leak knows one password, or cannot be asked.
type leak struct {
	known string
	err   error
	asked int
}

func (l *leak) Breached(_ context.Context, password secret.Text) (int, error) {
	l.asked++
	if password.Reveal() == l.known {
		return 7, l.err
	}
	return 0, l.err
}

func TestABreachedPasswordIsRefusedBeforeItIsSent(t *testing.T) {
	down := errors.New("down")
	tests := []struct {
		name   string
		leak   leak
		closed bool
		want   string
	}{
		{"known", leak{known: "correct horse battery"}, false, "password_rejected breached"},
		{"not known", leak{}, false, "sign_in active"},
		{"nobody knows", leak{err: down}, false, "sign_in active"},
		{"nobody knows, and that closes", leak{err: down}, true, "unavailable"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				o := &office{}
				v := enter(t, o, registration.Settings{Status: registration.Active, Identifiers: asked(registration.Email)}, "ann@example.com")
				v.service.Breaches = registration.Breaches{Checker: &tt.leak, FailClosed: tt.closed}
				v.says(v.register(), tt.want)
				if sent := len(o.calls) > 0; sent != (tt.want == "sign_in active") {
					t.Errorf("calls: %q", o.calls)
				}
			})
		})
	}
}

func TestAPasswordIsLookedUpOnceForASubmission(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &leak{}
		o := &office{fails: map[string][]registration.Problem{"send": {{Kind: registration.Misconfigured}}}}
		v := enter(t, o, withCode(), "ann@example.com")
		v.service.Breaches.Checker = l
		v.register()
		v.register()
		if l.asked != 1 {
			t.Errorf("it was looked up %d times", l.asked)
		}
	})
}

func TestPasswordsThatNobodyMayHave(t *testing.T) {
	tests := []struct{ name, password, want string }{
		{"one that many use", "password123", "password_rejected blocked_common"},
		{"the service's name", "Acme-Desk!", "password_rejected blocked_service"},
		{"the person's own address", "ann@example.com", "password_rejected blocked_own"},
		{"one that holds such a word", "acme desk violin thunder", "sign_in active"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			settings := registration.Settings{Status: registration.Active, Identifiers: asked(registration.Email), ServiceWords: []string{"Acme Desk"}}
			v := enter(t, &office{pool: registration.Pool{ID: "p", Name: "Pool"}}, settings, "ann@example.com")
			d := v.draft("ann@example.com")
			d.Password = secret.New(tt.password)
			v.sub = registration.NewSubmission(d)
			v.says(v.register(), tt.want)
		})
	}
}
