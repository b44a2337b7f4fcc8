package main

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
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
	all := append([]string{"ssh"}, args...) // of an option that is given twice the first counts
	return append(all, "-F", "/dev/null", "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile="+known, "-o", "SendEnv=LANG LC_*", "-p", port, "signup@"+host)
}

// TestEveryClientRegistersAPerson registers somebody by each client, in each terminal.
func TestEveryClientRegistersAPerson(t *testing.T) {
	tenant := serve(t, "customers")
	s := startServe(t, append(tenant.env, "FOYER_SSH_MAX_SESSIONS_PER_IP=0", "FOYER_SSH_REGISTRATIONS_PER_HOUR=0")...)
	host, port, err := net.SplitHostPort(s.address)
	if err != nil {
		t.Fatal(err)
	}
	socket := filepath.Join(private(t), "tmux")
	t.Cleanup(func() { _ = exec.Command("tmux", "-S", socket, "kill-server").Run() }) //nolint:noctx // when the test is over
	ssh := s.openSSH(t)
	clients := map[string]struct {
		words []string
		env   []string
	}{
		"dropbear":       {[]string{"dbclient", "-y", "-y", "-p", port, "signup@" + host}, nil},
		"putty":          {[]string{"plink", "-ssh", "-t", "-batch", "-no-antispoof", "-hostkey", s.key, "-P", port, "signup@" + host}, nil},
		"in tmux":        {append([]string{"tmux", "-u", "-S", socket, "-f", "/dev/null", "new-session"}, ssh...), nil},
		"in screen":      {append([]string{"screen", "-U", "-c", "/dev/null"}, ssh...), []string{"SCREENDIR=" + private(t)}},
		"xterm-256color": {ssh, nil},
		"linux":          {ssh, []string{"TERM=linux"}},
		"vt100":          {ssh, []string{"TERM=vt100"}},
		"dumb":           {ssh, []string{"TERM=dumb"}},
	}
	for name, client := range clients {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			program := found(t, client.words[0])
			if slices.Contains(client.words, "ssh") {
				found(t, "ssh") // within a terminal of its own
			}
			g := openProgram(t, 80, 24, client.env, program, client.words[1:]...)
			email := strings.ReplaceAll(name, " ", "-") + "@example.com"
			if name == "dumb" { // in lines, which begin by themselves
				g.until("E-mail address")
			} else {
				g.until("Press Enter to begin")
			}
			g.press(answers(email) + "\r")
			g.until("You are registered")
			if got := tenant.signIn(t, email); got != "password_correct" {
				t.Errorf("signing in with the password that was typed: %s", got)
			}
			if name != "dumb" {
				g.until("enter finish")
				g.press("\r")
			}
			if code := g.exit(); code != 0 {
				t.Errorf("%s exits with %d, want 0:\n%s", client.words[0], code, g.text())
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
