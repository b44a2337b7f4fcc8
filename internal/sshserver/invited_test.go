package sshserver

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"path/filepath"
	"testing"
	"time"

	"foyer/internal/invite"
	"foyer/internal/registration"
	"foyer/internal/secret"
	"foyer/ui"
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

// A maker is a service that makes an account of everybody.
type maker struct{ ui.Service }

func (maker) Register(context.Context, *registration.Form, *registration.Submission, func(registration.Progress)) (registration.Receipt, error) {
	return registration.Receipt{Status: "new", Challenge: &registration.Challenge{Purpose: registration.Activation}}, nil
}

func TestAnInvitationIsOfOnePersonForAllOfItsSession(t *testing.T) {
	store := invite.New(filepath.Join(t.TempDir(), "invitations.json"), nil)
	made, err := store.Make(t.Context(), invite.Terms{Uses: 1, Lasts: time.Hour}, 1)
	if err != nil {
		t.Fatal(err)
	}
	s := New(t.Context(), Config{Invitations: store, Logger: slog.New(slog.DiscardHandler)})
	conn, other := net.Pipe()
	t.Cleanup(func() { _, _ = conn.Close(), other.Close() })
	v := newVisit(conn)
	v.config = s.inForce()
	d := s.newDoor(v)
	if err := d.Present(t.Context(), made[0].Code.Reveal()); err != nil {
		t.Fatal(err)
	}
	ann := registration.NewSubmission(registration.Draft{})
	moved := ann.Revise(registration.Draft{Payload: map[string]any{"given_name": "Anna"}})
	for _, sub := range []*registration.Submission{ann, ann, moved, ann} {
		if _, err := (invited{maker{}, d}).Register(t.Context(), nil, sub, nil); err != nil {
			t.Errorf("Register() of the same person = %v", err)
		}
	}
	var problem *registration.Problem
	_, err = invited{maker{}, d}.Register(t.Context(), nil, registration.NewSubmission(registration.Draft{}), nil)
	if !errors.As(err, &problem) || problem.Kind != registration.RegistrationClosed {
		t.Errorf("Register() of somebody else = %v, want %s", err, registration.RegistrationClosed)
	}
}
