package main

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/charmbracelet/x/vt"
	"github.com/creack/pty"

	"foyer/internal/passcode"
	"foyer/internal/secret"
	"foyer/internal/termtest"
)

// staffCode is the passcode of the locked kiosks here.
const staffCode = "front desk 7"

// locked are the variables of a locked kiosk.
func locked(tb testing.TB, more ...string) []string {
	tb.Helper()
	h, err := passcode.New(secret.New(staffCode))
	if err != nil {
		tb.Fatal(err)
	}
	return append([]string{
		"FOYER_KIOSK_LOCKED=true", "FOYER_KIOSK_PASSCODE_HASH=" + h.Text(), "FOYER_LOG_FILE=log.json", "FOYER_LOG_LEVEL=debug", "FOYER_AUDIT_FILE=audit.jsonl",
	}, more...)
}

// signal sends the program a signal.
func (s *terminal) signal(signal os.Signal) {
	s.t.Helper()
	if err := s.cmd.Process.Signal(signal); err != nil {
		s.t.Fatal(err)
	}
}

// read is what a file below the program's home has; "" when there is none.
func (s *terminal) read(name string) string {
	data, _ := os.ReadFile(filepath.Join(s.home, name))
	return string(data)
}

// fromATerminal are the signals by which a terminal, or a shell, would end or stop a program.
func fromATerminal() []os.Signal {
	return []os.Signal{syscall.SIGINT, syscall.SIGQUIT, syscall.SIGTSTP, syscall.SIGTTIN, syscall.SIGTTOU, syscall.SIGHUP}
}

func TestNothingButThePasscodeLeavesALockedKiosk(t *testing.T) {
	for name, mode := range map[string]struct{ env, begins, answering, back string }{
		"in screens": {"FOYER_UI_ACCESSIBLE=false", "Press Enter to begin", "┃ ann@example.com", "\x1b"},
		"in lines":   {"FOYER_UI_ACCESSIBLE=true", "Press Enter to begin", "ann@example.com", "\r"},
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t, 80, 24, append(serve(t, "customers").env, locked(t, mode.env)...), "kiosk")
			s.until(mode.begins)
			for _, signal := range fromATerminal() {
				s.signal(signal)
			}
			s.press("\x1a\x1c\r") // ctrl+z and ctrl+\
			s.until("E-mail address")
			s.press("ann@example.com")
			s.until(mode.answering)
			for _, signal := range fromATerminal() {
				s.signal(signal)
			}
			s.press("\x03")
			s.until("passcode of staff")
			for _, signal := range fromATerminal() {
				s.signal(signal)
			}
			s.press("\x1a\x1c\rMarker-9 wrong\r")
			s.until("That is not the passcode")
			refused := time.Now()
			s.press(mode.back)
			s.until("E-mail address")
			s.wait("the time to try again", func() bool { return time.Since(refused) > 1100*time.Millisecond })
			s.press("\x03" + staffCode + "\r")
			if code := s.exit(); code != 0 {
				t.Errorf("exit code %d, want 0", code)
			}
			for where, text := range s.left() {
				if strings.Contains(text, "Marker-9") || strings.Contains(text, staffCode) {
					t.Errorf("a passcode is in %s", where)
				}
			}
			for _, file := range []string{"log.json", "audit.jsonl"} {
				if kept := s.read(file); !strings.Contains(kept, "passcode") && !strings.Contains(kept, `"staff_exit"`) {
					t.Errorf("nothing of the tries is in %s:\n%s", file, kept)
				}
			}
			if kept := s.read("audit.jsonl"); strings.Count(kept, `"refused"`) != 1 || strings.Count(kept, `"outcome":"done"`) != 1 {
				t.Errorf("the record is\n%s", kept)
			}
		})
	}
}

func TestASignalFromTheServiceManagerEndsALockedKiosk(t *testing.T) {
	s := open(t, 80, 24, locked(t), "kiosk")
	s.until("Press Enter to begin")
	s.press("\rann@example.com\x03")
	s.until("passcode of staff")
	s.signal(syscall.SIGTERM)
	if code := s.exit(); code != 0 {
		t.Errorf("exit code %d, want 0", code)
	}
	if left := strings.TrimSpace(s.text()); left != "" {
		t.Errorf("the screen still shows:\n%s", left)
	}
}

// TestTheFirstMomentsOfAKiosk sends signals while the program waits for its configuration, which comes through a pipe.
func TestTheFirstMomentsOfAKiosk(t *testing.T) {
	for name, tt := range map[string]struct {
		signals []os.Signal
		locked  string
	}{
		"of a locked one, which nothing ends":      {fromATerminal()[:3], "true"},
		"of an open one, which ends when it can":   {[]os.Signal{syscall.SIGINT}, "false"},
		"of a locked one, whose terminal hangs up": {[]os.Signal{syscall.SIGHUP}, "true"},
	} {
		t.Run(name, func(t *testing.T) {
			pipe := filepath.Join(t.TempDir(), "foyer.yaml")
			if err := syscall.Mkfifo(pipe, 0o600); err != nil {
				t.Fatal(err)
			}
			tenant := serve(t, "customers") // without one the configuration is read twice
			s := open(t, 80, 24, append(locked(t, tenant.env...), "FOYER_KIOSK_LOCKED="+tt.locked), "kiosk", "--config", pipe)
			config, err := os.OpenFile(pipe, os.O_WRONLY, 0) // waits until the program reads it
			if err != nil {
				t.Fatal(err)
			}
			for _, signal := range tt.signals {
				s.signal(signal)
			}
			if _, err := io.WriteString(config, "ui: {title: After the pipe}\n"); err != nil {
				t.Fatal(err)
			}
			_ = config.Close()
			if tt.locked == "false" {
				s.exit() // with whatever code: it may have been in the middle of something
				return
			}
			s.until("After the pipe")
			s.until("Press Enter to begin")
			s.press("\r")
			s.until("Your details")
		})
	}
}

// A serialLine is a terminal that hangs up and comes back under the same name.
type serialLine struct {
	t      *testing.T
	name   string
	master *os.File
	tty    *os.File // kept open: a line that nobody has open yet can be read all the same
	screen *termtest.Screen
	over   chan struct{} // closed when all was read
}

// connect has the line be there.
func (l *serialLine) connect() {
	l.t.Helper()
	master, tty, err := pty.Open()
	if err != nil {
		l.t.Fatal(err)
	}
	if master, err = pollable(master); err != nil {
		l.t.Fatal(err)
	}
	if err := pty.Setsize(tty, &pty.Winsize{Cols: 80, Rows: 24}); err != nil {
		l.t.Fatal(err)
	}
	next := l.name + ".next"
	if err := os.Symlink(tty.Name(), next); err != nil {
		l.t.Fatal(err)
	}
	if err := os.Rename(next, l.name); err != nil {
		l.t.Fatal(err)
	}
	l.master, l.tty, l.screen, l.over = master, tty, termtest.NewScreen(80, 24), make(chan struct{})
	go func(screen *termtest.Screen, over chan struct{}) {
		defer close(over)
		_, _ = io.Copy(screen, master)
	}(l.screen, l.over)
}

// pollable is f as a file whose Close ends a Read that waits.
func pollable(f *os.File) (*os.File, error) {
	defer func() { _ = f.Close() }()
	fd, err := syscall.Dup(int(f.Fd()))
	if err != nil {
		return nil, err
	}
	syscall.CloseOnExec(fd)
	if err := syscall.SetNonblock(fd, true); err != nil { // before the file is made, which looks
		return nil, err
	}
	return os.NewFile(uintptr(fd), f.Name()), nil
}

// hangUp has the line go away.
func (l *serialLine) hangUp() {
	l.t.Helper()
	if err := os.Remove(l.name); err != nil {
		l.t.Fatal(err)
	}
	_ = l.tty.Close()
	if err := l.master.Close(); err != nil {
		l.t.Fatal(err)
	}
	<-l.over
}

// start starts a locked kiosk on the line, which controls it: so it is told of a hangup.
func (l *serialLine) start(home string, env ...string) *terminal {
	l.t.Helper()
	s := &terminal{t: l.t, home: home, screen: l.screen, over: make(chan struct{}), cmd: exec.CommandContext(l.t.Context(), os.Args[0], "kiosk")}
	s.cmd.Dir, s.cmd.Stdin, s.cmd.Stdout, s.cmd.Stderr = home, l.tty, l.tty, l.tty
	s.cmd.Env = append(locked(l.t, asFoyer+"=1", "HOME="+home, "TERM=xterm-256color", "LANG=en_US.UTF-8"), env...)
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := s.cmd.Start(); err != nil {
		l.t.Fatal(err)
	}
	go func() {
		defer close(s.over)
		_ = s.cmd.Wait() // the code says it
	}()
	l.t.Cleanup(func() {
		_ = s.cmd.Process.Kill()
		<-s.over
	})
	return s
}

func (l *serialLine) press(text string) {
	l.t.Helper()
	if _, err := io.WriteString(l.master, text); err != nil {
		l.t.Fatal(err)
	}
}

func TestALockedKioskSurvivesItsTerminal(t *testing.T) {
	for name, mode := range map[string]string{"in screens": "FOYER_UI_ACCESSIBLE=false", "in lines": "FOYER_UI_ACCESSIBLE=true"} {
		t.Run(name, func(t *testing.T) {
			home := t.TempDir()
			line := &serialLine{t: t, name: filepath.Join(home, "tty")}
			line.connect()
			s := line.start(home, mode, "FOYER_KIOSK_TERMINAL="+line.name)
			log := func() string { return s.read("log.json") }
			for n := range 3 {
				line.screen.Until(t, "Press Enter to begin")
				line.press("\rann@example.com")
				line.screen.Until(t, "ann@example.com")
				line.hangUp()
				termtest.Await(t, termtest.Patience, "the news in the log", func() bool { return strings.Count(log(), `"wait for the terminal"`) == n+1 }, log)
				line.connect()
			}
			line.screen.Until(t, "Press Enter to begin")
			if strings.Contains(line.screen.Recorded(), "ann@example.com") {
				t.Errorf("the next person sees who was there:\n%s", line.screen.Text())
			}
			line.press("\x03")
			line.screen.Until(t, "passcode of staff")
			line.press(staffCode + "\r")
			if code := s.exit(); code != 0 {
				t.Errorf("exit code %d, want 0", code)
			}
			if strings.Contains(log(), "ann@example.com") {
				t.Errorf("the log has an answer:\n%s", log())
			}
			_, _ = line.tty.Close(), line.master.Close()
		})
	}
}

func TestAPseudoTerminalDoesNotComeBack(t *testing.T) {
	home := t.TempDir()
	line := &serialLine{t: t, name: filepath.Join(home, "tty")}
	line.connect()
	s := line.start(home)
	line.screen.Until(t, "Press Enter to begin")
	line.hangUp() // what gets its name next is somebody else's
	if code := s.exit(); code != 1 {
		t.Errorf("exit code %d, want 1", code)
	}
	if kept := s.read("log.json"); !strings.Contains(kept, "set kiosk.terminal") {
		t.Errorf("the log is\n%s", kept)
	}
}

// TestNothingOfAPersonIsOnTheTerminalOfTheNext uses an emulator that keeps what was cleared, as some terminals do.
func TestNothingOfAPersonIsOnTheTerminalOfTheNext(t *testing.T) {
	ways := map[string]string{"the person starts over": "\x1b\r", "the person goes away": ""}
	for name, keys := range ways {
		for _, env := range []string{"TERM=linux", "TERM=xterm-256color"} {
			t.Run(name+", with "+env, func(t *testing.T) {
				s := open(t, 80, 24, locked(t, env, "FOYER_KIOSK_IDLE_TIMEOUT=3s", "FOYER_KIOSK_IDLE_WARNING=2s"), "kiosk")
				s.until("Press Enter to begin")
				s.press("\rann@example.com")
				s.until("ann@example.com")
				s.resize(80, 20) // which has the screen cleared
				s.until("ann@example.com")
				cleared := func() int { return strings.Count(s.recorded(), "\x1b[3J") } // of what was there before the program, too
				before := cleared()
				if keys == "" {
					s.until("Are you still there?")
				} else {
					s.press(keys[:1])
					s.until("Start over?")
					s.press(keys[1:])
				}
				s.until("Press Enter to begin")
				s.wait("the terminal to be cleared", func() bool { return cleared() > before })
				s.until("Press Enter to begin")
				if strings.Contains(s.scrolled(), "ann@example.com") {
					t.Errorf("the next person finds\n%s", s.scrolled())
				}
				if emptied := strings.Contains(s.recorded(), "\x1b]52;c;"); emptied != (env != "TERM=linux") {
					t.Errorf("the clipboard was emptied: %t", emptied)
				}
			})
		}
	}
}

// scrolled is what the terminal remembers of what is no longer on its screen, and what is on it.
func (s *terminal) scrolled() string {
	var all strings.Builder
	all.WriteString(s.text())
	s.screen.Look(func(e *vt.Emulator) {
		for y := range e.ScrollbackLen() {
			for x := range e.Width() {
				if c := e.ScrollbackCellAt(x, y); c != nil {
					all.WriteString(c.Content)
				}
			}
		}
	})
	return all.String()
}
