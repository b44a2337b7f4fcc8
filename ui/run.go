package ui

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/term"

	"foyer/ui/intake"
	"foyer/ui/paint"
	"foyer/ui/theme"
)

// A Line leads to a person's terminal, which is in raw mode.
type Line struct {
	In     io.Reader
	Out    io.Writer
	Size   theme.Size        // of the window; of no cells when nobody knows
	Resize <-chan theme.Size // the sizes that it gets; nil when it gets none
	Public bool              // the terminal is everybody's: in the end what scrolled off it is cleared, too
}

// Run shows the kiosk on a terminal until somebody leaves or ctx ends.
func Run(ctx context.Context, o Options, in, out *os.File) (err error) {
	ctx, end := context.WithCancel(ctx)
	defer end()
	before, err := term.MakeRaw(in.Fd())
	if err != nil {
		return fmt.Errorf("set the terminal's mode: %w", err)
	}
	defer func() { err = errors.Join(err, term.Restore(in.Fd(), before)) }()

	size, resize := window(ctx, out)
	return Show(ctx, o, Line{In: in, Out: out, Size: size, Resize: resize, Public: true})
}

// Show shows the kiosk at the end of l until somebody leaves or ctx ends, which are no errors, or l can no longer be written
// to. Then the terminal is as it was before, unless it takes nothing for a while. The goroutine that reads l.In goes on until
// that fails, and one that writes to a terminal that takes nothing until l.Out fails.
func Show(ctx context.Context, o Options, l Line) error {
	session, end := context.WithCancelCause(ctx)
	defer end(nil)
	painter := paint.New(l.Out, paint.Options{Controls: o.Terminal.Controls, Size: l.Size, Public: l.Public, Fail: end})
	model := paint.Wrap(New(session, o).resize(tea.WindowSizeMsg{Width: l.Size.Width, Height: l.Size.Height}), painter)
	// The context ends with the signals already; Bubble Tea's own handler can wait for its loop for ever once that has ended.
	p := tea.NewProgram(model, tea.WithContext(session), tea.WithoutSignalHandler(), tea.WithoutRenderer(),
		tea.WithInput(intake.New(session, l.In, o.Now)), tea.WithOutput(io.Discard), tea.WithEnvironment([]string{}))
	if l.Resize != nil {
		go pass(session, l.Resize, p)
	}
	_, err := p.Run()
	closed := leave(session, painter)
	switch {
	case ctx.Err() != nil && (err == nil || errors.Is(err, tea.ErrProgramKilled)):
		return nil
	case closed != nil:
		return fmt.Errorf("kiosk: %w", closed)
	case err != nil:
		return fmt.Errorf("kiosk: %w", err)
	}
	return nil
}

// pass tells p the sizes that the window gets.
func pass(ctx context.Context, sizes <-chan theme.Size, p *tea.Program) {
	for {
		select {
		case size, ok := <-sizes:
			if !ok {
				return
			}
			p.Send(tea.WindowSizeMsg{Width: size.Width, Height: size.Height})
		case <-ctx.Done():
			return
		}
	}
}

// patience is how long a terminal may take to be cleared in the end.
const patience = time.Second

// leave clears the terminal, also when the session was ended by its context.
func leave(session context.Context, painter *paint.Painter) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(session), patience)
	defer cancel()
	return painter.Close(ctx)
}
