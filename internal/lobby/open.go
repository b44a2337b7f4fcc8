package lobby

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/charmbracelet/x/term"
)

// ErrNoName says that a terminal is gone that nobody can open again.
var ErrNoName = errors.New("the terminal is gone, and nothing is known by which it could be opened again; set kiosk.terminal")

// Looks for a terminal that is away: some are there again at once, and for others nobody waits.
const (
	firstPoll   = 100 * time.Millisecond
	longestPoll = 2 * time.Second
)

// Open opens the terminal that is called name. It does not become the one that controls the process.
func Open(name string) (*os.File, error) {
	f, err := open(name)
	switch {
	case err != nil:
		return nil, fmt.Errorf("open the terminal: %w", err)
	case !term.IsTerminal(f.Fd()):
		_ = f.Close()
		return nil, fmt.Errorf("open the terminal: %s is none", name)
	}
	return f, nil
}

// await opens the terminal as soon as it is there; nil when ctx has ended before.
func (l Lobby) await(ctx context.Context) *os.File {
	for poll, told := firstPoll, false; ctx.Err() == nil; poll = min(2*poll, longestPoll) {
		f, err := Open(l.Name)
		if err == nil {
			if told {
				l.Logger.InfoContext(ctx, "the terminal is there again", "terminal", l.Name)
			}
			return f
		}
		if !told {
			l.Logger.WarnContext(ctx, "wait for the terminal", "terminal", l.Name, "error", err)
			told = true
		}
		sleep(ctx, poll)
	}
	return nil
}

// Returning is name where a terminal can be opened by it after it was away, or "". A pseudo-terminal does not come back: what has its name
// next is somebody else's.
func Returning(name string) string {
	if !strings.HasPrefix(name, "/dev/") || strings.HasPrefix(name, "/dev/pts/") {
		return ""
	}
	return name
}
