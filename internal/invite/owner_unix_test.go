//go:build unix

package invite_test

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

func TestWhatRootMakesBelongsToTheOwnerOfTheFolder(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("this is for root")
	}
	s, _ := newStore(t)
	const server = 12345
	folder := filepath.Dir(s.Name())
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Chown(folder, server, server); err != nil {
		t.Fatal(err)
	}
	invited(t, s, 1)
	info, err := os.Stat(s.Name())
	if err != nil {
		t.Fatal(err)
	}
	if owner, ok := info.Sys().(*syscall.Stat_t); !ok || owner.Uid != server || info.Mode().Perm() != 0o600 {
		t.Errorf("the file belongs to %+v with %v, want %d and 0600", owner, info.Mode(), server)
	}
}
