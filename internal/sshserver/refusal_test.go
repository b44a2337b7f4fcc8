package sshserver_test

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	gossh "golang.org/x/crypto/ssh"

	"foyer/internal/sshserver"
)

func TestNothingButTheScreensIsServed(t *testing.T) {
	h := open(t, nil)
	tests := []struct {
		name string
		ask  func(*gossh.Client, *gossh.Session) error
	}{
		{"a command", func(_ *gossh.Client, s *gossh.Session) error { return s.Start("id") }},
		{"a command on a terminal", func(_ *gossh.Client, s *gossh.Session) error {
			_ = s.RequestPty("xterm", 24, 80, nil)
			return s.Start("id")
		}},
		{"files", func(_ *gossh.Client, s *gossh.Session) error { return s.RequestSubsystem("sftp") }},
		{"a port of ours", func(c *gossh.Client, _ *gossh.Session) error { _, err := c.Listen("tcp", "127.0.0.1:0"); return err }},
		{"a socket of ours", func(c *gossh.Client, _ *gossh.Session) error { _, err := c.ListenUnix("/tmp/x"); return err }},
		{"a port beyond us", func(c *gossh.Client, _ *gossh.Session) error { _, err := c.Dial("tcp", "127.0.0.1:22"); return err }},
		{"a socket beyond us", func(c *gossh.Client, _ *gossh.Session) error { _, err := c.Dial("unix", "/tmp/x"); return err }},
		{"an agent", refusedRequest("auth-agent-req@openssh.com")},
		{"windows of X11", refusedRequest("x11-req")},
		{"a break", refusedRequest("break")},
		{"a variable that is not on the list", func(_ *gossh.Client, s *gossh.Session) error { return s.Setenv("LD_PRELOAD", "x") }},
		{"a variable of no end", func(_ *gossh.Client, s *gossh.Session) error { return s.Setenv("LANG", strings.Repeat("x", 65)) }},
		{"a variable with an escape", func(_ *gossh.Client, s *gossh.Session) error { return s.Setenv("LANG", "\x1b[2J") }},
		{"a second session", func(c *gossh.Client, _ *gossh.Session) error { _, err := c.NewSession(); return err }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			client, _ := h.mustDial()
			session, err := client.NewSession()
			if err != nil {
				t.Fatal(err)
			}
			if err := tt.ask(client, session); err == nil {
				t.Error("it is granted")
			}
		})
	}
	g := h.visit(usual())
	g.until("Press Enter to begin")
	if ok, err := g.session.SendRequest("shell", true, nil); ok || err != nil {
		t.Errorf("a second shell: %t, %v, want false, nil", ok, err)
	}
	if ok, err := g.session.SendRequest("exec", true, gossh.Marshal(struct{ Command string }{"id"})); ok || err != nil {
		t.Errorf("a command beside the shell: %t, %v, want false, nil", ok, err)
	}
	g.press("\r")
	g.until("Your details") // it goes on
}

var errRefused = errors.New("refused")

// refusedRequest asks for what has no more to say than its name.
func refusedRequest(name string) func(*gossh.Client, *gossh.Session) error {
	return func(_ *gossh.Client, s *gossh.Session) error {
		ok, err := s.SendRequest(name, true, nil)
		if !ok && err == nil {
			err = errRefused
		}
		return err
	}
}

func TestWithoutATerminalOneIsAskedForWhereThereIsAPassword(t *testing.T) {
	h := open(t, nil)
	client, _ := h.mustDial()
	session, err := client.NewSession()
	if err != nil {
		t.Fatal(err)
	}
	_ = session.Setenv("LANG", "de_DE.UTF-8")
	var out, complaint bytes.Buffer
	session.Stdout, session.Stderr = &out, &complaint
	if err := session.Shell(); err != nil {
		t.Fatal(err)
	}
	if err := session.Wait(); err == nil {
		t.Error("the session succeeds")
	}
	line, rest, _ := strings.Cut(complaint.String(), "\n")
	if !strings.HasPrefix(line, "Hier wird nach einem Passwort gefragt") || !strings.Contains(line, "ssh -t lines@HOST") || rest != "" || out.Len() > 0 {
		t.Errorf("stderr %q, stdout %q, want a line with the way out and nothing", complaint.String(), out.String())
	}
	if got := h.server.Stats().Refused[sshserver.RefusedNoTerminal]; got != 1 {
		t.Errorf("%d were refused for want of a terminal, want 1", got)
	}
	if s := h.server.Stats(); s.Lasted.Count != 0 || s.Ended[sshserver.Refused] != 1 {
		t.Errorf("%d sessions lasted and %d were refused, want none and 1", s.Lasted.Count, s.Ended[sshserver.Refused])
	}
}

// refusedWith visits and expects a session to be refused with a line.
func (h *house) refusedWith(line string, why sshserver.Refusal) {
	h.t.Helper()
	before := h.server.Stats().Refused[why]
	g := h.visit(usual())
	g.until(line)
	if status := g.exit(); status != 1 {
		h.t.Errorf("exit status %d, want 1", status)
	}
	if got := h.server.Stats().Refused[why]; got != before+1 {
		h.t.Errorf("%d were refused for %s, want %d", got, why, before+1)
	}
}

func TestThereAreNoMoreSessionsThanMayBe(t *testing.T) {
	h := open(t, func(c *sshserver.Config) { c.Limits.Sessions = 1 })
	g := h.visit(usual())
	g.until("Press Enter to begin")
	h.refusedWith("Everybody is busy at the moment.", sshserver.RefusedFull)
	_ = g.conn.Close()
	wait(t, "the first to be gone", func() bool { return h.server.Stats().Sessions == 0 })
	h.visit(usual()).until("Press Enter to begin")
}

func TestAnAddressHasNoMoreSessionsThanItMay(t *testing.T) {
	h := open(t, func(c *sshserver.Config) { c.Limits.SessionsPerAddress = 2 })
	for range 2 {
		h.visit(usual()).until("Press Enter to begin")
	}
	h.refusedWith("There are several sessions from your address already.", sshserver.RefusedAddress)
}

func TestAnAddressThatConnectsTooOftenIsTurnedAway(t *testing.T) {
	h := open(t, func(c *sshserver.Config) { c.Limits.ConnectionsPerMinute = 3 })
	for range 3 {
		h.mustDial()
	}
	if line := h.firstLine(); line != "There were many connections from your address. Please try again in a minute.\r\n" {
		t.Errorf("the refused connection begins with %q", line)
	}
	if _, _, _, err := h.dial(); err == nil || !strings.Contains(err.Error(), "There were many connections from your address.") {
		t.Errorf("the SSH client is told %v, want why it is refused", err)
	}
}

// firstLine connects and returns what the server says first.
func (h *house) firstLine() string {
	h.t.Helper()
	line, _ := bufio.NewReader(h.knock()).ReadString('\n')
	return line
}

// knock connects and says nothing.
func (h *house) knock() net.Conn {
	h.t.Helper()
	conn, err := new(net.Dialer).DialContext(h.t.Context(), "tcp", h.address)
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() { _ = conn.Close() })
	_ = conn.SetDeadline(time.Now().Add(patience))
	return conn
}

func TestHalfOpenConnectionsHaveABound(t *testing.T) {
	h := open(t, func(c *sshserver.Config) { c.Limits.Handshakes = 5 })
	for range 5 {
		h.knock()
	}
	wait(t, "the connections", func() bool { return h.server.Stats().Handshakes == 5 })
	if line := h.firstLine(); !strings.HasPrefix(line, "Many are connecting at the moment.") {
		t.Errorf("the refused connection begins with %q", line)
	}
}

func TestAConnectionThatGoesNoFurtherEnds(t *testing.T) {
	h := open(t, func(c *sshserver.Config) { c.Limits.HandshakeTimeout = 300 * time.Millisecond })
	silent := h.knock()
	client, _ := h.mustDial() // authenticated, and then nothing
	if _, err := io.Copy(io.Discard, silent); err != nil {
		t.Errorf("the silent connection: %v, want its end", err)
	}
	_ = client.Wait()
	wait(t, "their places", func() bool { return h.server.Stats().Handshakes == 0 })
}

func TestMalformedPacketsEndTheirConnectionOnly(t *testing.T) {
	h := open(t, nil)
	other := h.visit(usual())
	other.until("Press Enter to begin")
	const version = "SSH-2.0-x\r\n"
	for _, sent := range []string{
		"", "GET / HTTP/1.1\r\n\r\n", "SSH-1.5-x\r\n", "SSH-2.0-" + strings.Repeat("x", 1<<20), strings.Repeat("a line before it\r\n", 1<<16),
		version, version + "\xff\xff\xff\xff\x00", version + strings.Repeat("\x00", 1<<16), version + "\x00\x00\x00\x01\x00",
		version + "\x00\x00\x00\x0c\xff" + strings.Repeat("\x14", 11), version + "\x00\x00\x04\x00\x04\x14" + strings.Repeat("x", 100),
		version + "\x00\x00\x00\x0c\x04\x15" + strings.Repeat("\x00", 10), version + "\x00\x00\x00\x0c\x0a\x01" + strings.Repeat("\x00", 10),
	} {
		conn := h.knock()
		_, _ = io.WriteString(conn, sent) // the server may have seen enough
		if tcp, ok := conn.(*net.TCPConn); ok {
			_ = tcp.CloseWrite()
		}
		_, _ = io.Copy(io.Discard, conn) // until the server ends it
	}
	wait(t, "their places", func() bool { return h.server.Stats().Handshakes == 0 })
	other.press("\r")
	other.until("Your details")
}

func TestAConnectionHasOneSessionAndNoOtherAfterIt(t *testing.T) {
	for _, tt := range []struct {
		name   string
		change func(*sshserver.Config)
		status int
	}{
		{"after one that was left", nil, 0},
		{"after one that was refused", func(c *sshserver.Config) { c.Limits.SessionsPerAddress = 1 }, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h := open(t, tt.change)
			if tt.status != 0 {
				h.visit(usual()).until("Press Enter to begin")
			}
			client, _ := h.mustDial()
			g := h.visitOn(client)
			if tt.status == 0 {
				g.until("Press Enter to begin")
				g.press("\x03\x03")
			}
			if got := g.exit(); got != tt.status {
				t.Fatalf("the session exits with %d, want %d", got, tt.status)
			}
			for { // who goes on asking goes on for no longer
				if _, _, err := client.OpenChannel("session", nil); err == nil {
					t.Fatal("another channel is opened")
				} else if gone(err) {
					break
				}
			}
			if ended := h.server.Stats().Ended; len(ended) != 1 {
				t.Errorf("sessions ended: %v, want one", ended)
			}
		})
	}
}
