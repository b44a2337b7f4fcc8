package sshserver_test

import (
	"context"
	"strings"
	"testing"

	"foyer/internal/registration"
	"foyer/internal/sshserver"
)

func TestWhatTheTenantIsAskedCountsForTheHour(t *testing.T) {
	const refused = "Many people register from your address."
	problem := func(p registration.Problem) error { return &p }
	tests := []struct {
		name    string
		receipt registration.Receipt
		err     error
		want    string // what the next one sees
	}{
		{"an account is one", registration.Receipt{Status: "active"}, nil, refused},
		{"an account that waits for its code is one", registration.Receipt{Challenge: &registration.Challenge{Purpose: registration.Activation}}, nil, refused},
		{"a code to prove an address is one", registration.Receipt{Challenge: &registration.Challenge{Purpose: registration.AddressProof}}, nil, refused},
		{"an account with a failure after it is one", registration.Receipt{}, problem(registration.Problem{Kind: registration.Unavailable, Made: true}), refused},
		{"a refusal is none", registration.Receipt{}, problem(registration.Problem{Kind: registration.Conflict}), "Press Enter to begin"},
		{"no answer is none", registration.Receipt{}, problem(registration.Problem{Kind: registration.Unavailable, Unclear: true}), "Press Enter to begin"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := open(t, func(c *sshserver.Config) {
				c.Limits.RegistrationsPerHour = 1
				c.Options.Service = told{c.Options.Service, tt.receipt, tt.err}
			})
			g := h.visit(usual())
			g.press(answers("ann@example.com"))
			g.until("Is everything right?")
			g.press("\r")
			g.wait("the answer", func(text string) bool {
				return !strings.Contains(text, "Is everything right?") && !strings.Contains(text, "being created")
			})
			_ = g.conn.Close()
			wait(t, "the place", func() bool { return h.server.Stats().Sessions == 0 })
			h.visit(usual()).until(tt.want)
		})
	}
}

func TestWhoHangsUpBeforeTheAnswerCountsForTheHour(t *testing.T) {
	h := open(t, func(c *sshserver.Config) { c.Limits.RegistrationsPerHour = 1 })
	begun, proceed := make(chan struct{}), make(chan struct{})
	t.Cleanup(func() { close(proceed) })
	h.registry.refuse = func(context.Context, string) error {
		close(begun)
		<-proceed // later than the session ends
		return nil
	}
	g := h.visit(usual())
	g.press(answers("ann@example.com") + "\r")
	<-begun
	_ = g.conn.Close()
	wait(t, "the place", func() bool { return h.server.Stats().Sessions == 0 })
	h.visit(usual()).until("Many people register from your address.")
}
