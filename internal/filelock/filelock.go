// Package filelock lets one goroutine of one process at a time work on a file that several processes share.
package filelock

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/gofrs/flock"
)

// A Lock gives the right to work on a file, by a file beside it with ".lock" at the end of its name. It is safe for concurrent use.
// On a network file system it is as good as the locks there.
type Lock struct {
	turn chan struct{} // where a lock is the process's, its goroutines still wait for each other
}

// New returns a lock for one file.
func New() *Lock { return &Lock{make(chan struct{}, 1)} }

// How long others may have the file, and how often somebody looks whether they still have.
const (
	patience = 10 * time.Second
	pause    = 2 * time.Millisecond
)

// lockMode lets a server open a lock that root has made, by reading. There is nothing in it.
const lockMode = 0o644

// ErrBusy says that another process keeps the file to itself.
var ErrBusy = errors.New("another process has locked it")

// Do works on the file called name while nobody else does; it need not be there, but its folder has to. It errs without working when
// ctx ends, or with ErrBusy when another process keeps the file for 10 s.
func (l *Lock) Do(ctx context.Context, name string, work func() error) error {
	select {
	case l.turn <- struct{}{}: // however many there are before: each of them is bounded
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-l.turn }()
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	lock := flock.New(name+".lock", flock.SetPermissions(lockMode))
	_, err := lock.TryLockContext(ctx, pause)
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return ErrBusy
	case err != nil:
		return fmt.Errorf("lock it: %w", err)
	}
	defer func() { _ = lock.Unlock() }()
	return work()
}
