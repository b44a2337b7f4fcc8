// Package watch tells when files have changed. It needs neither goroutine nor timer: it looks when it is asked, and seldom.
package watch

import (
	"io/fs"
	"os"
	"sync"
	"time"
)

// pause is how long a look is good for.
const pause = time.Second

// A Watch looks at a few files. It is safe for concurrent use.
type Watch struct {
	paths []string
	now   func() time.Time

	mu   sync.Mutex // guards what follows
	next time.Time  // before it nobody looks
	seen []fs.FileInfo
}

// New returns a Watch that knows the files as they are now. To miss no change, read them after New and not before. The
// clock is for tests; nil is the machine's.
func New(now func() time.Time, paths ...string) *Watch {
	if now == nil {
		now = time.Now
	}
	return &Watch{paths: paths, now: now, next: now().Add(pause), seen: look(paths)}
}

// Changed reports whether one of the files is another than at the last look: appeared, vanished, was replaced, or differs
// in its size or time of change. It looks at most once a second and says false in between. To miss no change, read the
// files after Changed said true.
func (w *Watch) Changed() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	now := w.now()
	if now.Before(w.next) {
		return false
	}
	last := w.seen
	w.next, w.seen = now.Add(pause), look(w.paths)
	return last == nil || !same(last, w.seen)
}

// Forget lets the next look say that there is a change: what was read is not fit for use, and may have been read
// while somebody wrote it.
func (w *Watch) Forget() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.seen = nil
}

// look returns what is known of each path; nil where there is nothing. Links are followed.
func look(paths []string) []fs.FileInfo {
	seen := make([]fs.FileInfo, len(paths))
	for i, path := range paths {
		if info, err := os.Stat(path); err == nil {
			seen[i] = info
		}
	}
	return seen
}

// same reports whether all files are what they were.
func same(a, b []fs.FileInfo) bool {
	for i := range a {
		if (a[i] == nil) != (b[i] == nil) {
			return false
		}
		if a[i] != nil && (!os.SameFile(a[i], b[i]) || a[i].Size() != b[i].Size() || !a[i].ModTime().Equal(b[i].ModTime())) {
			return false
		}
	}
	return true
}
