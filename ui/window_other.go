//go:build !unix

package ui

import (
	"context"
	"os"

	"github.com/charmbracelet/x/term"

	"foyer/ui/theme"
)

// window is the size of the window that out is shown in. Nothing tells when that changes.
func window(_ context.Context, out *os.File) (now theme.Size, later <-chan theme.Size) {
	width, height, err := term.GetSize(out.Fd())
	if err != nil {
		return theme.Size{}, nil
	}
	return theme.Size{Width: width, Height: height}, nil
}
