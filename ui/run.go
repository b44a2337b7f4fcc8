package ui

import (
	"context"
	"errors"
	"fmt"
	"os"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/term"

	"foyer/ui/intake"
)

// Run shows the kiosk on a terminal until somebody leaves or ctx ends.
func Run(ctx context.Context, o Options, in, out *os.File) (err error) {
	ctx, end := context.WithCancel(ctx)
	defer end()
	// Bubble Tea sets the mode of a terminal that it reads itself; here the intake reads it.
	before, err := term.MakeRaw(in.Fd())
	if err != nil {
		return fmt.Errorf("set the terminal's mode: %w", err)
	}
	defer func() { err = errors.Join(err, term.Restore(in.Fd(), before)) }()

	keys := intake.New(ctx, in, o.Now)
	// The context ends with the signals already; Bubble Tea's own handler can wait for its loop for ever once that has ended.
	p := tea.NewProgram(New(ctx, o), tea.WithContext(ctx), tea.WithoutSignalHandler(), tea.WithAltScreen(), tea.WithInput(keys), tea.WithOutput(out))
	_, err = p.Run()
	if asked := errors.Is(err, tea.ErrProgramKilled) && ctx.Err() != nil; err != nil && !asked {
		return fmt.Errorf("kiosk: %w", err)
	}
	return nil
}
