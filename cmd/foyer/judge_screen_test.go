package main

import (
	"slices"
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

// needsAttention expects that a kiosk opens closed, since it is not set up correctly, and tells staff what to do, with words in
// any letters.
func (k *kioskOf) needsAttention(t *testing.T, words ...string) *terminal {
	t.Helper()
	s := k.open(t)
	s.until("This kiosk needs attention")
	if !hasAll(s.said(), append(words, "It is not your fault.", "Please ask a member of staff", "For staff: ")) {
		t.Errorf("the screen has not all of %q:\n%s", words, s.text())
	}
	return s
}

// said is what stands on the screen, on one line.
func (s *terminal) said() string { return strings.Join(strings.Fields(s.text()), " ") }

// beginsAgain has a person at a closed kiosk see whether it is open by now, and reports whether they are asked questions.
func (s *terminal) beginsAgain() bool {
	s.t.Helper()
	s.press("\r")
	s.wait("an answer", func() bool { return hasAny(s.text(), "Your details", "Press Enter to begin", "enter try again") })
	if strings.Contains(s.text(), "Press Enter to begin") {
		s.press("\r")
		s.until("Your details")
	}
	return strings.Contains(s.text(), "Your details")
}

// hasAny reports whether text has one of parts.
func hasAny(text string, parts ...string) bool {
	return slices.ContainsFunc(parts, func(part string) bool { return strings.Contains(text, part) })
}
