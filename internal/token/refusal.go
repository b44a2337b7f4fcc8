package token

import (
	"errors"
	"net/http"
	"time"
)

// A refusal is an error that another fetch would meet again.
type refusal struct {
	err     *Error
	version uint64    // of the identity that was refused
	until   time.Time // how long it holds; zero is for as long as the identity is the same
	at      time.Time // when it was, by the clock that nobody sets
	shown   time.Time // when it was, by the wall clock
}

// maxStep is how far the wall clock may be set while a refusal holds.
const maxStep = time.Minute

// mended reports whether the wall clock has been set since r, as it is by NTP on a machine that starts in 1970. An assertion
// that was refused for its times may be accepted now. After a machine has slept it looks the same, which costs one attempt.
func (r *refusal) mended(now time.Time) bool {
	return (now.Round(0).Sub(r.shown) - now.Sub(r.at)).Abs() > maxStep
}

// refused returns the error that a fetch by id at now would end in, as far as that is known; nil when it is to be tried.
func (s *Source) refused(id Identity, now time.Time) *Error {
	r := s.refusal
	switch {
	case r == nil:
		return nil
	case r.until.IsZero() && r.version == id.Version && (!id.Signs || !r.mended(now)): // a secret would be guessed again
		return r.err
	case now.Before(r.until):
		later := *r.err
		later.RetryAfter = r.until.Sub(now)
		return &later
	}
	s.refusal = nil
	return nil
}

// remember keeps an error of a fetch by id that another fetch would meet again.
func (s *Source) remember(err *Error, id Identity, now time.Time) {
	switch {
	case err.refusesClient():
		s.refusal = &refusal{err: err, version: id.Version, at: now, shown: now.Round(0)}
	case err.RetryAfter > 0:
		s.refusal = &refusal{err: err, version: id.Version, until: now.Add(err.RetryAfter)}
	}
	if err.Code == "" && err.Status != http.StatusTooManyRequests && !errors.Is(err.Err, errNobody) {
		s.metadata = nil // the endpoint may have moved
	}
}
