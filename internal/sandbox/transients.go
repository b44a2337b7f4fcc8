package sandbox

import (
	"sync"
	"time"
)

// transients are the transient codes that have not expired, by id.
type transients struct {
	now  func() time.Time
	mu   sync.Mutex
	live *expiring[string, *transientOTP]
}

func newTransients(now func() time.Time) *transients {
	return &transients{now: now, live: newExpiring[string, *transientOTP](transientTTL, maxTransients)}
}

func (s *transients) put(o transientOTP) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.live.put(o.ID, &o, s.now())
}

// get returns a copy of the code with an id.
func (s *transients) get(id string) (transientOTP, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	o, ok := s.live.get(id, s.now())
	if !ok {
		return transientOTP{}, false
	}
	return *o, true
}

// verify marks the code with an id as verified, once, if right says so, and counts it as a wrong try otherwise.
func (s *transients) verify(id string, right func(transientOTP) bool) (known, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	o, known := s.live.get(id, s.now())
	switch {
	case !known:
		return false, false
	case o.Verified:
		return true, false
	case right(*o):
		o.Verified, o.UpdatedAt = true, s.now().UTC()
		return true, true
	}
	if o.wrong++; o.wrong >= transientWrong {
		s.live.remove(id)
	}
	return true, false
}
