package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/charmbracelet/x/term"
	"github.com/spf13/cobra"

	"foyer/internal/passcode"
	"foyer/internal/secret"
)

func (p *program) passcode() *cobra.Command {
	return &cobra.Command{
		Use:   "passcode",
		Short: "Hash the passcode by which staff leaves a locked kiosk",
		Long: `Hash the passcode by which staff leaves a locked kiosk, for kiosk.passcode_hash.

In a terminal it asks for the passcode, twice, and does not show it; otherwise it
reads one line from stdin. It prints the hash (argon2id) on stdout, and nothing
else, and keeps neither.`,
		Args: cobra.NoArgs,
		RunE: ran(func(c *cobra.Command, _ []string) error { return p.runPasscode(c.Context()) }),
	}
}

func (p *program) runPasscode(ctx context.Context) error {
	p.shieldOnce()
	code, err := p.askPasscode(ctx)
	if err != nil {
		return err
	}
	defer code.Wipe()
	if err := passcode.Judge(code); err != nil {
		return &usageError{fmt.Errorf("the passcode %w", err)}
	}
	h, err := passcode.New(code)
	if err != nil {
		return &usageError{fmt.Errorf("the passcode %w", err)}
	}
	if err := write(p.stdout, h.Text()+"\n"); err != nil {
		return err
	}
	_ = write(p.stderr, `foyer: put it in the configuration file, which only the user of the kiosk can read, in single quotes:
kiosk:
  locked: true
  passcode_hash: '...'
foyer: or in FOYER_KIOSK_PASSCODE_HASH, where a shell takes $ for a variable unless it is quoted likewise
`)
	return nil
}

// askPasscode asks for the passcode on a terminal, or reads it from stdin.
func (p *program) askPasscode(ctx context.Context) (secret.Text, error) {
	f, ok := p.stdin.(*os.File)
	if !ok || !term.IsTerminal(f.Fd()) {
		return readPasscode(p.stdin)
	}
	first, err := p.hiddenLine(ctx, f, "Passcode: ")
	if err != nil {
		return secret.Text{}, err
	}
	if err := passcode.Judge(first); err != nil { // before it is typed again
		first.Wipe()
		return secret.Text{}, &usageError{fmt.Errorf("the passcode %w", err)}
	}
	second, err := p.hiddenLine(ctx, f, "The same again: ")
	if err != nil {
		first.Wipe()
		return secret.Text{}, err
	}
	defer second.Wipe()
	if !first.Equal(second) {
		first.Wipe()
		return secret.Text{}, &usageError{errors.New("the two passcodes are not the same; try again")}
	}
	return first, nil
}

// hiddenLine asks for a line that is not shown. When ctx ends, the terminal shows again what is typed.
func (p *program) hiddenLine(ctx context.Context, f *os.File, prompt string) (secret.Text, error) {
	before, err := term.GetState(f.Fd())
	if err != nil {
		return secret.Text{}, fmt.Errorf("ask for the passcode: %w", err)
	}
	_ = write(p.stderr, prompt)
	type line struct {
		text []byte
		err  error
	}
	typed := make(chan line, 1)
	go func() {
		text, err := term.ReadPassword(f.Fd())
		typed <- line{text, err}
	}()
	select {
	case l := <-typed:
		_ = write(p.stderr, "\n")
		defer clear(l.text)
		if l.err != nil {
			return secret.Text{}, fmt.Errorf("ask for the passcode: %w", l.err)
		}
		return secret.New(string(l.text)), nil
	case <-ctx.Done():
		_ = term.Restore(f.Fd(), before)
		_ = write(p.stderr, "\n")
		return secret.Text{}, ctx.Err()
	}
}

// readPasscode reads a line of stdin; more than one is a mistake that would go unnoticed.
func readPasscode(r io.Reader) (secret.Text, error) {
	const most = 4 * passcode.MaxLength
	data, err := io.ReadAll(io.LimitReader(r, most+1))
	defer clear(data)
	if err != nil {
		return secret.Text{}, fmt.Errorf("read the passcode from stdin: %w", err)
	}
	line, rest, _ := bytes.Cut(data, []byte("\n"))
	switch {
	case len(data) > most:
		return secret.Text{}, &usageError{fmt.Errorf("the passcode %w", passcode.ErrLong)}
	case len(bytes.TrimSpace(rest)) > 0:
		return secret.Text{}, &usageError{errors.New("there is more than one line on stdin; give the passcode in one")}
	}
	return secret.New(string(bytes.TrimSuffix(line, []byte("\r")))), nil
}
