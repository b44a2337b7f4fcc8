package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"
	gossh "golang.org/x/crypto/ssh"

	"foyer/internal/config"
	"foyer/internal/i18n"
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
file.

SIGTERM and ctrl+c let those who are registering finish within ssh.grace; a
second one ends at once.

With no tenant configured it serves the practice tenant, as the kiosk does.`,
		Args: cobra.NoArgs,
		RunE: ran(func(c *cobra.Command, _ []string) error {
			return p.runServe(c.Context(), pool, c.Flags().Changed("practice-pool"))
		}),
	}
	c.Flags().StringVar(&pool, "practice-pool", defaultPool, "practise in this `pool` of the practice tenant: "+strings.Join(sandboxPools(), ", "))
	return c
}

func (p *program) runServe(ctx context.Context, pool string, practising bool) error {
	cfg, practice, err := p.settle(pool, practising)
	if err != nil {
		return err
	}
	defer practice.stop()
	t, err := p.connectLogging(cfg, p.stderr)
	if err != nil {
		return err
	}
	defer t.close(ctx)
	key, err := p.hostKey(cfg.SSH)
	if err != nil {
		return err
	}
	if err := p.signIn(ctx, t); err != nil {
		return p.tell(err)
	}
	server, err := p.sshServer(ctx, cfg, t, practice, key)
	if err != nil {
		return err
	}
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", cfg.SSH.Listen)
	if err != nil {
		return &usageError{fmt.Errorf("ssh.listen: %w; name an address of this machine that is free", err)}
	}
	_, _ = fmt.Fprintf(p.stdout, "foyer: serving at %s\nfoyer: host key %s\n", l.Addr(), key.Fingerprint())
	defer hurried(ctx, server.End)()
	return server.Serve(ctx, l)
}

// writeTimeout is how long a client may leave what it is sent unread.
const writeTimeout = 30 * time.Second

// sshServer joins what the configuration says of a server.
func (p *program) sshServer(ctx context.Context, cfg *config.Config, t *tenant, practice *running, key sshserver.HostKey) (*sshserver.Server, error) {
	catalogue, err := i18n.Load()
	if err != nil {
		return nil, err
	}
	allow, err := allowed(cfg.SSH, t.logger)
	if err != nil {
		return nil, err
	}
	s := cfg.SSH
	return sshserver.New(ctx, sshserver.Config{
		HostKeys: []gossh.Signer{key.Signer}, Allow: allow,
		Options: options(cfg, t, catalogue, practice), Language: cfg.UI.Lang, Background: string(cfg.UI.Theme),
		Limits: sshserver.Limits{
			Sessions: s.MaxSessions, SessionsPerAddress: s.MaxSessionsPerIP, Handshakes: s.MaxHandshakes,
			ConnectionsPerMinute: s.ConnectionsPerMinute, HandshakeTimeout: s.HandshakeTimeout,
			SessionTimeout: s.SessionTimeout, WriteTimeout: writeTimeout,
		},
		Grace: s.Grace, RecordKeys: s.RecordKey, Logger: t.logger,
	}), nil
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
	_, _ = fmt.Fprintf(p.stderr, "foyer: %s\n", text)
	return &saidError{problem}
}
