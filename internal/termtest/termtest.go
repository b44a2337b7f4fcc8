// Package termtest reads back, in tests, what others write: a terminal's screen, and logs.
package termtest

import (
	"bytes"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/charmbracelet/x/vt"
)

// Patience is how long a test waits for what has to come.
const Patience = 20 * time.Second

// Await waits until done, and fails the test when that takes longer than patience. Shown, which may be nil, is what there is to see
// then.
func Await(tb testing.TB, patience time.Duration, what string, done func() bool, shown func() string) {
	tb.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	timeout := time.After(patience)
	for !done() {
		select {
		case <-tick.C:
		case <-timeout:
			if shown == nil {
				tb.Fatalf("waiting for %s", what)
			}
			tb.Fatalf("waiting for %q:\n%s", what, shown())
		}
	}
}

// A Buffer collects what several goroutines write. The zero Buffer is empty.
type Buffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

// Write is io.Writer's.
func (l *Buffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

// String is what was written.
func (l *Buffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// A Screen is that of a terminal, as an emulator draws what is written to it. It is safe for concurrent use.
type Screen struct {
	mu  sync.Mutex // guards what follows, but for the answers of the emulator
	emu *vt.Emulator
	all bytes.Buffer
}

// NewScreen returns an empty one of so many cells.
func NewScreen(width, height int) *Screen { return &Screen{emu: vt.NewEmulator(width, height)} }

// Write shows and records what is sent to the terminal.
func (s *Screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all.Write(p)
	return s.emu.Write(p)
}

// Resize changes the window.
func (s *Screen) Resize(width, height int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.emu.Resize(width, height)
}

// Look has somebody look at the emulator, while nothing is written to it.
func (s *Screen) Look(look func(*vt.Emulator)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	look(s.emu)
}

// Answer writes to the other end what the terminal answers, until stop is called.
func (s *Screen) Answer(to io.Writer) (stop func()) {
	go func() { _, _ = io.Copy(to, s.emu) }()
	return func() {
		if answers, ok := s.emu.InputPipe().(io.Closer); ok { // its own Close races with Read
			_ = answers.Close()
		}
	}
}

// Recorded is everything that was sent to the terminal.
func (s *Screen) Recorded() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.all.String()
}

// Text is what stands on the screen.
func (s *Screen) Text() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.emu.String()
}

// Until waits until the screen shows text.
func (s *Screen) Until(tb testing.TB, text string) {
	tb.Helper()
	Await(tb, Patience, text, func() bool { return strings.Contains(s.Text(), text) }, s.Text)
}
