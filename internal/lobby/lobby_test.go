package lobby

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/charmbracelet/x/term"
	"github.com/creack/pty"
)

// openPair opens a terminal, and the other end of it.
func openPair(t *testing.T) (master, tty *os.File) {
	t.Helper()
	master, tty, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = master.Close(), tty.Close() })
	return master, tty
}

func TestWhatEndsIsShownAnewAfterGrowingPauses(t *testing.T) {
	_, tty := openPair(t)
	before, err := term.GetState(tty.Fd())
	if err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		var at []time.Duration
		begun := time.Now()
		l := Lobby{First: Terminal{In: tty, Out: tty}, Logger: slog.New(slog.NewTextHandler(&log, nil))}
		l.Show = func(_ context.Context, shown Terminal) (bool, error) {
			at = append(at, time.Since(begun))
			if during, err := term.GetState(tty.Fd()); err != nil || *during == *before || shown.Used != (len(at) > 1) {
				t.Errorf("show %d: not in raw mode, or used: %t", len(at), shown.Used)
			}
			switch len(at) {
			case 2:
				panic("Marker-7")
			case 5:
				time.Sleep(lasting) //nolint:forbidigo // of the bubble's clock
			case 7:
				return true, nil
			}
			return false, errors.New("it has ended")
		}
		if err := l.Run(t.Context()); err != nil {
			t.Errorf("Run() = %v", err)
		}
		want := []time.Duration{0, 0, 1, 3, 7, 67, 68}
		for i := range want {
			want[i] *= time.Second
		}
		if !slices.Equal(at, want) {
			t.Errorf("it is shown at %v, want %v", at, want)
		}
		if strings.Contains(log.String(), "Marker-7") || !strings.Contains(log.String(), "panic with a value of type string") {
			t.Errorf("the log is\n%s", log.String())
		}
	})
	if after, err := term.GetState(tty.Fd()); err != nil || *after != *before {
		t.Errorf("the terminal's modes are %+v (%v), want %+v", after, err, before)
	}
}

func TestWhatWasTypedBetweenIsDropped(t *testing.T) {
	master, tty := openPair(t)
	shown := 0
	l := Lobby{First: Terminal{In: tty, Out: tty}, Logger: slog.New(slog.DiscardHandler)}
	l.Show = func(_ context.Context, at Terminal) (bool, error) {
		if shown++; shown == 1 {
			_, err := master.WriteString("secret")
			return false, err
		}
		if _, err := master.WriteString("key"); err != nil {
			return true, err
		}
		typed := make([]byte, 16)
		n, err := at.In.Read(typed)
		if got := string(typed[:n]); got != "key" {
			t.Errorf("the next is given %q", got)
		}
		return true, err
	}
	if err := l.Run(t.Context()); err != nil {
		t.Errorf("Run() = %v", err)
	}
}

func TestATerminalThatIsNotThereIsWaitedFor(t *testing.T) {
	_, tty := openPair(t)
	name := filepath.Join(t.TempDir(), "tty")
	synctest.Test(t, func(t *testing.T) {
		begun := time.Now()
		time.AfterFunc(time.Hour, func() {
			if err := os.Symlink(tty.Name(), name); err != nil {
				t.Error(err)
			}
		})
		l := Lobby{Name: name, Logger: slog.New(slog.DiscardHandler)}
		l.Show = func(context.Context, Terminal) (bool, error) {
			if took := time.Since(begun); took < time.Hour || took > time.Hour+longestPoll {
				t.Errorf("it is shown after %s", took)
			}
			return true, nil
		}
		if err := l.Run(t.Context()); err != nil {
			t.Errorf("Run() = %v", err)
		}
	})
}

func TestTheEndOfTheContextEndsAllWaiting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		l := Lobby{Name: filepath.Join(t.TempDir(), "tty"), Logger: slog.New(slog.DiscardHandler)}
		if err := l.Run(ctx); err != nil {
			t.Errorf("Run() = %v", err)
		}
	})
}

func TestAFileIsNoTerminal(t *testing.T) {
	name := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(name, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if f, err := Open(name); err == nil {
		_ = f.Close()
		t.Error("a file is opened")
	}
}

func TestReturning(t *testing.T) {
	for name, want := range map[string]string{"/dev/tty1": "/dev/tty1", "/dev/ttyS0": "/dev/ttyS0", "/dev/pts/3": "", "/dev/pts/3 (deleted)": "", "pipe:[7]": ""} {
		if got := Returning(name); got != want {
			t.Errorf("Returning(%q) = %q, want %q", name, got, want)
		}
	}
}
