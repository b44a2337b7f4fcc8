package ui

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/charmbracelet/x/term"
	"github.com/muesli/cancelreader"

	"foyer/ui/theme"
)

// A Terminal is one of this machine.
type Terminal struct {
	In, Out *os.File // of the same terminal, or the same file
	Used    bool     // others may have left something on it
}

// ErrGone says that nothing more comes from a terminal: it has hung up.
var ErrGone = errors.New("the terminal is gone")

// Hold calls show while the terminal is in raw mode, with what comes from it, the size of its window and those that it gets. Nothing
// is read from the terminal any more when it returns, so that whoever is shown something next gets every key. However it ends, the
// terminal is in the mode that it had before. When the terminal hangs up, the context of show ends, and the error is ErrGone.
func (t Terminal) Hold(ctx context.Context, show func(ctx context.Context, in io.Reader, size theme.Size, resize <-chan theme.Size) error) (err error) {
	held, end := context.WithCancelCause(ctx)
	defer end(nil)
	before, err := term.MakeRaw(t.In.Fd())
	if err != nil {
		return fmt.Errorf("set the terminal's mode: %w", err)
	}
	defer func() { err = errors.Join(err, term.Restore(t.In.Fd(), before)) }()
	in, err := cancelreader.NewReader(t.In)
	if err != nil {
		return fmt.Errorf("read the terminal: %w", err)
	}
	keys := &keyboard{from: in, gone: func() { end(ErrGone) }}
	defer keys.close()
	size, resize := window(held, t.Out)
	err = show(held, keys, size, resize)
	if ctx.Err() == nil && errors.Is(context.Cause(held), ErrGone) {
		return ErrGone
	}
	return err
}

// A keyboard hands out what comes from a terminal until it is closed.
type keyboard struct {
	from cancelreader.CancelReader
	gone func() // called when nothing more comes

	mu     sync.Mutex // is held while it is read
	closed bool
}

// Read is io.Reader's.
func (k *keyboard) Read(p []byte) (int, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.closed {
		return 0, io.EOF
	}
	n, err := k.from.Read(p)
	if n == 0 && err == nil {
		err = io.EOF
	}
	if err != nil && !errors.Is(err, cancelreader.ErrCanceled) {
		k.gone()
	}
	return n, err
}

// close ends a Read that waits, and all that begin afterwards. Another process that reads the terminal can have one wait for good,
// which does not keep the end.
func (k *keyboard) close() {
	k.from.Cancel()
	closed := make(chan struct{})
	go func() {
		defer close(closed)
		k.mu.Lock()
		defer k.mu.Unlock()
		k.closed = true
		_ = k.from.Close()
	}()
	select {
	case <-closed:
	case <-time.After(patience):
	}
}
