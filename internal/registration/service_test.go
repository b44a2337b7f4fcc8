package registration_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"foyer/internal/registration"
	"foyer/internal/secret"
)

// A store is a script of answers to CreateUser, and the users there are.
type store struct {
	answers []func() (registration.User, error)
	blind   error // what every look-up ends in
	keys    []registration.Keys
	found   map[string]registration.User
	lookups int
}

func (s *store) WithdrawUser(context.Context, registration.Receipt, registration.Keys) error {
	return nil
}

func (s *store) CreateUser(_ context.Context, _ registration.NewUser, keys registration.Keys) (registration.User, error) {
	s.keys = append(s.keys, keys)
	answer := s.answers[0]
	if len(s.answers) > 1 {
		s.answers = s.answers[1:]
	}
	return answer()
}

func (s *store) FindUser(_ context.Context, id registration.Identifier, _ registration.Keys) (registration.User, error) {
	s.lookups++
	if s.blind != nil {
		return registration.User{}, s.blind
	}
	if u, ok := s.found[id.Identifier]; ok {
		return u, nil
	}
	return registration.User{}, registration.ErrNoUser
}

func created() (registration.User, error) {
	return registration.User{ID: "u1", Status: "active"}, nil
}

func trouble(p registration.Problem) func() (registration.User, error) {
	return func() (registration.User, error) { return registration.User{}, &p }
}

func submission(t *testing.T, form *registration.Form) *registration.Submission {
	t.Helper()
	d := registration.Draft{}.With(question(t, form, "/identifiers/0"), "ann@example.com").With(question(t, form, "/payload/given_name"), "Ann")
	d.Password = secret.New("correct horse battery")
	return registration.NewSubmission(d)
}

func ours(at time.Time) registration.User {
	return registration.User{
		ID: "u1", Status: "active", CreatedAt: at, Payload: json.RawMessage(`{"given_name":"Ann"}`),
		Identifiers: []registration.Identifier{{Type: "email", Identifier: "ann@example.com"}},
	}
}

func TestRegister(t *testing.T) {
	unavailable := registration.Problem{Kind: registration.Unavailable, Unclear: true}
	refused := registration.Problem{Kind: registration.Unavailable}
	conflict := registration.Problem{Kind: registration.Conflict}
	busy := registration.Problem{Kind: registration.TooMany, RetryAfter: 3 * time.Second}
	type answers = []func() (registration.User, error)
	other := ours(time.Time{})
	other.Payload = json.RawMessage(`{"given_name":"Bob"}`)

	tests := []struct {
		name     string
		answers  answers
		found    func(start time.Time) registration.User // nil: nobody
		want     registration.ProblemKind
		field    string
		attempts int
		waited   time.Duration // at least
	}{
		{"created at once", answers{created}, nil, "", "", 1, 0},
		{"created at the second try", answers{trouble(refused), created}, nil, "", "", 2, 0},
		{"waits as long as the tenant asks", answers{trouble(busy), created}, nil, "", "", 2, 3 * time.Second},
		{
			"leaves a long wait to the screen",
			answers{trouble(registration.Problem{Kind: registration.TooMany, RetryAfter: time.Minute}), created},
			nil, registration.TooMany, "", 1, 0,
		},
		{"gives up after four tries", answers{trouble(refused)}, nil, registration.Unavailable, "", 4, 0},
		{"never repeats what is no trouble", answers{trouble(registration.Problem{Kind: registration.Misconfigured}), created}, nil, registration.Misconfigured, "", 1, 0},
		{"an unclear outcome is looked up", answers{trouble(unavailable)}, ours, "", "", 4, 0},
		{"an unclear outcome without a user stays unclear", answers{trouble(unavailable)}, nil, registration.Unavailable, "", 4, 0},
		{
			"an unclear outcome with another's user stays unclear",
			answers{trouble(unavailable)},
			func(time.Time) registration.User { return other }, registration.Unavailable, "", 4, 0,
		},
		{"a conflict names the identifier", answers{trouble(conflict)}, ours, registration.Conflict, "/identifiers/0", 1, 0},
		{"a conflict that nobody explains names the first", answers{trouble(conflict)}, nil, registration.Conflict, "/identifiers/0", 1, 0},
		{"a conflict with our own earlier try is none", answers{trouble(unavailable), trouble(conflict)}, ours, registration.AlreadyDone, "", 2, 0},
		{
			"a conflict with a user from before is one",
			answers{trouble(unavailable), trouble(conflict)},
			func(start time.Time) registration.User { return ours(start.Add(-time.Hour)) }, registration.Conflict, "/identifiers/0", 2, 0,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				form, start := newForm(t), time.Now()
				users := &store{answers: tt.answers}
				if tt.found != nil {
					users.found = map[string]registration.User{"ann@example.com": tt.found(start)}
				}
				service := &registration.Service{Users: users, Logger: slog.New(slog.DiscardHandler)}
				sub := submission(t, form)
				receipt, err := service.Register(t.Context(), form, sub, nil)

				var got registration.Problem
				if p := registration.AsProblem(err, sub.Reference); p != nil {
					got = *p
				}
				if got.Kind != tt.want || got.Field != tt.field {
					t.Errorf("Register = %q at %q, want %q at %q", got.Kind, got.Field, tt.want, tt.field)
				}
				if (receipt.UserID != "") != (err == nil) {
					t.Errorf("Register = %+v, %v: a user id goes with no error, and only with none", receipt, err)
				}
				if len(users.keys) != tt.attempts || time.Since(start) < tt.waited {
					t.Errorf("%d attempts in %v, want %d in %v", len(users.keys), time.Since(start), tt.attempts, tt.waited)
				}
				for _, k := range users.keys {
					if k != users.keys[0] || len(k.Idempotency) < 32 {
						t.Errorf("the attempts' keys differ or are short: %v", users.keys)
					}
				}
			})
		})
	}
}

func TestRegisterRefusesBeforeItSends(t *testing.T) {
	form := newForm(t)
	weak := submission(t, form)
	weak.Draft.Password = secret.New("12345678")
	nameless := submission(t, form)
	nameless.Draft.Payload = nil
	tests := map[string]struct {
		give *registration.Submission
		want registration.Problem
	}{
		"a weak password":  {weak, registration.Problem{Kind: registration.PasswordRejected, Field: "/password", Flaw: registration.Flaw{Rule: "strength"}}},
		"a missing answer": {nameless, registration.Problem{Kind: registration.DetailsRejected, Field: "/payload/given_name", Flaw: registration.Flaw{Rule: "required"}}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			users := &store{}
			service := &registration.Service{Users: users, Logger: slog.New(slog.DiscardHandler)}
			_, err := service.Register(t.Context(), form, tt.give, nil)
			var got *registration.Problem
			if !errors.As(err, &got) {
				t.Fatalf("Register error = %v, want a Problem", err)
			}
			tt.want.Reference = tt.give.Reference
			if diff := cmp.Diff(tt.want, *got); diff != "" || len(users.keys) != 0 {
				t.Errorf("%d requests; problem, -want +got:\n%s", len(users.keys), diff)
			}
		})
	}
}

func TestADoubtThatCannotBeLookedUpStaysOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		form := newForm(t)
		users := &store{blind: &registration.Problem{Kind: registration.Unavailable}, answers: []func() (registration.User, error){
			trouble(registration.Problem{Kind: registration.Unavailable, Unclear: true}), trouble(registration.Problem{Kind: registration.Conflict}),
		}}
		service := &registration.Service{Users: users, Logger: slog.New(slog.DiscardHandler)}
		_, err := service.Register(t.Context(), form, submission(t, form), nil)
		if p := registration.AsProblem(err, ""); p.Kind != registration.Unavailable || !p.Unclear {
			t.Errorf("Register = %s, unclear %v, want unavailable and unclear", p.Kind, p.Unclear)
		}
	})
}

func TestAnEarlierUserIsFoundWhateverItsCase(t *testing.T) {
	for fold, want := range map[bool]registration.ProblemKind{true: registration.AlreadyDone, false: registration.Unavailable} {
		synctest.Test(t, func(t *testing.T) {
			form := newForm(t)
			form.Pool.IdentifierCaseInsensitive = fold
			stored := ours(time.Now())
			stored.Identifiers[0].Identifier = "ANN@example.com"
			users := &store{found: map[string]registration.User{"ann@example.com": stored}, answers: []func() (registration.User, error){
				trouble(registration.Problem{Kind: registration.Unavailable, Unclear: true}), trouble(registration.Problem{Kind: registration.Conflict}),
			}}
			service := &registration.Service{Users: users, Logger: slog.New(slog.DiscardHandler)}
			_, err := service.Register(t.Context(), form, submission(t, form), nil)
			p := registration.AsProblem(err, "")
			if p.Kind != want {
				t.Errorf("with case folded %v: %s, want %s", fold, p.Kind, want)
			}
			if want == registration.AlreadyDone && p.Receipt.Identifiers[0].Identifier != "ANN@example.com" {
				t.Errorf("the receipt names %v, want what the user signs in with", p.Receipt.Identifiers)
			}
		})
	}
}

func TestNobodyIsRegisteredWithoutAPassword(t *testing.T) {
	form := newForm(t)
	form.Pool.PasswordPolicy = registration.PasswordPolicy{} // it asks nothing
	sub := submission(t, form)
	sub.Draft.Password = secret.Text{}
	users := &store{}
	service := &registration.Service{Users: users, Logger: slog.New(slog.DiscardHandler)}
	_, err := service.Register(t.Context(), form, sub, nil)
	if p := registration.AsProblem(err, ""); p.Kind != registration.PasswordRejected || len(users.keys) != 0 {
		t.Errorf("Register = %s after %d requests, want password_rejected and none", p.Kind, len(users.keys))
	}
}

func TestAPanicIsAProblem(t *testing.T) {
	form := newForm(t)
	users := &store{answers: []func() (registration.User, error){func() (registration.User, error) { panic("boom") }}}
	service := &registration.Service{Users: users, Logger: slog.New(slog.DiscardHandler)}
	_, err := service.Register(t.Context(), form, submission(t, form), nil)
	if p := registration.AsProblem(err, ""); p.Kind != registration.Unexpected || !p.Unclear {
		t.Errorf("Register = %s, unclear %v, want unexpected and unclear", p.Kind, p.Unclear)
	}
}

func TestWipeWaitsForTheAttempt(t *testing.T) {
	form := newForm(t)
	sub := submission(t, form)
	during := ""
	users := &store{answers: []func() (registration.User, error){func() (registration.User, error) {
		sub.Wipe() // the person has left
		during = sub.Draft.Password.Reveal()
		return created()
	}}}
	service := &registration.Service{Users: users, Logger: slog.New(slog.DiscardHandler)}
	if _, err := service.Register(t.Context(), form, sub, nil); err != nil || during == "" {
		t.Errorf("Register = %v with password %q during the attempt", err, during)
	}
	if !sub.Draft.Password.IsZero() {
		t.Error("the password is still there after the attempt")
	}
}

func TestAProblemPointsIntoTheDraftAndNotIntoWhatWasSent(t *testing.T) {
	s := settings()
	s.Identifiers[0].Required = false
	form, err := registration.NewForm(registration.Pool{}, nil, nil, s)
	if err != nil {
		t.Fatal(err)
	}
	d := registration.Draft{Password: secret.New("correct horse battery")}.With(question(t, form, "/identifiers/0"), "").
		With(question(t, form, "/identifiers/1"), "+12125550123")
	users := &store{answers: []func() (registration.User, error){trouble(registration.Problem{Kind: registration.DetailsRejected, Field: "/identifiers/0"})}}
	service := &registration.Service{Users: users, Logger: slog.New(slog.DiscardHandler)}
	_, err = service.Register(t.Context(), form, registration.NewSubmission(d), nil)
	if p := registration.AsProblem(err, ""); p.Kind != registration.DetailsRejected || p.Field != "/identifiers/1" {
		t.Errorf("the problem is %s at %s, want it at /identifiers/1", p.Kind, p.Field)
	}
}

func TestRegisterEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		form := newForm(t)
		users := &store{answers: []func() (registration.User, error){trouble(registration.Problem{Kind: registration.TooMany, RetryAfter: 10 * time.Second})}}
		service := &registration.Service{Users: users, Logger: slog.New(slog.DiscardHandler)}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		start := time.Now()
		if _, err := service.Register(ctx, form, submission(t, form), nil); err == nil || time.Since(start) != time.Second {
			t.Errorf("Register = %v after %v, want a problem after 1s", err, time.Since(start))
		}
	})
}

func TestRegisterTellsWhatItDoes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		form := newForm(t)
		users := &store{answers: []func() (registration.User, error){
			trouble(registration.Problem{Kind: registration.TooMany, RetryAfter: 2 * time.Second}), created,
		}}
		service := &registration.Service{Users: users, Logger: slog.New(slog.DiscardHandler)}
		var got []registration.Progress
		if _, err := service.Register(t.Context(), form, submission(t, form), func(p registration.Progress) { got = append(got, p) }); err != nil {
			t.Fatal(err)
		}
		wait := got[1].Wait // with jitter on top
		if wait < 2*time.Second || wait > 3*time.Second {
			t.Errorf("it waits for %v, want 2 s and a little more", wait)
		}
		want := []registration.Progress{
			{Stage: "creating", Attempt: 1}, {Stage: "waiting", Attempt: 1, Wait: wait, Because: registration.TooMany}, {Stage: "creating", Attempt: 2},
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("progress, -want +got:\n%s", diff)
		}
	})
}

func TestRevise(t *testing.T) {
	form := newForm(t)
	first := submission(t, form)
	if first.Revise(first.Draft) != first {
		t.Error("the same draft became another submission, whose key no longer protects it")
	}
	changed := first.Draft.With(question(t, form, "/payload/given_name"), "Anna")
	if next := first.Revise(changed); next == first || next.Reference == first.Reference {
		t.Error("another draft is the same submission: its key would replay the first answer")
	}
	var none *registration.Submission
	if got := none.Revise(first.Draft); got == nil || got.Reference == first.Reference {
		t.Error("Revise of no submission gave none of its own")
	}
}

func TestSubmissionOutlivesTheDraft(t *testing.T) {
	d := registration.Draft{Password: secret.New("hunter2")}
	sub := registration.NewSubmission(d)
	d.Wipe()
	if sub.Draft.Password.Reveal() != "hunter2" {
		t.Error("wiping the draft wiped a password that may be on its way")
	}
}

func TestReceiptJSON(t *testing.T) {
	got, err := json.Marshal(registration.Receipt{UserID: "u1", Status: "active", Flow: "create", Next: "sign_in", Reference: "7KQ4-M2XW"})
	want := `{"user_id":"u1","status":"active","flow":"create","next":"sign_in","reference":"7KQ4-M2XW"}`
	if err != nil || string(got) != want {
		t.Errorf("Receipt as JSON = %s, %v, want %s", got, err, want)
	}
}
