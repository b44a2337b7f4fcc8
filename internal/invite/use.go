package invite

import (
	"context"
	"errors"
	"slices"
	"time"

	"foyer/internal/secret"
)

// A Use is one use of an invitation, held for somebody. The zero Use is none.
type Use struct {
	Invitation string // its id
	hold       string
}

// Hold holds a use of the invitation with code, so that nobody else has it, for no longer than lasts. Otherwise it is ErrMistyped,
// ErrUnknown, ErrExpired, ErrUsedUp or ErrHeld, and the Use says which invitation that is about, if it is about one; or another
// error, when the invitations cannot be read or written.
//
// Digests are compared in a time that depends on them: that tells a guesser how a digest of theirs begins like one of ours,
// which is of no use as long as nobody can make codes to a digest.
func (s *Store) Hold(ctx context.Context, code secret.Text, lasts time.Duration) (Use, error) {
	sum, err := digest(code)
	if err != nil {
		return Use{}, err
	}
	var use Use
	take := func(l *ledger, now time.Time) error {
		i := slices.IndexFunc(l.Invitations, func(r *record) bool { return r.Digest == sum })
		if i < 0 {
			return ErrUnknown
		}
		r := l.Invitations[i]
		use = Use{Invitation: r.ID}
		switch {
		case !now.Before(r.Expires):
			return ErrExpired
		case r.Spent >= r.Uses:
			return ErrUsedUp
		case r.Spent+len(r.Holds) >= r.Uses:
			return ErrHeld
		}
		use.hold = randomText(randomSigns)
		r.Holds = append(r.Holds, hold{use.hold, until(now, lasts)})
		return nil
	}
	err = s.locked(ctx, func(name string) error {
		if s.codes.lack(name, sum) {
			return ErrUnknown
		}
		return s.rewrite(name, take)
	})
	if err != nil {
		use.hold = ""
	}
	return use, err
}

// Renew holds a use for lasts from now on. It is ErrGone when the use is held no more: the hold has lapsed, or the invitation was
// revoked. That the invitation has expired meanwhile is no matter: the code was entered in time.
func (s *Store) Renew(ctx context.Context, u Use, lasts time.Duration) error {
	return s.settle(ctx, u, func(r *record, i int, now time.Time) { r.Holds[i].Until = until(now, lasts) })
}

// Spend spends a use, for good. It is ErrGone when the use is held no more.
func (s *Store) Spend(ctx context.Context, u Use) error {
	return s.settle(ctx, u, func(r *record, i int, _ time.Time) {
		r.Holds = slices.Delete(r.Holds, i, i+1)
		r.Spent++
	})
}

// GiveBack lets others have a use. One that is held no more is no error.
func (s *Store) GiveBack(ctx context.Context, u Use) error {
	err := s.settle(ctx, u, func(r *record, i int, _ time.Time) { r.Holds = slices.Delete(r.Holds, i, i+1) })
	if errors.Is(err, ErrGone) {
		return nil
	}
	return err
}

// settle changes what there is of a use: the i-th hold of r.
func (s *Store) settle(ctx context.Context, u Use, work func(r *record, i int, now time.Time)) error {
	return s.change(ctx, func(l *ledger, now time.Time) error {
		for _, r := range l.Invitations {
			if r.ID != u.Invitation {
				continue
			}
			if i := slices.IndexFunc(r.Holds, func(h hold) bool { return h.ID == u.hold }); i >= 0 {
				work(r, i, now)
				return nil
			}
		}
		return ErrGone
	})
}

// until is the end of a hold, in whole seconds and no earlier.
func until(now time.Time, lasts time.Duration) time.Time {
	return now.Add(lasts + time.Second).UTC().Truncate(time.Second)
}
