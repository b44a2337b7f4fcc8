package main

import (
	"bufio"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/json"
	"encoding/pem"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	gossh "golang.org/x/crypto/ssh"

	"foyer/internal/audit"
	"foyer/internal/config"
)

// A served is a running "foyer serve".
type served struct {
	t       *testing.T
	cmd     *exec.Cmd
	home    string
	address string
	key     string        // the fingerprint of its host key
	stdout  *lockedBuffer // what comes after its first key
	stderr  *lockedBuffer
	over    chan struct{} // closed when it has ended
}

// startServe starts it at a free port, with no variables but env.
func startServe(t *testing.T, env ...string) *served {
	t.Helper()
	return startServeIn(t, t.TempDir(), env...)
}

// startServeIn is startServe with a home that there may be something in.
func startServeIn(t *testing.T, home string, env ...string) *served {
	t.Helper()
	s := &served{t: t, home: home, stdout: &lockedBuffer{}, stderr: &lockedBuffer{}, over: make(chan struct{})}
	s.cmd = exec.CommandContext(t.Context(), os.Args[0], "serve")
	s.cmd.Dir = home
	s.cmd.Env = append([]string{asFoyer + "=1", "HOME=" + home, "FOYER_SSH_LISTEN=127.0.0.1:0", "FOYER_SSH_CONNECTIONS_PER_MINUTE=0"}, env...)
	s.cmd.Stderr = s.stderr
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.cmd.Process.Kill() })
	lines := bufio.NewReader(out)
	s.address, s.key = s.said(lines, "foyer: serving at "), s.said(lines, "foyer: host key ")
	go func() {
		_, _ = io.Copy(s.stdout, lines)
		_ = s.cmd.Wait() // the code says it
		close(s.over)
	}()
	return s
}

// said is what it prints after prefix, in a line.
func (s *served) said(lines *bufio.Reader, prefix string) string {
	s.t.Helper()
	line, err := lines.ReadString('\n')
	value, ok := strings.CutPrefix(strings.TrimSpace(line), prefix)
	if err != nil || !ok {
		s.t.Fatalf("it prints %q, %v, want %q\n%s", line, err, prefix, s.stderr)
	}
	return value
}

// ssh is OpenSSH's client at this server, in a terminal.
func (s *served) ssh(args ...string) *terminal {
	s.t.Helper()
	return openProgram(s.t, 80, 24, nil, found(s.t, "ssh"), s.openSSH(s.t, args...)[1:]...)
}

// end waits for its end and returns the exit code.
func (s *served) end() int {
	s.t.Helper()
	select {
	case <-s.over:
	case <-time.After(20 * time.Second):
		s.t.Fatalf("the server does not end:\n%s", s.stderr)
	}
	return s.cmd.ProcessState.ExitCode()
}

func TestAPersonRegistersByOpenSSH(t *testing.T) {
	tenant := serve(t, "customers")
	s := startServe(t, append(tenant.env, "FOYER_LOG_LEVEL=debug")...)
	g := s.ssh()
	g.until("Press Enter to begin")
	g.press(answers("ann@example.com") + "\r")
	g.until("You are registered")
	if got := tenant.signIn(t, "ann@example.com"); got != "password_correct" {
		t.Errorf("signing in with the password that was typed: %s", got)
	}
	g.until("enter finish")
	g.press("\r")
	if code := g.exit(); code != 0 {
		t.Errorf("ssh exits with %d, want 0", code)
	}
	if !strings.Contains(g.recorded(), "Goodbye.") {
		t.Error("nobody says goodbye")
	}
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if code := s.end(); code != 0 {
		t.Errorf("the server exits with %d, want 0", code)
	}
	log := s.stderr.String()
	for _, want := range []string{`"outcome":"finished"`, `"registered":1`, `"user":"signup"`, `"client":"SSH-2.0-OpenSSH`, "foyer: made a host key in "} {
		if !strings.Contains(log, want) {
			t.Errorf("standard error lacks %s:\n%s", want, log)
		}
	}
	if strings.Contains(log, "horse") {
		t.Error("the password is in the log")
	}
	registered, session := s.record("register"), s.record("session")
	if registered["reference"] == nil || session["remote"] == nil || registered["session"] == nil || registered["session"] != session["session"] {
		t.Errorf("the registration is %v, which does not lead to the session %v", registered, session)
	}
}

// record is the first record of the log with this message; nil for none.
func (s *served) record(message string) map[string]any {
	for line := range strings.Lines(s.stderr.String()) {
		var record map[string]any
		if json.Unmarshal([]byte(line), &record) == nil && record["msg"] == message {
			return record
		}
	}
	return nil
}

func TestOpenSSHIsRefusedWithALine(t *testing.T) {
	s := startServe(t)
	tests := []struct {
		name, want string
		args       []string
		code       int
	}{
		{"a command", "Nothing but the registration is served here.", []string{"-o", "RemoteCommand=id"}, 255},
		{"no terminal for a password", "ssh -t lines@HOST", []string{"-T"}, 1},
		{"a port beyond it", "nothing is forwarded here", []string{"-W", "localhost:22"}, 255},
		{"a port", "remote port forwarding failed", []string{"-N", "-o", "ExitOnForwardFailure=yes", "-R", "9:localhost:9"}, 255},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s.t = t
			g := s.ssh(tt.args...)
			if code := g.exit(); code != tt.code {
				t.Errorf("ssh exits with %d, want %d", code, tt.code)
			}
			if !strings.Contains(g.recorded(), tt.want) {
				t.Errorf("ssh says %q, want %q in it", g.recorded(), tt.want)
			}
		})
	}
}

func TestWhoRegistersOverSSHIsRecordedWithTheirAddress(t *testing.T) {
	tenant := serve(t, "customers")
	file := filepath.Join(t.TempDir(), "audit.jsonl")
	s := startServe(t, append(tenant.env, "FOYER_AUDIT_FILE="+file)...)
	g := s.ssh()
	g.until("Press Enter to begin")
	g.press(answers("ann@example.com") + "\r")
	g.until("You are registered")
	var outcomes []string
	for r, err := range audit.Read(file) {
		if err != nil || !strings.HasPrefix(r.Remote, "127.0.0.1:") || !strings.Contains(g.text(), r.Reference) {
			t.Errorf("recorded: %+v, %v, want the address and the reference on the screen:\n%s", r, err, g.text())
		}
		outcomes = append(outcomes, r.Outcome)
	}
	if got := strings.Join(outcomes, " "); got != "begun done" {
		t.Errorf("recorded: %s, want begun done", got)
	}

	if err := os.WriteFile(file, nil, 0o600); err != nil { // somebody takes the record away
		t.Fatal(err)
	}
	g = s.ssh()
	g.until("Press Enter to begin")
	g.press(answers("bob@example.com") + "\r")
	g.until("This kiosk needs attention")
	if got := tenant.signIn(t, "bob@example.com"); got == "password_correct" {
		t.Error("somebody is registered of whom there is no record")
	}
}

// TestClientsAreToldWhyTheyAreTurnedAway does not ask dropbear, which keeps the reason to itself.
func TestClientsAreToldWhyTheyAreTurnedAway(t *testing.T) {
	s := startServe(t, "FOYER_SSH_CONNECTIONS_PER_MINUTE=1")
	s.ssh().until("Press Enter to begin")
	host, port, _ := strings.Cut(s.address, ":")
	for name, words := range map[string][]string{
		"OpenSSH": s.openSSH(t),
		"putty":   {"plink", "-ssh", "-t", "-batch", "-hostkey", s.key, "-P", port, "signup@" + host},
	} {
		t.Run(name, func(t *testing.T) {
			g := openProgram(t, 80, 24, nil, found(t, words[0]), words[1:]...)
			if code := g.exit(); code == 0 {
				t.Error("it exits with 0")
			}
			if said := strings.Join(strings.Fields(g.recorded()), " "); !strings.Contains(said, "many connections from your address") {
				t.Errorf("it says %q", said)
			}
		})
	}
}

func TestServeKeepsItsHostKey(t *testing.T) {
	home := t.TempDir()
	first := startServeIn(t, home)
	_ = first.cmd.Process.Kill()
	first.end()
	second := startServeIn(t, home)
	if first.key != second.key || strings.Contains(second.stderr.String(), "made a host key") {
		t.Errorf("the host keys are %s and %s, want one", first.key, second.key)
	}
	if _, err := os.Stat(filepath.Join(home, ".local", "state", "foyer", "ssh_host_ed25519_key")); err != nil {
		t.Error(err)
	}
}

func TestServeWithNothingConfiguredIsPractice(t *testing.T) {
	s := startServe(t)
	g := s.ssh()
	g.until("SANDBOX")
	g.until("Press Enter to begin")
	g.press("\rann@example.com")
	g.until("ann@example.com")
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	g.until("Please finish: 1 minute left.")
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if code := g.exit(); code != 1 {
		t.Errorf("ssh exits with %d, want 1", code)
	}
	if code := s.end(); code != 0 {
		t.Errorf("the server exits with %d, want 0", code)
	}
	if !strings.Contains(g.recorded(), "This service is restarting.") {
		t.Error("the person is not told")
	}
}

func TestKeysAreReadAgainWhenTheyChange(t *testing.T) {
	s, private := newKey(t)
	file := filepath.Join(t.TempDir(), "authorized_keys")
	if err := os.WriteFile(file, gossh.MarshalAuthorizedKey(s), 0o600); err != nil {
		t.Fatal(err)
	}
	server := startServe(t, "FOYER_SSH_ACCESS=keys", "FOYER_SSH_AUTHORIZED_KEYS_FILE="+file)
	g := server.ssh("-i", private, "-o", "IdentitiesOnly=yes")
	g.until("Press Enter to begin")

	allowance, err := allowed(config.SSH{Access: config.AccessKeys, AuthorizedKeysFile: file}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	allow := allowance.allow
	if !allow(s) {
		t.Error("the key in the file is refused")
	}
	if err := os.WriteFile(file, []byte("# nobody\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for timeout := time.After(20 * time.Second); allow(s); {
		select {
		case <-tick.C:
		case <-timeout:
			t.Fatal("the key that was taken out is let in")
		}
	}
	refused := server.ssh("-i", private, "-o", "IdentitiesOnly=yes", "-o", "BatchMode=yes")
	if code := refused.exit(); code != 255 {
		t.Errorf("ssh exits with %d, want 255", code)
	}
	if !strings.Contains(refused.recorded(), "This key is not known here.") {
		t.Errorf("ssh says %q", refused.recorded())
	}
}

func TestAKeyIsRecordedWithTheTenantAndRecognised(t *testing.T) {
	tenant := serve(t, "customers")
	key, private := newKey(t)
	s := startServe(t, append(tenant.env, "FOYER_SSH_RECORD_KEY=true")...)
	with := []string{"-i", private, "-o", "IdentitiesOnly=yes"}
	g := s.ssh(with...)
	g.until("Press Enter to begin")
	g.press(answers("ann@example.com"))
	g.until(gossh.FingerprintSHA256(key)) // on the review
	g.press("\r")
	g.until("You are registered")
	again := s.ssh(with...)
	again.until("You are registered already")
	again.until("enter leave")
	again.press("\r")
	if code := again.exit(); code != 0 {
		t.Errorf("ssh exits with %d, want 0", code)
	}
	other := s.ssh("-o", "PubkeyAuthentication=no")
	other.until("Press Enter to begin")
	other.press(answers("bob@example.com") + "\r")
	other.until("You are registered")
}

// newKey makes a key and a file with its private part.
func newKey(t *testing.T) (gossh.PublicKey, string) {
	t.Helper()
	public, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	block, err := gossh.MarshalPrivateKey(key, "")
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "id")
	if err := os.WriteFile(name, pem.EncodeToMemory(block), 0o600); err != nil {
		t.Fatal(err)
	}
	p, err := gossh.NewPublicKey(public)
	if err != nil {
		t.Fatal(err)
	}
	return p, name
}
