package sshserver_test

import (
	"net"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	gossh "golang.org/x/crypto/ssh"

	"foyer/internal/registration"
	"foyer/internal/sshserver"
	"foyer/ui/screen"
)

func TestAPersonRegistersOverSSH(t *testing.T) {
	h := open(t, nil)
	g := h.visit(usual())
	g.until("Press Enter to begin")
	g.press(answers("ann@example.com") + "\r")
	g.until("You are registered")
	g.until("enter finish")
	g.press("\r")
	if status := g.exit(); status != 0 {
		t.Errorf("exit status %d, want 0", status)
	}
	g.until("Goodbye.")
	if got := h.registry.registered(); len(got) != 1 || got[0] != "ann@example.com" {
		t.Errorf("registered: %v, want ann@example.com", got)
	}
	s := h.server.Stats()
	if s.Registered != 1 || s.Ended[sshserver.Finished] != 1 {
		t.Errorf("Stats() = %+v, want one registered and finished", s)
	}
	for _, want := range []string{"outcome=finished", "registered=1", "remote=127.0.0.1:", "user=signup", "client=SSH-2.0-Go", "terminal=xterm-256color"} {
		if !strings.Contains(h.log.String(), want) {
			t.Errorf("the log lacks %s:\n%s", want, h.log)
		}
	}
	if strings.Contains(h.log.String()+g.recorded(), "horse") {
		t.Error("the password is in the log or was sent to the terminal")
	}
}

func TestWhatAClientSaysIsCleanedInTheLog(t *testing.T) {
	h := open(t, nil)
	conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", h.address)
	if err != nil {
		t.Fatal(err)
	}
	c := &gossh.ClientConfig{User: "\x1b[31mred\nnew line\x07", ClientVersion: "SSH-2.0-x", HostKeyCallback: gossh.FixedHostKey(h.hostKey)}
	joined, channels, requests, err := gossh.NewClientConn(conn, h.address, c)
	if err != nil {
		t.Fatal(err)
	}
	client := gossh.NewClient(joined, channels, requests)
	defer func() { _ = client.Close() }()
	session, err := client.NewSession()
	if err != nil {
		t.Fatal(err)
	}
	_ = session.Shell()
	_ = session.Wait()
	wait(t, "the log", func() bool { return strings.Contains(h.log.String(), `user="red new line"`) })
}

func TestTwoTerminalsAtOnceHaveTheirOwnThemes(t *testing.T) {
	t.Setenv("NO_COLOR", "1") // the server's environment says nothing
	t.Setenv("COLORTERM", "truecolor")
	t.Setenv("LANG", "de_DE.UTF-8")
	h := open(t, nil)
	rich, plain, german, none := usual(), usual(), usual(), usual()
	rich.env = map[string]string{"COLORTERM": "truecolor"}
	plain.term = "dumb"
	german.env = map[string]string{"LANG": "de_AT.UTF-8", "LD_PRELOAD": "x", "PATH": "y"}
	none.env = map[string]string{"NO_COLOR": "1", "LC_ALL": "C"}
	tests := []struct {
		has     terminal
		shows   string
		colour  string
		without string
	}{
		{rich, "Press Enter to begin", "\x1b[1;38;2;", ""},
		{plain, "Question 1 of 3", "", "\x1b"},
		{german, "Mit der Eingabetaste", "\x1b[1;38;5;", "38;2;"},
		{none, "Press Enter to begin", "\x1b[1", "38;5;"},
	}
	guests := make([]*guest, len(tests))
	for i, tt := range tests {
		guests[i] = h.visit(tt.has)
	}
	for i, tt := range tests {
		guests[i].until(tt.shows)
		sent := guests[i].recorded()
		if !strings.Contains(sent, tt.colour) || tt.without != "" && strings.Contains(sent, tt.without) {
			t.Errorf("TERM=%s %v: want %q and not %q in\n%q", tt.has.term, tt.has.env, tt.colour, tt.without, sent)
		}
	}
}

func TestTheWindowIsFollowed(t *testing.T) {
	h := open(t, nil)
	g := h.visit(usual())
	g.until("Press Enter to begin")
	if err := g.session.WindowChange(5, 30); err != nil {
		t.Fatal(err)
	}
	g.until("This window is too")
	if err := g.session.WindowChange(24, 80); err != nil {
		t.Fatal(err)
	}
	g.until("Press Enter to begin")
}

func TestAWindowOfFourBillionColumnsIsAbsorbed(t *testing.T) {
	const most = 1<<32 - 1
	h := open(t, nil)
	has := usual()
	has.columns, has.rows = most, most
	g := h.visit(has)
	for range 100 {
		if err := g.session.WindowChange(most, most); err != nil {
			t.Fatal(err)
		}
	}
	if err := g.session.WindowChange(0, 0); err != nil {
		t.Fatal(err)
	}
	if err := g.session.WindowChange(24, 80); err != nil {
		t.Fatal(err)
	}
	g.until("Press Enter to begin")
	if n := len(g.recorded()); n > 1<<20 {
		t.Errorf("%d bytes were sent", n)
	}
}

func TestEveryTerminalGetsTheScreens(t *testing.T) {
	h := open(t, nil)
	for _, term := range []string{"vt100", "linux", "xterm", "tmux-256color"} {
		has := usual()
		has.term = term
		g := h.visit(has)
		g.until("Press Enter to begin")
		g.press("\x03")
		g.until("Leave")
		g.press("\x03")
		if status := g.exit(); status != 0 {
			t.Errorf("TERM=%q: exit status %d, want 0", term, status)
		}
	}
}

func TestAClientThatIsGoneFreesEverything(t *testing.T) {
	h := open(t, nil)
	warm := h.visit(usual())
	warm.until("Press Enter to begin")
	_ = warm.conn.Close()
	settled := func() bool { s := h.server.Stats(); return s.Sessions == 0 && s.Handshakes == 0 }
	wait(t, "the first to be gone", settled)
	_ = warm.client.Wait()
	before := goroutines(t)
	for _, typed := range []string{"", "\r", "\rann@example.com\rAnn\r" + marker, answers("ann@example.com"), answers("bob@example.com") + "\r", "\x03", "\x1b[200~unfinished"} {
		g := h.visit(usual())
		g.until("Press Enter to begin")
		g.press(typed)
		_ = g.conn.Close()
		_ = g.client.Wait()
	}
	half, err := net.Dial("tcp", h.address) //nolint:noctx // it is closed at once
	if err != nil {
		t.Fatal(err)
	}
	_ = half.Close()
	wait(t, "the others to be gone", settled)
	wait(t, "the goroutines to end", func() bool { return runtime.NumGoroutine() <= before })
	if got := h.server.Stats().Ended[sshserver.Disconnected]; got != 8 {
		t.Errorf("%d sessions ended as disconnected, want 8", got)
	}
}

// goroutines is how many there are, once that does not change any more.
func goroutines(t *testing.T) int {
	t.Helper()
	n, same := runtime.NumGoroutine(), 0
	wait(t, "the goroutines to settle", func() bool {
		now := runtime.NumGoroutine()
		if same++; now != n {
			n, same = now, 0
		}
		return same > 50
	})
	return n
}

// A broken desk is one where the wrong question is a panic that quotes what was typed.
type brokenDesk struct {
	screen.Desk
	armed atomic.Bool
}

func (b *brokenDesk) Operator() (registration.Operator, bool) {
	if b.armed.Load() {
		panic(marker)
	}
	return registration.Operator{Subject: "s1", Name: "Ann"}, true
}

func TestAPanicEndsItsOwnSessionOnly(t *testing.T) {
	broken := &brokenDesk{}
	h := open(t, func(c *sshserver.Config) { c.Options.Desk = broken })
	other, g := h.visit(usual()), h.visit(usual())
	other.until("Press Enter to begin")
	other.press("\rann@example.com")
	other.until("ann@example.com")
	g.until("Press Enter to begin")
	broken.armed.Store(true)
	g.press("\x1b[20~") // f9
	if status := g.exit(); status != 1 {
		t.Errorf("exit status %d, want 1", status)
	}
	g.until("Something went wrong in this session, and we are sorry.")
	g.until("Reference: ")
	other.press("\rAnn\r")
	other.until("Your password")
	_, reference, _ := strings.Cut(g.text(), "Reference: ")
	reference = strings.TrimSpace(strings.SplitN(reference, "\n", 2)[0])
	log := h.log.String()
	if !strings.Contains(log, "reference="+reference) || !strings.Contains(log, "askStaff") {
		t.Errorf("the log lacks the reference %s or the stack:\n%s", reference, log)
	}
	if strings.Contains(log, "horse") {
		t.Error("the log has what the panic quoted")
	}
	if got := h.server.Stats().Ended[sshserver.Failed]; got != 1 {
		t.Errorf("%d sessions failed, want 1", got)
	}
}

func TestASessionThatNobodyTypesInEnds(t *testing.T) {
	h := open(t, func(c *sshserver.Config) { c.Options.IdleTimeout, c.Options.IdleWarning = 2*time.Second, time.Second })
	g := h.visit(usual())
	g.until("Are you still there?")
	if status := g.exit(); status != 1 {
		t.Errorf("exit status %d, want 1", status)
	}
	g.until("Nobody typed for a while")
}

func TestASessionEndsWhenItsTimeIsOver(t *testing.T) {
	h := open(t, func(c *sshserver.Config) { c.Limits.SessionTimeout = 4 * time.Second })
	begun, idle := h.visit(usual()), h.visit(usual())
	begun.until("Press Enter to begin")
	begun.press("\rann@example.com")
	begun.until("2 seconds left.")
	for _, g := range []*guest{begun, idle} {
		if status := g.exit(); status != 1 {
			t.Errorf("exit status %d, want 1", status)
		}
		g.until("The time for this session is over.")
	}
	if got := h.server.Stats().Ended[sshserver.TimeUp]; got != 2 {
		t.Errorf("%d sessions ended as time_up, want 2", got)
	}
}
