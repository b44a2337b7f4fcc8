package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"foyer/internal/config"
	"foyer/internal/sshserver"
)

func (p *program) serve() *cobra.Command {
	var pool string
	c := &cobra.Command{
		Use:   "serve",
		Short: "Serve the kiosk over SSH",
		Long: `Serve the kiosk over SSH: whoever connects registers from where they are.

It listens at ssh.listen and prints the fingerprint of its host key, which is
made at the first start. Who may connect, how many and for how long, is for the
keys below ssh to say. The log goes to standard error, unless log.file names a
file. ssh.monitor_listen has it tell how it does, to Prometheus and others.

Whoever connects as the user lines is asked in plain lines instead of being
shown screens, and so is whoever has no terminal: ssh -t lines@HOST.

SIGTERM and ctrl+c let those who are registering finish within ssh.grace; a
second one ends at once. SIGHUP has it read the configuration again and open the
log anew: who connects from then on has what it says, who is inside goes on. With
mistakes in it the one before stays in force, and the log names them.

With no tenant configured it serves the practice tenant, as the kiosk does.`,
		Args: cobra.NoArgs,
		RunE: stayed(func(c *cobra.Command, _ []string) error {
			return p.runServe(c.Context(), pool, c.Flags().Changed("practice-pool"))
		}),
	}
	c.Flags().StringVar(&pool, "practice-pool", defaultPool, "practise in this `pool` of the practice tenant: "+strings.Join(sandboxPools(), ", "))
	return c
}

func (p *program) runServe(ctx context.Context, pool string, practising bool) error {
	kept := p.shielded()
	hangups := p.hangups()
	defer hangups.stop()
	h, err := p.newHost(ctx, pool, practising)
	if err != nil {
		return err
	}
	defer h.close(ctx)
	kept.note(h.journal.logger())
	h.forgotten = p.forgetting(ctx, h.rest)
	if err := p.signIn(ctx, h.now.tenant); err != nil {
		return p.tell(err)
	}
	shared, release, err := sharedLimits(h.now.config.SSH.Limits)
	if err != nil {
		return err
	}
	defer release()
	initial := h.sshConfig(ctx, h.now)
	initial.Shared = shared
	h.server = sshserver.New(ctx, initial)
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", h.now.config.SSH.Listen)
	if err != nil {
		return &usageError{fmt.Errorf("ssh.listen: %w; name an address of this machine that is free", err)}
	}
	stop, monitored, err := h.monitor(ctx)
	if err != nil {
		_ = l.Close()
		return err
	}
	defer stop()
	p.announce(l.Addr(), h.now, monitored)
	ctx, end := context.WithCancel(ctx)
	defer end()
	defer h.obey(ctx, hangups, end)()
	defer hurried(ctx, h.server.End)()
	defer told(ctx)()
	return h.server.Serve(ctx, l)
}

// announce prints where the server is, what it proves itself by, and what it goes by.
func (p *program) announce(at net.Addr, now *stage, monitored net.Addr) {
	p.print("foyer: serving at %s", at)
	for _, key := range now.keys {
		role := "host key"
		if key.Next {
			role = "next host key"
		}
		p.print("foyer: %s %s (%s)", role, key.Fingerprint(), key.Kind())
	}
	p.print("foyer: configuration: %s", fileOf(now.config))
	if now.practice != nil {
		p.print("foyer: practice tenant: nobody who registers here is registered anywhere, since no tenant is configured")
	}
	if monitored != nil {
		p.print("foyer: monitored at http://%s/metrics", monitored)
	}
}

// fileOf is the configuration file that was read, wherever the program was started.
func fileOf(cfg *config.Config) string {
	name := cfg.File()
	if name == "" {
		return "no file was found"
	}
	if whole, err := filepath.Abs(name); err == nil {
		return whole
	}
	return name
}

// sshConfig joins what the configuration says of a server.
func (h *host) sshConfig(ctx context.Context, now *stage) sshserver.Config {
	cfg := now.config
	s := cfg.SSH
	o := options(cfg, now.service, h.catalogue, now.practice)
	o.Forgotten = h.forgotten
	return sshserver.Config{
		HostKeys: signers(now.keys), Allow: now.allow, Invitations: now.invitations, Options: o, Language: cfg.UI.Lang, Background: string(cfg.UI.Theme),
		Accessible: cfg.UI.Accessible,
		Limits:     limitsOf(s), ProxyFrom: s.ProxyProtocolFrom,
		Grace: s.Grace, RecordKeys: s.RecordKey, Logger: h.journal.logger(), Release: func() { h.leave(ctx, now) },
	}
}

// hurried calls end at a signal that comes once ctx has ended. It returns what stops that.
func hurried(ctx context.Context, end func()) (stop func()) {
	over := make(chan struct{})
	again := make(chan os.Signal, 1)
	context.AfterFunc(ctx, func() {
		signal.Notify(again, os.Interrupt, syscall.SIGTERM)
		defer signal.Stop(again)
		select {
		case <-again:
			end()
		case <-over:
		}
	})
	return func() { close(over) }
}

// tell prints the problem that err is, in words.
func (p *program) tell(err error) error {
	problem, text, err := inWords(err)
	if err != nil {
		return err
	}
	p.say("%s", text)
	return &saidError{problem}
}
