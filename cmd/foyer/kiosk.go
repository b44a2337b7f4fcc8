package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/charmbracelet/x/term"
	"github.com/spf13/cobra"

	"foyer/internal/config"
	"foyer/internal/i18n"
	"foyer/internal/sandbox"
	"foyer/ui"
	"foyer/ui/screen"
	"foyer/ui/theme"
)

// defaultPool is the sandbox's pool for everybody.
const defaultPool = "customers"

func (p *program) kiosk() *cobra.Command {
	var pool string
	c := &cobra.Command{
		Use:   "kiosk",
		Short: "Show the kiosk on this terminal (the default)",
		Long: `Show the kiosk on this terminal.

With no tenant configured it starts the practice tenant inside the program and
says so in a banner. Practice accounts live until the program ends, and what is
sent to them lies in a mailbox on the screen.`,
		Args: cobra.NoArgs,
		RunE: ran(func(c *cobra.Command, _ []string) error {
			return p.runKiosk(c.Context(), pool, c.Flags().Changed("practice-pool"))
		}),
	}
	c.Flags().StringVar(&pool, "practice-pool", defaultPool, "practise in this `pool` of the practice tenant: "+strings.Join(sandboxPools(), ", "))
	return c
}

func (p *program) runKiosk(ctx context.Context, pool string, practising bool) error {
	cfg, err := p.load(nil)
	if err != nil {
		return err
	}
	if practising && cfg.Configured() {
		return &usageError{errors.New("--practice-pool is for the practice tenant, but a tenant is configured; leave it out")}
	}
	in, out, err := p.terminal()
	if err != nil {
		return err
	}
	var practice *running // nil with a tenant
	if !cfg.Configured() {
		if cfg, practice, err = p.practise(pool); err != nil {
			return err
		}
		defer practice.stop()
	}
	t, err := p.connect(cfg)
	if err != nil {
		return err
	}
	defer t.close(ctx)
	if err := t.restore(ctx); err != nil {
		t.logger.Info("take up the kept sign-in of staff", "error", err) // the kiosk opens closed, and tries again when staff signs in
	}
	catalogue, err := i18n.Load()
	if err != nil {
		return err
	}
	return ui.Run(ctx, ui.Options{
		Service: t.service, Catalogue: catalogue, Language: p.language(cfg.UI), Title: cfg.UI.Title, Sandbox: practice != nil, Mailbox: practice.mailbox(), Desk: t.desk(),
		Terminal:    theme.Detect(p.environ(), string(cfg.UI.Theme)),
		IdleTimeout: cfg.Kiosk.IdleTimeout, IdleWarning: cfg.Kiosk.IdleWarning, DoneTimeout: cfg.Kiosk.DoneTimeout,
		Now: time.Now,
	}, in, out)
}

// terminal returns the ends of the terminal that the kiosk is shown on.
func (p *program) terminal() (in, out *os.File, err error) {
	in, inOK := p.stdin.(*os.File)
	out, outOK := p.stdout.(*os.File)
	if !inOK || !outOK || !term.IsTerminal(in.Fd()) || !term.IsTerminal(out.Fd()) {
		return nil, nil, &usageError{errors.New("the kiosk needs a terminal; to register without one, use 'foyer register'")}
	}
	return in, out, nil
}

// language is the one that a new person starts with.
func (p *program) language(c config.UI) string {
	if c.Lang != "" {
		return c.Lang
	}
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if value := p.variable(name); value != "" {
			return value
		}
	}
	return ""
}

// practise starts the sandbox on a free port of the loopback and returns a configuration that points at its pool.
func (p *program) practise(pool string) (*config.Config, *running, error) {
	s, err := startSandbox("127.0.0.1:0", pool, sandbox.Options{})
	if err != nil {
		return nil, nil, err
	}
	extra := make(map[string]string)
	for _, setting := range s.settings {
		extra[setting.Name] = setting.Value
	}
	cfg, err := p.load(extra)
	if err != nil {
		s.stop()
		return nil, nil, fmt.Errorf("practice tenant: %w", err)
	}
	return cfg, s, nil
}

// mailbox is what lies in the outbox of a practice tenant for an address; nil without one.
func (r *running) mailbox() screen.Mailbox {
	if r == nil {
		return nil
	}
	return func(address string) []string {
		for _, m := range slices.Backward(r.tenant.Outbox()) {
			if m.To == address {
				return []string{m.Text}
			}
		}
		return nil
	}
}
