package sshserver_test

import (
	"testing"

	gossh "golang.org/x/crypto/ssh"

	"foyer/internal/registration"
	"foyer/internal/sshserver"
)

func TestAKeyIsRecordedAndRecognised(t *testing.T) {
	h := open(t, func(c *sshserver.Config) { c.RecordKeys = true })
	key := newSigner(t)
	has := usual()
	has.auth = []gossh.AuthMethod{gossh.PublicKeys(key)}
	g := h.visit(has)
	g.until("Press Enter to begin")
	g.press(answers("ann@example.com"))
	g.until(gossh.FingerprintSHA256(key.PublicKey()))
	g.press("\r")
	g.until("You are registered")

	again := h.visit(has)
	again.until("You are registered already")
	again.until("enter leave")
	again.press("\r")
	if status := again.exit(); status != 0 {
		t.Errorf("exit status %d, want 0", status)
	}
}

func TestWithoutAKeyNothingIsRecorded(t *testing.T) {
	tests := map[string]struct {
		records bool
		auth    []gossh.AuthMethod
	}{
		"nobody asks for keys": {false, []gossh.AuthMethod{gossh.PublicKeys(newSigner(t))}},
		"a client without one": {true, []gossh.AuthMethod{gossh.KeyboardInteractive(func(string, string, []string, []bool) ([]string, error) { return nil, nil })}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			h := open(t, func(c *sshserver.Config) { c.RecordKeys = tt.records })
			has := usual()
			has.auth = tt.auth
			g := h.visit(has)
			g.until("Press Enter to begin")
			g.press(answers("ann@example.com") + "\r")
			g.until("You are registered")
			if got := h.registry.recorded[0]; got != (registration.Identifier{}) {
				t.Errorf("recorded: %v, want nothing", got)
			}
		})
	}
}
