package token

import (
	"context"
	"slices"
	"time"
)

// Granted is what the client was granted with its token.
type Granted struct {
	Scopes  []string  // the scope of the answer (RFC 6749, 5.1), fit to be shown; what was asked for where the answer is silent
	Expires time.Time // when the token expires; zero when the tenant does not say
	Lasts   bool      // another token is to be had when this one ends; not so for a sign-in of staff without a refresh token
}

// Granted tells what the tenant granted with the token that Token returns. A non-nil error is Token's.
func (s *Source) Granted(ctx context.Context) (Granted, error) {
	t, err := s.Token(ctx)
	if err != nil {
		return Granted{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	told := Granted{Scopes: s.config.Scopes, Expires: t.Expiry, Lasts: !s.byStaff() || s.session != nil && !s.session.refresh.IsZero()}
	for _, g := range s.recent {
		if g.is(t.AccessToken) {
			told.Scopes = g.scopes
		}
	}
	told.Scopes = slices.Clone(told.Scopes)
	return told, nil
}

// scopes are those that got was granted for who, nil for nobody. They stay as they were where the answer to a refresh token
// is silent (RFC 6749, 6). It is called under the lock.
func (s *Source) scopes(got issued, who *session) []string {
	known := got.scopes
	switch {
	case who == nil:
	case known == nil:
		known = who.scopes
	default:
		who.scopes = known
	}
	if known == nil {
		return s.config.Scopes
	}
	return known
}
