package registration

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Register registers the person that sub describes and reports what became of it; form is the one that its draft answers.
// What is done stays done: called again, it goes on where it stopped, and sends no message twice.
//
// A non-nil err is always a *Problem. Register returns no later than ctx ends. All attempts send one X-Idempotency-Key, which
// the tenant honours for one minute; an outcome that stays unknown is looked up by identifier, never guessed. Notify, which
// may be nil, is told what goes on.
//
// Source: Identity System API, Create User (POST /system/pools/{ipID}/users) and Self Register User (POST
// /system/pools/{ipID}/user/register).
func (s *Service) Register(ctx context.Context, form *Form, sub *Submission, notify func(Progress)) (receipt Receipt, err error) {
	return s.guarded(ctx, sub, "register", func() (Receipt, *Problem) {
		if p := reject(form, sub); p != nil {
			return Receipt{}, p
		}
		r := s.run(form, sub, notify)
		if p := r.rejectBreached(ctx); p != nil {
			return Receipt{}, p
		}
		return s.recorded(ctx, sub, "register", r.register)
	})
}

// errGone says that the person of a submission has left, and their answers with them.
var errGone = errors.New("the submission was wiped")

// guarded runs work for sub, one at a time, keeps what it reached, and turns a panic into a problem.
func (s *Service) guarded(ctx context.Context, sub *Submission, operation string, work func() (Receipt, *Problem)) (receipt Receipt, err error) {
	leave, err := sub.enter(ctx)
	if err != nil {
		return Receipt{}, s.report(ctx, &Problem{Kind: Unavailable, Reference: sub.Reference, Cause: err}, operation)
	}
	defer leave()
	defer func() {
		if r := recover(); r != nil {
			sub.step(EventCrash, time.Now())
			receipt, err = Receipt{}, s.report(ctx, &Problem{Kind: Unexpected, Unclear: true, Reference: sub.Reference, Cause: fmt.Errorf("panic: %v", r)}, operation)
		}
	}()
	receipt, problem := work()
	if problem != nil {
		s.refusedByTenant(problem)
		return Receipt{}, s.report(ctx, problem, operation)
	}
	sub.change(func(st *state) { st.reached = &receipt })
	s.note(ctx, receipt, operation)
	return receipt, nil
}

// reject finds what the form refuses before anything is sent.
func reject(form *Form, sub *Submission) *Problem {
	if findings := form.Check(sub.Draft); len(findings) > 0 {
		if p := form.unaskedFlaw(findings[0]); p != nil {
			p.Reference = sub.Reference
			return p
		}
		return &Problem{Kind: DetailsRejected, Field: findings[0].Pointer, Flaw: findings[0].Flaw, Reference: sub.Reference}
	}
	p := form.checkCredentials(sub.Draft)
	if p != nil {
		p.Reference = sub.Reference
	}
	return p
}

// A run is one call for one submission.
type run struct {
	*Service

	form     *Form
	settings Settings // of the form: a person finishes with the one they began with
	sub      *Submission
	notify   func(Progress)
}

func (s *Service) run(form *Form, sub *Submission, notify func(Progress)) run {
	if notify == nil {
		notify = func(Progress) {}
	}
	return run{s, form, form.settings, sub, notify}
}

// register goes on from wherever the submission is: the address is proven, the user made, the message sent.
func (r run) register(ctx context.Context) (Receipt, *Problem) {
	now := r.sub.now()
	address := r.sub.Draft.reachableAt(r.settings.API)
	switch {
	case now.reached != nil:
		return *now.reached, nil
	case r.settings.Verification == VerifyBefore && now.proven != address.Identifier:
		return r.prove(ctx, address)
	}
	return r.make(ctx)
}

// make makes the user, unless that is done, and sends the message.
func (r run) make(ctx context.Context) (Receipt, *Problem) {
	if made := r.sub.now().made; made != nil {
		return r.message(ctx, *made)
	}
	if r.settings.API == SelfRegister {
		return r.selfRegister(ctx)
	}
	if problem := r.settleEarlier(ctx); problem != nil {
		return Receipt{}, problem
	}
	if problem := r.withdraw(ctx, r.sub.earlier); problem != nil {
		return Receipt{}, problem
	}
	made, problem := r.create(ctx)
	if problem != nil {
		return Receipt{}, problem
	}
	r.sub.change(func(st *state) { st.made = &made })
	if made.Challenge != nil { // a code was sent before
		return made, nil
	}
	return r.message(ctx, made)
}

// withdraw takes back the half-made users of earlier drafts, whose address nobody can prove any more. One that is in use is the
// person's, who needs no other; while the tenant is in trouble, no other is made. One that cannot be taken back for another reason
// stays, for staff to clear up.
func (r run) withdraw(ctx context.Context, earlier *Submission) *Problem {
	for ; earlier != nil; earlier = earlier.earlier {
		made := earlier.now().made
		if made == nil || earlier.now().foreign {
			continue
		}
		err := r.Users.WithdrawUser(ctx, *made, newKeys(earlier.Reference))
		switch problem := AsProblem(err, r.sub.Reference); {
		case err == nil:
			earlier.forgetUser()
			r.keep(ctx, earlier)
		case errors.Is(err, ErrInUse):
			receipt := *made
			receipt.Next, receipt.Reference = usable(made.Status), r.sub.Reference
			return &Problem{Kind: AlreadyDone, Receipt: &receipt, Reference: r.sub.Reference, Cause: err}
		case problem.Kind == Unavailable, problem.Kind == TooMany:
			problem.Unclear = true // the user of the earlier draft is there
			return problem
		default:
			r.log(ctx, problem, "withdraw a half-made user")
		}
	}
	return nil
}

// selfRegister registers the person as they would themselves. The tenant sends the message by itself. The answer is the same
// whether the identifier was taken or not, and so is all that follows.
func (r run) selfRegister(ctx context.Context) (Receipt, *Problem) {
	given := r.sub.Draft.given()
	if r.sub.earlier.registered(given[0]) { // the tenant would keep what was sent first, and not say so
		return Receipt{}, &Problem{
			Kind: DetailsRejected, Field: IdentifierPointer(0), Flaw: Flaw{Rule: RuleBegun}, Reference: r.sub.Reference,
		}
	}
	who := SelfRegistration{
		Identifier: given[0].Identifier, Password: r.sub.Draft.Password, TOTPSecret: r.sub.Draft.TOTPSecret,
		Payload: r.form.Payload(r.sub.Draft), Message: r.settings.messages(),
	}
	if len(given) > 1 {
		who.OTPAddress = given[1].Identifier
	}
	id, problem := r.attemptSelf(ctx, who)
	if problem != nil {
		return Receipt{}, r.closedMeanwhile(ctx, problem)
	}
	r.sub.change(func(st *state) { st.registered = given[0] })
	receipt := newReceipt(User{ID: id, Status: string(New), Identifiers: given}, r.settings.flow(), r.sub.Reference)
	switch challenge := r.challenge(Activation, id); r.settings.messages() {
	case AsCode:
		receipt = receipt.challenged(challenge)
	case AsLink:
		receipt = receipt.linked(challenge, false)
	}
	return receipt, nil
}

// attemptSelf asks the tenant to register who, once more where that may help. When the key has lapsed, there is nothing to look up:
// a person who is registered by then is told by message. A problem after an attempt that may have gone through is unclear, whatever
// it is.
func (r run) attemptSelf(ctx context.Context, who SelfRegistration) (id UserID, problem *Problem) {
	if r.sub.lapsed(time.Now()) {
		r.sub.renew()
	}
	problem = r.againSince(ctx, StageCreating, r.sub.keyedAt(time.Now()), func() (err error) {
		r.sub.step(EventSend, time.Now())
		id, err = r.SelfRegistration.SelfRegister(ctx, who, r.sub.keys)
		r.sub.step(heard(AsProblem(err, r.sub.Reference)), time.Now())
		return err
	})
	if problem != nil {
		problem.Unclear = r.sub.doubtful()
	}
	return id, problem
}

// closedMeanwhile is a refused self-registration, or that the pool was closed to them since the form was made.
func (r run) closedMeanwhile(ctx context.Context, problem *Problem) *Problem {
	refused := problem.Kind == DetailsRejected && problem.Field == "" || problem.Kind == Misconfigured
	if !refused {
		return problem
	}
	pool, err := r.Pools.Pool(ctx)
	if err != nil {
		return problem
	}
	if closed := r.closed(pool); closed != nil {
		closed.Reference, closed.Cause, closed.Unclear = r.sub.Reference, problem.Cause, problem.Unclear
		return closed
	}
	return problem
}
