package sshserver_test

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"foyer/internal/sshserver"
)

func TestTryHostKeyMakesNoFile(t *testing.T) {
	folder := t.TempDir()
	key, err := sshserver.TryHostKey(filepath.Join(folder, "new", "folder", "key"))
	if err != nil || !key.Made || key.Signer == nil {
		t.Errorf("TryHostKey() = %+v, %v, want a key that would be made", key, err)
	}
	if left, err := os.ReadDir(folder); err != nil || len(left) > 0 {
		t.Errorf("it leaves %v, %v", left, err)
	}
	made, err := sshserver.LoadHostKey(filepath.Join(folder, "key"))
	if err != nil {
		t.Fatal(err)
	}
	if key, err = sshserver.TryHostKey(made.Name); err != nil || key.Made || key.Fingerprint() != made.Fingerprint() {
		t.Errorf("TryHostKey() = %+v, %v, want the key of the file", key, err)
	}
}

func TestTryHostKeySaysThatNoneCanBeMade(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("needs a folder that nobody can write to")
	}
	_, err := sshserver.TryHostKey("/proc/foyer/key")
	if err == nil || !strings.HasPrefix(err.Error(), "there is no host key /proc/foyer/key, and none can be made there: ") {
		t.Errorf("TryHostKey() = %v", err)
	}
}
