package token

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"golang.org/x/oauth2"
)

// A flight is one fetch that any number of callers wait for. Its results are set before done is closed.
type flight struct {
	done  chan struct{}
	token *oauth2.Token
	err   *Error
}

// fly fetches a token for all who wait for f. It belongs to the process and not to the caller that began it, whose
// context may end; its own time is bounded.
func (s *Source) fly(f *flight) {
	ctx, cancel := context.WithTimeout(context.Background(), fetchTimeout)
	defer cancel()
	start := time.Now()
	token, err := s.fetch(ctx)
	f.token, f.err = token, err
	s.land(start, time.Now(), token, err)
	close(f.done)
}

// land keeps what a fetch from start to now came to.
func (s *Source) land(start, now time.Time, token *oauth2.Token, err *Error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.flight = nil
	if err != nil {
		s.log.Warn("fetch token", "error", err, "still_usable", s.current.usable(now))
		s.remember(err, now)
		if s.current.usable(now) {
			s.current.renew = now.Round(0).Add(renewPause)
		}
		return
	}
	s.current = newGrant(token, start)
	s.log.Info("fetched token", slog.Time("expires", token.Expiry))
}

// remember keeps an error that another fetch would meet again.
func (s *Source) remember(err *Error, now time.Time) {
	switch {
	case err.refusesClient():
		s.refusal, s.until = err, time.Time{}
	case err.RetryAfter > 0:
		s.refusal, s.until = err, now.Add(err.RetryAfter)
	}
	if err.Code == "" && err.Status != http.StatusTooManyRequests {
		s.metadata = nil // the endpoint may have moved
	}
}

// fetch asks for a token once.
func (s *Source) fetch(ctx context.Context) (*oauth2.Token, *Error) {
	endpoint, err := s.endpoint(ctx)
	if err == nil {
		var token *oauth2.Token
		if token, err = s.exchange(ctx, endpoint); err == nil {
			return token, nil
		}
	}
	var known *Error
	if !errors.As(err, &known) {
		known = s.fail(opToken, err)
	}
	return nil, known
}

// endpoint returns the token endpoint, discovering it when it is not known.
func (s *Source) endpoint(ctx context.Context) (string, error) {
	s.mu.Lock()
	known := s.metadata
	s.mu.Unlock()
	if known != nil {
		return known.TokenEndpoint, nil
	}
	found, err := s.Discover(ctx)
	return found.TokenEndpoint, err
}
