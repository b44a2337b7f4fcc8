//go:build unix

package ui

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/charmbracelet/x/term"

	"foyer/ui/theme"
)

// window is the size of the window that out is shown in, and the sizes that it gets until ctx ends. Bubble Tea watches for
// them only when it draws.
func window(ctx context.Context, out *os.File) (now theme.Size, later <-chan theme.Size) {
	changed := make(chan os.Signal, 1)
	signal.Notify(changed, syscall.SIGWINCH)
	sizes := make(chan theme.Size)
	go func() {
		defer signal.Stop(changed)
		for {
			select {
			case <-changed:
			case <-ctx.Done():
				return
			}
			select {
			case sizes <- sizeOf(out):
			case <-ctx.Done():
				return
			}
		}
	}()
	return sizeOf(out), sizes
}

// sizeOf is the size of the window that out is shown in; of no cells when nobody knows.
func sizeOf(out *os.File) theme.Size {
	width, height, err := term.GetSize(out.Fd())
	if err != nil {
		return theme.Size{}
	}
	return theme.Size{Width: width, Height: height}
}
