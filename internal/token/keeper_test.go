package token_test

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"foyer/internal/registration"
	"foyer/internal/secret"
	"foyer/internal/token"
)

func TestASignInIsKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, d := newHouse(), new(drawer)
		s, _ := h.source(t, token.DeviceCode, keptIn(d))
		enter(t, s)
		if err := renew(t, s); err != nil {
			t.Fatal(err)
		}
		want := []string{"save MARKER-refresh-1", "save MARKER-refresh-2"}
		if diff := cmp.Diff(want, d.done); diff != "" {
			t.Errorf("the keeper was told (-want +got):\n%s", diff)
		}

		next, log := h.source(t, token.DeviceCode, keptIn(d)) // the next run
		if err := next.Restore(t.Context()); err != nil {
			t.Fatal(err)
		}
		if who, ok := next.Operator(); !ok || who != (registration.Operator{Subject: "s-1", Name: "Ann"}) {
			t.Errorf("Operator() = %+v, %t, want Ann", who, ok)
		}
		wantToken(t, next, "c")
		if err := next.SignOut(t.Context()); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(append(want, "save MARKER-refresh-3", "delete"), d.done); diff != "" {
			t.Errorf("the keeper was told (-want +got):\n%s", diff)
		}
		discloses(t, "log", log.String())
	})
}

func TestAKeptSignInThatIsNotHonouredIsDeleted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, d := newHouse(), new(drawer)
		d.text = secret.New(`{"refresh_token":"MARKER-old","sub":"s-1","name":"Ann"}`)
		h.always("/token", step{status: 400, body: `{"error":"invalid_grant"}`})
		s, _ := h.source(t, token.DeviceCode, keptIn(d))
		if err := s.Restore(t.Context()); err != nil {
			t.Fatal(err)
		}
		wantSomebody(t, s)
		_, err := s.Token(t.Context())
		wantKind(t, "Token()", err, registration.StaffSignIn)
		wantNobody(t, s)
		if diff := cmp.Diff([]string{"delete"}, d.done); diff != "" {
			t.Errorf("the keeper was told (-want +got):\n%s", diff)
		}
	})
}

func TestRestore(t *testing.T) {
	tests := []struct{ name, kept, want string }{
		{"nobody of nothing", "", ""},
		{"nobody of nonsense", "{", ""},
		{"nobody of another text", `"MARKER"`, ""},
		{"nobody without a refresh token", `{"sub":"s","name":"Ann"}`, ""},
		{"nobody without a name", `{"refresh_token":"r","sub":"s"}`, ""},
		{"a name that is fit to be shown", `{"refresh_token":"r","sub":"s","name":"A\u001b[31mnn\u0007"}`, "Ann"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, _ := newHouse().source(t, token.DeviceCode, keptIn(&drawer{text: secret.New(tt.kept)}))
			if err := s.Restore(t.Context()); err != nil {
				t.Fatal(err)
			}
			if who, ok := s.Operator(); who.Name != tt.want || ok != (tt.want != "") {
				t.Errorf("Operator() = %+v, %t, want %q", who, ok, tt.want)
			}
		})
	}
}

func TestAKeeperThatFailsIsLogged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, d := newHouse(), &drawer{err: errors.New("the keyring is locked")}
		s, log := h.source(t, token.DeviceCode, keptIn(d))
		if err := s.Restore(t.Context()); !errors.Is(err, d.err) {
			t.Errorf("Restore() = %v, want %v", err, d.err)
		}
		enter(t, s)
		wantToken(t, s, "a")
		if err := s.SignOut(t.Context()); err != nil {
			t.Errorf("SignOut() = %v, want nil", err)
		}
		if got := strings.Count(log.String(), "the keyring is locked"); got != 2 {
			t.Errorf("the log tells %d times of the keyring, want 2: %s", got, log)
		}
		discloses(t, "log", log.String())
	})
}

func TestAKeyringThatAsksSomebodyIsNotWaitedForWithoutEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, b := newHouse(), blocked{new(drawer), make(chan struct{})}
		s, _ := h.source(t, token.DeviceCode, keptIn(b))
		begun, err := s.SignIn(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if progress, err := begun.Poll(within(t, 60)); err != nil || !progress.Done {
			t.Errorf("Poll() = %+v, %v, want it done", progress, err)
		}
		start := time.Now()
		if err := s.SignOut(within(t, 30)); err != nil || len(h.sent("/revoke")) != 1 {
			t.Errorf("SignOut() = %v with %d revocations, want nil and 1", err, len(h.sent("/revoke")))
		}
		if waited := time.Since(start); waited > 30*time.Second {
			t.Errorf("SignOut() came back after %v, want at most 30s", waited)
		}
		close(b.release)
		synctest.Wait()
		if !b.text.IsZero() {
			t.Error("something is kept after the sign-out, want nothing")
		}
	})
}
