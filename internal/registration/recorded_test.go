package registration_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"testing"

	"github.com/google/go-cmp/cmp"

	"foyer/internal/registration"
)

// A keeper creates users as a tenant does, and has them fold their identifiers.
type keeper struct {
	store

	created []registration.NewUser
}

func (k *keeper) CreateUser(_ context.Context, user registration.NewUser, _ registration.Keys) (registration.User, error) {
	k.created = append(k.created, user)
	ids := append([]registration.Identifier(nil), user.Identifiers...)
	ids[len(ids)-1].Identifier = "sha256:key"
	return registration.User{ID: "u1", Status: "active", Identifiers: ids}, nil
}

func recorded() registration.Identifier {
	return registration.Identifier{Type: registration.External, Identifier: "SHA256:Key"}
}

func TestARecordedIdentifierIsTheUsersAndNotSignedInWith(t *testing.T) {
	users := &keeper{}
	service := &registration.Service{Users: users, Logger: slog.New(slog.DiscardHandler)}
	form := newForm(t)
	sub := submission(t, form)
	sub.Draft.Recorded = recorded()
	receipt, err := service.Register(t.Context(), form, sub, nil)
	if err != nil {
		t.Fatal(err)
	}
	email := registration.Identifier{Type: registration.Email, Identifier: "ann@example.com"}
	if diff := cmp.Diff([]registration.Identifier{email, recorded()}, users.created[0].Identifiers); diff != "" {
		t.Errorf("the user's identifiers, -want +got:\n%s", diff)
	}
	if diff := cmp.Diff([]registration.Identifier{email}, receipt.Identifiers); diff != "" {
		t.Errorf("what the person is told to sign in with, -want +got:\n%s", diff)
	}
}

func TestAConflictWithTheRecordedIdentifier(t *testing.T) {
	someone := registration.User{ID: "u9", Status: "active", Payload: json.RawMessage(`{"given_name":"Bob"}`)}
	tests := map[string]struct {
		found map[string]registration.User
		want  registration.Problem
	}{
		"is told as such":                     {map[string]registration.User{"SHA256:Key": someone}, registration.Problem{Flaw: registration.Flaw{Rule: registration.RuleRecorded}}},
		"gives way to one that was typed":     {map[string]registration.User{"SHA256:Key": someone, "ann@example.com": someone}, registration.Problem{Field: "/identifiers/0", Flaw: registration.Flaw{Rule: registration.RuleTaken}}},
		"is not made up when nobody is found": {nil, registration.Problem{Field: "/identifiers/0", Flaw: registration.Flaw{Rule: registration.RuleTaken}}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			users := &store{answers: []func() (registration.User, error){trouble(registration.Problem{Kind: registration.Conflict})}, found: tt.found}
			service := &registration.Service{Users: users, Logger: slog.New(slog.DiscardHandler)}
			form := newForm(t)
			sub := submission(t, form)
			sub.Draft.Recorded = recorded()
			_, err := service.Register(t.Context(), form, sub, nil)
			var got *registration.Problem
			if !errors.As(err, &got) {
				t.Fatalf("Register error = %v, want a Problem", err)
			}
			if got.Kind != registration.Conflict || got.Field != tt.want.Field || got.Flaw != tt.want.Flaw {
				t.Errorf("Register = %s at %q, %v, want a conflict at %q, %v", got.Kind, got.Field, got.Flaw, tt.want.Field, tt.want.Flaw)
			}
		})
	}
}

func TestRecognize(t *testing.T) {
	blind := registration.Problem{Kind: registration.Unavailable}
	users := &store{found: map[string]registration.User{"SHA256:Key": {ID: "u1", Status: "active"}}}
	service := &registration.Service{Users: users, Logger: slog.New(slog.DiscardHandler)}
	if u, ok, err := service.Recognize(t.Context(), recorded()); u.ID != "u1" || !ok || err != nil {
		t.Errorf("Recognize() of who is there = %+v, %t, %v", u, ok, err)
	}
	if u, ok, err := service.Recognize(t.Context(), registration.Identifier{Type: registration.External, Identifier: "x"}); u.ID != "" || ok || err != nil {
		t.Errorf("Recognize() of nobody = %+v, %t, %v", u, ok, err)
	}
	users.blind = &blind
	var problem *registration.Problem
	if _, ok, err := service.Recognize(t.Context(), recorded()); ok || !errors.As(err, &problem) || problem.Kind != registration.Unavailable {
		t.Errorf("Recognize() without an answer = %t, %v", ok, err)
	}
}
