package lines

import (
	"bytes"
	"context"
	"errors"
	"io"
	"time"

	"foyer/ui"
	"foyer/ui/theme"
)

// Run shows the kiosk in lines on a terminal until somebody leaves or ctx ends, also when the terminal takes nothing. The error is
// ui.ErrGone, too, or one of Show's.
func Run(ctx context.Context, o ui.Options, t ui.Terminal) (ending ui.Ending, err error) {
	err = t.Hold(ctx, func(ctx context.Context, in io.Reader, size theme.Size, resize <-chan theme.Size) (err error) {
		ending, err = Show(ctx, o, Line{In: in, Out: leash{ctx, t.Out}, Terminal: true, Size: size, Resize: resize, Public: true, Used: t.Used})
		return err
	})
	return ending, err
}

// A leash is a terminal that is not waited for once ctx has ended. A goroutine that writes to one that takes nothing stays.
type leash struct {
	ctx context.Context
	to  io.Writer
}

// patience is how long a terminal may take to be written to in the end.
const patience = time.Second

var errStuck = errors.New("the terminal takes nothing")

// Write is io.Writer's.
func (l leash) Write(text []byte) (int, error) {
	type outcome struct {
		n   int
		err error
	}
	written, copied := make(chan outcome, 1), bytes.Clone(text)
	go func() {
		defer clear(copied)
		n, err := l.to.Write(copied)
		written <- outcome{n, err}
	}()
	select {
	case o := <-written:
		return o.n, o.err
	case <-l.ctx.Done():
	}
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case o := <-written:
		return o.n, o.err
	case <-timer.C:
		return 0, errStuck
	}
}
