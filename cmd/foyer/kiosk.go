package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"foyer/internal/config"
	"foyer/internal/i18n"
	"foyer/internal/lobby"
	"foyer/internal/registration"
	"foyer/internal/sandbox"
	"foyer/ui"
	"foyer/ui/lines"
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
sent to them lies in a mailbox on the screen.

With ui.accessible it asks in plain lines, for screen readers.

With kiosk.locked nobody ends it but staff, by a passcode (ctrl+c asks for it),
and SIGTERM. It is shown anew after a failure, and when its terminal comes back.`,
		Args: cobra.NoArgs,
		RunE: stayed(func(c *cobra.Command, _ []string) error {
			return p.runKiosk(c.Context(), pool, c.Flags().Changed("practice-pool"))
		}),
	}
	c.Flags().StringVar(&pool, "practice-pool", defaultPool, "practise in this `pool` of the practice tenant: "+strings.Join(sandboxPools(), ", "))
	return c
}

func (p *program) runKiosk(ctx context.Context, pool string, practising bool) error {
	kept := p.shielded()
	cfg, practice, err := p.settle(pool, practising)
	if err != nil {
		return err
	}
	defer practice.stop()
	ctx, stop := p.heed(ctx, cfg.Kiosk.Locked)
	defer stop()
	at, err := p.place(cfg.Kiosk)
	if err != nil {
		return err
	}
	defer at.close()
	t, err := p.connect(ctx, cfg)
	if err != nil {
		return err
	}
	defer t.close(ctx)
	kept.note(t.logger)
	if err := t.restore(ctx); err != nil {
		t.logger.Info("take up the kept sign-in of staff", "error", err) // the kiosk opens closed, and tries again when staff signs in
	}
	catalogue, err := i18n.Load()
	if err != nil {
		return err
	}
	o := options(cfg, t.service, catalogue, practice)
	o.Language, o.Desk, o.Terminal = p.language(cfg.UI), t.desk(), theme.Detect(p.environ(), string(cfg.UI.Theme))
	o.Forgotten = p.forgetting(ctx, t.rest)
	return t.show(registration.From(ctx, at.origin()), o, at)
}

// show shows the kiosk at a place; one that is locked for good.
func (t *tenant) show(ctx context.Context, o ui.Options, at place) error {
	run := ui.Run
	if t.config.UI.Accessible {
		run = lines.Run
	}
	once := func(ctx context.Context, at lobby.Terminal) (left bool, err error) {
		ending, err := run(ctx, o, ui.Terminal{In: at.In, Out: at.Out, Used: at.Used})
		var panicked *ui.PanicError
		if errors.As(err, &panicked) {
			t.logger.Error("kiosk", "error", err, "stack", string(panicked.Stack))
		}
		return ending.Reason == ui.Left, err
	}
	if !t.config.Kiosk.Locked {
		_, err := once(ctx, at.terminal)
		return err
	}
	o.Lock = t.lock(at.origin())
	kept := lobby.Lobby{Name: at.name, First: at.terminal, Show: once, Logger: t.logger}
	err := kept.Run(ctx)
	if err != nil {
		t.logger.Error("kiosk", "error", err) // whoever would read it elsewhere is gone
	}
	return err
}

// options are those of every session, wherever it is shown; practice is nil with a tenant.
func options(cfg *config.Config, service ui.Service, catalogue *i18n.Catalogue, practice *running) ui.Options {
	return ui.Options{
		Service: service, Catalogue: catalogue, Title: cfg.UI.Title, Sandbox: practice != nil, Mailbox: practice.mailbox(),
		IdleTimeout: cfg.Kiosk.IdleTimeout, IdleWarning: cfg.Kiosk.IdleWarning, DoneTimeout: cfg.Kiosk.DoneTimeout,
		Now: time.Now,
	}
}

// settle reads the configuration. Where it names no tenant, it starts the practice tenant and points at its pool; practising
// says that somebody chose that pool.
func (p *program) settle(pool string, practising bool) (*config.Config, *running, error) {
	cfg, err := p.load()
	switch {
	case err != nil:
		return nil, nil, err
	case practising && cfg.Configured():
		return nil, nil, &usageError{errors.New("--practice-pool is for the practice tenant, but a tenant is configured; leave it out")}
	case cfg.Configured():
		return cfg, nil, nil
	}
	return p.practise(pool)
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
	cfg, _, err := p.read(s.variables()) // whose warnings were printed when it was read without them
	if err != nil {
		s.stop()
		return nil, nil, fmt.Errorf("practice tenant: %w", err)
	}
	return cfg.ForPractice(), s, nil
}

// variables are the settings that lead to the sandbox; nil without one.
func (r *running) variables() map[string]string {
	if r == nil {
		return nil
	}
	all := make(map[string]string)
	for _, setting := range r.settings {
		all[setting.Name] = setting.Value
	}
	return all
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
