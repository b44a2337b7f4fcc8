package token

import "time"

// SetClock makes the last refusal look as if the wall clock had been set by step since.
func (s *Source) SetClock(step time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refusal.shown = s.refusal.shown.Add(-step)
}
