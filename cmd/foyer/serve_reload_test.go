package main

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/creack/pty"
	gossh "golang.org/x/crypto/ssh"
)

// A house is a home with a configuration file that can be written again.
type house struct {
	t    *testing.T
	home string
	keys map[string]string // by path; the values as YAML
}

// furnish returns a house that is monitored, with a tenant's settings; nil for none.
func furnish(t *testing.T, tenant *tenantServer) *house {
	t.Helper()
	h := &house{t: t, home: t.TempDir(), keys: map[string]string{
		"ssh.listen": `"127.0.0.1:0"`, "ssh.connections_per_minute": "0", "ssh.monitor_listen": `"127.0.0.1:0"`,
	}}
	h.move(tenant)
	return h
}

// move writes down the settings of a tenant.
func (h *house) move(tenant *tenantServer) {
	if tenant == nil {
		return
	}
	for _, line := range tenant.env {
		name, value, _ := strings.Cut(strings.TrimPrefix(line, "FOYER_"), "=")
		section, leaf, _ := strings.Cut(strings.ToLower(name), "_")
		h.keys[section+"."+leaf] = fmt.Sprintf("%q", value)
	}
}

// write writes the file, with changes: pairs of a path and a value.
func (h *house) write(changes ...string) {
	h.t.Helper()
	for i := 0; i < len(changes); i += 2 {
		h.keys[changes[i]] = changes[i+1]
	}
	var b strings.Builder
	for _, section := range []string{"tenant", "auth", "registration", "ssh", "ui", "log", "kiosk"} {
		fmt.Fprintf(&b, "%s:\n", section)
		for path, value := range h.keys {
			if leaf, ok := strings.CutPrefix(path, section+"."); ok && value != "" {
				fmt.Fprintf(&b, "  %s: %s\n", leaf, value)
			}
		}
	}
	if err := os.WriteFile(filepath.Join(h.home, "foyer.yaml"), []byte(b.String()), 0o600); err != nil {
		h.t.Fatal(err)
	}
}

// start serves it.
func (h *house) start() *served {
	h.t.Helper()
	s := &served{t: h.t, home: h.home}
	return s.startPlain()
}

// startPlain is startServeIn without a variable.
func (s *served) startPlain() *served {
	s.t.Helper()
	return startServeIn(s.t, s.home, "FOYER_SSH_LISTEN=", "FOYER_SSH_CONNECTIONS_PER_MINUTE=")
}

// leave leaves a session.
func leave(g *terminal) {
	g.t.Helper()
	g.press("\x03")
	g.until("Leave the registration?")
	g.press("\r")
	g.exit()
}

// again has the configuration read again, and waits for what comes of it: taken or refused.
func (s *served) again(result string) {
	s.t.Helper()
	name := `foyer_config_reloads_total{result="` + result + `"}`
	before := s.figure(name)
	s.signal(syscall.SIGHUP)
	s.count(name, before+1)
}

func TestWhoIsInsideGoesOnWhenTheConfigurationIsReadAgain(t *testing.T) {
	first, second := serve(t, "customers"), serve(t, "customers")
	h := furnish(t, first)
	h.write("ui.title", "The first house")
	s := h.start()
	inside := s.ssh()
	inside.until("The first house")
	inside.press("\rann@example.com\r")
	inside.until("ann@example.com")

	h.write("ui.title", "The second house", "ssh.max_sessions", "many", "kiosk.idle_timeout", "0s")
	s.again("refused")
	s.count("foyer_config_last_reload_successful", 0)
	for _, want := range []string{"the one before stays in force", `ssh.max_sessions (foyer.yaml:`, `is not a number of things`, "kiosk.idle_timeout"} {
		s.eventually(want, func() bool { return strings.Contains(s.stderr.String(), want) })
	}
	g := s.ssh()
	g.until("The first house")
	leave(g)

	h.move(second)
	h.write("ssh.max_sessions", "", "kiosk.idle_timeout", "")
	s.again("taken")
	s.count("foyer_config_last_reload_successful", 1)
	after := s.ssh()
	after.until("The second house")
	after.press(answers("bob@example.com") + "\r")
	after.until("You are registered")
	inside.press("Ann\rLee\r" + marker + "\r" + marker + "\r\r")
	inside.until("You are registered")
	if got := first.signIn(t, "ann@example.com"); got != "password_correct" {
		t.Errorf("who was inside signs in at the first tenant: %s", got)
	}
	if got := second.signIn(t, "bob@example.com"); got != "password_correct" {
		t.Errorf("who came later signs in at the second tenant: %s", got)
	}
	s.signal(syscall.SIGTERM)
	if code := s.end(); code != 0 {
		t.Errorf("the server exits with %d, want 0:\n%s", code, s.stderr)
	}
}

func TestAConfigurationThatCannotBeServedIsNotTaken(t *testing.T) {
	tenant := serve(t, "customers")
	h := furnish(t, tenant)
	h.write("ui.title", "A house that stays")
	s := h.start()
	good := map[string]string{}
	for path, value := range h.keys {
		good[path] = value
	}
	for _, tt := range []struct {
		name, want string
		changes    []string
	}{
		{"no tenant", "no tenant is configured any more", []string{"tenant.url", "", "tenant.id", "", "tenant.pool", "", "tenant.path", "", "auth.client_id", "", "auth.client_secret", "", "auth.method", "", "auth.scopes", "", "auth.issuer_url", ""}},
		{"a client that the tenant does not know", "the tenant does not accept client", []string{"auth.client_secret", "wrong"}},
		{"a pool that there is not", "pool", []string{"tenant.pool", "nowhere"}},
		{"a host key that there is not", "ssh-keygen", []string{"ssh.host_key_files", "[nothing]"}},
		{"a file of keys that there is not", "ssh.authorized_keys_file", []string{"ssh.access", "keys", "ssh.authorized_keys_file", "nothing"}},
		{"a log that cannot be written", "log.file", []string{"log.file", "nothing/log"}},
		{"staff who are not here", "a member of staff has to sign in", []string{"auth.grant", "device_code", "auth.scopes", "[identity, openid]"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h.t, s.t = t, t
			h.keys = map[string]string{}
			for path, value := range good {
				h.keys[path] = value
			}
			h.write(tt.changes...)
			before := len(s.stderr.String())
			s.again("refused")
			s.eventually(tt.want, func() bool { return strings.Contains(s.stderr.String()[before:], tt.want) })
			if log := s.stderr.String()[before:]; strings.Contains(log, "wrong") {
				t.Errorf("the secret is in the log:\n%s", log)
			}
		})
	}
	s.t = t
	s.ssh().until("A house that stays")
	if status, body := s.get("/readyz"); status != http.StatusOK {
		t.Errorf("/readyz is %d %s", status, body)
	}
}

func TestTheTenantsTokenOutlivesAReloadThatSaysNothingElseOfIt(t *testing.T) {
	tenant := serve(t, "customers")
	h := furnish(t, tenant)
	h.write()
	s := h.start()
	for i := range 3 {
		h.write("ui.title", fmt.Sprintf("House %d", i), "registration.phone_country", "DE")
		s.again("taken")
		g := s.ssh()
		g.until(fmt.Sprintf("House %d", i))
		leave(g)
	}
	if got := s.figure(`foyer_tenant_requests_total{operation="fetch_token",status="2xx"}`); got != 1 {
		t.Errorf("%v tokens are fetched, want 1", got)
	}
}

func TestWhatCannotChangeIsSaid(t *testing.T) {
	h := furnish(t, nil)
	const nobody = "redis://:" + markerRedis + "@127.0.0.1:1"
	h.write("ssh.limits", "{redis_url: '"+nobody+"', redis_prefix: one}")
	s := h.start()
	h.write("ssh.listen", `"127.0.0.1:1"`, "ssh.monitor_listen", "", "ssh.limits", "{redis_url: '"+nobody+"/1', redis_prefix: two}")
	s.again("taken")
	for _, want := range []string{
		`"key":"ssh.listen","in_force":"127.0.0.1:0"`, `"key":"ssh.monitor_listen"`,
		`"key":"ssh.limits.redis_url","in_force":"[redacted]"`, `"key":"ssh.limits.redis_prefix","in_force":"one"`,
	} {
		s.eventually(want, func() bool { return strings.Contains(s.stderr.String(), want) })
	}
	s.ssh().until("SANDBOX")
	if strings.Contains(s.stderr.String(), markerRedis) {
		t.Errorf("the log holds the password:\n%s", s.stderr)
	}
}

func TestTheLogIsOpenedAnew(t *testing.T) {
	h := furnish(t, nil)
	h.write("log.file", "foyer.log")
	s := h.start()
	s.monitored()
	log, moved := filepath.Join(h.home, "foyer.log"), filepath.Join(h.home, "foyer.log.1")
	has := func(name, text string) bool {
		data, err := os.ReadFile(name)
		return err == nil && strings.Contains(string(data), text)
	}
	if err := os.Rename(log, moved); err != nil {
		t.Fatal(err)
	}
	h.write("ssh.max_sessions", "many")
	s.again("refused")
	s.eventually("a log that is opened anew though there are mistakes", func() bool { return has(log, "max_sessions") })
	if err := os.Rename(log, moved); err != nil {
		t.Fatal(err)
	}
	h.write("ssh.max_sessions", "7")
	s.again("taken")
	s.eventually("a log that is opened anew", func() bool { return has(log, "is in force") })
	info, err := os.Stat(log)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the log has the mode %v, %v, want 0600", info.Mode(), err)
	}
	h.write("log.file", "other.log", "log.level", "debug")
	s.again("taken")
	g := s.ssh()
	g.until("SANDBOX")
	leave(g)
	s.eventually("the other log", func() bool { return has(filepath.Join(h.home, "other.log"), `"msg":"session"`) })
	if has(log, `"msg":"session"`) {
		t.Error("the log goes to both")
	}
}

// TestALogThatGoesElsewhereSaysSo has records only of what is worse.
func TestALogThatGoesElsewhereSaysSo(t *testing.T) {
	h := furnish(t, nil)
	h.write("log.level", "error")
	s := h.start()
	s.monitored()
	h.write("log.file", "foyer.log")
	s.again("taken")
	const elsewhere = `"msg":"the log goes elsewhere from now on","to":"foyer.log"`
	s.eventually("the last record", func() bool { return strings.Contains(s.stderr.String(), elsewhere) })
	s.again("taken")
	if got := strings.Count(s.stderr.String(), "elsewhere"); got != 1 {
		t.Errorf("it is said %d times, want once", got)
	}
	h.write("log.file", "")
	s.again("taken")
	data, err := os.ReadFile(filepath.Join(h.home, "foyer.log"))
	if err != nil || !strings.Contains(string(data), `"to":"standard error"`) {
		t.Errorf("the file has %q, %v, want where the log goes", data, err)
	}
}

func TestOpenSSHLearnsTheNextHostKey(t *testing.T) {
	h := furnish(t, nil)
	h.write("ssh.host_key_file", "first")
	s := h.start()
	next, private := newKey(t)
	known := filepath.Join(h.home, "known_hosts")
	knows := func(key gossh.PublicKey) bool {
		data, err := os.ReadFile(known)
		return err == nil && strings.Contains(string(data), strings.TrimSpace(string(gossh.MarshalAuthorizedKey(key))))
	}
	visit := func() {
		t.Helper()
		g := s.ssh("-o", "UserKnownHostsFile="+known, "-o", "StrictHostKeyChecking=yes", "-o", "UpdateHostKeys=yes")
		g.until("Press Enter to begin")
		leave(g)
		if strings.Contains(g.recorded(), "WARNING") || strings.Contains(g.recorded(), "hostkey") {
			t.Errorf("ssh complains: %s", g.recorded())
		}
	}
	first := s.keyOf(filepath.Join(h.home, "first"))
	host, port, _ := strings.Cut(s.address, ":")
	if err := os.WriteFile(known, []byte("["+host+"]:"+port+" "+string(gossh.MarshalAuthorizedKey(first))), 0o600); err != nil {
		t.Fatal(err)
	}
	visit()
	h.write("ssh.host_key_files", "["+private+"]")
	s.again("taken")
	visit()
	if !knows(first) || !knows(next) {
		data, _ := os.ReadFile(known)
		t.Errorf("ssh knows:\n%s\nwant both keys", data)
	}
	h.write("ssh.host_key_file", private, "ssh.host_key_files", "[]")
	s.again("taken")
	visit()
	if knows(first) || !knows(next) {
		t.Error("ssh still knows the first key, or not the next")
	}
}

// keyOf is the public part of a private key.
func (s *served) keyOf(name string) gossh.PublicKey {
	s.t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		s.t.Fatal(err)
	}
	signer, err := gossh.ParsePrivateKey(text)
	if err != nil {
		s.t.Fatal(err)
	}
	return signer.PublicKey()
}

// TestWhoObeysCanBeStopped stops it as when the server ends by itself, and not because it was told to.
func TestWhoObeysCanBeStopped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // which fails when nothing can go on
		new(host).obey(t.Context(), &hangups{signals: make(chan os.Signal)}, func() {})()
	})
}

func TestAServerEndsWithItsTerminal(t *testing.T) {
	h := furnish(t, nil)
	h.write()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "serve")
	cmd.Dir, cmd.Env = h.home, []string{asFoyer + "=1", "HOME=" + h.home}
	stderr := &lockedBuffer{}
	cmd.Stderr = stderr
	terminal, err := pty.Start(cmd)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	shown := make([]byte, 1)
	if _, err := terminal.Read(shown); err != nil { // it serves
		t.Fatal(err)
	}
	if err := terminal.Close(); err != nil {
		t.Fatal(err)
	}
	over := make(chan struct{})
	go func() {
		defer close(over)
		_ = cmd.Wait() // the log says how
	}()
	select {
	case <-over:
	case <-time.After(20 * time.Second):
		t.Fatalf("the server outlives its terminal:\n%s", stderr)
	}
	if !strings.Contains(stderr.String(), `"msg":"closing"`) {
		t.Errorf("it does not drain:\n%s", stderr)
	}
}

func TestSystemdIsTold(t *testing.T) {
	folder := t.TempDir()
	l, err := new(net.ListenConfig).ListenPacket(t.Context(), "unixgram", filepath.Join(folder, "notify"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	s := startServe(t, "NOTIFY_SOCKET="+l.LocalAddr().String())
	hear := func(want ...string) {
		t.Helper()
		if err := l.SetReadDeadline(time.Now().Add(20 * time.Second)); err != nil {
			t.Fatal(err)
		}
		message := make([]byte, 1<<10)
		n, _, err := l.ReadFrom(message)
		lines := strings.Split(string(message[:n]), "\n")
		for _, line := range want {
			if err != nil || !slices.ContainsFunc(lines, func(l string) bool { return strings.HasPrefix(l, line) }) {
				t.Fatalf("systemd is told %q, %v, want %s", lines, err, line)
			}
		}
	}
	hear("READY=1")
	s.signal(syscall.SIGHUP)
	hear("RELOADING=1", "MONOTONIC_USEC=")
	hear("READY=1")
	s.signal(syscall.SIGTERM)
	hear("STOPPING=1")
	if code := s.end(); code != 0 {
		t.Errorf("the server exits with %d, want 0", code)
	}
}
