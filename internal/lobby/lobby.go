// Package lobby keeps something shown on a terminal for good: whatever ends it, but who may end it, it is shown anew, also when the
// terminal was away meanwhile.
package lobby

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/charmbracelet/x/term"
)

// A Terminal is open. In and Out may be the same file.
type Terminal struct {
	In, Out *os.File
	Used    bool // something was shown on it before, or may have been
}

// A Lobby keeps something shown.
type Lobby struct {
	// Name is what the terminal is opened by, when it was away; "" for one that does not come back.
	Name string
	// First is what it begins on; the zero one to open Name.
	First Terminal
	// Show shows it until somebody may end it, which done says, or until it cannot go on, or ctx ends.
	Show func(ctx context.Context, t Terminal) (done bool, err error)
	// Logger is told why it is shown anew.
	Logger *slog.Logger
}

// Pauses between an end and the next beginning.
const (
	lasting      = time.Minute // what was shown for so long may end again, and begins again at once
	firstPause   = time.Second // before what ended at once begins again; each is twice the one before
	longestPause = time.Minute
)

// pause is how long to wait after so many ends in a row that came at once.
func pause(ends int) time.Duration {
	switch {
	case ends <= 1:
		return 0
	case ends > 8:
		return longestPause
	}
	return min(firstPause<<(ends-2), longestPause)
}

// Run shows it until Show is done or ctx ends, which are no errors. The error says that the terminal is gone and has no name. While
// nothing is shown, the terminal stays in raw mode, and what is typed is dropped.
func (l Lobby) Run(ctx context.Context) error {
	at, ends := l.First, 0
	for {
		held, err := l.hold(ctx, at)
		if held == nil {
			return err
		}
		var done bool
		done, ends = l.stay(ctx, held, ends)
		if held.release(); done {
			return nil
		}
		at = Terminal{}
	}
}

// stay shows it on one terminal, again and again while that is there, until it is done or ctx ends. Ends is how often it ended at once before, and then.
func (l Lobby) stay(ctx context.Context, t *held, ends int) (done bool, now int) {
	for there := true; there; t.Used = true {
		begun := time.Now()
		done, err := l.show(ctx, t.Terminal)
		if done || ctx.Err() != nil {
			return true, ends
		}
		if ends++; time.Since(begun) >= lasting {
			ends = 1
		}
		wait := pause(ends)
		if there = t.there(); !there {
			wait = min(wait, longestPoll)
		}
		l.Logger.ErrorContext(ctx, "the kiosk has ended and is shown anew", "error", err, "after", time.Since(begun).String(), "terminal_there", there, "wait", wait.String())
		sleep(ctx, wait)
		t.drain()
	}
	return false, ends
}

// show is Show, whose panic is an error. Its value may quote what was typed.
func (l Lobby) show(ctx context.Context, t Terminal) (done bool, err error) {
	defer func() {
		if r := recover(); r != nil {
			done, err = false, fmt.Errorf("panic with a value of type %T", r)
		}
	}()
	return l.Show(ctx, t)
}

// hold puts a terminal into raw mode: at, or the one that comes back. It returns nil when ctx has ended.
func (l Lobby) hold(ctx context.Context, at Terminal) (*held, error) {
	for {
		opened := false
		if at.In == nil {
			if l.Name == "" {
				return nil, ErrNoName
			}
			f := l.await(ctx)
			if f == nil {
				return nil, nil //nolint:nilnil // the context has ended
			}
			at, opened = Terminal{In: f, Out: f, Used: true}, true
		}
		mode, err := term.MakeRaw(at.In.Fd())
		if err == nil {
			return &held{Terminal: at, mode: mode, opened: opened}, nil
		}
		if opened {
			_ = at.In.Close()
		}
		at = Terminal{}
		if !sleep(ctx, firstPoll) {
			return nil, nil //nolint:nilnil // likewise
		}
	}
}

// A held terminal is in raw mode.
type held struct {
	Terminal
	mode   *term.State // from before
	opened bool        // by us
}

// there reports whether the terminal has not hung up.
func (h *held) there() bool {
	_, err := term.GetState(h.In.Fd())
	return err == nil
}

// release puts the terminal into its mode from before, if it is there still.
func (h *held) release() {
	_ = term.Restore(h.In.Fd(), h.mode) // otherwise it has hung up, and has no mode
	if h.opened {
		_ = h.In.Close()
	}
}

// sleep waits for d; it reports whether ctx is still there then.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return ctx.Err() == nil
	case <-ctx.Done():
		return false
	}
}
