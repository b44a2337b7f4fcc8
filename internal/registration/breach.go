package registration

import (
	"context"
	"errors"

	"foyer/internal/secret"
)

// A BreachChecker tells how often a password was seen in breaches; 0 is never.
type BreachChecker interface {
	Breached(ctx context.Context, password secret.Text) (count int, err error)
}

// Breaches says where passwords that are known from breaches are looked up, and what happens when that cannot be done.
type Breaches struct {
	Checker    BreachChecker // nil: nowhere
	FailClosed bool          // then nobody is registered; otherwise the log says so, and they are
}

// errNotLookedUp says that nobody knows whether a password was breached.
var errNotLookedUp = errors.New("the password could not be looked up")

// Breached reports whether password is known from a breach. Where that cannot be found out it is not, for whoever asks while a
// person types: Register asks again, and is as strict as it is told to be.
func (s *Service) Breached(ctx context.Context, password secret.Text) bool {
	if s.Breaches.Checker == nil || password.IsZero() {
		return false
	}
	count, err := s.Breaches.Checker.Breached(ctx, password)
	return err == nil && count > 0
}

// rejectBreached refuses a password that is known from a breach, once for each submission.
func (r run) rejectBreached(ctx context.Context) *Problem {
	if r.Breaches.Checker == nil || r.sub.Draft.Password.IsZero() || r.sub.now().lookedUp {
		return nil
	}
	count, err := r.Breaches.Checker.Breached(ctx, r.sub.Draft.Password)
	switch {
	case err != nil && r.Breaches.FailClosed:
		return &Problem{
			Kind: Unavailable, Reference: r.sub.Reference, Cause: errors.Join(errNotLookedUp, err),
			Staff: "passwords cannot be looked up in breaches; check password.breach_url or password.breach_file, or set password.breach_fail to open",
		}
	case err != nil:
		r.loggerOf(ctx).WarnContext(ctx, "look up a breached password", "reference", r.sub.Reference, "cause", err)
	case count > 0:
		return &Problem{Kind: PasswordRejected, Field: PointerPassword, Flaw: Flaw{Rule: RuleBreached}, Reference: r.sub.Reference}
	}
	r.sub.change(func(st *state) { st.lookedUp = true })
	return nil
}
