package registration

import (
	"context"
	"errors"
	"slices"
	"time"

	"foyer/internal/secret"
)

// errNothingPending says that nobody waits for a code.
var errNothingPending = errors.New("the submission waits for no code")

// Confirm gives back the code that sub waits for: the user becomes active, or the address verified; or, where the address is
// proven first, the user is made. A non-nil error is always a *Problem: of kind CodeRejected with a Flaw that says why, as far
// as anybody knows, or of kind TooMany after too many wrong codes. The person may then try again; nothing is lost.
//
// Source: Identity System API, activateSelfRegisteredUser and completeAddressVerification; Public API, verifyTransientOTP.
func (s *Service) Confirm(ctx context.Context, form *Form, sub *Submission, code secret.Text, notify func(Progress)) (Receipt, error) {
	return s.guarded(ctx, sub, "confirm", func() (Receipt, *Problem) {
		r := s.run(form, sub, notify)
		return s.recorded(ctx, sub, "confirm", func(ctx context.Context) (Receipt, *Problem) { return r.redeem(ctx, code) })
	})
}

// redeem gives back the code that is waited for, if one is.
func (r run) redeem(ctx context.Context, code secret.Text) (Receipt, *Problem) {
	pending, ok := r.sub.Pending()
	if !ok {
		return r.onward(ctx)
	}
	c := *pending.Challenge
	receipt, problem := r.confirm(ctx, pending, c, r.sub.tries(code))
	late := !c.Expires.IsZero() && time.Now().After(c.Expires)
	if problem != nil && problem.Kind == CodeRejected && late && problem.Flaw.Rule != RuleCodeUsed {
		problem.Flaw = Flaw{Rule: RuleCodeExpired}
	}
	return receipt, problem
}

// onward is for a code that nobody waits for any more: where it has proven the address, the user is still to be made.
func (r run) onward(ctx context.Context) (Receipt, *Problem) {
	now := r.sub.now()
	switch {
	case now.reached != nil:
		return *now.reached, nil
	case now.proven != "" && now.proven == r.sub.Draft.reachableAt(r.settings.API).Identifier:
		return r.make(ctx)
	}
	return Receipt{}, &Problem{Kind: Unexpected, Reference: r.sub.Reference, Cause: errNothingPending}
}

// confirm gives the code of one attempt back.
func (r run) confirm(ctx context.Context, pending Receipt, c Challenge, try codeTry) (Receipt, *Problem) {
	if c.Purpose == AddressProof {
		return r.proven(ctx, r.sub.Draft.reachableAt(r.settings.API), Proof{c.otp, try.code})
	}
	var user User
	problem := r.again(ctx, StageConfirming, func() (err error) {
		if c.Purpose == AddressVerification {
			return r.Verifications.CompleteVerification(ctx, c.user, c.Address, try.code, try.keys)
		}
		user, err = r.Activations.Activate(ctx, Activated{UserID: c.user, Code: try.code, OTPAddress: r.otpAddress(c)}, try.keys)
		return err
	})
	if problem != nil {
		return r.settleCode(ctx, pending, c, problem)
	}
	return r.confirmed(pending, user), nil
}

// otpAddress is the address of c where the tenant has to be told: when it is not what the person signs in with.
func (r run) otpAddress(c Challenge) string {
	if r.sub.Draft.given()[0].Identifier == c.Address {
		return ""
	}
	return c.Address
}

// confirmed is the receipt once the code was accepted. The user of a verified address is as they were.
func (r run) confirmed(pending Receipt, user User) Receipt {
	pending.Challenge, pending.Proof = nil, nil
	if user.ID != "" {
		user.Identifiers = r.sub.Draft.typed(user.Identifiers)
		pending = newReceipt(user, pending.Flow, pending.Reference)
	}
	pending.Next = usable(pending.Status)
	return pending
}

// settleCode decides what a refused or unanswered code means. Of a user that is ours the outcome is looked up; that of a
// self-registration may be another person's, so it stays unclear there.
func (r run) settleCode(ctx context.Context, pending Receipt, c Challenge, problem *Problem) (Receipt, *Problem) {
	verified := problem.Kind == Conflict && c.Purpose == AddressVerification // by an attempt that nobody here has seen, or elsewhere
	inDoubt := verified || r.sub.now().code.unclear                          // also by an attempt of this very call
	if r.settings.API == SelfRegister && problem.Kind == CodeRejected {
		problem.Flaw = Flaw{Rule: RuleCodeWrong} // a reason would tell whose id this is
	}
	if inDoubt && r.settings.API == CreateUser && ctx.Err() == nil {
		r.notify(Progress{Stage: StageChecking})
		found, err := r.Users.FindUser(ctx, r.sub.Draft.given()[0], newKeys(r.sub.Reference))
		if err == nil && found.ID == c.user && c.met(found) {
			return r.confirmed(pending, found), nil
		}
	}
	if verified {
		problem.Kind, problem.Unclear = Unavailable, true
	}
	if inDoubt && problem.Kind == CodeRejected {
		problem.Flaw = Flaw{Rule: RuleCodeUsed}
	}
	problem.Made = true
	return Receipt{}, problem
}

// met reports whether u is as a code that was accepted leaves them.
func (c Challenge) met(u User) bool {
	if c.Purpose == AddressVerification {
		return slices.Contains(u.Verified, c.Address)
	}
	return u.Status == string(Active)
}

// Activate gives a code back for a user of an earlier registration that nothing else is known of, as the commands without
// screens do: a new user becomes active, and where people are created as active their address, which OTPAddress then names,
// becomes verified. A non-nil error is always a *Problem.
func (s *Service) Activate(ctx context.Context, a Activated) (Receipt, error) {
	sub := NewSubmission(Draft{})
	return s.guarded(ctx, sub, "activate", func() (Receipt, *Problem) {
		r := run{Service: s, settings: s.Settings.withDefaults(), sub: sub, notify: func(Progress) {}}
		return s.recorded(ctx, sub, "activate", func(ctx context.Context) (Receipt, *Problem) { return r.activate(ctx, a) })
	})
}

func (r run) activate(ctx context.Context, a Activated) (Receipt, *Problem) {
	user := User{ID: a.UserID, Status: string(r.settings.status())}
	keys := newKeys(r.sub.Reference)
	problem := r.again(ctx, StageConfirming, func() (err error) {
		if r.settings.purpose() == AddressVerification {
			return r.Verifications.CompleteVerification(ctx, a.UserID, a.OTPAddress, a.Code, keys)
		}
		user, err = r.Activations.Activate(ctx, a, keys)
		return err
	})
	switch {
	case problem == nil:
		return r.receipt(user), nil
	case problem.Kind == CodeRejected && r.sub.now().code.unclear:
		problem.Flaw = Flaw{Rule: RuleCodeUsed}
	}
	problem.Made = true
	return Receipt{}, problem
}
