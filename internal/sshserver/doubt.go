package sshserver

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"maps"

	"foyer/internal/invite"
	"foyer/internal/registration"
)

// A doubt is what is not known yet of a submission.
type doubt struct {
	calls   int  // under way
	unclear bool // one ended without an answer that decides, and none since has decided
}

// begin makes sure, before a call by which somebody may be registered, that there is an invitation and that it stands: it may have
// been revoked since. Unless that is an error, end has to follow.
func (d *door) begin(ctx context.Context, sub *registration.Submission) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		return &registration.Problem{Kind: registration.Unavailable, Reference: registration.NewReference(), Cause: errGone}
	}
	if d.others(sub) { // screens and lines end a session before somebody else comes
		return d.used()
	}
	if !d.spent {
		if err := d.visit.config.Invitations.Renew(ctx, d.use, d.lasts()); err != nil {
			return d.fallen(err)
		}
	}
	o := d.open[sub]
	o.calls++
	d.put(sub, o)
	d.calls.Add(1)
	return nil
}

// others reports whether the use is somebody else's, or may make another account of the same person than sub would. Its caller
// holds mu.
func (d *door) others(sub *registration.Submission) bool {
	if d.holder != nil && !sub.OfOne(d.holder) {
		return true
	}
	for other := range d.open {
		if other != sub && (!sub.OfOne(other) || !sub.Excludes(other)) {
			return true
		}
	}
	return false
}

// put notes what is not known of sub. Its caller holds mu.
func (d *door) put(sub *registration.Submission, o doubt) {
	if d.open[sub] = o; o == (doubt{}) {
		delete(d.open, sub)
	}
	d.taken.Store(d.holder != nil || len(d.open) > 0)
}

// Taken is registration.Doorkeeper's.
func (d *door) Taken() bool { return d.taken.Load() }

// used is the problem that an invitation made another account before in the session, or may have. Its caller holds mu.
func (d *door) used() error {
	p := &registration.Problem{
		Kind: registration.RegistrationClosed, Reference: registration.NewReference(), Cause: invite.ErrUsedUp,
		Staff: "the invitation was used before in this session, or may have been",
	}
	d.log(slog.LevelWarn, "invitation was used in this session", d.use, "reference", p.Reference)
	return p
}

// fallen is the problem that an invitation stands no more, or that nobody can tell. Its caller holds mu.
func (d *door) fallen(err error) error {
	p := &registration.Problem{Kind: registration.Unavailable, Reference: registration.NewReference(), Cause: err}
	if !errors.Is(err, invite.ErrGone) {
		d.log(slog.LevelError, "invitations cannot be looked up", d.use, "reference", p.Reference, "error", err.Error())
		return p
	}
	d.log(slog.LevelWarn, "invitation does not stand any more", d.use, "reference", p.Reference)
	p.Kind, p.Staff = registration.RegistrationClosed, "the invitation was revoked while its session lasted"
	return p
}

// end notes what became of a call that was begun. An account spends the use. While it is unclear whether there is one, the use
// stays held for whoever tries the same again, and counts as spent if nobody does: otherwise a code would be good for as many
// accounts as somebody has the patience to hang up after, or to start over.
func (d *door) end(ctx context.Context, sub *registration.Submission, became fate, err error) {
	defer d.calls.Done()
	d.mu.Lock()
	defer d.mu.Unlock()
	o := d.open[sub]
	o.calls--
	switch became {
	case made:
		d.holder = cmp.Or(d.holder, sub)
	case unclear, unanswered:
		o.unclear = true
	case nothing, proving:
	}
	d.put(sub, o)
	if became == made || conflicts(err) {
		d.decide(sub)
	}
	if became == made && !d.spent {
		d.settle(ctx)
	}
}

// conflicts reports whether err says that somebody else has an identifier: then no earlier try made an account with it.
func conflicts(err error) bool {
	var problem *registration.Problem
	return errors.As(err, &problem) && problem.Kind == registration.Conflict
}

// decide notes that it is known what became of sub, and with it of whatever else would have taken its identifier. Its caller
// holds mu.
func (d *door) decide(sub *registration.Submission) {
	for other, o := range maps.Clone(d.open) {
		if other == sub || sub.Excludes(other) {
			o.unclear = false
			d.put(other, o)
		}
	}
}
