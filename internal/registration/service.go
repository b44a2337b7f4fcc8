package registration

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"foyer/internal/clean"
)

// A PoolReader reads the pool of the kiosk. Its errors are Problematic.
type PoolReader interface {
	Pool(ctx context.Context) (Pool, error)
	Schema(ctx context.Context, id SchemaID) (json.RawMessage, error)
}

// A UserStore creates and finds users of the pool. Its errors are Problematic, or ErrNoUser.
type UserStore interface {
	CreateUser(ctx context.Context, user NewUser, keys Keys) (User, error)
	FindUser(ctx context.Context, identifier Identifier, keys Keys) (User, error)
}

// ErrNoUser says that no user has an identifier.
var ErrNoUser = errors.New("no such user")

// A Service runs registrations. It is safe for concurrent use.
type Service struct {
	Pools    PoolReader
	Users    UserStore
	Settings Settings
	Logger   *slog.Logger
}

// Form reads the pool and its schemas and returns what to ask, again for a while when the tenant does not answer. A
// non-nil error is always a *Problem.
func (s *Service) Form(ctx context.Context) (*Form, error) {
	reference, start := NewReference(), time.Now()
	for attempt := 1; ; attempt++ {
		form, err := s.form(ctx)
		if err == nil {
			return form, nil
		}
		problem := s.report(AsProblem(err, reference), "read the form")
		wait, again := delay(problem, attempt, time.Since(start))
		if !again || sleep(ctx, wait) != nil {
			return nil, problem
		}
	}
}

func (s *Service) form(ctx context.Context) (*Form, error) {
	pool, err := s.Pools.Pool(ctx)
	if err != nil {
		return nil, err
	}
	payload, err := s.schema(ctx, pool.PayloadSchemaID)
	if err != nil {
		return nil, err
	}
	metadata, err := s.schema(ctx, pool.MetadataSchemaID)
	if err != nil {
		return nil, err
	}
	form, err := NewForm(pool, payload, metadata, s.Settings)
	if err != nil {
		return nil, &Problem{Kind: Misconfigured, Staff: clean.Line(err.Error(), longestStaff), Cause: err}
	}
	return form, nil
}

// longestStaff bounds what is said to staff, in code points.
const longestStaff = 400

func (s *Service) schema(ctx context.Context, id SchemaID) (json.RawMessage, error) {
	if id == "" {
		return nil, nil
	}
	return s.Pools.Schema(ctx, id)
}

// Register creates the user that sub describes and reports what became of it; form is the one that its draft answers.
//
// Receipt.UserID is set exactly when err is nil; a non-nil err is always a *Problem. Register returns no later than ctx
// ends. All attempts send one X-Idempotency-Key, which the tenant honours for one minute; an outcome that stays unknown
// is looked up by identifier, never guessed. Notify, which may be nil, is told what goes on.
//
// Source: Identity System API, Create User (POST /system/pools/{ipID}/users).
func (s *Service) Register(ctx context.Context, form *Form, sub *Submission, notify func(Progress)) (receipt Receipt, err error) {
	if notify == nil {
		notify = func(Progress) {}
	}
	if p := reject(form, sub); p != nil {
		return Receipt{}, s.report(p, "register")
	}
	defer sub.enter()()
	defer func() {
		if r := recover(); r != nil {
			receipt, err = Receipt{}, s.report(&Problem{Kind: Unexpected, Unclear: true, Reference: sub.Reference, Cause: fmt.Errorf("panic: %v", r)}, "register")
		}
	}()
	user, problem := s.create(ctx, form, sub, notify)
	switch {
	case problem == nil:
	case problem.Kind == Conflict:
		problem = s.settleConflict(ctx, form, sub, problem)
	case problem.Unclear:
		user, problem = s.settleUnclear(ctx, form, sub, problem, notify)
	}
	if problem != nil {
		return Receipt{}, s.report(problem, "register")
	}
	s.Logger.Info("registered", "reference", sub.Reference, "user_id", string(user.ID), "status", user.Status)
	return newReceipt(user, sub.Reference), nil
}

// reject finds what the form refuses before anything is sent.
func reject(form *Form, sub *Submission) *Problem {
	if findings := form.Check(sub.Draft); len(findings) > 0 {
		return &Problem{Kind: DetailsRejected, Field: findings[0].Pointer, Flaw: findings[0].Flaw, Reference: sub.Reference}
	}
	if sub.Draft.Password.IsZero() { // whatever the policy says: nobody could sign in
		return &Problem{Kind: PasswordRejected, Field: PointerPassword, Flaw: Flaw{Rule: RuleRequired}, Reference: sub.Reference}
	}
	if lacking := form.CheckPassword(sub.Draft); len(lacking) > 0 {
		return &Problem{Kind: PasswordRejected, Field: PointerPassword, Flaw: Flaw{Rule: Rule(lacking[0].Rule)}, Reference: sub.Reference}
	}
	return nil
}

// create asks the tenant to create the user, again where that may help.
func (s *Service) create(ctx context.Context, form *Form, sub *Submission, notify func(Progress)) (User, *Problem) {
	start := time.Now()
	sub.begin(start)
	for attempt := 1; ; attempt++ {
		notify(Progress{Stage: StageCreating, Attempt: attempt})
		user, err := s.Users.CreateUser(ctx, form.newUser(sub.Draft), sub.keys)
		problem := AsProblem(err, sub.Reference)
		if problem == nil {
			return user, nil
		}
		problem.Field = sub.Draft.unsent(problem.Field)
		if problem.Unclear {
			sub.doubt()
		}
		wait, again := delay(problem, attempt, time.Since(start))
		if !again || ctx.Err() != nil {
			return User{}, problem
		}
		s.log(problem, "will try again")
		notify(Progress{Stage: StageWaiting, Attempt: attempt, Wait: wait, Because: problem.Kind})
		if sleep(ctx, wait) != nil {
			return User{}, problem
		}
	}
}

// settleConflict decides what a conflict means: our own earlier attempt that had gone through, or somebody else's user.
// Then it names the identifier that is taken. When that cannot be found out and an earlier attempt is in doubt, so is this.
func (s *Service) settleConflict(ctx context.Context, form *Form, sub *Submission, conflict *Problem) *Problem {
	for i, id := range sub.Draft.Identifiers {
		if id.Identifier == "" {
			continue
		}
		found, err := s.Users.FindUser(ctx, id, sub.keys)
		switch {
		case errors.Is(err, ErrNoUser):
			continue
		case err != nil && sub.inDoubt():
			return &Problem{Kind: Unavailable, Unclear: true, Reference: sub.Reference, Cause: err}
		case err != nil:
			continue // nothing of ours can be there, so it is somebody else's
		case sub.made(found, form.Pool.IdentifierCaseInsensitive):
			receipt := newReceipt(found, sub.Reference)
			return &Problem{Kind: AlreadyDone, Receipt: &receipt, Reference: sub.Reference, Cause: conflict.Cause}
		}
		conflict.Field = IdentifierPointer(i)
		return named(conflict)
	}
	return named(conflict)
}

// named is a conflict that says which identifier is taken: the first, when nobody knows.
func named(conflict *Problem) *Problem {
	if conflict.Field == "" {
		conflict.Field = IdentifierPointer(0)
	}
	conflict.Flaw = Flaw{Rule: RuleTaken}
	return conflict
}

// settleUnclear looks up whether the user was created although no answer said so.
func (s *Service) settleUnclear(ctx context.Context, form *Form, sub *Submission, unclear *Problem, notify func(Progress)) (User, *Problem) {
	if ctx.Err() != nil {
		return User{}, unclear
	}
	notify(Progress{Stage: StageChecking})
	found, err := s.Users.FindUser(ctx, sub.Draft.given()[0], sub.keys)
	if err != nil || !sub.made(found, form.Pool.IdentifierCaseInsensitive) {
		return User{}, unclear
	}
	return found, nil
}

// report logs a problem that a person will see, and returns it.
func (s *Service) report(p *Problem, operation string) *Problem {
	s.log(p, operation)
	return p
}

func (s *Service) log(p *Problem, operation string) {
	s.Logger.Warn(operation, "problem", string(p.Kind), "reference", p.Reference, "field", p.Field, "staff", p.Staff, "cause", p.Cause)
}
