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
	maxTried  = 100_000 // keys that are remembered at once
)

// A limiter slows the guessing of secrets.
type limiter struct {
	now   func() time.Time
	mu    sync.Mutex
	tries *expiring[string, tries]
}

type tries struct {
	since  time.Time // of the first wrong one that counts
	wrong  int
	closed time.Time // until then; zero while open
}

// newLimiter makes a limiter that forgets a key when neither span can matter any more.
func newLimiter(now func() time.Time) *limiter {
	return &limiter{now: now, tries: newExpiring[string, tries](max(wrongSpan, closedFor), maxTried)}
}

// closed returns how long key is closed from now on; 0 when it is open.
func (l *limiter) closed(key string) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.wait(key, l.now())
}

// wrong counts a wrong try.
func (l *limiter) wrong(key string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.count(key, l.now())
}

// right forgets the wrong tries.
func (l *limiter) right(key string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.tries.remove(key)
}

// guess asks check, which must be quick, and counts its no. Guesses at one key come one after the other, so that many
// at once are no more than five. A wait above 0 says that the key is closed and check was not asked.
func (l *limiter) guess(key string, check func() bool) (ok bool, wait time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	if wait := l.wait(key, now); wait > 0 {
		return false, wait
	}
	if !check() {
		l.count(key, now)
		return false, 0
	}
	return true, 0
}

func (l *limiter) wait(key string, now time.Time) time.Duration {
	t, _ := l.tries.get(key, now)
	return max(t.closed.Sub(now), 0)
}

func (l *limiter) count(key string, now time.Time) {
	t, _ := l.tries.get(key, now)
	if t.wrong == 0 || now.Sub(t.since) >= wrongSpan {
		t = tries{since: now}
	}
	t.wrong++
	if t.wrong >= maxWrong {
		t = tries{closed: now.Add(closedFor)}
	}
	l.tries.put(key, t, now)
}
