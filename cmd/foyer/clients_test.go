package main

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// found is where a client's program is. Without it the test is skipped; with FOYER_REQUIRE_SSH_CLIENTS it fails.
func found(tb testing.TB, program string) string {
	tb.Helper()
	path, err := exec.LookPath(program)
	switch {
	case err == nil:
		return path
	case os.Getenv("FOYER_REQUIRE_SSH_CLIENTS") != "":
		tb.Fatalf("there is no %s here", program)
	default:
		tb.Skipf("there is no %s here", program)
	}
	return ""
}

// openSSH is the words that begin a session with OpenSSH's client.
func (s *served) openSSH(t *testing.T, args ...string) []string {
	t.Helper()
	host, port, err := net.SplitHostPort(s.address)
	if err != nil {
		t.Fatal(err)
	}
	known := filepath.Join(t.TempDir(), "known_hosts")
	all := append([]string{found(t, "ssh")}, args...) // of an option that is given twice the first counts
	return append(all, "-F", "/dev/null", "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile="+known, "-o", "SendEnv=LANG LC_*", "-p", port, "signup@"+host)
}

// TestEveryClientRegistersAPerson registers somebody by each client, in each terminal.
func TestEveryClientRegistersAPerson(t *testing.T) {
	tenant := serve(t, "customers")
	s := startServe(t, append(tenant.env, "FOYER_SSH_MAX_SESSIONS_PER_IP=0")...)
	host, port, err := net.SplitHostPort(s.address)
	if err != nil {
		t.Fatal(err)
	}
	clients := map[string]struct {
		program string
		words   func(t *testing.T) []string
		env     []string
	}{
		"dropbear": {"dbclient", func(*testing.T) []string { return []string{"-y", "-y", "-p", port, "signup@" + host} }, nil},
		"putty": {"plink", func(*testing.T) []string {
			return []string{"-ssh", "-t", "-batch", "-no-antispoof", "-hostkey", s.key, "-P", port, "signup@" + host}
		}, nil},
		"in tmux": {"tmux", func(t *testing.T) []string {
			socket := filepath.Join(t.TempDir(), "tmux")
			t.Cleanup(func() { _ = exec.Command("tmux", "-S", socket, "kill-server").Run() }) //nolint:noctx // when the test is over
			return append([]string{"-u", "-S", socket, "-f", "/dev/null", "new-session"}, s.openSSH(t)...)
		}, nil},
		"in screen":      {"screen", func(t *testing.T) []string { return append([]string{"-U", "-c", "/dev/null"}, s.openSSH(t)...) }, []string{"SCREENDIR=" + private(t)}},
		"xterm-256color": {"ssh", func(t *testing.T) []string { return s.openSSH(t)[1:] }, nil},
		"linux":          {"ssh", func(t *testing.T) []string { return s.openSSH(t)[1:] }, []string{"TERM=linux"}},
		"vt100":          {"ssh", func(t *testing.T) []string { return s.openSSH(t)[1:] }, []string{"TERM=vt100"}},
		"dumb":           {"ssh", func(t *testing.T) []string { return s.openSSH(t)[1:] }, []string{"TERM=dumb"}},
	}
	for name, client := range clients {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			program := found(t, client.program)
			g := openProgram(t, 80, 24, client.env, program, client.words(t)...)
			email := strings.ReplaceAll(name, " ", "-") + "@example.com"
			g.until("Press Enter to begin")
			g.press(answers(email) + "\r")
			g.until("You are registered")
			if got := tenant.signIn(t, email); got != "password_correct" {
				t.Errorf("signing in with the password that was typed: %s", got)
			}
			g.until("enter finish")
			g.press("\r")
			if code := g.exit(); code != 0 {
				t.Errorf("%s exits with %d, want 0:\n%s", client.program, code, g.text())
			}
		})
	}
}

// private is a folder that only its owner can see.
func private(t *testing.T) string {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "own")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	return folder
}
