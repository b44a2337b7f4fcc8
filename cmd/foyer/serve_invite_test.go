package main

import (
	"bytes"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// foyer runs a command beside the server, as its administrator, and returns what it prints.
func (s *served) foyer(args ...string) string {
	s.t.Helper()
	c := exec.CommandContext(s.t.Context(), os.Args[0], args...)
	c.Env = []string{asFoyer + "=1", "HOME=" + s.home, "FOYER_SSH_ACCESS=invite"}
	var complaint bytes.Buffer
	c.Stderr = &complaint
	out, err := c.Output()
	if err != nil {
		s.t.Fatalf("foyer %v: %v\n%s", args, err, &complaint)
	}
	return strings.TrimSpace(string(out))
}

func TestAPersonRegistersByInvitation(t *testing.T) {
	tenant := serve(t, "customers")
	s := startServe(t, append(tenant.env, "FOYER_LOG_LEVEL=debug", "FOYER_SSH_ACCESS=invite")...)
	code := s.foyer("invite", "--label", "desk") // while it serves
	g := s.ssh()
	g.until("Registration by invitation")
	g.press(strings.ToLower(code) + "\r")
	g.until("Press Enter to begin")
	if list := s.foyer("invite", "list"); !strings.Contains(list, " 1 of 1     1 ") {
		t.Errorf("while the person is inside the list says\n%s", list)
	}
	g.press("\x03\x03")
	g.exit()

	g = s.ssh()
	g.until("Registration by invitation")
	g.press(code + "\r" + answers("ann@example.com") + "\r")
	g.until("You are registered")
	if got := tenant.signIn(t, "ann@example.com"); got != "password_correct" {
		t.Errorf("signing in with the password that was typed: %s", got)
	}
	if list := s.foyer("invite", "list"); !strings.Contains(list, " 0 of 1     0 ") || !strings.Contains(list, "used up") {
		t.Errorf("afterwards the list says\n%s", list)
	}

	late := s.ssh()
	late.until("Registration by invitation")
	late.press(code + "\r")
	late.until("This code cannot be used now")
	if log := s.stderr.String(); !strings.Contains(log, "there is no valid invitation, so that nobody can register; 'foyer invite' makes one") {
		t.Errorf("the server does not say at its start that there is no invitation:\n%s", log)
	}
	s.searchFor(code)
}

// searchFor looks for a code in the log and in every file of the server.
func (s *served) searchFor(code string) {
	s.t.Helper()
	left := map[string]string{"the log": s.stderr.String()}
	err := filepath.WalkDir(s.home, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		left[path] = string(text)
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	for where, text := range left {
		text = strings.ToUpper(text)
		if strings.Contains(text, code) || strings.Contains(text, strings.ReplaceAll(code, "-", "")) {
			s.t.Errorf("the code is in %s", where)
		}
	}
}

// TestAServerThatDiesKeepsNoInvitation kills the server while somebody is inside; another one begins with what it left.
func TestAServerThatDiesKeepsNoInvitation(t *testing.T) {
	home := t.TempDir()
	env := []string{"FOYER_SSH_ACCESS=invite", "FOYER_SSH_SESSION_TIMEOUT=10s"}
	first := startServeIn(t, home, env...)
	code := first.foyer("invite")
	g := first.ssh()
	g.until("Registration by invitation")
	g.press(code + "\r")
	g.until("Press Enter to begin")
	if err := first.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	first.end()

	file := filepath.Join(home, ".local", "state", "foyer", "invitations.json")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(text), `"until": "20`) {
		t.Errorf("the file has no hold:\n%s", text)
	}
	lapsed := strings.Replace(string(text), `"until": "20`, `"until": "19`, 1) // as if that were long ago
	if err := os.WriteFile(file, []byte(lapsed), 0o600); err != nil {
		t.Fatal(err)
	}
	second := startServeIn(t, home, env...)
	again := second.ssh()
	again.until("Registration by invitation")
	again.press(code + "\r")
	again.until("Press Enter to begin")
}
