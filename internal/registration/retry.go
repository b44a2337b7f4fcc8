package registration

import (
	"context"
	"math/rand/v2"
	"time"
)

// Attempts of one submission stay inside the minute for which the tenant remembers an idempotency key.
const (
	maxAttempts = 4
	keyWindow   = 45 * time.Second // of that minute, since an attempt takes a while to reach the tenant
	firstDelay  = 500 * time.Millisecond
	longestWait = 15 * time.Second // a longer Retry-After is the Problem screen's to count down
)

// A Stage is what a registration is doing.
type Stage string

// The stages.
const (
	StageCreating   Stage = "creating"   // the tenant is asked to create the user
	StageWaiting    Stage = "waiting"    // before another attempt
	StageChecking   Stage = "checking"   // an unclear outcome is looked up
	StageSending    Stage = "sending"    // a message is sent to the person
	StageConfirming Stage = "confirming" // the code is given to the tenant
)

// Progress is what a person may want to know meanwhile.
type Progress struct {
	Stage   Stage
	Attempt int           // from 1
	Wait    time.Duration // for StageWaiting
	Because ProblemKind   // for StageWaiting: Unavailable or TooMany
}

// delay says how long to wait before the attempt after the given one (from 1), which ended in p; ok is false when there is
// to be no other. Backoff is exponential with full jitter: anything from nothing to a ceiling that doubles, so that those who met
// the same trouble do not come back together. It comes on top of the tenant's Retry-After.
func delay(p *Problem, attempt int, elapsed time.Duration) (wait time.Duration, ok bool) {
	if p.Kind != Unavailable && p.Kind != TooMany || p.Flaw.Rule == RuleCodeTries { // a refused code is not tried again unasked
		return 0, false
	}
	ceiling := firstDelay << (attempt - 1)
	wait = p.RetryAfter + rand.N(ceiling) //nolint:gosec // jitter needs no secrecy
	return wait, attempt < maxAttempts && p.RetryAfter <= longestWait && elapsed+wait <= keyWindow
}

// sleep waits for d or for the end of ctx, whose error it then returns.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// again does work, once more where that may help.
func (r run) again(ctx context.Context, stage Stage, work func() error) *Problem {
	return r.againSince(ctx, stage, time.Now(), work)
}

// againSince is again for work whose key was used first at start: it ends while the tenant remembers that.
func (r run) againSince(ctx context.Context, stage Stage, start time.Time, work func() error) *Problem {
	for attempt := 1; ; attempt++ {
		r.notify(Progress{Stage: stage, Attempt: attempt})
		problem := AsProblem(work(), r.sub.Reference)
		if problem == nil {
			return nil
		}
		if problem.Unclear && stage == StageConfirming {
			r.sub.doubtCode()
		}
		wait, again := delay(problem, attempt, time.Since(start))
		if !again || ctx.Err() != nil {
			return problem
		}
		r.log(ctx, problem, "will try again")
		r.notify(Progress{Stage: StageWaiting, Attempt: attempt, Wait: wait, Because: problem.Kind})
		if sleep(ctx, wait) != nil {
			return problem
		}
	}
}
