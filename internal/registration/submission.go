package registration

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"

	"foyer/internal/secret"
)

// A Submission is one person's wish to be registered with one draft. It lives through all attempts, also those that the
// person starts again after a Problem, and keeps what makes them safe: one idempotency key, whether an attempt may have gone
// through, and how far the registration has come. A changed draft is another submission: see Revise.
type Submission struct {
	Draft     Draft // its secrets are copies of its own
	Reference string

	keys       Keys
	keepIntent func(context.Context, Intent) bool // has the journal know; nil while it does not know of s
	turn       chan struct{}                      // holds a token while an attempt is under way: there is one at a time
	earlier    *Submission                        // with the draft as it was before it was changed; nil for the first
	mu         sync.Mutex                         // guards what follows: an attempt that the person left may still be under way
	intent     IntentState                        // how much is known of the user
	sent       time.Time                          // when the first attempt to create the user began
	keyed      time.Time                          // when the first one with these keys did
	kept       IntentState                        // what the journal has of the intent; "" for nothing
	resumed    []Intent                           // that were begun elsewhere, and whose user this one has found
	running    int                                // attempts under way
	wiped      bool                               // the person is gone
	state      state
}

// A state is how far a submission has come. It only goes forward, but for a user who is taken back.
type state struct {
	proven     string     // the address that was proven
	lookedUp   bool       // the password is known from no breach
	registered Identifier // the person registered themselves with it
	made       *Receipt   // the user exists
	foreign    bool       // and was made for an intent of somebody who gave the same answers: they may not be the same person
	reached    *Receipt   // what was told to the person
	code       codeTry    // the last code that was given back
}

// A codeTry is an attempt with one code. The same code is sent with the same key, so that it is not used up twice.
type codeTry struct {
	code    secret.Text
	keys    Keys
	unclear bool
}

// NewSubmission returns a submission of d with keys and a reference of its own.
func NewSubmission(d Draft) *Submission {
	reference := NewReference()
	return &Submission{Draft: d.cloneSecrets(), Reference: reference, keys: newKeys(reference), turn: make(chan struct{}, 1), intent: IntentPlanned}
}

// newKeys returns the keys of an intent whose reference is known.
func newKeys(reference string) Keys {
	return Keys{
		Idempotency: rand.Text() + rand.Text(), // 52 characters; the API asks for 32 to 255
		Correlation: correlationOf(reference),
	}
}

// correlationOf is the correlation id of an intent, and the mark of its user.
func correlationOf(reference string) string { return "foyer-" + strings.ReplaceAll(reference, "-", "") }

// Revise returns the submission of d after s: s or the earlier one that is of the same draft, so that its key protects the
// next attempt, else a new one that remembers s, since an attempt of s may have created the user. An address that was proven
// stays so.
func (s *Submission) Revise(d Draft) *Submission {
	if s == nil {
		return NewSubmission(d)
	}
	if s.Draft.same(d) {
		return s
	}
	for e := s.earlier; e != nil; e = e.earlier {
		if e.now().registered != (Identifier{}) && e.Draft.same(d) {
			return e
		}
	}
	next := NewSubmission(d)
	next.earlier = s
	before := s.now()
	next.state.proven = before.proven
	if r := before.reached; r != nil && r.provesFor(d) {
		kept := *r
		kept.Reference = next.Reference
		next.state.reached = &kept
	}
	return next
}

// OfOne reports whether s and other are one person's: both came of the same submission by Revise.
func (s *Submission) OfOne(other *Submission) bool { return s.first() == other.first() }

// Excludes reports whether s and other cannot both become accounts, since they have an identifier in common.
func (s *Submission) Excludes(other *Submission) bool {
	theirs := other.Draft.given()
	return slices.ContainsFunc(s.Draft.given(), func(id Identifier) bool { return slices.Contains(theirs, id) })
}

// first is the submission that s came of.
func (s *Submission) first() *Submission {
	for s != nil && s.earlier != nil {
		s = s.earlier
	}
	return s
}

// now is the state of s.
func (s *Submission) now() state {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state
}

// change changes the state of s.
func (s *Submission) change(f func(*state)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f(&s.state)
}

// registered reports whether a person registered themselves with id, in s or an earlier submission.
func (s *Submission) registered(id Identifier) bool {
	return s != nil && (s.now().registered == id || s.earlier.registered(id))
}

// owns reports whether u was made by s or an earlier submission.
func (s *Submission) owns(u User) bool {
	if s == nil {
		return false
	}
	made := s.now().made
	return made != nil && made.UserID == u.ID || s.earlier.owns(u)
}

// forgetUser forgets the user of s, who was taken back: another attempt makes another one, with another key.
func (s *Submission) forgetUser() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.state.made, s.state.reached = nil, nil
	s.advance(EventWithdraw)
	s.rekey()
}

// HalfMade returns the receipt of a user that exists while something about them is outstanding.
func (s *Submission) HalfMade() (Receipt, bool) {
	if s == nil {
		return Receipt{}, false
	}
	now := s.now()
	switch {
	case now.reached != nil && now.reached.Challenge != nil:
		return *now.reached, true
	case now.reached == nil && now.made != nil:
		return *now.made, true
	}
	return Receipt{}, false
}

// tries returns the attempt that gives code back, which is the last one when that was with the same code.
func (s *Submission) tries(code secret.Text) codeTry {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.state.code.code.IsZero() || !s.state.code.code.Equal(code) {
		s.state.code.code.Wipe()
		s.state.code = codeTry{code: code.Clone(), keys: newKeys(s.Reference)}
	}
	return s.state.code
}

// Pending returns what the person was told last, when that waits for a code.
func (s *Submission) Pending() (Receipt, bool) {
	if s == nil {
		return Receipt{}, false
	}
	r := s.now().reached
	if r == nil || r.Challenge == nil {
		return Receipt{}, false
	}
	return *r, true
}

// step notes that e happened at now.
func (s *Submission) step(e IntentEvent, now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.advance(e)
	switch e {
	case EventSend:
		if s.sent.IsZero() {
			s.sent = now
		}
		if s.keyed.IsZero() {
			s.keyed = now
		}
	case EventLapse:
		s.rekey()
		s.kept = "" // the journal has to know when it is sent anew
	case EventAccept, EventRefuse, EventLose, EventFindOurs, EventFindOther, EventFindNone, EventTell, EventWithdraw, EventCrash:
	}
}

// advance changes the state by e, if it can happen. Its caller holds mu.
func (s *Submission) advance(e IntentEvent) { s.intent, _ = s.intent.After(e) }

// renew gives s another key.
func (s *Submission) renew() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rekey()
}

// rekey gives s another key. The correlation stays: it is the intent's. Its caller holds mu.
func (s *Submission) rekey() {
	s.keys.Idempotency, s.keyed = newKeys(s.Reference).Idempotency, time.Time{}
}

// doubtCode notes that nobody knows whether the last code was accepted.
func (s *Submission) doubtCode() {
	s.change(func(st *state) { st.code.unclear = true })
}

// doubtful reports whether the user of s may exist or not.
func (s *Submission) doubtful() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.intent.doubtful()
}

// keyedAt is when the keys of s were used first, which is now when they were not yet.
func (s *Submission) keyedAt(now time.Time) time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.keyed.IsZero() {
		return now
	}
	return s.keyed
}

// lapsed reports whether the tenant may have forgotten the key of s at now.
func (s *Submission) lapsed(now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return !s.keyed.IsZero() && now.Sub(s.keyed) > keyWindow
}

// inDoubt reports whether the outcome of any attempt is unknown, of this submission or an earlier one.
func (s *Submission) inDoubt() bool {
	return s != nil && (s.doubtful() || s.earlier.inDoubt())
}

// clockSkew is how far the tenant's clock may be behind ours before its created_at is not believed.
const clockSkew = time.Minute

// maker returns the submission, s or an earlier one, that has made u; nil when none did. The mark decides. Where the tenant has none,
// it is one whose outcome is unknown, with the same identifiers, whatever their case where the pool does not tell it apart, and the same
// payload as form makes it, and u is not from before the first attempt.
func (s *Submission) maker(u User, form *Form) *Submission {
	switch {
	case s == nil:
		return nil
	case u.Mark == s.keys.Correlation, s.doubtful() && u.Mark == "" && s.mayHaveMade(u) && s.describes(u, form):
		return s
	}
	return s.earlier.maker(u, form)
}

// mayHaveMade reports whether u is from after the first attempt, as far as the tenant says.
func (s *Submission) mayHaveMade(u User) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return !s.sent.IsZero() && !u.CreatedAt.Before(s.sent.Add(-clockSkew))
}

// surelyNot reports whether u is certainly nobody whom s made.
func (s *Submission) surelyNot(u User) bool {
	return u.Mark != "" && u.Mark != s.keys.Correlation || !u.CreatedAt.IsZero() && !s.mayHaveMade(u)
}

// describes reports whether u has the identifiers and the payload of the draft.
func (s *Submission) describes(u User, form *Form) bool {
	fold := form.Pool.IdentifierCaseInsensitive
	for _, id := range s.Draft.given() {
		same := func(other Identifier) bool {
			return other == id || fold && other.Type == id.Type && strings.EqualFold(other.Identifier, id.Identifier)
		}
		if !slices.ContainsFunc(u.Identifiers, same) {
			return false
		}
	}
	return samePayload(form.Payload(s.Draft), u.Payload)
}

// settled waits until no attempt of s is under way, which is false when ctx ends before.
func (s *Submission) settled(ctx context.Context) bool {
	select {
	case s.turn <- struct{}{}:
		<-s.turn
		return true
	case <-ctx.Done():
		return false
	}
}

// enter waits for its turn and notes that an attempt is under way; the returned function that it has ended. Nothing is
// begun for a person who has left.
func (s *Submission) enter(ctx context.Context) (leave func(), err error) {
	select {
	case s.turn <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.wiped {
		<-s.turn
		return nil, errGone
	}
	s.running++
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		<-s.turn
		if s.running--; s.running == 0 && s.wiped {
			s.wipe()
		}
	}, nil
}

// Wipe forgets the secrets of s and of the submissions before it, as soon as no attempt needs them any more.
func (s *Submission) Wipe() {
	if s == nil {
		return
	}
	s.earlier.Wipe()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.wiped = true; s.running == 0 {
		s.wipe()
	}
}

// wipe forgets the secrets. Its caller holds mu.
func (s *Submission) wipe() {
	s.Draft.Wipe()
	s.state.code.code.Wipe()
}

// samePayload compares as JSON, where an absent payload is an empty one.
func samePayload(ours map[string]any, theirs json.RawMessage) bool {
	encoded, err := json.Marshal(ours)
	if err != nil {
		return false
	}
	var a, b map[string]any
	if json.Unmarshal(encoded, &a) != nil {
		return false
	}
	if len(theirs) > 0 && json.Unmarshal(theirs, &b) != nil {
		return false
	}
	return len(a) == 0 && len(b) == 0 || reflect.DeepEqual(a, b)
}
