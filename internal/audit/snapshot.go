package audit

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"

	"foyer/internal/filelock"
)

// A snapshot is a record as it is now, whatever is appended or put aside while somebody reads it. It has to be closed.
type snapshot struct {
	name    string
	aside   []string // those that were put aside, which nobody renames again
	current *os.File // nil when there is none
	size    int64    // of current
}

// snap takes a snapshot of the record in the file called name.
func snap(name string) (*snapshot, error) {
	s := &snapshot{name: name}
	file, err := openRegular(name) // before the names are read: it may be put aside meanwhile
	if err != nil && !missing(err) {
		return nil, err
	}
	if s.aside, err = files(name); err != nil {
		_ = file.Close()
		return nil, err
	}
	if file == nil && len(s.aside) == 0 {
		return nil, fmt.Errorf("there is no audit record in %s yet; nobody was registered with this audit.file", name)
	}
	s.aside = slices.DeleteFunc(s.aside, func(n string) bool { return n == name })
	if file == nil {
		return s, nil
	}
	info, err := file.Stat()
	if err != nil {
		_ = file.Close()
		return nil, err
	}
	s.current, s.size = file, info.Size()
	s.aside = slices.DeleteFunc(s.aside, func(n string) bool {
		other, err := os.Stat(n)
		return err == nil && os.SameFile(info, other) && n == s.aside[len(s.aside)-1]
	})
	return s, nil
}

func (s *snapshot) close() { _ = s.current.Close() }

// snapWithHead takes a snapshot together with the head, while nobody appends. Where nothing can be locked, as on a medium that is
// only read, nobody appends either.
func snapWithHead(ctx context.Context, name string, k Key) (s *snapshot, h head, headErr, err error) {
	take := func() error {
		s, err = snap(name)
		h, headErr = readHead(name, k)
		return nil
	}
	if lockErr := filelock.New().Do(ctx, name, take); lockErr != nil {
		if errors.Is(lockErr, filelock.ErrBusy) || ctx.Err() != nil {
			return nil, head{}, nil, lockErr
		}
		_ = take()
	}
	return s, h, headErr, err
}

// openRegular opens a file to be read; anything else, as a pipe that nobody writes to, is an error.
func openRegular(name string) (*os.File, error) {
	info, err := os.Stat(name)
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%s is no file", name)
	}
	return os.Open(name)
}
