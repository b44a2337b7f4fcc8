package audit

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
)

// A Place is where a line stands.
type Place struct {
	File string
	Line int // from 1
}

func (p Place) String() string { return fmt.Sprintf("%s:%d", p.File, p.Line) }

// Read returns the records in the file called name and in those that were put aside before it, without asking whether they are as
// they were written; see Verify. A line that is no record ends it with an error.
func Read(name string) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		for place, line := range lines(name) {
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
	text  []byte // good until the next one is asked for
	whole bool   // it has an end
	err   error
}

// lines are those of all files of a record.
func lines(name string) iter.Seq2[Place, line] {
	return func(yield func(Place, line) bool) {
		all, err := files(name)
		if err == nil && len(all) == 0 {
			err = fmt.Errorf("there is no audit record")
		}
		if err != nil {
			yield(Place{File: name}, line{err: err})
			return
		}
		for _, file := range all {
			if !linesOf(file, yield) {
				return
			}
		}
	}
}

// linesOf gives yield the lines of one file, and reports whether to go on.
func linesOf(name string, yield func(Place, line) bool) bool {
	file, err := os.Open(name)
	if err != nil {
		return yield(Place{File: name}, line{err: err})
	}
	defer func() { _ = file.Close() }()
	reader := bufio.NewReaderSize(file, longestLine)
	for at := (Place{name, 1}); ; at.Line++ {
		text, err := reader.ReadSlice('\n')
		switch {
		case errors.Is(err, io.EOF) && len(text) == 0:
			return true
		case errors.Is(err, io.EOF):
			return yield(at, line{text: text})
		case err != nil:
			return yield(at, line{err: err})
		}
		if !yield(at, line{text: text[:len(text)-1], whole: true}) {
			return false
		}
	}
}

// firstNumber is the number of the first record in a file.
func firstNumber(name string) (number uint64, err error) {
	linesOf(name, func(_ Place, l line) bool {
		var r Record
		err = l.err
		if err == nil {
			err = json.Unmarshal(l.text, &r)
		}
		number = r.Number
		return false
	})
	return number, err
}
