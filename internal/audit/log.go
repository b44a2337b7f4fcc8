package audit

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"foyer/internal/filelock"
	"foyer/internal/wholefile"
)

// Options say how a record is kept.
type Options struct {
	Plain bool  // keeps identifiers in clear, and not as hashes
	Full  int64 // bytes, after which a file is put aside and the next one begun; 0 for 64 MiB
}

const defaultFull = 64 << 20

// A Log is a record that is appended to. It is safe for concurrent use, also by several processes that share the files.
type Log struct {
	name    string
	key     Key
	options Options
	lock    *filelock.Lock
}

// Open opens the record in the file called name, and begins it where there is none. It errs when nothing could be appended.
func Open(ctx context.Context, name string, key Key, o Options) (*Log, error) {
	if o.Full <= 0 {
		o.Full = defaultFull
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		return nil, fmt.Errorf("audit record: %w", err)
	}
	l := &Log{name: name, key: key, options: o, lock: filelock.New()}
	if err := l.lock.Do(ctx, l.name, func() error { return l.begin(ctx) }); err != nil {
		return nil, fmt.Errorf("audit record: %w", err)
	}
	return l, nil
}

// begin makes the file and its head where there are none, and sees whether the end is as it was written.
func (l *Log) begin(ctx context.Context) error {
	wholefile.Sweep(headName(l.name))
	first, err := l.unbegun()
	if err != nil {
		return err
	}
	if first {
		if err := writeHead(l.name, l.key, head{ID: rand.Text()}); err != nil {
			return err
		}
	}
	file, err := l.open()
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	wholefile.SyncName(l.name)
	end, err := l.end(file) // what is half-written stays until the record can say so
	if err == nil {
		l.key.anchor(ctx, l.name, end.id)
	}
	return err
}

// unbegun reports whether there is nothing of the record yet, and errs when there was.
func (l *Log) unbegun() (bool, error) {
	all, err := files(l.name)
	if err != nil && !missing(err) || len(all) > 0 {
		return false, err
	}
	h, err := readHead(l.name, l.key)
	switch {
	case missing(err):
		if err := l.key.anchored(l.name, ""); err != nil {
			return false, fmt.Errorf("the record that was begun in %s was taken away; put it back, or take its line out of %s to begin another", l.name, anchorsName(l.key.file))
		}
		return true, nil
	case err == nil && h.Number > 0, errors.Is(err, errHead):
		return false, fmt.Errorf("there is %s and no record beside it; the record was taken away", headName(l.name))
	}
	return false, err
}

// open opens the file that is appended to.
func (l *Log) open() (*os.File, error) {
	return os.OpenFile(l.name, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o600)
}

// Append adds e to the record and returns it with its number. When it returns without an error, the record is on the disk; with
// one, it is not there.
func (l *Log) Append(ctx context.Context, e Event) (Record, error) {
	kept := make([]Identifier, len(e.Identifiers))
	for i, id := range e.Identifiers {
		if kept[i] = l.key.Hash(id); l.options.Plain {
			kept[i] = Identifier{Type: id.Type, Value: shown(id.Value)}
		}
	}
	e.Identifiers = kept
	e.At = e.At.UTC()
	var r Record
	err := l.lock.Do(ctx, l.name, func() (err error) {
		r, err = l.append(e)
		return err
	})
	if err != nil {
		return Record{}, fmt.Errorf("audit record: %w", err)
	}
	return r, nil
}

func (l *Log) append(e Event) (Record, error) {
	file, err := l.open()
	if err != nil {
		return Record{}, err
	}
	defer func() { _ = file.Close() }()
	end, err := l.end(file)
	if err != nil {
		return Record{}, err
	}
	r := Record{Number: end.last.Number + 1, Event: e, Torn: end.torn, Prev: end.last.MAC}
	if r.Number == 1 {
		r.ID = end.id
	}
	line, err := l.key.encode(&r)
	if err != nil {
		return Record{}, err
	}
	if end.behind { // never by more than one: where heads cannot be written, nothing is appended
		if err := writeHead(l.name, l.key, end.head()); err != nil {
			return Record{}, err
		}
	}
	if end.torn > 0 {
		if err := file.Truncate(end.at); err != nil {
			return Record{}, err
		}
	}
	if err := write(file, line); err != nil {
		return Record{}, err
	}
	if end.at == 0 {
		wholefile.SyncName(l.name) // the file may be new
	}
	// From here on the record is there. A head that could not be written is behind by one, and written before the next record.
	_ = writeHead(l.name, l.key, head{Number: r.Number, Last: r.MAC, ID: end.id})
	l.turn(file)
	return r, nil
}

// write appends line to file and has it on the disk, or leaves the file as it was.
func write(file *os.File, line []byte) error {
	info, err := file.Stat()
	if err != nil {
		return err
	}
	_, err = file.Write(line)
	if err == nil {
		err = file.Sync()
	}
	if err != nil {
		return errors.Join(err, file.Truncate(info.Size()))
	}
	return nil
}

// An ending is where a record ends.
type ending struct {
	last   Record // the zero one when there is none
	at     int64  // where its line ends in the file
	torn   int64  // bytes that a crash has left half-written after it
	behind bool   // the head is of the record before
	id     string // of the whole
}

// head is the one that fits the record as it is.
func (e ending) head() head { return head{Number: e.last.Number, Last: e.last.MAC, ID: e.id} }

// end looks where the record ends, and changes nothing.
func (l *Log) end(file *os.File) (ending, error) {
	line, at, size, err := lastLine(file)
	if err != nil {
		return ending{}, err
	}
	e := ending{at: at, torn: size - at}
	if len(line) == 0 && at == 0 {
		e.last, err = l.before()
	} else {
		e.last, err = l.key.decode(line)
	}
	if err != nil {
		return ending{}, fmt.Errorf("the last line of %s: %w", file.Name(), err)
	}
	h, err := readHead(l.name, l.key)
	if err == nil {
		err = h.fits(e.last)
	}
	if err == nil {
		err = l.key.anchored(l.name, h.ID)
	}
	if err != nil {
		return ending{}, fmt.Errorf("%s: %w", headName(l.name), err)
	}
	e.id = h.ID
	e.behind = h.Number < e.last.Number
	return e, nil
}

// before is the last record of the file that was put aside last; the zero one when none was.
func (l *Log) before() (Record, error) {
	all, err := files(l.name)
	if err != nil {
		return Record{}, err
	}
	if len(all) > 0 && all[len(all)-1] == l.name {
		all = all[:len(all)-1]
	}
	if len(all) == 0 {
		return Record{}, nil
	}
	file, err := os.Open(all[len(all)-1])
	if err != nil {
		return Record{}, err
	}
	defer func() { _ = file.Close() }()
	line, _, _, err := lastLine(file)
	if err != nil {
		return Record{}, err
	}
	return l.key.decode(line)
}

// turn puts a file aside that is full. Where that fails it goes on growing.
func (l *Log) turn(file *os.File) {
	info, err := file.Stat()
	if err != nil || info.Size() < l.options.Full {
		return
	}
	first, err := l.key.firstNumber(l.name)
	if err != nil {
		return
	}
	aside := fullName(l.name, first)
	if _, err := os.Lstat(aside); !missing(err) {
		return // it is not ours to replace
	}
	_ = file.Close() // some systems rename no open file
	_ = os.Rename(l.name, aside)
	wholefile.SyncName(l.name)
}
