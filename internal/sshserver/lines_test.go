package sshserver_test

import (
	"context"
	"io"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	gossh "golang.org/x/crypto/ssh"

	"foyer/internal/password"
	"foyer/internal/registration"
	"foyer/internal/secret"
	"foyer/internal/sshserver"
	"foyer/internal/termtest"
)

// passwordless makes the server one that asks for no password.
func passwordless(t *testing.T) func(*sshserver.Config) {
	t.Helper()
	return func(c *sshserver.Config) { c.Options.Service = &registry{form: plainForm(t, registration.Settings{})} }
}

// plainForm is the form of the tests without a password.
func plainForm(t *testing.T, s registration.Settings) *registration.Form {
	t.Helper()
	if s.Status == "" {
		s.Status = registration.Active
	}
	s.Identifiers = []registration.IdentifierSetting{{Type: registration.Email, Required: true}}
	pool := registration.Pool{ID: "customers", Mechanisms: []string{"email_otp"}, PasswordPolicy: password.Policy{MinLength: 8}}
	form, err := registration.NewForm(pool, []byte(schema), nil, s)
	if err != nil {
		t.Fatal(err)
	}
	return form
}

// call opens a session of lines: without a terminal, or with one as a user.
func (h *house) call(user string, withTerminal bool) *guest {
	h.t.Helper()
	g := &guest{t: h.t, over: make(chan error, 1), screen: termtest.NewScreen(80, 24)}
	client, err := gossh.Dial("tcp", h.address, &gossh.ClientConfig{User: user, HostKeyCallback: gossh.FixedHostKey(h.hostKey), Timeout: patience})
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() { _ = client.Close() })
	g.client = client
	if g.session, err = client.NewSession(); err != nil {
		h.t.Fatal(err)
	}
	if withTerminal {
		if err := g.session.RequestPty("xterm-256color", 24, 80, nil); err != nil {
			h.t.Fatal(err)
		}
	}
	g.session.Stdout, g.session.Stderr = g.screen, g.screen
	if g.keys, err = g.session.StdinPipe(); err != nil {
		h.t.Fatal(err)
	}
	if err := g.session.Shell(); err != nil {
		h.t.Fatal(err)
	}
	go func() { g.over <- g.session.Wait() }()
	h.t.Cleanup(g.plain)
	return g
}

// hears waits until text was said.
func (g *guest) hears(text string) {
	g.t.Helper()
	wait(g.t, text, func() bool { return strings.Contains(strings.Join(strings.Fields(g.recorded()), " "), text) })
}

var controls = regexp.MustCompile(`[^\x20-\x7e\r\n\x{a0}-\x{10ffff}]`)

// plain looks for what lines do not have in them.
func (g *guest) plain() {
	g.t.Helper()
	all := strings.ReplaceAll(g.recorded(), "\b \b", "")
	if found := controls.FindString(all); found != "" || strings.Contains(all, "horse") {
		g.t.Errorf("%q, or the password, is in\n%q", found, all)
	}
}

func TestWithoutATerminalAPersonIsRegistered(t *testing.T) {
	h := open(t, passwordless(t))
	g := h.call("signup", false)
	g.hears("Question 1 of 2, required: E-mail address")
	g.press("ann@example.com\r\nAnn\r\n\r\n")
	g.hears("You are registered")
	if status := g.exit(); status != 0 {
		t.Errorf("exit status %d, want 0", status)
	}
	if all := g.recorded(); !strings.HasSuffix(all, "Goodbye.\n") || strings.Contains(all, "\r") {
		t.Errorf("heard %q, want lines that end in line feeds, and a farewell", all)
	}
	wait(t, "the log", func() bool {
		return strings.Contains(h.log.String(), "lines=true outcome=finished registered=1")
	})
}

func TestWhoConnectsAsLinesIsAskedInLines(t *testing.T) {
	h := open(t, nil)
	g := h.call("lines", true)
	g.hears("Question 1 of 3")
	g.press("annn@example.com" + strings.Repeat("\x7f", len("n@example.com")) + "@example.com\rAnn\r" + marker + "\r" + marker + "\r\r")
	g.hears("You are registered")
	if status := g.exit(); status != 0 {
		t.Errorf("exit status %d, want 0", status)
	}
	if got := h.registry.registered(); len(got) != 1 || got[0] != "ann@example.com" {
		t.Errorf("registered %q, want ann@example.com", got)
	}
}

func TestEverySessionIsOneOfLinesWhereTheyAreToBe(t *testing.T) {
	h := open(t, func(c *sshserver.Config) { c.Accessible = true })
	g := h.call("signup", true)
	g.hears("Question 1 of 3")
	g.press("\x03\x03")
	if status := g.exit(); status != 0 {
		t.Errorf("exit status %d, want 0", status)
	}
}

func TestATerminalThatKnowsNothingGetsLines(t *testing.T) {
	h := open(t, nil)
	for _, term := range []string{"dumb", "vt52", "", "\x1b]0;x\x07", strings.Repeat("x", 1000)} {
		has := usual()
		has.term = term
		g := h.visit(has)
		g.until("Question 1 of 3")
		g.press("\x03\x03")
		if status := g.exit(); status != 0 {
			t.Errorf("TERM=%q: exit status %d, want 0", term, status)
		}
		if strings.Contains(g.recorded(), "\x1b") {
			t.Errorf("TERM=%q: it is sent %q", term, g.recorded())
		}
	}
}

func TestLinesEndAsScreensDo(t *testing.T) {
	tests := []struct {
		name    string
		change  func(*sshserver.Config)
		do      func(*house, *guest)
		hears   []string
		outcome sshserver.Outcome
	}{
		{"nobody types", func(c *sshserver.Config) {
			c.Options.IdleTimeout, c.Options.IdleWarning = time.Second, 10*time.Millisecond
		}, func(*house, *guest) {}, []string{"Are you still there?", "Nobody typed for a while"}, sshserver.Idle},
		{
			"the time is over", func(c *sshserver.Config) { c.Limits.SessionTimeout = time.Second },
			func(_ *house, g *guest) { g.press("ann@example.com\n") },
			[]string{"Please finish: 0 seconds left.", "The time for this session is over."},
			sshserver.TimeUp,
		},
		{"the server ends", nil, func(h *house, _ *guest) { h.stop() }, []string{"This service is restarting."}, sshserver.Closed},
		{
			"the server ends, and the person is not done", func(c *sshserver.Config) { c.Grace = 300 * time.Millisecond },
			func(h *house, g *guest) {
				g.press("ann@example.com\n")
				g.hears("Question 2 of 2")
				h.stop()
			},
			[]string{"Please finish", "This service is restarting."},
			sshserver.Closed,
		},
		{
			"the server ends, and the person finishes", nil,
			func(h *house, g *guest) {
				g.press("ann@example.com\n")
				g.hears("Question 2 of 2")
				h.stop()
				g.hears("Please finish")
				g.press("Ann\n\n")
			},
			[]string{"You are registered", "Goodbye."},
			sshserver.Finished,
		},
		{"nothing more comes", nil, func(_ *house, g *guest) { _ = g.keys.Close() }, []string{"Nothing more came from you"}, sshserver.Disconnected},
		{"the client is gone", nil, func(_ *house, g *guest) { _ = g.client.Close() }, nil, sshserver.Disconnected},
		{"the person leaves", nil, func(_ *house, g *guest) { g.press("!leave\nyes\n") }, []string{"Goodbye."}, sshserver.Left},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			h := open(t, func(c *sshserver.Config) {
				passwordless(t)(c)
				if tt.change != nil {
					tt.change(c)
				}
			})
			g := h.call("signup", false)
			g.hears("Question 1 of 2")
			tt.do(h, g)
			for _, text := range tt.hears {
				g.hears(text)
			}
			wait(t, string(tt.outcome), func() bool { return h.server.Stats().Ended[tt.outcome] == 1 && h.server.Stats().Sessions == 0 })
		})
	}
}

func TestLinesLeaveNothingBehind(t *testing.T) {
	h := open(t, passwordless(t))
	round := func() {
		g := h.call("signup", false)
		g.press("ann@example.com\nAnn\n\n")
		g.exit()
		leaves := h.call("lines", true)
		leaves.hears("Question 1 of 2")
		_ = leaves.client.Close()
		_ = g.client.Close()
	}
	gone := func() bool { return h.server.Stats().Sessions == 0 && h.server.Stats().Handshakes == 0 }
	round()
	wait(t, "the first to be gone", gone)
	before := goroutines(t)
	for range 20 {
		round()
	}
	wait(t, "all to be gone", gone)
	wait(t, "their goroutines to end", func() bool { return runtime.NumGoroutine() <= before })
}

// A trap is a registry that sends everybody a code.
type trap struct{ *registry }

func (trap) Register(context.Context, *registration.Form, *registration.Submission, func(registration.Progress)) (registration.Receipt, error) {
	c := &registration.Challenge{Purpose: registration.Activation, Address: "ann@example.com", Medium: registration.Email, Length: 6}
	return registration.Receipt{Status: "new", Next: registration.NextEnterCode, Challenge: c}, nil
}

func (trap) Breached(context.Context, secret.Text) bool { return false }

func TestAPanicInLinesEndsOneSession(t *testing.T) {
	h := open(t, func(c *sshserver.Config) {
		settings := registration.Settings{Status: registration.New, Verification: registration.VerifyCode}
		c.Options.Service = trap{&registry{form: plainForm(t, settings)}}
		c.Options.Mailbox = func(string) []string { panic(marker) }
	})
	other := h.call("signup", false)
	other.hears("Question 1 of 2")
	g := h.call("signup", false)
	g.press("ann@example.com\nAnn\n\n")
	g.hears("Something went wrong in this session, and we are sorry.")
	g.hears("Reference: ")
	if status := g.exit(); status != 1 {
		t.Errorf("exit status %d, want 1", status)
	}
	other.press("bob@example.com\n")
	other.hears("Question 2 of 2")
	wait(t, "the log", func() bool { return strings.Contains(h.log.String(), "outcome=failed") })
	if log := h.log.String(); !strings.Contains(log, "ui/lines.") || strings.Contains(log, "horse") {
		t.Errorf("the log lacks the stack, or has the value:\n%s", log)
	}
}

func TestWhoDoesNotReadLinesIsEnded(t *testing.T) {
	h := open(t, func(c *sshserver.Config) {
		passwordless(t)(c)
		c.Limits.WriteTimeout = 300 * time.Millisecond
	})
	d := newDeaf(t, h.pipe())
	joined, channels, requests, err := gossh.NewClientConn(d, h.address, &gossh.ClientConfig{User: "x", HostKeyCallback: gossh.FixedHostKey(h.hostKey)})
	if err != nil {
		t.Fatal(err)
	}
	session, err := gossh.NewClient(joined, channels, requests).NewSession()
	if err != nil {
		t.Fatal(err)
	}
	keys, err := session.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	session.Stdout = io.Discard
	if err := session.Shell(); err != nil {
		t.Fatal(err)
	}
	close(d.stop)
	go func() { _, _ = io.WriteString(keys, strings.Repeat("?\n", 1000)) }()
	wait(t, "the session to be ended", func() bool { return h.server.Stats().Ended[sshserver.Stalled] == 1 })
}
