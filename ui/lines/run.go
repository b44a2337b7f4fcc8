package lines

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/charmbracelet/x/term"

	"foyer/ui"
)

// Run shows the kiosk in lines on a terminal until somebody leaves or ctx ends. However it ends, the terminal is as it was before.
func Run(ctx context.Context, o ui.Options, in, out *os.File) (err error) {
	ctx, end := context.WithCancel(ctx)
	defer end()
	before, err := term.MakeRaw(in.Fd())
	if err != nil {
		return fmt.Errorf("set the terminal's mode: %w", err)
	}
	defer func() { err = errors.Join(err, term.Restore(in.Fd(), before)) }()
	size, resize := ui.Window(ctx, out)
	_, err = Show(ctx, o, Line{In: in, Out: out, Terminal: true, Size: size, Resize: resize, Public: true})
	return err
}
