package audit

import (
	"context"
	"errors"
	"fmt"
	"os"

	"foyer/internal/filelock"
	"foyer/internal/wholefile"
)

// A State is how a record is found without a look at each line.
type State struct {
	Begun bool   // there is one
	Last  uint64 // number of its last line; 0 for none
	Torn  int64  // bytes at its end that a crash has left half-written
}

// Look tells how the record in the file called name is, and whether it could be appended to, by its end and its head. It errs where Open
// would, but begins nothing, and changes nothing.
func Look(ctx context.Context, name string, key Key) (s State, err error) {
	l := &Log{name: name, key: key, lock: filelock.New()}
	look := func() error {
		s, err = l.look()
		return err
	}
	if locked, statErr := exists(name + ".lock"); statErr == nil && locked { // else nobody has begun the record
		err = l.lock.Do(ctx, name, look)
	} else {
		err = look()
	}
	if err != nil {
		return State{}, fmt.Errorf("audit record: %w", err)
	}
	return s, nil
}

func (l *Log) look() (State, error) {
	unbegun, err := l.unbegun()
	if err != nil {
		return State{}, err
	}
	if err := wholefile.Try(headName(l.name)); err != nil || unbegun {
		return State{}, err
	}
	file, err := os.OpenFile(l.name, os.O_RDWR|os.O_APPEND, 0)
	if missing(err) { // the one before was put aside just now
		return l.lookBefore()
	}
	if err != nil {
		return State{}, err
	}
	end, err := l.end(file)
	return State{Begun: true, Last: end.last.Number, Torn: end.torn}, errors.Join(err, file.Close())
}

// lookBefore looks at what was put aside, where there is no file that is appended to.
func (l *Log) lookBefore() (State, error) {
	last, err := l.before()
	if err != nil {
		return State{}, err
	}
	h, err := readHead(l.name, l.key)
	if err == nil {
		err = errors.Join(h.fits(last), l.key.anchored(l.name, h.ID))
	}
	return State{Begun: true, Last: last.Number}, err
}
