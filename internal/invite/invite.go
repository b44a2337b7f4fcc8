// Package invite keeps the invitations by which people are let in, in one file that several processes share.
//
// An invitation has a code, which is shown once and kept as its digest only, and a number of uses. Whoever enters the code holds
// a use, so that nobody else has it meanwhile; it is spent when they are registered, and given back when their session ends
// without that. A use whose process died is free again when the hold has lapsed.
package invite

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"foyer/internal/clean"
	"foyer/internal/secret"
)

// Why a code lets nobody in.
var (
	ErrMistyped = errors.New("this is no whole code, or has a slip in it") // which needs no look at the invitations
	ErrUnknown  = errors.New("no invitation has this code")
	ErrExpired  = errors.New("the invitation has expired")
	ErrUsedUp   = errors.New("the invitation is used up")
	ErrHeld     = errors.New("all uses of the invitation are held at the moment")
	ErrGone     = errors.New("the use is not held any more")
)

// ErrFull says that there is no room for more invitations.
var ErrFull = errors.New("there are too many invitations; revoke some that nobody needs")

// Bounds of invitations.
const (
	MostUses    = 10_000
	MostAtOnce  = 1000
	LongestLife = 366 * 24 * time.Hour
	longestName = 60 // of a label, in code points
	most        = 5000
	kept        = 30 * 24 * time.Hour // for the list, once they have expired
)

// Terms are what an invitation is good for.
type Terms struct {
	Uses  int // 1 to MostUses
	Lasts time.Duration
	Label string // for the list; "" for none
}

// A Made invitation is a new one. Its code is nowhere else.
type Made struct {
	ID   string
	Code secret.Text // in groups, as it is to be printed
}

// An Invitation is one as it is now.
type Invitation struct {
	ID      string    `json:"id"`
	Label   string    `json:"label,omitempty"`
	Uses    int       `json:"uses"`
	Left    int       `json:"left"` // of the uses, including those that are held
	Held    int       `json:"held"`
	Made    time.Time `json:"made"`
	Expires time.Time `json:"expires"`
	Expired bool      `json:"expired"`
}

// Valid reports whether somebody could be let in by it, if not at this moment.
func (i Invitation) Valid() bool { return i.Left > 0 && !i.Expired }

// Make makes count invitations, all of them or none.
func (s *Store) Make(ctx context.Context, t Terms, count int) ([]Made, error) {
	if t.Uses < 1 || t.Uses > MostUses || t.Lasts <= 0 || t.Lasts > LongestLife || count < 1 || count > MostAtOnce {
		return nil, fmt.Errorf("%d invitations with %d uses for %v are beyond the bounds", count, t.Uses, t.Lasts)
	}
	var made []Made
	err := s.change(ctx, func(l *ledger, now time.Time) error {
		l.tidy(now, count)
		if len(l.Invitations)+count > most {
			return ErrFull
		}
		made = made[:0]
		for range count {
			code := newCode()
			sum, err := digest(code)
			if err != nil {
				return err
			}
			r := &record{
				ID: l.newID(), Digest: sum, Label: clean.Line(t.Label, longestName), Uses: t.Uses,
				Made: now.UTC().Truncate(time.Second), Expires: now.Add(t.Lasts).UTC().Truncate(time.Second),
			}
			l.Invitations = append(l.Invitations, r)
			made = append(made, Made{r.ID, code})
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return made, nil
}

// List returns the invitations, those that expire first before the others. Those that expired long ago are not kept.
func (s *Store) List(ctx context.Context) ([]Invitation, error) {
	var all []Invitation
	err := s.look(ctx, func(l *ledger, now time.Time) error {
		for _, r := range l.Invitations {
			all = append(all, r.shown(now))
		}
		return nil
	})
	slices.SortStableFunc(all, func(a, b Invitation) int {
		return cmp.Or(a.Expires.Compare(b.Expires), cmp.Compare(a.ID, b.ID))
	})
	return all, err
}

// Revoke takes back the invitation with an id or a code, and returns its id. A use that is held of it can no longer be spent. It
// is ErrMistyped when name is neither, and ErrUnknown when there is no such invitation.
func (s *Store) Revoke(ctx context.Context, name secret.Text) (id string, err error) {
	signs, ok := read(name.Reveal())
	sum := ""
	if !ok || len(signs) != idSigns {
		if sum, err = digest(name); err != nil {
			return "", err
		}
	}
	err = s.change(ctx, func(l *ledger, _ time.Time) error {
		i := slices.IndexFunc(l.Invitations, func(r *record) bool { return r.ID == signs || r.Digest == sum })
		if i < 0 {
			return ErrUnknown
		}
		id = l.Invitations[i].ID
		l.Invitations = slices.Delete(l.Invitations, i, i+1)
		return nil
	})
	return id, err
}

// newID is an id that no invitation has.
func (l *ledger) newID() string {
	for {
		id := randomText(idSigns)
		if !slices.ContainsFunc(l.Invitations, func(r *record) bool { return r.ID == id }) {
			return id
		}
	}
}

// tidy forgets the invitations that expired long ago; where there is no room for count more, all that nobody can use.
func (l *ledger) tidy(now time.Time, count int) {
	crowded := len(l.Invitations)+count > most
	l.Invitations = slices.DeleteFunc(l.Invitations, func(r *record) bool {
		switch {
		case len(r.Holds) > 0:
			return false
		case crowded:
			return !r.shown(now).Valid()
		}
		return now.Sub(r.Expires) > kept
	})
}

// shown is r as others see it.
func (r *record) shown(now time.Time) Invitation {
	return Invitation{
		ID: r.ID, Label: clean.Line(r.Label, longestName), Uses: r.Uses, Left: r.Uses - r.Spent, Held: len(r.Holds),
		Made: r.Made, Expires: r.Expires, Expired: !now.Before(r.Expires),
	}
}
