// Command foyer is a registration kiosk for the terminal: people register themselves in a SecureAuth Identity Pool.
//
// This package is flags, wiring and exit codes: one file a command, wire.go joins configuration to the packages that do
// the work, and exit.go is the one place where errors become exit codes.
package main

import (
	"context"
	"errors"
	"io"
	"os"

	"github.com/cli/browser"
	"github.com/spf13/cobra"

	"foyer/internal/config"
	"foyer/internal/forget"
)

func main() { os.Exit(system().main(os.Args[1:])) }

// A program is the command and all it knows of the world, so that tests can give it another one.
type program struct {
	stdin    io.Reader
	stdout   io.Writer
	stderr   io.Writer
	environ  func() []string
	harden   func() forget.Hardening // nil for a program in another's process, which it is not to change
	file     string                  // --config
	override []config.Override       // --set
	signals  *signals                // of the process, while a command runs
}

// system returns the program in the process that it runs in.
func system() *program {
	browser.Stdout, browser.Stderr = io.Discard, io.Discard // the screen is the kiosk's
	return &program{stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr, environ: os.Environ, harden: forget.Harden}
}

// main runs the command that args name and returns its exit code.
func (p *program) main(args []string) int {
	p.signals = catchSignals(context.Background())
	defer p.signals.stop()
	root := p.root()
	root.SetArgs(args)
	err := root.ExecuteContext(p.signals.ctx)
	p.complain(err)
	return exitCode(err)
}

// complain prints err for the person at the shell, unless the command has said it in its own way.
func (p *program) complain(err error) {
	var told *saidError
	if err == nil || errors.As(err, &told) {
		return
	}
	p.say("%v", err)
	var wrong *ranError
	if !errors.As(err, &wrong) {
		said(p.stderr, "Run 'foyer --help' to see how it is used.")
	}
}

// root is the tree of commands.
func (p *program) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "foyer",
		Short: "A registration kiosk for the terminal",
		Long: `Foyer registers people in a SecureAuth Identity Pool, at a terminal.

Without a command it is the kiosk. With nothing configured, the kiosk runs on a
practice tenant inside the program, so that you can try everything at once.

Settings come from flags, FOYER_... variables and foyer.yaml, in this order;
'foyer config example' prints a commented file. Exit codes: 0 done, 1 failed,
2 usage or configuration, 3 conflict, 4 rejected input, 5 tenant unavailable.`,
		Args:          cobra.NoArgs,
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	root.SetIn(p.stdin)
	root.SetOut(p.stdout)
	root.SetErr(p.stderr)
	root.PersistentFlags().StringVar(&p.file, "config", "", "read this configuration `file`")
	root.PersistentFlags().Var(&overrides{list: &p.override}, "set", "set a `key=value` of the configuration; may be repeated")
	kiosk := p.kiosk()
	root.RunE = kiosk.RunE
	root.PersistentPreRun = func(c *cobra.Command, _ []string) {
		if c != root && c != kiosk { // which may turn out to be locked
			p.signals.obey()
		}
	}
	root.AddCommand(kiosk, p.passcode(), p.serve(), p.invite(), p.audit(), p.register(), p.activate(), p.check(), p.sandbox(), p.config(), p.version())
	return root
}
