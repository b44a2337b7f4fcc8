package invite

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"foyer/internal/filelock"
	"foyer/internal/wholefile"
)

// A Store is the invitations in a file. It is safe for concurrent use, also by several processes that share the file: each
// reads, changes and replaces it while it has the lock beside it (the file's name and ".lock"). On a network file system that
// is as good as its locks.
type Store struct {
	name  string
	now   func() time.Time
	lock  *filelock.Lock
	codes digests // guarded by lock
}

// New returns the store in the file called name, which need not be there yet. The clock is for tests; nil is the machine's.
func New(name string, now func() time.Time) *Store {
	if now == nil {
		now = time.Now
	}
	return &Store{name: name, now: now, lock: filelock.New()}
}

// Name is that of the file.
func (s *Store) Name() string { return s.name }

// look works on what the file holds.
func (s *Store) look(ctx context.Context, work func(*ledger, time.Time) error) error {
	return s.locked(ctx, func(name string) error {
		l, err := load(name)
		if err != nil {
			return s.broken(err)
		}
		now := s.now()
		l.lapse(now)
		return work(l, now)
	})
}

// change works on what the file holds, and writes what became of it, unless that is an error.
func (s *Store) change(ctx context.Context, work func(*ledger, time.Time) error) error {
	return s.locked(ctx, func(name string) error { return s.rewrite(name, work) })
}

// rewrite is change by who has the file.
func (s *Store) rewrite(name string, work func(*ledger, time.Time) error) error {
	l, err := load(name)
	if err != nil {
		return s.broken(err)
	}
	now := s.now()
	l.lapse(now)
	if err := work(l, now); err != nil {
		return err
	}
	if err := l.save(name); err != nil {
		return s.broken(err)
	}
	return nil
}

// broken says which file an error is about.
func (s *Store) broken(err error) error { return fmt.Errorf("invitations in %s: %w", s.name, err) }

// locked works while nobody else does. Name is the file's where links lead to.
func (s *Store) locked(ctx context.Context, work func(name string) error) error {
	name := s.name
	if target, err := filepath.EvalSymlinks(name); err == nil {
		name = target
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		return s.broken(err)
	}
	var err error
	if busy := s.lock.Do(ctx, name, func() error { err = work(name); return nil }); busy != nil {
		return s.broken(busy)
	}
	return err
}

// load reads the ledger in a file; where there is none, it is empty.
func load(name string) (*ledger, error) {
	file, err := os.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return &ledger{Version: version}, nil
	}
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	return parse(file)
}

// save puts the ledger in place of a file, all of it or nothing.
func (l *ledger) save(name string) error {
	text, err := l.text()
	if err != nil {
		return err
	}
	return wholefile.Replace(name, text, belong)
}
