package registration

import (
	"context"
	"errors"
	"slices"
	"time"
)

// create has the tenant create the user, and settles what its answers leave open.
func (r run) create(ctx context.Context) (Receipt, *Problem) {
	if r.sub.lapsed(time.Now()) {
		if receipt, problem, settled := r.settleLapsed(ctx); settled {
			return receipt, problem
		}
	}
	user, problem := r.attempt(ctx)
	switch {
	case problem == nil:
		return r.receipt(user), nil
	case problem.Kind == Conflict:
		return r.settleConflict(ctx, problem)
	case r.sub.doubtful():
		return r.settleDoubt(ctx, problem)
	}
	problem.Unclear = r.sub.earlier.inDoubt()
	r.keep(ctx, r.sub)
	return Receipt{}, problem
}

// attempt asks the tenant to create the user, once more where that may help and as long as it remembers the key.
func (r run) attempt(ctx context.Context) (user User, problem *Problem) {
	verified := ""
	if r.settings.Verification == VerifyBefore {
		verified = r.sub.now().proven
	}
	wanted := r.form.newUser(r.sub.Draft, verified, r.sub.keys.Correlation)
	start := r.sub.keyedAt(time.Now())
	problem = r.againSince(ctx, StageCreating, start, func() (err error) {
		r.sub.step(EventSend, time.Now())
		r.keep(ctx, r.sub)
		user, err = r.Users.CreateUser(ctx, wanted, r.sub.keys)
		r.sub.step(heard(AsProblem(err, r.sub.Reference)), time.Now())
		return err
	})
	if problem != nil {
		problem.Field = r.sub.Draft.unsent(problem.Field)
	}
	return user, problem
}

// heard is what an answer tells of the intent, which went well when problem is nil.
func heard(problem *Problem) IntentEvent {
	switch {
	case problem == nil:
		return EventAccept
	case problem.Unclear:
		return EventLose
	}
	return EventRefuse
}

// receipt tells of a user who was made for the submission.
func (r run) receipt(u User) Receipt {
	u.Identifiers = r.sub.Draft.typed(u.Identifiers)
	return newReceipt(u, r.settings.flow(), r.sub.Reference)
}

// settleLapsed looks up what became of an intent whose key the tenant may have forgotten. Settled is false when there is no such
// user: then it can be sent again, with another key.
func (r run) settleLapsed(ctx context.Context) (receipt Receipt, problem *Problem, settled bool) {
	if r.sub.doubtful() {
		found, event, err := r.lookUp(ctx)
		if event != EventFindNone {
			receipt, problem = r.settle(ctx, found, event, &Problem{Kind: Unavailable, Reference: r.sub.Reference, Cause: err})
			return receipt, problem, true
		}
	}
	r.sub.step(EventLapse, time.Now())
	return Receipt{}, nil, false
}

// settleDoubt looks up whether the user was created although no answer said so. Where that is not found out, it is the problem that
// was met, which is unclear.
func (r run) settleDoubt(ctx context.Context, met *Problem) (Receipt, *Problem) {
	found, event, err := r.lookUp(ctx)
	met.Cause = errors.Join(met.Cause, err)
	return r.settle(ctx, found, event, met)
}

// lookUp finds out whose the first identifier of the draft is by now; event is "" when that cannot be told, and err says why.
func (r run) lookUp(ctx context.Context) (found User, event IntentEvent, err error) {
	if ctx.Err() != nil {
		return User{}, "", ctx.Err()
	}
	r.notify(Progress{Stage: StageChecking})
	found, err = r.Users.FindUser(ctx, r.sub.Draft.given()[0], r.sub.keys)
	switch {
	case errors.Is(err, ErrNoUser):
		return User{}, EventFindNone, nil
	case err != nil:
		return User{}, "", err
	case r.sub.maker(found, r.form) == r.sub:
		return found, EventFindOurs, nil
	case r.sub.surelyNot(found):
		return found, EventFindOther, nil
	}
	return found, "", errUndecided
}

// settle is what the look-up of a doubtful intent came to; met is the problem while that says nothing.
func (r run) settle(ctx context.Context, found User, event IntentEvent, met *Problem) (Receipt, *Problem) {
	if event == EventFindOther {
		return r.settleConflict(ctx, &Problem{Kind: Conflict, Reference: r.sub.Reference, Cause: met.Cause})
	}
	r.sub.step(event, time.Now())
	if event == EventFindOurs {
		return r.receipt(found), nil
	}
	met.Unclear = true
	return Receipt{}, met
}

// errUndecided says that a user may be ours or somebody else's.
var errUndecided = errors.New("there is a user with the identifier, who may be from this attempt")

// settleConflict decides what a conflict means: an earlier attempt of ours that had gone through, or somebody else's user.
// Then it names the identifier that is taken. When that cannot be found out and an earlier attempt is in doubt, so is this.
func (r run) settleConflict(ctx context.Context, conflict *Problem) (Receipt, *Problem) {
	for i, id := range r.sub.Draft.Identifiers {
		if id.Identifier == "" {
			continue
		}
		found, err := r.Users.FindUser(ctx, id, r.sub.keys)
		switch {
		case errors.Is(err, ErrNoUser):
			continue
		case err != nil && (r.sub.inDoubt() || r.mayRecall(ctx, id)):
			return Receipt{}, &Problem{Kind: Unavailable, Unclear: true, Reference: r.sub.Reference, Cause: err}
		case err != nil:
			continue // nothing of ours can be there, so it is somebody else's
		case r.ours(ctx, id, found):
			return r.alreadyDone(found, conflict)
		case r.sub.doubtful() && !r.sub.surelyNot(found):
			return Receipt{}, &Problem{Kind: Unavailable, Unclear: true, Reference: r.sub.Reference, Cause: errUndecided}
		}
		conflict.Field, conflict.Flaw = IdentifierPointer(i), Flaw{Rule: RuleTaken}
		if found.Status == string(New) {
			conflict.Flaw.Rule = RuleUnfinished
		}
		return Receipt{}, r.taken(ctx, conflict)
	}
	if receipt, problem, settled := r.settleRecorded(ctx, conflict); settled {
		return receipt, problem
	}
	if r.sub.inDoubt() { // what was sent before may be what the tenant refuses this for, and not have ended yet
		return Receipt{}, &Problem{Kind: Unavailable, Unclear: true, Reference: r.sub.Reference, Cause: conflict.Cause}
	}
	return Receipt{}, r.taken(ctx, named(conflict))
}

// taken is conflict, once it is clear that the user is somebody else's.
func (r run) taken(ctx context.Context, conflict *Problem) *Problem {
	r.sub.step(EventFindOther, time.Now())
	r.keep(ctx, r.sub)
	return conflict
}

// ours reports whether the user who has id was made by an attempt of this submission, of an earlier one, or of an intent whose
// person was never told.
func (r run) ours(ctx context.Context, id Identifier, found User) bool {
	switch maker := r.sub.maker(found, r.form); {
	case maker == r.sub:
		maker.step(EventFindOurs, time.Now())
		return true
	case maker != nil:
		maker.step(EventFindOurs, time.Now())
		r.sub.resume(Intent{Reference: maker.Reference, At: maker.keyedAt(time.Now())})
		r.keep(ctx, r.sub)
		return true
	case r.sub.earlier.owns(found):
		return true
	}
	return r.recalls(ctx, id, found)
}

// alreadyDone is what an earlier attempt of ours came to: where a message has to follow, the registration just goes on.
func (r run) alreadyDone(found User, conflict *Problem) (Receipt, *Problem) {
	receipt := r.receipt(found)
	receipt.At = found.CreatedAt
	if r.settings.messages() != "" && !r.through(found) {
		return r.resumed(receipt), nil
	}
	return Receipt{}, &Problem{Kind: AlreadyDone, Receipt: &receipt, Reference: r.sub.Reference, Cause: conflict.Cause}
}

// resumed is the receipt of a user whose message is to be answered yet. A code that was sent before is not voided unasked, nor does
// the person own the user: by all that is known, they only give the same answers.
func (r run) resumed(receipt Receipt) Receipt {
	if !r.sub.now().foreign || r.settings.messages() != AsCode {
		return receipt
	}
	challenge := r.challenge(r.settings.purpose(), receipt.UserID)
	challenge.Unsure = true
	return receipt.challenged(challenge)
}

// through reports whether the person of u has answered the message already that follows a registration.
func (r run) through(u User) bool {
	if r.settings.status() == New {
		return u.Status != string(New)
	}
	return slices.Contains(u.Verified, r.sub.Draft.reachableAt(r.settings.API).Identifier)
}

// named is a conflict that says which identifier is taken: the first, when nobody knows.
func named(conflict *Problem) *Problem {
	if conflict.Field == "" {
		conflict.Field = IdentifierPointer(0)
	}
	conflict.Flaw = Flaw{Rule: RuleTaken}
	return conflict
}

// settleEarlier looks up what became of earlier drafts whose outcome is unknown, so that their users can be taken back: else one
// person would have two. While nobody is found and the tenant may still be at it, nothing else is made; but where two drafts share an
// identifier, they cannot both become users.
func (r run) settleEarlier(ctx context.Context) *Problem {
	for e := r.sub.earlier; e != nil; e = e.earlier {
		if !e.settled(ctx) {
			return &Problem{Kind: Unavailable, Unclear: true, Reference: r.sub.Reference, Cause: ctx.Err()}
		}
		if !e.doubtful() {
			continue
		}
		r.notify(Progress{Stage: StageChecking})
		found, err := r.Users.FindUser(ctx, e.Draft.given()[0], e.keys)
		switch {
		case errors.Is(err, ErrNoUser):
			e.step(EventFindNone, time.Now())
			if left := keyWindow - time.Since(e.keyedAt(time.Now())); left > 0 && !e.Excludes(r.sub) {
				return &Problem{Kind: Unavailable, Unclear: true, RetryAfter: left, Reference: r.sub.Reference, Cause: errUndecided}
			}
		case err != nil:
			p := AsProblem(err, r.sub.Reference)
			p.Unclear = true
			return p
		case e.maker(found, r.form) == e:
			made := newReceipt(found, r.settings.flow(), e.Reference)
			e.step(EventFindOurs, time.Now())
			e.change(func(st *state) { st.made = &made })
		}
	}
	return nil
}
