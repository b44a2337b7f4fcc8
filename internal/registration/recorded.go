package registration

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"
)

// recognizeTimeout is how long a person may be looked up, who waits meanwhile.
const recognizeTimeout = 10 * time.Second

// Recognize returns the user of the pool who has id, an identifier that was recorded when they registered and that nobody types.
// Ok is false when there is none. A non-nil error is always a *Problem, also when it would take long: whoever is not recognised goes
// on, and the registration itself finds them out.
//
// Source: Identity System API, Get User By Identifier (POST /system/pools/{ipID}/users/by_key).
func (s *Service) Recognize(ctx context.Context, id Identifier) (user User, ok bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, recognizeTimeout)
	defer cancel()
	reference := NewReference()
	user, err = s.Users.FindUser(ctx, id, newKeys(reference))
	switch {
	case errors.Is(err, ErrNoUser):
		return User{}, false, nil
	case err != nil:
		return User{}, false, s.report(ctx, AsProblem(err, reference), "recognise a person")
	}
	return user, true, nil
}

// identifiers are all that the user gets.
func (d Draft) identifiers() []Identifier {
	if d.Recorded == (Identifier{}) {
		return d.given()
	}
	return append(d.given(), d.Recorded)
}

// recordedIn reports whether u has the recorded identifier of d, if there is one.
func (d Draft) recordedIn(u User) bool {
	return d.Recorded == (Identifier{}) || len(d.typed(u.Identifiers)) < len(u.Identifiers)
}

// typed are ids without the recorded one, with which nobody signs in.
func (d Draft) typed(ids []Identifier) []Identifier {
	return slices.DeleteFunc(slices.Clone(ids), func(id Identifier) bool {
		return id.Type == d.Recorded.Type && strings.EqualFold(id.Identifier, d.Recorded.Identifier) // pools may fold what they store
	})
}

// settleRecorded decides about a conflict that may be with the recorded identifier: as when two sessions with one SSH key register
// at a time. Settled is false when it is not.
func (r run) settleRecorded(ctx context.Context, conflict *Problem) (receipt Receipt, problem *Problem, settled bool) {
	recorded := r.sub.Draft.Recorded
	if recorded == (Identifier{}) {
		return Receipt{}, nil, false
	}
	found, err := r.Users.FindUser(ctx, recorded, r.sub.keys)
	known := err == nil // when nobody knows, what was typed is to blame
	switch {
	case !known && !errors.Is(err, ErrNoUser) && r.mayRecall(ctx, recorded):
		return Receipt{}, &Problem{Kind: Unavailable, Unclear: true, Reference: r.sub.Reference, Cause: err}, true
	case !known:
		return Receipt{}, nil, false
	case r.ours(ctx, recorded, found):
		receipt, problem = r.alreadyDone(found, conflict)
		return receipt, problem, true
	}
	conflict.Flaw = Flaw{Rule: RuleRecorded}
	return Receipt{}, r.taken(ctx, conflict), true
}
