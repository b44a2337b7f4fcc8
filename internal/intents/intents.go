// Package intents keeps the journal of intents to create users: who was sent to the tenant while nobody has been told yet what came of
// it. With it, whoever comes after the end of a session, or of the process, is told of their own registration and not of a conflict.
//
// The journal is a file of lines of JSON that are on the disk before anything is sent. There is nothing in it to tell who a person is:
// identifiers are hashes by a key in another file. It holds what is open and not older than Options.Keep; what was settled is left
// out as the file is written anew. A line that a crash left half-written counts for nothing. Several processes may share a journal.
package intents

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"foyer/internal/filelock"
	"foyer/internal/keyfile"
	"foyer/internal/registration"
	"foyer/internal/secret"
	"foyer/internal/wholefile"
)

// Options say how a journal is kept.
type Options struct {
	File string        // "" keeps it in memory, where it ends with the process
	Key  keyfile.Key   // that hashes identifiers
	Pool string        // where users are created, in any words: the same for all processes that create them there
	Keep time.Duration // how long an intent is remembered that nobody settles
}

// A Journal is a registration.Journal. It is safe for concurrent use.
type Journal struct {
	name string
	pool string
	keep time.Duration
	key  secret.Text
	lock *filelock.Lock

	mu   sync.Mutex // guards what follows, and is held while the file is worked on
	open entries
	read position
}

// A position is how far the file was read.
type position struct {
	file  os.FileInfo // nil for none
	bytes int64
	lines int
}

// Open opens a journal, and begins it where there is none.
func Open(ctx context.Context, o Options) (*Journal, error) {
	key, err := o.Key.For("foyer intents identifiers")
	if err != nil {
		return nil, err
	}
	j := &Journal{name: o.File, pool: o.Pool, keep: o.Keep, key: key, lock: filelock.New(), open: newEntries()}
	if o.File == "" {
		return j, nil
	}
	if err := os.MkdirAll(filepath.Dir(o.File), 0o700); err != nil {
		return nil, fmt.Errorf("journal of intents: %w", err)
	}
	return j, j.exclusively(ctx, func(*os.File) error { return j.tidy() })
}

// Keep is registration.Journal's.
func (j *Journal) Keep(ctx context.Context, i registration.Intent) error {
	e := entry{At: i.At.UTC(), Reference: i.Reference, State: i.State}
	for _, id := range i.Identifiers {
		e.Hashes = append(e.Hashes, j.hash(id))
	}
	if j.name == "" {
		j.mu.Lock()
		defer j.mu.Unlock()
		j.open.apply(e)
		j.open.drop(time.Now().Add(-j.keep))
		return nil
	}
	return j.exclusively(ctx, func(file *os.File) error {
		if err := j.append(file, e); err != nil {
			return err
		}
		return j.tidy()
	})
}

// Find is registration.Journal's. What was settled is not found.
func (j *Journal) Find(ctx context.Context, id registration.Identifier) ([]registration.Intent, error) {
	var found []registration.Intent
	look := func() {
		j.open.drop(time.Now().Add(-j.keep))
		found = j.open.of(j.hash(id))
	}
	if j.name == "" {
		j.mu.Lock()
		defer j.mu.Unlock()
		look()
		return found, nil
	}
	err := j.exclusively(ctx, func(*os.File) error { look(); return nil })
	return found, err
}

// hashSize is how much of the MAC of an identifier stands for it, in hexadecimal digits.
const hashSize = 32

// hash is what the journal keeps of an identifier in the pool.
func (j *Journal) hash(id registration.Identifier) string {
	return keyfile.MAC(j.key, []byte(j.pool+"\x00"+string(id.Type)+"\x00"+id.Identifier))[:hashSize]
}

// exclusively works on the file while nobody else does, after what others have written was read.
func (j *Journal) exclusively(ctx context.Context, work func(*os.File) error) error {
	err := j.lock.Do(ctx, j.name, func() error {
		j.mu.Lock()
		defer j.mu.Unlock()
		file, err := os.OpenFile(j.name, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o600)
		if err != nil {
			return err
		}
		defer func() { _ = file.Close() }()
		if err := j.catchUp(file); err != nil {
			return err
		}
		return work(file)
	})
	if err != nil {
		return fmt.Errorf("journal of intents: %w", err)
	}
	return nil
}

// append writes e at the end of the file, and has it on the disk.
func (j *Journal) append(file *os.File, e entry) error {
	line, err := e.line()
	if err != nil {
		return err
	}
	if j.read.bytes == 0 {
		wholefile.SyncName(j.name) // the file may be new
	}
	before := j.read.bytes
	if _, err = file.Write(line); err == nil {
		err = file.Sync()
	}
	if err != nil {
		return errors.Join(err, file.Truncate(before))
	}
	return j.catchUp(file)
}

// spare is how many lines the file may have that are of no use any more.
const spare = 1000

// tidy writes the file anew once most of it is of no use.
func (j *Journal) tidy() error {
	j.open.drop(time.Now().Add(-j.keep))
	if j.read.lines <= 2*len(j.open.all)+spare {
		return nil
	}
	text, err := j.open.text()
	if err != nil {
		return err
	}
	if err := wholefile.Replace(j.name, text, nil); err != nil {
		return err
	}
	j.read = position{} // whoever opens it next finds another file
	return nil
}
