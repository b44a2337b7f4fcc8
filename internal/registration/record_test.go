package registration_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"foyer/internal/registration"
)

// A ledger is a record in memory, whose lines from the one with number full on cannot be written.
type ledger struct {
	events []registration.Event
	full   int
}

func (l *ledger) Record(_ context.Context, e registration.Event) error {
	if l.full > 0 && len(l.events)+1 >= l.full {
		return errors.New("no space left on device")
	}
	l.events = append(l.events, e)
	return nil
}

func TestEachAttemptIsRecordedBeforeAndAfter(t *testing.T) {
	l := &ledger{}
	users := &store{answers: []func() (registration.User, error){trouble(registration.Problem{Kind: registration.Conflict}), created}}
	service := &registration.Service{Users: users, Recorder: l, Logger: slog.New(slog.DiscardHandler)}
	form := newForm(t)
	sub := submission(t, form)
	ctx := registration.From(t.Context(), registration.Origin{Remote: "192.0.2.1:5"})
	for range 2 {
		_, _ = service.Register(ctx, form, sub, nil)
	}
	event := func(outcome string) registration.Event {
		return registration.Event{
			Operation: "register", Outcome: outcome, Origin: registration.Origin{Remote: "192.0.2.1:5"}, Reference: sub.Reference,
			Identifiers: []registration.Identifier{{Type: registration.Email, Identifier: "ann@example.com"}},
		}
	}
	done := event(registration.Done)
	done.Flow, done.Status, done.UserID = "create", "active", "u1"
	want := []registration.Event{event(registration.Begun), event("conflict"), event(registration.Begun), done}
	if diff := cmp.Diff(want, l.events, cmpopts.IgnoreFields(registration.Event{}, "At")); diff != "" {
		t.Errorf("recorded, -want +got:\n%s", diff)
	}
}

func TestWhatCannotBeRecorded(t *testing.T) {
	tests := map[string]struct {
		full     int
		optional bool
		want     registration.ProblemKind // "" when the person is registered
		sent     int
	}{
		"that it begins closes registration":        {1, false, registration.Misconfigured, 0},
		"that it begins is passed over when it may": {1, true, "", 1},
		"what came of it stays done":                {2, false, "", 1},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			users := &store{answers: []func() (registration.User, error){created}}
			service := &registration.Service{
				Users: users, Recorder: &ledger{full: tt.full}, Settings: registration.Settings{RecordOptional: tt.optional},
				Logger: slog.New(slog.DiscardHandler),
			}
			form := newForm(t)
			_, err := service.Register(t.Context(), form, submission(t, form), nil)
			var got registration.ProblemKind
			if p := registration.AsProblem(err, ""); p != nil {
				got = p.Kind
			}
			if got != tt.want || len(users.keys) != tt.sent {
				t.Errorf("Register = %q with %d sent, want %q with %d", got, len(users.keys), tt.want, tt.sent)
			}
		})
	}
}

func TestAnAttemptThatPanicsIsRecordedToTheEnd(t *testing.T) {
	l := &ledger{}
	users := &store{answers: []func() (registration.User, error){func() (registration.User, error) { panic("x") }}}
	service := &registration.Service{Users: users, Recorder: l, Logger: slog.New(slog.DiscardHandler)}
	form := newForm(t)
	if _, err := service.Register(t.Context(), form, submission(t, form), nil); err == nil {
		t.Error("Register() = nil")
	}
	if n := len(l.events); n != 2 || l.events[1].Outcome != string(registration.Unexpected) {
		t.Errorf("recorded %+v, want that it begins, and unexpected", l.events)
	}
}

// traced makes each user with an exchange that has a name.
type traced struct{ *store }

func (s traced) CreateUser(ctx context.Context, u registration.NewUser, k registration.Keys) (registration.User, error) {
	registration.NoteTrace(ctx, "t1")
	registration.NoteTrace(ctx, "") // an answer that has no name
	return s.store.CreateUser(ctx, u, k)
}

func TestTheRecordNamesTheExchange(t *testing.T) {
	l := &ledger{}
	users := traced{&store{answers: []func() (registration.User, error){created}}}
	service := &registration.Service{Users: users, Recorder: l, Logger: slog.New(slog.DiscardHandler)}
	form := newForm(t)
	if _, err := service.Register(t.Context(), form, submission(t, form), nil); err != nil {
		t.Fatal(err)
	}
	if n := len(l.events); n != 2 || l.events[0].TraceID != "" || l.events[1].TraceID != "t1" {
		t.Errorf("recorded %+v, want the exchange t1 at the end", l.events)
	}
	registration.NoteTrace(t.Context(), "t2") // of nobody's work
}
