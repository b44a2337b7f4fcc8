package intents

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"os"
	"slices"
	"time"

	"foyer/internal/registration"
)

// An entry is a line of the journal: what is known of an intent from then on.
type entry struct {
	At        time.Time                `json:"at"` // when it was sent first, UTC
	Reference string                   `json:"reference"`
	State     registration.IntentState `json:"state"`
	Hashes    []string                 `json:"identifiers,omitempty"`
}

// line is e as it is written. It begins with an end of line, so that it does not continue one that a crash has left half-written;
// empty lines count for nothing.
func (e entry) line() ([]byte, error) {
	text, err := json.Marshal(e)
	if err != nil {
		return nil, err
	}
	return slices.Concat([]byte("\n"), text, []byte("\n")), nil
}

// entries are the open intents.
type entries struct {
	all    map[string]entry           // by reference
	byHash map[string]map[string]bool // references
}

func newEntries() entries {
	return entries{make(map[string]entry), make(map[string]map[string]bool)}
}

// apply notes e: an intent that was sent is open, and any other state settles it.
func (s entries) apply(e entry) {
	if e.State != registration.IntentSent {
		s.remove(e.Reference)
		return
	}
	s.all[e.Reference] = e
	for _, hash := range e.Hashes {
		if s.byHash[hash] == nil {
			s.byHash[hash] = make(map[string]bool)
		}
		s.byHash[hash][e.Reference] = true
	}
}

func (s entries) remove(reference string) {
	for _, hash := range s.all[reference].Hashes {
		delete(s.byHash[hash], reference)
		if len(s.byHash[hash]) == 0 {
			delete(s.byHash, hash)
		}
	}
	delete(s.all, reference)
}

// drop forgets what is older than limit.
func (s entries) drop(limit time.Time) {
	for reference, e := range s.all {
		if e.At.Before(limit) {
			s.remove(reference)
		}
	}
}

// of are the open intents of a hash, the newest first.
func (s entries) of(hash string) []registration.Intent {
	var found []registration.Intent
	for reference := range s.byHash[hash] {
		e := s.all[reference]
		found = append(found, registration.Intent{Reference: e.Reference, State: e.State, At: e.At})
	}
	slices.SortFunc(found, func(a, b registration.Intent) int { return b.At.Compare(a.At) })
	return found
}

// text is the file with nothing but the open intents.
func (s entries) text() ([]byte, error) {
	var all bytes.Buffer
	for _, reference := range slices.Sorted(maps.Keys(s.all)) {
		line, err := s.all[reference].line()
		if err != nil {
			return nil, err
		}
		all.Write(line)
	}
	return all.Bytes(), nil
}

// longestLine bounds a line, in bytes: what is longer was not written by us.
const longestLine = 16 << 10

// catchUp reads what the file has got since it was read last: by others, or by us. A file that was written anew is read anew.
func (j *Journal) catchUp(file *os.File) error {
	info, err := file.Stat()
	if err != nil {
		return err
	}
	if j.read.file == nil || !os.SameFile(j.read.file, info) || info.Size() < j.read.bytes {
		j.open, j.read = newEntries(), position{}
	}
	j.read.file = info
	from := io.NewSectionReader(file, j.read.bytes, info.Size()-j.read.bytes)
	lines := bufio.NewReaderSize(from, longestLine)
	for {
		text, err := lines.ReadSlice('\n')
		j.read.bytes += int64(len(text))
		switch {
		case err == nil:
			j.take(text)
		case errors.Is(err, bufio.ErrBufferFull): // it goes on, and its end is no JSON either
		case errors.Is(err, io.EOF): // half a line: the next one begins anew
			return nil
		default:
			return err
		}
	}
}

// take notes a line. One that is none counts for nothing.
func (j *Journal) take(text []byte) {
	j.read.lines++
	var e entry
	if json.Unmarshal(text, &e) == nil && e.Reference != "" {
		j.open.apply(e)
	}
}
