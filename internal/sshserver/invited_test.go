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

// hold returns the door of a session that holds the only use of an invitation, and the store that it is in.
func hold(t *testing.T) (*door, *invite.Store) {
	t.Helper()
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
	return d, store
}

// A maker is a service that makes an account of everybody.
type maker struct{ ui.Service }

func (maker) Register(context.Context, *registration.Form, *registration.Submission, func(registration.Progress)) (registration.Receipt, error) {
	return registration.Receipt{Status: "new", Challenge: &registration.Challenge{Purpose: registration.Activation}}, nil
}

func TestAnInvitationIsOfOnePersonForAllOfItsSession(t *testing.T) {
	d, _ := hold(t)
	ann := registration.NewSubmission(registration.Draft{})
	moved := ann.Revise(registration.Draft{Payload: map[string]any{"given_name": "Anna"}})
	for _, sub := range []*registration.Submission{ann, ann, moved, ann} {
		if _, err := (invited{maker{}, d}).Register(t.Context(), nil, sub, nil); err != nil {
			t.Errorf("Register() of the same person = %v", err)
		}
	}
	var problem *registration.Problem
	_, err := invited{maker{}, d}.Register(t.Context(), nil, registration.NewSubmission(registration.Draft{}), nil)
	if !errors.As(err, &problem) || problem.Kind != registration.RegistrationClosed {
		t.Errorf("Register() of somebody else = %v, want %s", err, registration.RegistrationClosed)
	}
}

// An oracle is a service that answers as it is told, one after the other.
type oracle struct {
	ui.Service
	answers []error // nil makes an account
}

func (o *oracle) Register(context.Context, *registration.Form, *registration.Submission, func(registration.Progress)) (registration.Receipt, error) {
	err := o.answers[0]
	o.answers = o.answers[1:]
	return registration.Receipt{Status: "active"}, err
}

// named is what somebody with an address typed.
func named(address, name string) registration.Draft {
	return registration.Draft{
		Identifiers: []registration.Identifier{{Type: registration.Email, Identifier: address}}, Payload: map[string]any{"given_name": name},
	}
}

func TestAnUnclearOutcomeIsSettledByTheNextTryOrCountsAsUsed(t *testing.T) {
	lost := &registration.Problem{Kind: registration.Unavailable, Unclear: true}
	busy, taken := &registration.Problem{Kind: registration.TooMany}, &registration.Problem{Kind: registration.Conflict}
	ann := registration.NewSubmission(named("ann@example.com", "Ann"))
	anna, moved := ann.Revise(named("ann@example.com", "Anna")), ann.Revise(named("anna@example.com", "Ann"))
	type try struct {
		sub    *registration.Submission
		answer error
		barred bool // it is not tried: the invitation is another account's, or may be
	}
	tests := []struct {
		name  string
		tries []try
		taken bool // in the end
		left  int  // once the session is over
	}{
		{"nothing follows", []try{{ann, lost, false}}, true, 0},
		{"the same makes an account", []try{{ann, lost, false}, {ann, nil, false}}, true, 0},
		{"the same finds somebody else", []try{{ann, lost, false}, {ann, taken, false}}, false, 1},
		{"the same is told to wait", []try{{ann, lost, false}, {ann, busy, false}}, true, 0},
		{"another name with the same address finds somebody else", []try{{ann, lost, false}, {anna, taken, false}}, false, 1},
		{"another name with the same address makes an account", []try{{ann, lost, false}, {anna, nil, false}, {moved, nil, false}}, true, 0},
		{"another address would make another account", []try{{ann, lost, false}, {moved, nil, true}}, true, 0},
		{"somebody else comes", []try{{ann, lost, false}, {registration.NewSubmission(named("ann@example.com", "Ann")), nil, true}}, true, 0},
		{"there was no doubt", []try{{ann, taken, false}, {moved, busy, false}}, false, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d, store := hold(t)
			for i, try := range tt.tries {
				o := &oracle{answers: []error{try.answer}}
				if _, err := (invited{o, d}).Register(t.Context(), nil, try.sub, nil); (len(o.answers) > 0) != try.barred {
					t.Errorf("try %d = %v, kept from the tenant: %v, want %v", i+1, err, len(o.answers) > 0, try.barred)
				}
			}
			if d.Taken() != tt.taken {
				t.Errorf("Taken() = %v, want %v", d.Taken(), tt.taken)
			}
			d.close(t.Context())
			all, err := store.List(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if all[0].Left != tt.left || all[0].Held != 0 {
				t.Errorf("the invitation is %+v, want %d left and none held", all[0], tt.left)
			}
		})
	}
}

func TestAPanicLeavesAnInvitationUsed(t *testing.T) {
	d, store := hold(t)
	func() {
		defer func() { _ = recover() }()
		_, _ = invited{nil, d}.Register(t.Context(), nil, registration.NewSubmission(registration.Draft{}), nil)
	}()
	d.close(t.Context())
	if all, err := store.List(t.Context()); err != nil || all[0].Left != 0 {
		t.Errorf("List() = %+v, %v, want none left", all, err)
	}
}
