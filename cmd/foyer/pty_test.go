package main

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/charmbracelet/x/vt"
	"github.com/creack/pty"
)

// A terminal is foyer in a pseudo-terminal, read back by a terminal emulator.
type terminal struct {
	t    testing.TB
	pty  *os.File
	cmd  *exec.Cmd
	home string
	over chan struct{} // closed when the program has ended and all was read

	mu  sync.Mutex
	emu *vt.Emulator
	all bytes.Buffer // everything that was sent to the terminal
}

// open starts foyer with args in a terminal of width and height, with no variables but env.
func open(tb testing.TB, width, height int, env []string, args ...string) *terminal {
	tb.Helper()
	return openProgram(tb, width, height, append([]string{asFoyer + "=1"}, env...), os.Args[0], args...)
}

// openProgram starts a program likewise.
func openProgram(tb testing.TB, width, height int, env []string, program string, args ...string) *terminal {
	tb.Helper()
	s := &terminal{t: tb, emu: vt.NewEmulator(width, height), home: tb.TempDir(), over: make(chan struct{})}
	s.cmd = exec.CommandContext(tb.Context(), program, args...)
	s.cmd.Dir = s.home
	s.cmd.Env = append([]string{"HOME=" + s.home, "TERM=xterm-256color", "LANG=en_US.UTF-8"}, env...)
	var err error
	s.pty, err = pty.StartWithSize(s.cmd, &pty.Winsize{Cols: uint16(width), Rows: uint16(height)})
	if err != nil {
		tb.Fatal(err)
	}
	go func() {
		defer close(s.over)
		_, _ = io.Copy(s, s.pty) // ends with the program
	}()
	go func() { _, _ = io.Copy(s.pty, s.emu) }() // the emulator's answers
	tb.Cleanup(func() {
		_ = s.cmd.Process.Kill()
		_ = s.pty.Close()
		<-s.over
		s.search()
		if answers, ok := s.emu.InputPipe().(io.Closer); ok { // its own Close races with Read
			_ = answers.Close()
		}
	})
	return s
}

// Write shows and records what the program sends.
func (s *terminal) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all.Write(p)
	return s.emu.Write(p)
}

// recorded is everything that the program sent so far.
func (s *terminal) recorded() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.all.String()
}

// text is what stands on the screen.
func (s *terminal) text() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.emu.String()
}

// until waits until the screen shows text.
func (s *terminal) until(text string) {
	s.t.Helper()
	s.wait(text, func() bool { return strings.Contains(s.text(), text) })
}

func (s *terminal) wait(what string, done func() bool) {
	s.t.Helper()
	s.waitLong(20*time.Second, what, done)
}

func (s *terminal) waitLong(patience time.Duration, what string, done func() bool) {
	s.t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	timeout := time.After(patience)
	for !done() {
		select {
		case <-tick.C:
		case <-timeout:
			s.t.Fatalf("waiting for %q, the screen shows:\n%s", what, s.text())
		}
	}
}

// press types text in one write.
func (s *terminal) press(text string) {
	s.t.Helper()
	if _, err := io.WriteString(s.pty, text); err != nil {
		s.t.Fatal(err)
	}
}

// resize changes the window.
func (s *terminal) resize(width, height int) {
	s.t.Helper()
	s.mu.Lock()
	s.emu.Resize(width, height)
	s.mu.Unlock()
	if err := pty.Setsize(s.pty, &pty.Winsize{Cols: uint16(width), Rows: uint16(height)}); err != nil {
		s.t.Fatal(err)
	}
}

// exit waits for the end of the program and returns its exit code.
func (s *terminal) exit() int {
	s.t.Helper()
	select {
	case <-s.over:
	case <-time.After(20 * time.Second):
		s.t.Fatalf("the program does not end; the screen shows:\n%s", s.text())
	}
	_ = s.cmd.Wait() // the code says it
	return s.cmd.ProcessState.ExitCode()
}

// search looks for the marker password in everything that the program left behind.
func (s *terminal) search() {
	s.t.Helper()
	for where, text := range s.left() {
		if strings.Contains(text, marker) || strings.Contains(text, "horse") {
			s.t.Errorf("the password is in %s", where)
		}
	}
}

// left is everything the program left behind: what it sent to the terminal and every file below its home.
func (s *terminal) left() map[string]string {
	s.t.Helper()
	left := map[string]string{"the terminal": s.recorded()}
	err := filepath.WalkDir(s.home, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		left[path] = string(data)
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return left
}
