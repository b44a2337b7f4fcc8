package sandbox

import (
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"
)

// TOTP as authenticators have it by default (RFC 6238, 4): six digits by HMAC-SHA-1, steps of 30 seconds. A clock may
// be a step off either way (5.2).
const (
	totpStep  = 30 * time.Second
	totpDrift = 1
)

// maxSteps bounds how many users' last steps are remembered.
const maxSteps = 100_000

// A totpSecret is the shared secret in base32.
type totpSecret string

// Format prints nothing of the secret, whatever the verb.
func (totpSecret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "[redacted]") }

// steps are the last time steps whose codes users have used, so that none is accepted twice (RFC 6238, 5.2).
type steps struct {
	now  func() time.Time
	mu   sync.Mutex
	last *expiring[string, int64]
}

// newSteps makes one that remembers a step for as long as its code could be given again.
func newSteps(now func() time.Time) *steps {
	return &steps{now: now, last: newExpiring[string, int64]((2*totpDrift+1)*totpStep, maxSteps)}
}

// use reports whether text is the code of a step near now that comes after the one that key used last, and uses it.
func (s *steps) use(key string, secret totpSecret, text string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	last, used := s.last.get(key, now)
	for n := -totpDrift; n <= totpDrift; n++ {
		at := now.Add(time.Duration(n) * totpStep)
		step := at.Unix() / int64(totpStep/time.Second)
		if (!used || step > last) && secret.matches(text, at) {
			s.last.put(key, step, now)
			return true
		}
	}
	return false
}

// matches reports whether text is the code of the step that at is in.
func (s totpSecret) matches(text string, at time.Time) bool {
	ok, err := totp.ValidateCustom(text, string(s), at, totp.ValidateOpts{
		Period: uint(totpStep / time.Second), Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1,
	})
	return err == nil && ok
}

// forget lets a new secret of key begin with any step.
func (s *steps) forget(key string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last.remove(key)
}

// totpKey names a user's authenticator to limiters and steps.
func (u *user) totpKey() string { return u.PoolID + "/" + u.ID + "/" + credentialTOTP }

// checkTOTP compares a code with the user's secret. Five wrong ones within a minute close the user for a minute.
func (t *Tenant) checkTOTP(u *user, text string) (ok bool, err error) {
	ok, wait := t.tries.guess(u.totpKey(), func() bool { return t.steps.use(u.totpKey(), u.totp, text) })
	if wait > 0 {
		return false, tooMany(wait)
	}
	if ok {
		t.tries.right(u.totpKey())
	}
	return ok, nil
}
