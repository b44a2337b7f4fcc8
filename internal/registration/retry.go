package registration

import (
	"context"
	"math/rand/v2"
	"time"
)

// Attempts of one submission stay inside the minute for which the tenant remembers an idempotency key.
const (
	maxAttempts = 4
	maxElapsed  = 45 * time.Second
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
// to be no other. Backoff is exponential with full jitter; the tenant's Retry-After goes before it.
func delay(p *Problem, attempt int, elapsed time.Duration) (wait time.Duration, ok bool) {
	if p.Kind != Unavailable && p.Kind != TooMany || p.Flaw.Rule == RuleCodeTries { // a refused code is not tried again unasked
		return 0, false
	}
	ceiling := firstDelay << (attempt - 1)
	wait = ceiling/2 + rand.N(ceiling) //nolint:gosec // jitter needs no secrecy
	if p.RetryAfter > 0 {
		wait = p.RetryAfter
	}
	return wait, attempt < maxAttempts && wait <= longestWait && elapsed+wait <= maxElapsed
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
