package main

import (
	"strings"
	"testing"
)

// TestClientsThatAreKilledAtAnyScreenLeaveNothingBehind kills OpenSSH's client at each screen, while somebody else is in the
// middle of a form, who goes on.
func TestClientsThatAreKilledAtAnyScreenLeaveNothingBehind(t *testing.T) {
	tenant := serve(t, "customers")
	s := startServe(t, append(tenant.env, "FOYER_SSH_MONITOR_LISTEN=127.0.0.1:0", "FOYER_REGISTRATION_STATUS=new", "FOYER_REGISTRATION_VERIFICATION=code")...)
	witness := s.ssh()
	witness.until("Press Enter to begin")
	witness.press("\rbea@example.com\rBea")
	witness.until("Bea")
	taken := s.ssh()
	taken.until("Press Enter to begin")
	taken.press(answers("ann@example.com") + "\r")
	taken.until("Type your code")
	idle := s.figure("go_goroutines")

	screens := []struct {
		keys, shows string
		as          []string
	}{
		{"", "Press Enter to begin", nil},
		{"\x1bOP", "What you type is sent", nil},
		{"\x03", "Leave the registration?", nil},
		{"\r", "Your details", nil},
		{"\rann\r", "has one @", nil},
		{"\rkim@example.com\rKim\rLee\r", "same password again", nil},
		{answers("kim@example.com"), "Is everything right?", nil},
		{strings.Replace(answers("ann@example.com"), "Lee", "Low", 1) + "\r", "This was begun and not finished", nil}, // with her own answers, she goes on
		{answers("lou@example.com") + "\r", "Type your code", nil},
		{"", "E-mail address", []string{"-l", "lines"}},
		{"nia@example.com\rNia\rLee\r", "What you type is not shown", []string{"-l", "lines"}},
	}
	for i, screen := range screens {
		g := s.ssh(screen.as...)
		if screen.as == nil {
			g.until("Press Enter to begin")
		}
		g.press(screen.keys)
		g.until(screen.shows)
		if screen.shows == "Type your code" { // and at the question above it
			g.press("\x1b")
			g.until("leave it for now")
		}
		if err := g.cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		s.count(`foyer_ssh_sessions_ended_total{outcome="disconnected"}`, float64(i+1))
	}
	s.count("foyer_ssh_sessions", 2)
	s.eventually("as few goroutines as before", func() bool { return s.figure("go_goroutines") <= idle+2 })
	witness.press("\rLee\r" + marker + "\r" + marker + "\r\r")
	witness.until("Type your code")
}
