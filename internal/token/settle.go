package token

import "context"

// spawn runs f on a goroutine that Settle waits for. It is called under the lock.
func (s *Source) spawn(f func()) {
	if s.busy == 0 {
		s.quiet = make(chan struct{})
	}
	s.busy++
	go func() {
		defer s.done()
		f()
	}()
}

// done is the end of a goroutine of spawn's.
func (s *Source) done() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.busy--; s.busy == 0 {
		close(s.quiet)
	}
}

// Settle waits until no fetch, no revocation and nothing for the Keeper is under way: a refresh token that has just been
// replaced would be lost with the process, and the sign-in with it. The error is the cause of the end of ctx, when that comes
// first. The source may be used afterwards.
func (s *Source) Settle(ctx context.Context) error {
	for {
		s.mu.Lock()
		busy, quiet := s.busy > 0, s.quiet
		s.mu.Unlock()
		if !busy {
			return nil
		}
		select {
		case <-quiet:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}
