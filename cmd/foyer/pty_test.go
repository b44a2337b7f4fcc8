package main

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"foyer/internal/termtest"

	"github.com/creack/pty"
)

// A terminal is foyer in a pseudo-terminal, read back by a terminal emulator.
type terminal struct {
	t    testing.TB
	pty  *os.File
	cmd  *exec.Cmd
	home string
	over chan struct{} // closed when the program has ended and all was read

	screen *termtest.Screen
}

// open starts foyer with args in a terminal of width and height, with no variables but env.
func open(tb testing.TB, width, height int, env []string, args ...string) *terminal {
	tb.Helper()
	return openProgram(tb, width, height, append([]string{asFoyer + "=1"}, env...), os.Args[0], args...)
}

// openProgram starts a program likewise.
func openProgram(tb testing.TB, width, height int, env []string, program string, args ...string) *terminal {
	tb.Helper()
	s := &terminal{t: tb, screen: termtest.NewScreen(width, height), home: tb.TempDir(), over: make(chan struct{})}
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
		_, _ = io.Copy(s.screen, s.pty) // ends with the program
	}()
	silence := s.screen.Answer(s.pty)
	tb.Cleanup(func() {
		_ = s.cmd.Process.Kill()
		_ = s.pty.Close()
		<-s.over
		s.search()
		silence()
	})
	return s
}

// recorded is everything that the program sent so far.
func (s *terminal) recorded() string { return s.screen.Recorded() }

// text is what stands on the screen.
func (s *terminal) text() string { return s.screen.Text() }

// until waits until the screen shows text.
func (s *terminal) until(text string) {
	s.t.Helper()
	s.screen.Until(s.t, text)
}

func (s *terminal) wait(what string, done func() bool) {
	s.t.Helper()
	s.waitLong(termtest.Patience, what, done)
}

func (s *terminal) waitLong(patience time.Duration, what string, done func() bool) {
	s.t.Helper()
	termtest.Await(s.t, patience, what, done, s.text)
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
	s.screen.Resize(width, height)
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
