package main

import (
	"strings"
	"testing"
)

// open opens the kiosk in a pseudo-terminal.
func (k *kioskOf) open(t *testing.T) *terminal {
	t.Helper()
	s := open(t, 100, 30, k.env)
	k.screens = append(k.screens, s)
	return s
}

// needsAttention expects that a kiosk tells the first person that it is not set up correctly, and staff what to do, with words in
// any letters.
func (k *kioskOf) needsAttention(t *testing.T, words ...string) *terminal {
	t.Helper()
	s := k.open(t)
	s.until("Press Enter to begin")
	s.press("\r")
	s.until("This kiosk needs attention")
	if !hasAll(s.said(), append(words, "It is not your fault.", "Please ask a member of staff", "For staff: ")) {
		t.Errorf("the screen has not all of %q:\n%s", words, s.text())
	}
	return s
}

// said is what stands on the screen, on one line.
func (s *terminal) said() string { return strings.Join(strings.Fields(s.text()), " ") }

// beginsAgain has a person begin after a problem, and reports whether they are asked questions.
func (s *terminal) beginsAgain() bool {
	s.t.Helper()
	s.press("\r")
	s.until("Press Enter to begin")
	s.press("\r")
	s.wait("questions or a problem", func() bool {
		return strings.Contains(s.text(), "Your details") || strings.Contains(s.text(), "This kiosk needs attention")
	})
	return strings.Contains(s.text(), "Your details")
}
