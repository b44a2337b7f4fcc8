package sshserver

import (
	"errors"
	"log/slog"
	"net"
	"path/filepath"
	"testing"

	"foyer/internal/invite"
	"foyer/internal/registration"
	"foyer/internal/secret"
)

// TestNobodyIsRegisteredPastTheDoor asks a service that is not there, whose every call is a panic.
func TestNobodyIsRegisteredPastTheDoor(t *testing.T) {
	s := New(t.Context(), Config{
		Invitations: invite.New(filepath.Join(t.TempDir(), "invitations.json"), nil), Logger: slog.New(slog.DiscardHandler),
	})
	conn, other := net.Pipe()
	t.Cleanup(func() { _, _ = conn.Close(), other.Close() })
	v := newVisit(conn)
	v.config = s.inForce()
	d := s.newDoor(v)
	service := invited{nil, d}
	sub := registration.NewSubmission(registration.Draft{})
	for _, want := range []registration.ProblemKind{registration.RegistrationClosed, registration.Unavailable} {
		var registering, confirming *registration.Problem
		_, err := service.Register(t.Context(), nil, sub, nil)
		if !errors.As(err, &registering) || registering.Kind != want {
			t.Errorf("Register() = %v, want %s", err, want)
		}
		_, err = service.Confirm(t.Context(), nil, sub, secret.Text{}, nil)
		if !errors.As(err, &confirming) || confirming.Kind != want {
			t.Errorf("Confirm() = %v, want %s", err, want)
		}
		d.close(t.Context()) // from now on the session is over
	}
	if err := d.Present(t.Context(), "A2"); !errors.Is(err, registration.ErrCodeUnavailable) {
		t.Errorf("Present() after the end = %v, want %v", err, registration.ErrCodeUnavailable)
	}
}
