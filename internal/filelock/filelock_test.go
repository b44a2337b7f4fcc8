package filelock_test

import (
	"context"
	"errors"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/gofrs/flock"

	"foyer/internal/filelock"
)

func TestOneWorksAtATime(t *testing.T) {
	name := filepath.Join(t.TempDir(), "f")
	one, other := filelock.New(), filelock.New() // as of two processes
	var all sync.WaitGroup
	var count, inside atomic.Int32
	for i := range 40 {
		lock := one
		if i%2 == 0 {
			lock = other
		}
		all.Go(func() {
			err := lock.Do(t.Context(), name, func() error {
				if n := inside.Add(1); n != 1 {
					t.Errorf("%d work at a time", n)
				}
				count.Add(1)
				inside.Add(-1)
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if n := count.Load(); n != 40 {
		t.Errorf("%d have worked, want 40", n)
	}
}

func TestNobodyWaitsLongerThanTheyWant(t *testing.T) {
	name := filepath.Join(t.TempDir(), "f")
	held := flock.New(name + ".lock")
	if ok, err := held.TryLock(); !ok || err != nil {
		t.Fatal(ok, err)
	}
	defer func() { _ = held.Unlock() }()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := filelock.New().Do(ctx, name, func() error { t.Error("it works without the lock"); return nil })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("Do() = %v, want %v", err, context.Canceled)
	}
}
