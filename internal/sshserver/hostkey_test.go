package sshserver_test

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"foyer/internal/sshserver"
)

func TestAHostKeyIsMadeOnce(t *testing.T) {
	name := filepath.Join(t.TempDir(), "state", "foyer", "key")
	made, err := sshserver.LoadHostKey(name)
	if err != nil {
		t.Fatal(err)
	}
	if !made.Made || made.PublicKey().Type() != "ssh-ed25519" || !strings.HasPrefix(made.Fingerprint(), "SHA256:") {
		t.Errorf("LoadHostKey() = %t, %s, %s", made.Made, made.PublicKey().Type(), made.Fingerprint())
	}
	again, err := sshserver.LoadHostKey(name)
	if err != nil || again.Made || again.Exposed || again.Fingerprint() != made.Fingerprint() {
		t.Errorf("the second time: %t, %t, %s, %v, want the same key", again.Made, again.Exposed, again.Fingerprint(), err)
	}
	info, err := os.Stat(name)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the mode is %v, %v, want 0600", info.Mode(), err)
	}
	files, err := os.ReadDir(filepath.Dir(name))
	if err != nil || len(files) != 1 {
		t.Errorf("there are %d files, %v, want the key alone", len(files), err)
	}
	if err := os.Chmod(name, 0o644); err != nil {
		t.Fatal(err)
	}
	if key, err := sshserver.LoadHostKey(name); err != nil || !key.Exposed {
		t.Errorf("a key that all can read: %t, %v, want exposed", key.Exposed, err)
	}
}

func TestServersThatBeginAtOnceHaveOneHostKey(t *testing.T) {
	name := filepath.Join(t.TempDir(), "key")
	var wg sync.WaitGroup
	prints := make([]string, 8)
	for i := range prints {
		wg.Go(func() {
			key, err := sshserver.LoadHostKey(name)
			if err != nil {
				t.Error(err)
				return
			}
			prints[i] = key.Fingerprint()
		})
	}
	wg.Wait()
	for _, p := range prints {
		if p != prints[0] {
			t.Errorf("there are the keys %s and %s", prints[0], p)
		}
	}
}

func TestAFileThatIsNoHostKeyIsRefusedWithoutItsText(t *testing.T) {
	folder := t.TempDir()
	name := filepath.Join(folder, "key")
	if err := os.WriteFile(name, []byte(marker), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{name, folder, filepath.Join(name, "below")} {
		if _, err := sshserver.LoadHostKey(bad); err == nil || strings.Contains(err.Error(), "horse") {
			t.Errorf("LoadHostKey(%s) = %v", bad, err)
		}
	}
}
