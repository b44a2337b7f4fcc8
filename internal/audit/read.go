package audit

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
)

// A Place is where a line stands.
type Place struct {
	File string
	Line int // from 1
}

func (p Place) String() string { return fmt.Sprintf("%s:%d", p.File, p.Line) }

// Read returns the records in the file called name and in those that were put aside before it, without asking whether they are as
// they were written; see Verify. A line that is no record ends it with an error, but for a last one that is being written, or that
// a crash has left.
func Read(name string) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		whole, err := snap(name)
		if err != nil {
			yield(Record{}, err)
			return
		}
		defer whole.close()
		for place, line := range whole.lines() {
			if line.torn {
				return
			}
			var r Record
			err := line.err
			if err == nil {
				err = json.Unmarshal(line.text, &r)
			}
			if err != nil {
				yield(Record{}, fmt.Errorf("%s: %w", place, err))
				return
			}
			if !yield(r, nil) {
				return
			}
		}
	}
}

// A line is one of a record, or what is wrong with it.
type line struct {
	text []byte // good until the next one is asked for
	torn bool   // it is the last one, and has no end
	err  error
}

// lines are those of all files of a record.
func (s *snapshot) lines() iter.Seq2[Place, line] {
	return func(yield func(Place, line) bool) {
		for _, name := range s.aside {
			file, err := openRegular(name)
			if err != nil {
				if !yield(Place{File: name}, line{err: err}) {
					return
				}
				continue
			}
			more := linesOf(name, file, false, yield)
			_ = file.Close()
			if !more {
				return
			}
		}
		if s.current != nil {
			linesOf(s.name, io.NewSectionReader(s.current, 0, s.size), true, yield)
		}
	}
}

// linesOf gives yield the lines of one file, and reports whether to go on.
func linesOf(name string, file io.Reader, last bool, yield func(Place, line) bool) bool {
	reader := bufio.NewReaderSize(file, longestLine)
	for at := (Place{name, 1}); ; at.Line++ {
		text, err := reader.ReadSlice('\n')
		switch {
		case errors.Is(err, io.EOF) && len(text) == 0:
			return true
		case errors.Is(err, io.EOF):
			return yield(at, line{text: text, torn: last})
		case err != nil:
			return yield(at, line{err: err})
		}
		if !yield(at, line{text: text[:len(text)-1]}) {
			return false
		}
	}
}

// firstNumber is the number of the first record in a file, if that is as it was written.
func (k Key) firstNumber(name string) (number uint64, err error) {
	file, err := openRegular(name)
	if err != nil {
		return 0, err
	}
	defer func() { _ = file.Close() }()
	linesOf(name, file, false, func(_ Place, l line) bool {
		var r Record
		if err = l.err; err == nil {
			r, err = k.decode(l.text)
		}
		number = r.Number
		return false
	})
	return number, err
}
