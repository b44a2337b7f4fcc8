package main

import (
	"bytes"
	"context"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"foyer/internal/secret"
)

const (
	asKeyringUser = "FOYER_TEST_KEYRING" // set in the process that has a session of its own
	markerKept    = "MARKER-kept-in-the-keyring"
)

// TestKeyring keeps a sign-in in a real keyring: a throw-away one of a Secret Service, on a bus of its own. Where there is no
// Secret Service to start the test is skipped; with FOYER_REQUIRE_KEYRING=1 in the environment it fails instead.
func TestKeyring(t *testing.T) {
	for _, name := range []string{"dbus-run-session", "gnome-keyring-daemon"} {
		if _, err := exec.LookPath(name); err == nil {
			continue
		}
		if os.Getenv("FOYER_REQUIRE_KEYRING") == "1" {
			t.Fatalf("%s is not installed", name)
		}
		t.Skipf("%s is not installed", name)
	}
	home := t.TempDir()
	run := filepath.Join(home, "run")
	if err := os.Mkdir(run, 0o700); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	const script = `printf passphrase | gnome-keyring-daemon --unlock --components=secrets >/dev/null && exec "$0" -test.run='^TestKeyringUser$' -test.count=1`
	session := exec.CommandContext(ctx, "dbus-run-session", "--", "sh", "-c", script, os.Args[0])
	session.Env = append(os.Environ(), asKeyringUser+"=1", "HOME="+home, "XDG_RUNTIME_DIR="+run, "XDG_DATA_HOME="+filepath.Join(home, "data"),
		"XDG_CONFIG_HOME="+filepath.Join(home, "config"), "XDG_CACHE_HOME="+filepath.Join(home, "cache"), "GNOME_KEYRING_CONTROL=", "DISPLAY=", "WAYLAND_DISPLAY=")
	session.WaitDelay = time.Second // the daemon has the output open until it notices that the bus is gone
	out, err := session.CombinedOutput()
	if err != nil || !bytes.Contains(out, []byte("PASS")) {
		t.Fatalf("in a session of its own: %v\n%s", err, out)
	}
}

// TestKeyringUser is what TestKeyring does in its session.
func TestKeyringUser(t *testing.T) {
	if os.Getenv(asKeyringUser) == "" {
		t.Skip("runs in the session of TestKeyring")
	}
	k, other := osKeyring{account: "kiosk at https://acme.test"}, osKeyring{account: "other at https://acme.test"}
	wantKept(t, k, "")
	if err := k.Delete(); err != nil {
		t.Errorf("Delete() of nothing = %v, want nil", err)
	}
	for _, text := range []string{markerKept, markerKept + strings.Repeat("x", 8<<10)} {
		if err := k.Save(secret.New(text)); err != nil {
			t.Fatalf("Save() = %v", err)
		}
		wantKept(t, k, text)
		wantKept(t, other, "")
		wantEncrypted(t, os.Getenv("HOME"))
	}
	if err := k.Delete(); err != nil {
		t.Errorf("Delete() = %v, want nil", err)
	}
	wantKept(t, k, "")
}

func wantKept(t *testing.T, k osKeyring, want string) {
	t.Helper()
	if got, err := k.Load(); err != nil || got.Reveal() != want {
		t.Errorf("Load() of %s = %d characters, %v, want %d", k.account, len(got.Reveal()), err, len(want))
	}
}

// wantEncrypted fails the test when a file under home has the marker in it, or when there is no keyring that could.
func wantEncrypted(t *testing.T, home string) {
	t.Helper()
	keyrings := 0
	err := filepath.WalkDir(home, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		data, err := os.ReadFile(path)
		if bytes.Contains(data, []byte(markerKept)) {
			t.Errorf("%s has the secret in clear", path)
		}
		if filepath.Ext(path) == ".keyring" && len(data) > 0 {
			keyrings++
		}
		return err
	})
	if err != nil || keyrings == 0 {
		t.Errorf("%d keyrings under the home, %v, want one", keyrings, err)
	}
}

func TestKeyringThatIsNotThere(t *testing.T) {
	if runtime.GOOS == "darwin" || runtime.GOOS == "windows" {
		t.Skip("the keyring is not at a bus")
	}
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path="+filepath.Join(t.TempDir(), "none"))
	k := osKeyring{account: "kiosk"}
	_, err := k.Load()
	for what, err := range map[string]error{"Load": err, "Save": k.Save(secret.New(markerKept)), "Delete": k.Delete()} {
		if err == nil || !strings.Contains(err.Error(), "set auth.keep to memory") || strings.Contains(err.Error(), markerKept) {
			t.Errorf("%s = %v, want an error that says what to do", what, err)
		}
	}
}
