package invite_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"foyer/internal/invite"
	"foyer/internal/secret"
)

// mustMake makes invitations for an hour.
func mustMake(t *testing.T, s *invite.Store, count int) []invite.Made {
	t.Helper()
	made, err := s.Make(t.Context(), invite.Terms{Uses: 1, Lasts: time.Hour}, count)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func TestAGuessDoesNotReadAllInvitations(t *testing.T) {
	s := invite.New(filepath.Join(t.TempDir(), "invitations.json"), nil)
	mustMake(t, s, 1000)
	guess := mustMake(t, invite.New(filepath.Join(t.TempDir(), "elsewhere.json"), nil), 1)[0].Code
	allocations := testing.AllocsPerRun(10, func() {
		if _, err := s.Hold(t.Context(), guess, time.Minute); !errors.Is(err, invite.ErrUnknown) {
			t.Errorf("Hold() = %v, want %v", err, invite.ErrUnknown)
		}
	})
	if allocations > 500 {
		t.Errorf("a guess takes %v allocations, want fewer than there are invitations", allocations)
	}
}

func TestAGuessKeepsNobodyOutWhoIsInvitedAfterIt(t *testing.T) {
	name := filepath.Join(t.TempDir(), "invitations.json")
	server, administrator := invite.New(name, nil), invite.New(name, nil)
	old := mustMake(t, administrator, 1)[0]
	hold := func(code secret.Text, want error) {
		t.Helper()
		if _, err := server.Hold(t.Context(), code, time.Minute); !errors.Is(err, want) {
			t.Errorf("Hold() = %v, want %v", err, want)
		}
	}
	guess := mustMake(t, invite.New(filepath.Join(t.TempDir(), "elsewhere.json"), nil), 1)[0].Code
	hold(guess, invite.ErrUnknown)
	hold(mustMake(t, administrator, 1)[0].Code, nil)
	hold(guess, invite.ErrUnknown)
	if _, err := administrator.Revoke(t.Context(), old.Code); err != nil {
		t.Fatal(err)
	}
	hold(old.Code, invite.ErrUnknown)
	if err := os.WriteFile(name, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := server.Hold(t.Context(), guess, time.Minute); err == nil || errors.Is(err, invite.ErrUnknown) {
		t.Errorf("Hold() = %v, want that the file is broken", err)
	}
}
