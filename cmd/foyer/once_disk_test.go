package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"foyer/internal/registration"
)

// A disk is what a process writes to, and where it crashes. It is its recorder and its journal, in front of those that it has.
type disk struct {
	registration.Recorder
	registration.Journal

	folder string
	crash  crash            // never, when its write is 0
	die    func(why string) // ends the process

	mu     sync.Mutex // guards what follows
	writes int
	dead   bool
}

// watch puts d between a service and its files.
func (d *disk) watch(s *registration.Service) {
	d.Recorder, d.Journal = s.Recorder, s.Journal
	s.Recorder = d
	if s.Journal != nil {
		s.Journal = d
	}
}

// Record is registration.Recorder's.
func (d *disk) Record(ctx context.Context, e registration.Event) error {
	return d.write("as it records "+e.Operation+" "+e.Outcome, func() error { return d.Recorder.Record(ctx, e) })
}

// Keep is registration.Journal's.
func (d *disk) Keep(ctx context.Context, i registration.Intent) error {
	return d.write("as it keeps an intent that is "+string(i.State), func() error { return d.Journal.Keep(ctx, i) })
}

var errCrashed = errors.New("the process has crashed")

// write writes what a dead process does not, and dies in the middle of it when it is time.
func (d *disk) write(what string, work func() error) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.dead {
		return errCrashed
	}
	if d.writes++; d.writes != d.crash.write {
		return work()
	}
	d.dead = true
	if d.crash.left != leavesNothing {
		before := d.files()
		if err := work(); err != nil {
			return err
		}
		d.leave(before)
	}
	d.die(what)
	return errCrashed
}

// files are those in the folder, with what is in them.
func (d *disk) files() map[string]string {
	all := make(map[string]string)
	_ = filepath.WalkDir(d.folder, func(path string, e os.DirEntry, err error) error {
		if err == nil && e.Type().IsRegular() {
			text, err := os.ReadFile(path)
			all[path] = string(text)
			return err
		}
		return err
	})
	return all
}

// leave leaves of the last write what the crash leaves of it. A file that grew is one that was appended to; one with other text was
// replaced, after that.
func (d *disk) leave(before map[string]string) {
	if d.crash.left == leavesAll {
		return
	}
	for name, text := range d.files() {
		was := before[name]
		if !strings.HasPrefix(text, was) {
			_ = os.WriteFile(name, []byte(was), 0o600)
		} else if d.crash.left == leavesHalf {
			_ = os.WriteFile(name, []byte(text[:len(was)+(len(text)-len(was))/2]), 0o600)
		}
	}
}
