package screen

import (
	"math/rand/v2"
	"time"

	"foyer/internal/registration"
)

// Bounds of what is tried by itself.
const (
	firstPause   = 4 * time.Second  // the longest before the second try; it doubles with each
	longestPause = time.Minute      // the longest of all, but for what the tenant asks for
	slowest      = 5 * time.Minute  // where somebody has to mend something first
	longestAfter = 5 * time.Minute  // a longer Retry-After is no reason to stay
	longestAlone = 10 * time.Minute // without a key nothing is sent any more: whoever waited may have left
)

// Pause is how long to wait before what ended in p is tried again by itself; 0 when it is the person's to try it. Tries is how
// often that was done already, one after the other, and alone how long the person has touched no key. Waits grow, with full
// jitter, since many may have met the same; they are no shorter than what the tenant asks for.
func Pause(p *registration.Problem, tries int, alone time.Duration) time.Duration {
	if !Automatic(p) || p.RetryAfter > longestAfter || alone+p.RetryAfter >= longestAlone {
		return 0
	}
	if p.Kind == registration.TooMany && p.RetryAfter > 0 { // each is told its own
		return p.RetryAfter
	}
	return p.RetryAfter + jittered(tries, longestPause)
}

// Automatic reports whether what ended in p may come right with nobody doing anything, so that it is tried again by itself. A code
// that was refused is not sent again unasked.
func Automatic(p *registration.Problem) bool {
	return p.Kind == registration.Unavailable || p.Kind == registration.TooMany && p.Flaw.Rule != registration.RuleCodeTries
}

// Comeback reports whether the tenant asks for so long a wait that the person had better come back another time.
func Comeback(p *registration.Problem) bool { return Automatic(p) && p.RetryAfter > longestAfter }

// ReopenPause is how long to wait before the tenant is asked again for what a registration begins with, where that ended in p for
// the given time (from 1) in a row. It is never 0: a kiosk opens by itself, however long that takes. Where somebody has to mend
// something first, it goes more slowly.
func ReopenPause(p *registration.Problem, times int) time.Duration {
	longest := slowest
	if Automatic(p) {
		longest = longestPause
	}
	return min(p.RetryAfter, longestAfter) + jittered(times, longest)
}

// jittered is a random wait of at least a second, and at most so much that the longest doubles with each of tries.
func jittered(tries int, longest time.Duration) time.Duration {
	const most = 10 // doublings, which are more than there is time for
	ceiling := min(firstPause<<min(tries, most), longest)
	return time.Second + rand.N(ceiling-time.Second) //nolint:gosec // jitter needs no secrecy
}
