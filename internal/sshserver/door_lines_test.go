package sshserver_test

import "testing"

func TestWhoHasAnInvitationIsLetInInLines(t *testing.T) {
	p := openPorch(t, passwordless(t))
	g := p.call("signup", false)
	g.hears("Registration by invitation")
	g.press("AAA\n\n" + p.invite() + "\nann@example.com\nAnn\n\n")
	g.hears("This code is not complete, or has a slip in it.")
	g.hears("Type the code that you were given.")
	g.hears("You are registered")
	if status := g.exit(); status != 0 {
		t.Errorf("exit status %d, want 0", status)
	}
}

func TestWhoTriesTooManyCodesInLinesIsTurnedAway(t *testing.T) {
	p := openPorch(t, passwordless(t))
	_ = p.invite() // which is not theirs
	g := p.call("lines", true)
	g.hears("Registration by invitation")
	for range 10 {
		g.press("A7K-4M2-XWP-9HT-3RC-D8F\r")
	}
	g.hears("After several tries no code could be taken.")
	if status := g.exit(); status != 1 {
		t.Errorf("exit status %d, want 1", status)
	}
}
