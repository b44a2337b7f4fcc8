package sshserver_test

import (
	"bufio"
	"strings"
	"testing"
	"time"

	"foyer/internal/sshserver"
)

func TestWhoIsInsideFinishesWhenTheServerEnds(t *testing.T) {
	h := open(t, func(c *sshserver.Config) { c.Grace = time.Minute })
	waiting, busy, late := h.visit(usual()), h.visit(usual()), h.visit(usual())
	waiting.until("Press Enter to begin")
	late.until("Press Enter to begin")
	late.press("\r")
	late.until("Your details")
	busy.until("Press Enter to begin")
	busy.press("\rann@example.com\rAnn\r")
	busy.until("Your password")
	client, _ := h.mustDial() // connected before, without a session
	h.stop()
	waiting.until("This service is restarting.")
	if status := waiting.exit(); status != 1 {
		t.Errorf("exit status %d, want 1", status)
	}
	busy.until("Please finish: 1 minute left.")
	late.until("Please finish: 1 minute left.")
	session, err := client.NewSession()
	if err != nil {
		t.Fatal(err)
	}
	if err := session.RequestPty("xterm", 24, 80, nil); err != nil {
		t.Fatal(err)
	}
	out, err := session.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := session.Shell(); err != nil {
		t.Fatal(err)
	}
	if line, _ := bufio.NewReader(out).ReadString('\n'); !strings.HasPrefix(line, "This service is restarting.") {
		t.Errorf("who comes too late is told %q", line)
	}
	busy.press(marker + "\r" + marker + "\r\r")
	busy.until("You are registered")
	busy.until("enter finish")
	busy.press("\r")
	if status := busy.exit(); status != 0 {
		t.Errorf("exit status %d, want 0", status)
	}
	late.press("\x03\x03")
	late.exit()
	h.closed()
	s := h.server.Stats()
	if s.Registered != 1 || s.Ended[sshserver.Closed] != 1 || s.Refused[sshserver.RefusedClosing] != 1 {
		t.Errorf("Stats() = %+v, want one registered, one closed, one refused", s)
	}
}

func TestWhoIsStillInsideAfterTheGraceTimeIsToldToGo(t *testing.T) {
	h := open(t, func(c *sshserver.Config) { c.Grace = 300 * time.Millisecond })
	g := h.visit(usual())
	g.until("Press Enter to begin")
	g.press("\rann@example.com")
	g.until("ann@example.com")
	h.stop()
	if status := g.exit(); status != 1 {
		t.Errorf("exit status %d, want 1", status)
	}
	g.until("This service is restarting.")
	h.closed()
	if got := h.server.Stats().Ended[sshserver.Closed]; got != 1 {
		t.Errorf("%d sessions ended as closed, want 1", got)
	}
}

func TestASecondRequestToEndIsObeyedAtOnce(t *testing.T) {
	h := open(t, func(c *sshserver.Config) { c.Grace = time.Hour })
	g := h.visit(usual())
	g.until("Press Enter to begin")
	g.press("\rann@example.com")
	g.until("ann@example.com")
	h.stop()
	g.until("60 minutes left")
	h.server.End()
	g.exit()
	h.closed()
}
