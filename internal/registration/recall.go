package registration

import (
	"context"
	"slices"
	"strings"
	"time"
)

// A Journal keeps intents to create users over the end of a session, and of the process. With it, somebody whose registration was
// cut off is told that it had gone through, and not that somebody else has their name. It is safe for concurrent use.
type Journal interface {
	// Keep notes how far an intent is, and it is on the disk when that returns nil.
	Keep(ctx context.Context, i Intent) error
	// Find returns the intents for users with the identifier, the newest first.
	Find(ctx context.Context, id Identifier) ([]Intent, error)
}

// An Intent is what is kept of one. Nothing in it tells who the person is but Identifiers, of which a Journal keeps hashes and which
// it gives back empty.
type Intent struct {
	Reference   string
	State       IntentState  // IntentSent, IntentTold, IntentRefused or IntentWithdrawn: what to know after a crash
	At          time.Time    // when it was sent first with the key that it has
	Identifiers []Identifier // with IntentSent only
}

// keep has the journal know of sub what it needs to after a crash.
func (r run) keep(ctx context.Context, sub *Submission) {
	if r.Journal == nil {
		return
	}
	state, at, news := sub.news(r.keepIntent)
	if !news {
		return
	}
	intent := Intent{Reference: sub.Reference, State: state, At: at}
	if state == IntentSent {
		intent.Identifiers = r.folded(sub.Draft.identifiers())
	}
	if r.keepIntent(ctx, intent) {
		sub.noted(state)
	}
}

// keepPatience is how long a person waits for the journal, which others may be at.
const keepPatience = 2 * time.Second

// keepIntent has the journal know of i. Where it cannot be kept, people are registered all the same: what a crash then costs is that
// somebody is told of a conflict with themselves.
func (s *Service) keepIntent(ctx context.Context, i Intent) bool {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), keepPatience)
	defer cancel()
	if err := s.Journal.Keep(ctx, i); err != nil {
		s.logger(ctx).ErrorContext(ctx, "keep the journal of intents", "reference", i.Reference, "state", string(i.State), "error", err)
		return false
	}
	return true
}

// Told notes that the person knows that they are registered: that a Receipt which waits for no code was shown, or a Problem of kind
// AlreadyDone. Whoever gives the same answers again is then told of a conflict.
func (s *Submission) Told(ctx context.Context) {
	s.mu.Lock()
	s.advance(EventTell)
	keep, resumed := s.keepIntent, s.resumed
	own, open := Intent{Reference: s.Reference, State: IntentTold, At: s.keyed}, s.intent == IntentTold && s.kept == IntentSent
	s.mu.Unlock()
	if keep == nil {
		return
	}
	for _, i := range resumed {
		i.State = IntentTold
		keep(ctx, i)
	}
	if open && keep(ctx, own) {
		s.noted(IntentTold)
	}
}

// resume notes that i, which was begun elsewhere, is the intent of s.
func (s *Submission) resume(i Intent) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.resumed = append(s.resumed, i)
}

// news is what the journal should have of s, which was sent with its key first at at, and whether it has something else. Keep is what tells it.
func (s *Submission) news(keep func(context.Context, Intent) bool) (state IntentState, at time.Time, news bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.keepIntent = keep
	state = s.intent
	switch state {
	case IntentSent, IntentUnclear, IntentResent, IntentMade: // after a crash, all of these have to be looked up
		state = IntentSent
	case IntentPlanned, IntentRefused, IntentTold, IntentWithdrawn:
	}
	return state, s.keyed, state != s.kept && state != IntentPlanned && (state == IntentSent || s.kept != "")
}

// noted says that the journal has state of s.
func (s *Submission) noted(state IntentState) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.kept = state
}

// folded are ids as the journal compares them: in a pool that does not tell the case apart, whatever it is.
func (r run) folded(ids []Identifier) []Identifier {
	if !r.form.Pool.IdentifierCaseInsensitive {
		return ids
	}
	ids = slices.Clone(ids)
	for i := range ids {
		ids[i].Identifier = strings.ToLower(ids[i].Identifier)
	}
	return ids
}

// longestIntent is how long after an intent was sent first its user may still be created.
const longestIntent = 2 * time.Minute

// recalls reports whether found, who has id, was made for an intent whose person was never told: they left, or the process ended.
// Whoever gives all the same answers is taken for that person.
func (r run) recalls(ctx context.Context, id Identifier, found User) bool {
	if r.Journal == nil || !r.sub.describes(found, r.form) || !r.sub.Draft.recordedIn(found) {
		return false
	}
	open, err := r.openIntents(ctx, id)
	if err != nil {
		return false
	}
	for _, i := range open {
		if i.made(found) {
			r.sub.resume(i)
			r.sub.change(func(st *state) { st.foreign = true })
			r.keep(ctx, r.sub)
			return true
		}
	}
	return false
}

// mayRecall reports whether a user who has id, and cannot be looked up, may be of such an intent.
func (r run) mayRecall(ctx context.Context, id Identifier) bool {
	if r.Journal == nil {
		return false
	}
	open, err := r.openIntents(ctx, id)
	return err != nil || len(open) > 0
}

// openIntents are those of others for users with id whose person was never told.
func (r run) openIntents(ctx context.Context, id Identifier) ([]Intent, error) {
	found, err := r.Journal.Find(ctx, r.folded([]Identifier{id})[0])
	if err != nil {
		r.logger(ctx).ErrorContext(ctx, "read the journal of intents", "reference", r.sub.Reference, "error", err)
		return nil, err
	}
	return slices.DeleteFunc(found, func(i Intent) bool { return i.State != IntentSent || i.Reference == r.sub.Reference }), nil
}

// made reports whether u was made for i.
func (i Intent) made(u User) bool {
	if u.Mark != "" {
		return u.Mark == correlationOf(i.Reference)
	}
	return !u.CreatedAt.Before(i.At.Add(-clockSkew)) && !u.CreatedAt.After(i.At.Add(longestIntent+clockSkew))
}
