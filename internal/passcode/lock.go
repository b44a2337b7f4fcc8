package passcode

import (
	"context"
	"sync"
	"time"

	"foyer/internal/secret"
)

// The waits after wrong passcodes: the first is short, as everybody mistypes once, and each is twice the one before.
const (
	firstWait   = time.Second
	longestWait = 5 * time.Minute
)

// A Lock opens to a passcode. It is for the life of the process, so that no screen that begins anew forgets how many wrong ones there
// were. It is safe for concurrent use; one passcode is tried at a time.
type Lock struct {
	hash   Hash
	now    func() time.Time
	report func(ctx context.Context, opened bool)

	trying sync.Mutex // is held while a passcode is tried, which takes memory

	mu    sync.Mutex // guards what follows
	wrong int        // in a row
	until time.Time  // then the next is tried
}

// NewLock returns a lock for the passcode of h. Report, which may be nil, is told of every passcode that was tried, before whoever
// typed it learns what came of it.
func NewLock(h Hash, now func() time.Time, report func(ctx context.Context, opened bool)) *Lock {
	return &Lock{hash: h, now: now, report: report}
}

// Wait is how long no passcode is tried; 0 when one can be.
func (l *Lock) Wait() time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	return max(l.until.Sub(l.now()), 0)
}

// Try tries a passcode, which it does not keep. Wait is how long no other is tried when it was wrong. Before the wait of the one before
// is over, nothing is tried, and opened is false. It takes as long as the hash wants.
func (l *Lock) Try(ctx context.Context, passcode secret.Text) (opened bool, wait time.Duration) {
	l.trying.Lock()
	defer l.trying.Unlock()
	if wait = l.Wait(); wait > 0 || ctx.Err() != nil {
		return false, wait
	}
	opened = l.hash.Matches(passcode)
	l.count(opened)
	if l.report != nil {
		l.report(context.WithoutCancel(ctx), opened)
	}
	return opened, l.Wait()
}

// count notes what came of a try.
func (l *Lock) count(opened bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if opened {
		l.wrong, l.until = 0, time.Time{}
		return
	}
	wait := longestWait
	if doublings := l.wrong; doublings < 16 {
		wait = min(firstWait<<doublings, longestWait)
	}
	l.wrong++
	l.until = l.now().Add(wait)
}
