package main

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"reflect"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/charmbracelet/x/term"
	"github.com/creack/pty"
	gossh "golang.org/x/crypto/ssh"

	"foyer/internal/sandbox"
	painter "foyer/ui/paint"
	"foyer/ui/theme"
)

// A talker talks with a server in plain lines, over SSH.
type talker struct {
	t       *testing.T
	tenant  *tenantServer
	session *gossh.Session
	keys    io.WriteCloser
	heard   *lockedBuffer
	at      int // up to where it was heard
	over    chan error
}

// A line is how somebody calls: with a terminal or without, as a user, with variables.
type callAs struct {
	terminal bool
	user     string
	env      map[string]string
}

// call begins a session.
func (s *served) call(tenant *tenantServer, as callAs) *talker {
	s.t.Helper()
	client, err := gossh.Dial("tcp", s.address, &gossh.ClientConfig{User: as.user, HostKeyCallback: gossh.InsecureIgnoreHostKey(), Timeout: 20 * time.Second})
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = client.Close() })
	c := &talker{t: s.t, tenant: tenant, heard: &lockedBuffer{}, over: make(chan error, 1)}
	if c.session, err = client.NewSession(); err != nil {
		s.t.Fatal(err)
	}
	for name, value := range as.env {
		_ = c.session.Setenv(name, value)
	}
	if as.terminal {
		if err := c.session.RequestPty("xterm-256color", 24, 200, nil); err != nil {
			s.t.Fatal(err)
		}
	}
	c.session.Stdout, c.session.Stderr = c.heard, c.heard
	if c.keys, err = c.session.StdinPipe(); err != nil {
		s.t.Fatal(err)
	}
	if err := c.session.Shell(); err != nil {
		s.t.Fatal(err)
	}
	go func() { c.over <- c.session.Wait() }()
	s.t.Cleanup(c.search)
	return c
}

// hears waits for text, after what was heard before.
func (c *talker) hears(text string) {
	c.t.Helper()
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	timeout := time.After(40 * time.Second)
	for {
		all := c.heard.String()
		if i := strings.Index(all[c.at:], text); i >= 0 {
			c.at += i + len(text)
			return
		}
		select {
		case <-tick.C:
		case <-timeout:
			c.t.Fatalf("waiting for %q, heard since:\n%s\nand before:\n%s", text, all[c.at:], all[:c.at])
		}
	}
}

// types types text, in one write.
func (c *talker) types(text string) {
	c.t.Helper()
	if _, err := io.WriteString(c.keys, text); err != nil {
		c.t.Fatal(err)
	}
}

// ends waits for the end, and returns the exit status; -1 when there was none.
func (c *talker) ends() int {
	c.t.Helper()
	select {
	case err := <-c.over:
		var status *gossh.ExitError
		switch {
		case err == nil:
			return 0
		case errors.As(err, &status):
			return status.ExitStatus()
		}
		return -1
	case <-time.After(20 * time.Second):
		c.t.Fatalf("the session does not end; heard:\n%s", c.heard)
	}
	return -1
}

var (
	appKey     = regexp.MustCompile(`The key:\s+([A-Z2-7 ]+)\s`)
	notALine   = regexp.MustCompile(`[^\x20-\x7e\r\n\x{a0}-\x{10ffff}]`)
	takenBack  = regexp.MustCompile("\x08 \x08")
	bareReturn = regexp.MustCompile("\r(?:[^\n]|$)")
)

// search looks for what may not be in what was heard: controls, and the password.
func (c *talker) search() {
	c.t.Helper()
	all := takenBack.ReplaceAllString(c.heard.String(), "")
	if found := notALine.FindString(all); found != "" || bareReturn.MatchString(all) {
		c.t.Errorf("what was heard has %q in it, or a carriage return on its own:\n%q", found, all)
	}
	if strings.Contains(all, "horse") {
		c.t.Errorf("the password was said:\n%s", all)
	}
}

// goes follows a script: a line that begins with > is typed, the others are to be heard. {password}, {code ADDRESS} and {app} stand
// for a password, the last code that was sent there, and one of the authenticator app.
func (c *talker) goes(script string) {
	c.t.Helper()
	for line := range strings.SplitSeq(strings.TrimSpace(script), "\n") {
		line = strings.TrimSpace(line)
		text, types := strings.CutPrefix(line, ">")
		if !types {
			c.hears(line)
			continue
		}
		c.types(c.meant(strings.TrimPrefix(text, " ")) + "\r")
	}
}

// meant is what is typed for text.
func (c *talker) meant(text string) string {
	c.t.Helper()
	switch {
	case text == "{password}":
		return marker
	case text == "{app}":
		found := appKey.FindStringSubmatch(c.heard.String())
		if found == nil {
			c.t.Fatalf("no key was heard:\n%s", c.heard)
		}
		return appCode(c.t, strings.ReplaceAll(found[1], " ", ""))
	case strings.HasPrefix(text, "{code "):
		return c.sent(strings.TrimSuffix(strings.TrimPrefix(text, "{code "), "}")).Code
	}
	return text
}

// sent is the last message to an address.
func (c *talker) sent(address string) sandbox.Message {
	c.t.Helper()
	var last sandbox.Message
	for _, m := range c.tenant.Outbox() {
		if m.To == address {
			last = m
		}
	}
	if last.To == "" {
		c.t.Fatalf("nothing was sent to %s", address)
	}
	return last
}

// asks is the questions of the pool customers, with their answers, and the password where one is asked.
const (
	asks = `
		Question 1 of 3, required: E-mail address
		> ann@example.com
		Question 2 of 3, required: First name
		> Ann
		Question 3 of 3, required: Last name
		> Lee
	`
	asksPassword = `
		Question 1 of 4, required: E-mail address
		> ann@example.com
		Question 2 of 4, required: First name
		> Ann
		Question 3 of 4, required: Last name
		> Lee
		Question 4 of 4, required: Password
		> {password}
		Strength of this password: very strong.
		The same password again
		> {password}
	`
	registers = `
		Is everything right?
		1: E-mail address: ann@example.com
		Press Enter to register
		>
		Your account is being created
	`
)

func TestEveryWayInGoesInLines(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, pool string
		env        string
		plain      bool // without a terminal
		script     string
		status     string // of the user then
	}{
		{"a person becomes active", "customers", "", false, asksPassword + registers + `
			You are registered
			ann@example.com
			You can sign in right away.
			Reference: 
			Goodbye.`, "active"},
		{"a person becomes active without a terminal", "passwordless", "", true, asks + registers + `
			You are registered
			Goodbye.`, "active"},
		{"somebody has to enable the account", "customers", "FOYER_REGISTRATION_STATUS=inactive", false, asksPassword + registers + `
			Your account still has to be enabled.`, "inactive"},
		{"a code makes a new user active", "customers", "FOYER_REGISTRATION_STATUS=new", false, asksPassword + registers + `
			Type your code
			We sent a message with a code to ann@example.com.
			It works for another 
			The code has 6 characters.
			!again: sends another code
			> 12
			Type all 6 characters of the code.
			> 000000
			Checking your code
			This is not the code that we sent you last.
			> !again
			Another code can be sent in
			> {code ann@example.com}
			You are registered`, "active"},
		{"a link makes a new user active", "customers", "FOYER_REGISTRATION_STATUS=new FOYER_REGISTRATION_VERIFICATION=link", false, asksPassword + registers + `
			Almost done
			We sent a message to:
			Open the link in it`, "new"},
		{"without a terminal the link is an invitation", "customers", "FOYER_REGISTRATION_STATUS=new FOYER_REGISTRATION_VERIFICATION=link", true, `
			You choose one where the link leads that we send you.` + asks + registers + `
			We sent an invitation to:
			choose a password there`, "new"},
		{"an invitation", "customers", "FOYER_REGISTRATION_STATUS=new FOYER_REGISTRATION_MODE=invitation", true, asks + registers + `
			We sent an invitation to:`, "new"},
		{"the address is proven before there is a user", "customers", "FOYER_REGISTRATION_VERIFICATION=before", false, asksPassword + registers + `
			Type your code
			> <
			Is everything right?
			>
			> {code ann@example.com}
			You are registered`, "active"},
		{"the address is verified later", "customers", "FOYER_REGISTRATION_VERIFICATION=code", false, asksPassword + registers + `
			Type your code
			> !later
			Leave it for now?
			Only your address is not confirmed yet.
			> yes
			You are registered
			Only the address ann@example.com is not confirmed yet.`, "active"},
		{"a person registers themselves", "customers", "FOYER_REGISTRATION_API=self_register", false, asksPassword + registers + `
			Type your code
			> {code ann@example.com}
			You are registered`, "active"},
		{"an authenticator app is set up", "totp", "", false, strings.ReplaceAll(asksPassword, "of 4", "of 5") + `
			Question 5 of 5, required: The code that the app shows
			The key:
			Then type the 6 digits
			> 000000
			This is not the code of the app.
			> {app}
			The app is set up.` + registers + `
			You are registered`, "active"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tenant := serve(t, tt.pool)
			s := startServe(t, append(tenant.env, strings.Fields(tt.env)...)...)
			c := s.call(tenant, callAs{terminal: !tt.plain, user: "lines"})
			c.goes(tt.script)
			if code := c.ends(); code != 0 {
				t.Errorf("the session ends with %d, want 0:\n%s", code, c.heard)
			}
			if got := tenant.statusOf(t, tt.pool, "ann@example.com"); got != tt.status {
				t.Errorf("the user is %q, want %q", got, tt.status)
			}
			for where, text := range map[string]string{"log": s.stderr.String(), "the tenant's log": tenant.log.String()} {
				if strings.Contains(text, "horse") {
					t.Errorf("the password is in the %s", where)
				}
			}
		})
	}
}

// statusOf is the state of the user of pool with an address.
func (s *tenantServer) statusOf(t *testing.T, pool, address string) string {
	t.Helper()
	var user struct {
		Status string `json:"status"`
	}
	s.call(t, "POST", "/api/identity/sandbox/system/pools/"+pool+"/users/by_key", map[string]string{"identifier": address}, &user)
	return user.Status
}

func TestASignUpIsPipedIntoOpenSSH(t *testing.T) {
	program := found(t, "ssh")
	tenant := serve(t, "passwordless")
	s := startServe(t, tenant.env...)
	c := exec.CommandContext(t.Context(), program, s.openSSH(t, "-T", "-o", "LogLevel=ERROR")[1:]...)
	c.Env = []string{"HOME=" + t.TempDir(), "LANG=de_DE.UTF-8"}
	c.Stdin = strings.NewReader("ann@example.com\nAnn\nLee\n\n")
	out, err := c.Output()
	if err != nil || !strings.Contains(string(out), "Sie sind registriert\n") || !strings.HasSuffix(string(out), "Auf Wiedersehen.\n") || notALine.Match(out) {
		t.Errorf("ssh says %v:\n%s", err, out)
	}
	if got := tenant.statusOf(t, "passwordless", "ann@example.com"); got != "active" {
		t.Errorf("the user is %q, want active", got)
	}
}

func TestAConflictIsPutRightInLines(t *testing.T) {
	tenant := serve(t, "passwordless")
	s := startServe(t, tenant.env...)
	first := s.call(tenant, callAs{})
	first.goes(asks + registers + "You are registered")
	first.ends()
	second := s.call(tenant, callAs{env: map[string]string{"LANG": "de_DE.UTF-8"}})
	second.goes(`
		Frage 1 von 3, nötig: E-Mail-Adresse
		> ann@example.com
		> Anna
		> Lee
		Stimmt alles?
		>
		Damit ist schon jemand registriert
		ann@example.com
		1: berichtigen
		>
		Frage 1 von 3
		> anna@example.com
		1: E-Mail-Adresse: anna@example.com
		2: First name: Anna
		>
		Sie sind registriert`)
	if code := second.ends(); code != 0 {
		t.Errorf("the session ends with %d, want 0", code)
	}
}

// hears waits until the terminal was sent text, whatever the width of its window.
func (s *terminal) hears(text string) {
	s.t.Helper()
	s.wait(text, func() bool { return strings.Contains(strings.Join(strings.Fields(s.recorded()), " "), text) })
}

func TestTheKioskAsksInLines(t *testing.T) {
	tenant := serve(t, "customers")
	env := append(tenant.env, "FOYER_UI_ACCESSIBLE=true", "FOYER_KIOSK_DONE_TIMEOUT=1s", "FOYER_LOG_FILE=log.json", "FOYER_LOG_LEVEL=debug")
	s := open(t, 80, 24, env, "kiosk")
	s.hears("Press Enter to begin")
	s.press("\rann@example.com\rAnn\rLee\r")
	s.hears("What you type is not shown")
	s.press(marker + "\r" + marker + "\r")
	s.hears("Press Enter to register")
	s.press("\r")
	s.hears("You are registered")
	if got := tenant.signIn(t, "ann@example.com"); got != "password_correct" {
		t.Errorf("signing in with the password that was typed: %s", got)
	}
	s.wait("the next person", func() bool { return strings.Count(s.recorded(), "Press Enter to begin") == 2 })
	if strings.Contains(s.text(), "ann@example.com") {
		t.Errorf("the next person sees who was there:\n%s", s.text())
	}
	s.press("\x03\x03")
	if code := s.exit(); code != 0 {
		t.Errorf("exit code %d, want 0", code)
	}
	said := strings.ReplaceAll(s.recorded(), painter.Wipe(theme.Terminal{Clipboard: true}), "") // after each person
	if found := notALine.FindString(takenBack.ReplaceAllString(said, "")); found != "" {
		t.Errorf("the terminal was sent %q", found)
	}
	if left := strings.TrimSpace(s.scrolled()); left != "" {
		t.Errorf("the terminal still has\n%s", left)
	}
}

// TestTheTerminalIsAsItWasAfterLines ends the kiosk in every way, and looks whether the terminal echoes again.
func TestTheTerminalIsAsItWasAfterLines(t *testing.T) {
	tests := map[string]func(*terminal){
		"somebody leaves":            func(s *terminal) { s.press("\x03\x03") },
		"a signal, at a password":    func(s *terminal) { s.toPassword(); _ = s.cmd.Process.Signal(syscall.SIGTERM) },
		"a hangup":                   func(s *terminal) { _ = s.cmd.Process.Signal(syscall.SIGHUP) },
		"an interrupt from outside":  func(s *terminal) { _ = s.cmd.Process.Signal(os.Interrupt) },
		"somebody leaves a password": func(s *terminal) { s.toPassword(); s.press("secret\x03yes\r") },
	}
	other, tty, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _, _ = other.Close(), tty.Close() }()
	fresh, err := term.GetState(other.Fd())
	if err != nil {
		t.Fatal(err)
	}
	for name, end := range tests {
		t.Run(name, func(t *testing.T) {
			s := open(t, 80, 24, []string{"FOYER_UI_ACCESSIBLE=true"})
			s.hears("Press Enter to begin")
			if during, err := term.GetState(s.pty.Fd()); err != nil || reflect.DeepEqual(during, fresh) {
				t.Errorf("the terminal echoes by itself (%v)", err)
			}
			end(s)
			s.exit()
			after, err := term.GetState(s.pty.Fd())
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(after, fresh) {
				t.Errorf("the terminal's modes are %+v, want %+v", after, fresh)
			}
		})
	}
}

// toPassword goes to the question for it.
func (s *terminal) toPassword() {
	s.press("\rann@example.com\rAnn\rLee\r")
	s.hears("What you type is not shown")
}
