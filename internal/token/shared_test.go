package token_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"foyer/internal/registration"
	"foyer/internal/secret"
	"foyer/internal/token"
)

// kept is what a Keeper has of a member of staff.
func kept(refresh, subject string) secret.Text {
	return secret.New(fmt.Sprintf(`{"refresh_token":%q,"sub":%q,"name":"Ann"}`, refresh, subject))
}

// put has another process keep text in d.
func (d *drawer) put(text secret.Text) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.text = text
}

// strict has the house end all of a sign-in when a refresh token is presented twice (RFC 9700, 4.14.2).
func (h *house) strict() {
	var mu sync.Mutex
	seen := map[string]bool{}
	h.answer("/token", func(form url.Values) step {
		mu.Lock()
		defer mu.Unlock()
		if refresh := form.Get("refresh_token"); refresh != "" && (seen[refresh] || seen["all"]) {
			seen["all"] = true
			return step{status: http.StatusBadRequest, body: `{"error":"invalid_grant"}`}
		}
		seen[form.Get("refresh_token")] = true
		return h.rotate(form)
	})
}

func TestTwoProcessesShareASignIn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, d := newHouse(), new(drawer)
		h.strict()
		kiosk, log := h.source(t, token.DeviceCode, keptIn(d))
		check, _ := h.source(t, token.DeviceCode, keptIn(d))
		enter(t, kiosk)
		if err := check.Restore(t.Context()); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			for _, s := range []*token.Source{check, kiosk} {
				if err := renew(t, s); err != nil {
					t.Fatal(err)
				}
			}
		}
		want := []string{"MARKER-refresh-1", "MARKER-refresh-2", "MARKER-refresh-3", "MARKER-refresh-4"}
		if diff := cmp.Diff(want, h.refreshTokens()); diff != "" {
			t.Errorf("refresh tokens (-want +got):\n%s", diff)
		}
		wantSomebody(t, kiosk)
		discloses(t, "log", log.String())
	})
}

func TestWhatAnotherProcessIsAboutToKeepIsLookedForAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, d := newHouse(), new(drawer)
		s, _ := h.source(t, token.DeviceCode, keptIn(d))
		enter(t, s)
		h.answer("/token", func(form url.Values) step {
			if form.Get("refresh_token") == "MARKER-refresh-1" {
				d.put(kept("MARKER-other", "s-1"))
				return step{status: http.StatusBadRequest, body: `{"error":"invalid_grant"}`}
			}
			return signedIn("b", "MARKER-next")
		})
		if err := renew(t, s); err != nil {
			t.Fatal(err)
		}
		wantToken(t, s, "b")
		if diff := cmp.Diff([]string{"MARKER-refresh-1", "MARKER-other"}, h.refreshTokens()); diff != "" {
			t.Errorf("refresh tokens (-want +got):\n%s", diff)
		}
	})
}

func TestWhatIsKeptOfOthersIsLeftAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, d := newHouse(), new(drawer)
		s, _ := h.source(t, token.DeviceCode, keptIn(d))
		enter(t, s)
		d.put(kept("MARKER-other", "s-2"))
		h.always("/token", step{status: http.StatusBadRequest, body: `{"error":"invalid_grant"}`})
		wantKind(t, "Token()", renew(t, s), registration.StaffSignIn)
		if diff := cmp.Diff([]string{"MARKER-refresh-1"}, h.refreshTokens()); diff != "" {
			t.Errorf("refresh tokens (-want +got):\n%s", diff)
		}
		if !d.text.Equal(kept("MARKER-other", "s-2")) {
			t.Error("the sign-in of another process is not kept any more")
		}
	})
}

func TestWhatIsKeptAndOldIsNotUsed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, d := newHouse(), new(drawer)
		h.strict()
		s, _ := h.source(t, token.DeviceCode, keptIn(d))
		enter(t, s)
		for range 3 { // after the first of which the keeper keeps the one before
			if err := renew(t, s); err != nil {
				t.Fatal(err)
			}
			d.put(kept("MARKER-refresh-1", "s-1"))
		}
		want := []string{"MARKER-refresh-1", "MARKER-refresh-2", "MARKER-refresh-3"}
		if diff := cmp.Diff(want, h.refreshTokens()); diff != "" {
			t.Errorf("refresh tokens (-want +got):\n%s", diff)
		}
	})
}

func TestAKeeperThatErrsIsNotAsked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, d := newHouse(), &drawer{err: errors.New("the keyring is locked")}
		s, _ := h.source(t, token.DeviceCode, keptIn(d))
		enter(t, s)
		d.put(kept("MARKER-other", "s-1"))
		if err := renew(t, s); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"MARKER-refresh-1"}, h.refreshTokens()); diff != "" {
			t.Errorf("refresh tokens (-want +got):\n%s", diff)
		}
	})
}

func TestSignOutOfASharedSignIn(t *testing.T) {
	tests := []struct {
		name    string
		kept    secret.Text // by another process, meanwhile
		revoked []string
		left    bool
	}{
		{"revokes what another process has got by it", kept("MARKER-other", "s-1"), []string{"MARKER-refresh-1", "MARKER-other"}, false},
		{"does not touch another sign-in", kept("MARKER-other", "s-2"), []string{"MARKER-refresh-1"}, true},
		{"does not revoke twice", kept("MARKER-refresh-1", "s-1"), []string{"MARKER-refresh-1"}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h, d := newHouse(), new(drawer)
				s, _ := h.source(t, token.DeviceCode, keptIn(d))
				enter(t, s)
				d.put(tt.kept)
				if err := s.SignOut(t.Context()); err != nil {
					t.Errorf("SignOut() = %v", err)
				}
				if err := s.Settle(t.Context()); err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(tt.revoked, h.revoked()); diff != "" {
					t.Errorf("revoked (-want +got):\n%s", diff)
				}
				if d.text.IsZero() == tt.left {
					t.Errorf("something is kept: %t, want %t", !d.text.IsZero(), tt.left)
				}
			})
		})
	}
}

// A mute Keeper answers nothing until release is closed. It notes how many wait for it.
type mute struct {
	*drawer
	release chan struct{}
	asked   *atomic.Int32
}

func newMute() mute { return mute{new(drawer), make(chan struct{}), new(atomic.Int32)} }

func (m mute) ask() {
	m.asked.Add(1)
	<-m.release
}

func (m mute) Load() (secret.Text, error) {
	m.ask()
	return m.drawer.Load()
}

func (m mute) Save(text secret.Text) error {
	m.ask()
	return m.drawer.Save(text)
}

func TestRestoreEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMute()
		m.text = kept("MARKER-old", "s-1")
		s, _ := newHouse().source(t, token.DeviceCode, keptIn(m))
		for range 3 {
			if err := s.Restore(within(t, 10)); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("Restore() = %v, want the end of its context", err)
			}
		}
		if m.asked.Load() != 1 {
			t.Errorf("%d goroutines wait for the keeper, want 1", m.asked.Load())
		}
		close(m.release)
		if err := s.Restore(t.Context()); err != nil {
			t.Fatal(err)
		}
		wantSomebody(t, s)
	})
}

func TestVisitorsWaitLittleForAKeeper(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, m := newHouse(), newMute()
		s, _ := h.source(t, token.DeviceCode, keptIn(m))
		enter(t, s)
		for range 3 {
			pass(time.Hour)
			start := time.Now()
			mustToken(t, s)
			if waited := time.Since(start); waited > 4*time.Second {
				t.Errorf("Token() came back after %v, want 2s for what is kept and 2s to keep it at most", waited)
			}
		}
		if m.asked.Load() != 1 {
			t.Errorf("%d goroutines wait for the keeper, want 1", m.asked.Load())
		}
		if s.Kept() {
			t.Error("Kept() = true before the keeper has answered")
		}
		if err := s.Settle(within(t, 5)); err == nil {
			t.Error("Settle() = nil while something is to be kept, want the end of its context")
		}
		close(m.release)
		if err := s.Settle(t.Context()); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"save MARKER-refresh-1", "save MARKER-refresh-4"}, m.done); diff != "" {
			t.Errorf("the keeper was told (-want +got):\n%s", diff)
		}
		if !s.Kept() {
			t.Error("Kept() = false, want true")
		}
	})
}

func TestSignOutRevokesBeforeItWaitsForAKeeper(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, m := newHouse(), newMute()
		s, _ := h.source(t, token.DeviceCode, keptIn(m))
		enter(t, s)
		h.answer("/revoke", func(url.Values) step {
			if who, ok := s.Operator(); ok {
				t.Errorf("Operator() = %+v while the session is revoked, want nobody", who)
			}
			return step{status: http.StatusOK}
		})
		start := time.Now()
		out := make(chan error, 1)
		go func() { out <- s.SignOut(t.Context()) }()
		synctest.Wait()
		if len(h.revoked()) != 1 {
			t.Errorf("%d revocations before the keeper has answered, want 1", len(h.revoked()))
		}
		if err := <-out; err != nil || time.Since(start) > 2*time.Second {
			t.Errorf("SignOut() = %v after %v, want nil after 2s at most", err, time.Since(start))
		}
		close(m.release)
		if err := s.Settle(t.Context()); err != nil || !m.text.IsZero() {
			t.Errorf("Settle() = %v, and something is kept: %t, want nil and nothing", err, !m.text.IsZero())
		}
	})
}

func TestKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, d := newHouse(), new(drawer)
		s, _ := h.source(t, token.DeviceCode, keptIn(d))
		want := func(when string, want bool) {
			t.Helper()
			if got := s.Kept(); got != want {
				t.Errorf("Kept() = %t %s, want %t", got, when, want)
			}
		}
		want("of nobody", false)
		enter(t, s)
		want("after a sign-in", true)
		d.err = errors.New("the keyring is locked")
		if err := renew(t, s); err != nil {
			t.Fatal(err)
		}
		want("after a refresh that could not be kept", false)
		d.err = nil
		if err := renew(t, s); err != nil {
			t.Fatal(err)
		}
		want("after the next", true)
		if err := s.SignOut(t.Context()); err != nil {
			t.Fatal(err)
		}
		want("after the sign-out", false)
		next, _ := h.source(t, token.DeviceCode, keptIn(&drawer{text: kept("MARKER-old", "s-1")}))
		if err := next.Restore(t.Context()); err != nil || !next.Kept() {
			t.Errorf("Restore() = %v and Kept() = %t, want nil and true", err, next.Kept())
		}
		without, _ := h.source(t, token.DeviceCode)
		enter(t, without)
		if without.Kept() {
			t.Error("Kept() = true without a keeper")
		}
	})
}
