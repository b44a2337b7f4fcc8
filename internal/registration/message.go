package registration

import (
	"context"
	"crypto/rand"
	"time"
)

// challenge is the code that is sent to the person for purpose, from now on.
func (r run) challenge(purpose Purpose, id UserID) Challenge {
	setting := r.form.Pool.ActivationCode
	if purpose == AddressVerification {
		setting = r.form.Pool.AddressCode
	}
	to := r.sub.Draft.reachableAt(r.settings.API)
	return Challenge{
		Purpose: purpose, Address: to.Identifier, Medium: mediumOf(to), user: id,
		Length: setting.Length, Expires: expiry(time.Now(), setting.TTL),
	}
}

// purpose is what the code of a user who was registered is good for.
func (s Settings) purpose() Purpose {
	if s.status() == New {
		return Activation
	}
	return AddressVerification
}

// message sends what comes after the user was made. Where it is not known whether a code went out, the person is asked for it
// all the same, and told.
func (r run) message(ctx context.Context, made Receipt) (Receipt, *Problem) {
	as := r.settings.messages()
	if as == "" {
		return made, nil
	}
	challenge := r.challenge(r.settings.purpose(), made.UserID)
	if challenge.Address == "" {
		return Receipt{}, &Problem{Kind: Unexpected, Made: true, Reference: r.sub.Reference, Cause: errNoAddress}
	}
	problem := r.send(ctx, challenge, as)
	switch {
	case problem != nil && problem.Unclear && as == AsCode:
		challenge.Unsure = true
	case problem != nil && problem.Kind == Conflict && challenge.Purpose == AddressVerification: // verified meanwhile, as at another screen
		return r.settleCode(ctx, made, challenge, problem)
	case problem != nil:
		problem.Made, problem.Unclear = true, false
		return Receipt{}, problem
	}
	if as == AsLink {
		return made.linked(challenge, r.settings.invites()), nil
	}
	return made.challenged(challenge), nil
}

// send sends the message for challenge, with one key for all attempts.
func (r run) send(ctx context.Context, c Challenge, as CodeType) *Problem {
	keys := newKeys(r.sub.Reference)
	return r.again(ctx, StageSending, func() error {
		if c.Purpose == AddressVerification {
			return r.Verifications.RequestVerification(ctx, c.user, c.Address, as, keys)
		}
		mode := ModeRegistration
		if r.settings.invites() {
			mode = ModeInvitation
		}
		return r.Activations.SendActivation(ctx, c.user, ActivationMessage{c.Address, mode, as}, keys)
	})
}

// verifiedMeanwhile is a refusal to send another code for an address, which may mean that the person has verified it elsewhere:
// that is looked up.
func (r run) verifiedMeanwhile(problem *Problem) *Problem {
	r.sub.doubtCode()
	return problem
}

// prove sends a one-time password to an address of nobody yet. A try whose outcome is unclear is not repeated unasked: the
// call has no idempotency key, and the person would have two codes.
func (r run) prove(ctx context.Context, to Identifier) (Receipt, *Problem) {
	if proof := r.sub.Draft.Proof; proof != nil {
		return r.proven(ctx, to, *proof)
	}
	r.notify(Progress{Stage: StageSending, Attempt: 1})
	otp, err := r.Proofs.SendProof(ctx, to, rand.Text())
	if problem := AsProblem(err, r.sub.Reference); problem != nil {
		problem.Unclear = r.sub.inDoubt() // about a user, only an earlier draft can leave something unclear
		if problem.Kind == DetailsRejected {
			problem.Field = r.sub.Draft.AddressPointer(to.Identifier)
		}
		return Receipt{}, problem
	}
	receipt := Receipt{Flow: r.settings.flow(), Reference: r.sub.Reference}
	return receipt.challenged(Challenge{
		Purpose: AddressProof, Address: to.Identifier, Medium: mediumOf(to), Expires: expiry(time.Now(), otp.TTL), otp: otp,
	}), nil
}

// proven gives a code back and makes the user.
func (r run) proven(ctx context.Context, to Identifier, proof Proof) (Receipt, *Problem) {
	problem := r.again(ctx, StageConfirming, func() error { return r.Proofs.CheckProof(ctx, to, proof) })
	if problem != nil {
		problem.Unclear = r.sub.inDoubt()
		return Receipt{}, problem
	}
	r.sub.change(func(st *state) { st.proven, st.reached = to.Identifier, nil })
	return r.make(ctx)
}

// Resend sends another message for what sub waits for; the code before it stops working. With as AsLink the person goes on
// where the link leads, and Receipt.Challenge is nil; an address that is proven first can only be sent a code. A non-nil error
// is always a *Problem, and then the earlier code may still work.
func (s *Service) Resend(ctx context.Context, form *Form, sub *Submission, as CodeType, notify func(Progress)) (Receipt, error) {
	return s.guarded(ctx, sub, "send again", func() (Receipt, *Problem) {
		r := s.run(form, sub, notify)
		pending, ok := sub.Pending()
		switch {
		case !ok:
			return r.onward(ctx)
		case pending.Challenge.Purpose == AddressProof:
			return r.prove(ctx, sub.Draft.reachableAt(r.settings.API))
		}
		fresh := r.challenge(pending.Challenge.Purpose, pending.Challenge.user)
		problem := r.send(ctx, fresh, as)
		switch {
		case problem != nil && problem.Unclear && as == AsCode:
			fresh.Unsure = true
		case problem != nil && problem.Kind == Conflict && fresh.Purpose == AddressVerification:
			return r.settleCode(ctx, pending, fresh, r.verifiedMeanwhile(problem))
		case problem != nil:
			problem.Made = true
			return Receipt{}, problem
		}
		if as == AsLink {
			return pending.linked(fresh, false), nil
		}
		return pending.challenged(fresh), nil
	})
}
