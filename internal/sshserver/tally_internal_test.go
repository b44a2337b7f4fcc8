package sshserver

import (
	"context"
	"errors"
	"net"
	"testing"

	"foyer/internal/registration"
	"foyer/ui"
)

// A sender is a service that sends a code to each address that it is told.
type sender struct {
	ui.Service
	sent    int
	trouble error // instead; nil for none
}

func (s *sender) Register(context.Context, *registration.Form, *registration.Submission, func(registration.Progress)) (registration.Receipt, error) {
	if s.trouble != nil {
		return registration.Receipt{}, s.trouble
	}
	s.sent++
	return registration.Receipt{Challenge: &registration.Challenge{Purpose: registration.AddressProof}}, nil
}

func TestASessionHasOnlySoManyCodesSent(t *testing.T) {
	conn, other := net.Pipe()
	t.Cleanup(func() { _, _ = conn.Close(), other.Close() })
	v, s := newVisit(conn), &sender{trouble: &registration.Problem{Kind: registration.Conflict}}
	service := tally{s, v}
	for range 3 * mostNoted { // which cost nothing
		if _, err := service.Register(t.Context(), nil, registration.NewSubmission(registration.Draft{}), nil); !errors.Is(err, s.trouble) {
			t.Fatalf("Register() = %v, want %v", err, s.trouble)
		}
	}
	s.trouble = nil
	again := registration.NewSubmission(registration.Draft{})
	for range 3 {
		if _, err := service.Register(t.Context(), nil, again, nil); err != nil {
			t.Fatalf("Register() = %v, want another attempt at the same", err)
		}
	}
	var problem *registration.Problem
	for range 3 * mostNoted {
		_, err := service.Register(t.Context(), nil, registration.NewSubmission(registration.Draft{}), nil)
		errors.As(err, &problem)
	}
	if problem == nil || problem.Kind != registration.TooMany || s.sent != mostNoted+2 {
		t.Errorf("after %d codes the problem is %v, want %d and too many", s.sent, problem, mostNoted+2)
	}
	names := make(map[string]bool)
	for _, name := range v.tallied(1) {
		names[name] = true
	}
	if len(names) != mostNoted {
		t.Errorf("%d registrations count for the hour, want %d", len(names), mostNoted)
	}
}
