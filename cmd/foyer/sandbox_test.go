package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"foyer/internal/sandbox"
)

// practice starts a practice tenant as the flags say, and returns the variables that point at it.
func practice(t *testing.T, auth practiceAuth) []string {
	t.Helper()
	var options sandbox.Options
	files, err := auth.prepare(&options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(files.remove)
	s, err := startSandbox("127.0.0.1:0", defaultPool, options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.stop)
	env := []string{asFoyer + "=1"}
	for _, setting := range append(s.settings, files.settings...) {
		env = append(env, setting.Name+"="+setting.Value)
	}
	return env
}

// TestEveryMethodRegisters proves each method of the client against the practice tenant, over TLS.
func TestEveryMethodRegisters(t *testing.T) {
	var ways []practiceAuth
	for _, method := range slices.DeleteFunc(practiceMethods(), func(m string) bool { return m == "none" }) {
		ways = append(ways, practiceAuth{tls: true, method: method})
	}
	ways = append(ways, practiceAuth{}, practiceAuth{dpop: true}, practiceAuth{tls: true, nonce: true},
		practiceAuth{tls: true, method: "tls_client_auth", nonce: true}, practiceAuth{tls: true, method: "private_key_jwt", nonce: true})
	for _, way := range ways {
		name := way.method
		for suffix, on := range map[string]bool{" by TLS": way.tls, " with DPoP": way.dpop, " with nonces": way.nonce} {
			if on {
				name += suffix
			}
		}
		t.Run(name, func(t *testing.T) {
			register := exec.CommandContext(t.Context(), os.Args[0], "register")
			register.Env = practice(t, way)
			register.Stdin = strings.NewReader(`{"identifiers": [{"type": "email", "identifier": "ann@example.com"}],
				"payload": {"given_name": "Ann", "family_name": "Lee"}, "password": "correct horse 7 battery"}`)
			if out, err := register.CombinedOutput(); err != nil || !strings.Contains(string(out), `"status":"active"`) {
				t.Errorf("foyer register: %v\n%s", err, out)
			}
		})
	}
}

func TestPracticeFilesAreTheirOwners(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a folder")
	files, err := practiceAuth{tls: true, method: "private_key_jwt", dir: dir}.prepare(new(sandbox.Options))
	if err != nil {
		t.Fatal(err)
	}
	files.remove()
	for _, name := range []string{"ca.pem", "signing.pem"} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v, want a file of its owner that stays", name, info, err)
		}
	}
	files, err = practiceAuth{tls: true}.prepare(new(sandbox.Options))
	if err != nil {
		t.Fatal(err)
	}
	files.remove()
	if _, err := os.Stat(files.folder); !os.IsNotExist(err) {
		t.Errorf("the temporary folder is still there: %v", err)
	}
}

func TestQuoted(t *testing.T) {
	for in, want := range map[string]string{
		"https://127.0.0.1:8443": "https://127.0.0.1:8443",
		"/tmp/a folder/ca.pem":   "'/tmp/a folder/ca.pem'",
		"it's":                   `'it'\''s'`,
		"$(id)":                  "'$(id)'",
	} {
		if got := quoted(in); got != want {
			t.Errorf("quoted(%q) = %s, want %s", in, got, want)
		}
	}
}
