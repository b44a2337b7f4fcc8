package sandbox

import (
	"sync"
	"time"
)

// Five wrong tries within a minute close a key for a minute, to right ones too.
const (
	maxWrong  = 5
	wrongSpan = time.Minute
	closedFor = time.Minute
)

// A limiter slows the guessing of secrets. Its keys must come from a bounded set.
type limiter struct {
	now   func() time.Time
	mu    sync.Mutex
	tries map[string]tries
}

type tries struct {
	since  time.Time // of the first wrong one that counts
	wrong  int
	closed time.Time // until then; zero while open
}

func newLimiter(now func() time.Time) *limiter { return &limiter{now: now, tries: map[string]tries{}} }

// closed returns how long key is closed from now on; 0 when it is open.
func (l *limiter) closed(key string) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	return max(l.tries[key].closed.Sub(l.now()), 0)
}

// wrong counts a wrong try.
func (l *limiter) wrong(key string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now, t := l.now(), l.tries[key]
	if t.wrong == 0 || now.Sub(t.since) >= wrongSpan {
		t = tries{since: now}
	}
	t.wrong++
	if t.wrong >= maxWrong {
		t = tries{closed: now.Add(closedFor)}
	}
	l.tries[key] = t
}

// right forgets the wrong tries.
func (l *limiter) right(key string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.tries, key)
}
