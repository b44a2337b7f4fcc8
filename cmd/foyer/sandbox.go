package main

import (
	"context"
	"fmt"
	"net"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"foyer/internal/clean"
	"foyer/internal/sandbox"
)

func (p *program) sandbox() *cobra.Command {
	var listen, pool string
	var fault sandbox.Fault
	var auth practiceAuth
	c := &cobra.Command{
		Use:   "sandbox",
		Short: "Run the practice tenant as a server on its own",
		Long: `Run the practice tenant as a server on its own: the OAuth and Identity Pools
endpoints of a tenant with several pools. It keeps everything in memory and
listens on the loopback only. Messages go nowhere: each is printed on stderr, and
GET /outbox lists them; their links work.

It prints its settings, one FOYER_...= line each, and then serves:

  foyer sandbox > sandbox.env &
  sleep 1; set -a; . ./sandbox.env; set +a
  foyer check

With --tls it serves https by a certificate authority that it makes, and on a
second port with client certificates. --method, --grant and --dpop say how its
client authenticates, gets tokens, and proves that they are its own; keys and
certificates lie in files, which are gone when it ends unless --dir says where.
Members of staff sign in at its pages, without a password.

The flags from --latency on make it misbehave, and so does PUT /sandbox/faults
while it runs. DELETE /sandbox/tokens ends all access tokens, and
DELETE /sandbox/tokens?refresh=true those to refresh as well. Who is registered
in a pool is at GET /sandbox/users/POOL.`,
		Args: cobra.NoArgs,
		RunE: ran(func(c *cobra.Command, _ []string) error {
			return p.runSandbox(c.Context(), listen, pool, fault, auth)
		}),
	}
	f := c.Flags()
	f.StringVar(&listen, "listen", "127.0.0.1:0", "listen on this loopback `address`; port 0 takes a free one")
	f.StringVar(&pool, "pool", defaultPool, "print the settings for this `pool`: "+strings.Join(sandboxPools(), ", "))
	auth.bind(c)
	bindFault(f, &fault)
	return c
}

// bindFault makes the flags of what can go wrong.
func bindFault(f *pflag.FlagSet, fault *sandbox.Fault) {
	f.DurationVar(&fault.Latency, "latency", 0, "answer each request only after this `time`")
	f.IntVar(&fault.Status, "status", 0, "answer each request with this error `status`, 400 to 599")
	f.DurationVar(&fault.RetryAfter, "retry-after", 0, "with --status: ask to wait for this `time`")
	f.StringVar((*string)(&fault.Drop), "drop", "", "close the connection `before|after|within`: before the work, after it, or in the middle of the answer")
	f.BoolVar(&fault.Hang, "hang", false, "never answer")
	f.BoolVar(&fault.Page, "page", false, "answer with a page of HTML, as the network of a hotel does")
	f.BoolVar(&fault.After, "after", false, "with --status, --hang or --page: do the work first")
	f.DurationVar(&fault.Drip, "drip", 0, "send each answer bit by bit, over this `time`")
	f.BoolVar(&fault.Malformed, "malformed", false, "cut each answer in half")
	f.StringVar((*string)(&fault.ErrorShape), "error-shape", "", "answer errors in this `shape`: no_details, string_code, numeric_code, html or empty")
	f.StringVar(&fault.Match, "match", "", "misbehave only for requests whose \"METHOD path\" has this `text`, such as \"POST /users\"")
	f.IntVar(&fault.Times, "times", 0, "misbehave only so many `times`; 0 is for ever")
}

func (p *program) runSandbox(ctx context.Context, listen, pool string, fault sandbox.Fault, auth practiceAuth) error {
	options := sandbox.Options{Fault: fault, Deliver: p.printMessage}
	files, err := auth.prepare(&options)
	if err != nil {
		return err
	}
	defer files.remove()
	s, err := startSandbox(listen, pool, options)
	if err != nil {
		return err
	}
	defer s.stop()
	for _, setting := range cleared(append(s.settings, files.settings...)) {
		if err := write(p.stdout, setting.Name+"="+quoted(setting.Value)+"\n"); err != nil {
			return fmt.Errorf("print the settings: %w", err)
		}
	}
	select {
	case <-ctx.Done():
		return nil
	case err := <-s.server.Failed():
		return fmt.Errorf("sandbox: %w", err)
	}
}

// printMessage shows what was sent, in a line.
func (p *program) printMessage(m sandbox.Message) {
	p.say("to %s: %s", clean.Line(m.To, longestFinding), clean.Line(m.Text, longestFinding))
}

// sandboxPools are the pools of the practice tenant.
func sandboxPools() []string {
	return []string{defaultPool, "employees", "strict", "totp", "passwordless", "closed"}
}

// A running is a sandbox that serves.
type running struct {
	tenant   *sandbox.Tenant
	server   *sandbox.Server
	settings []sandbox.Setting
}

// stop ends the sandbox, if there is one.
func (r *running) stop() {
	if r != nil {
		_ = r.server.Close()
	}
}

// startSandbox serves a new tenant on a loopback address.
func startSandbox(listen, pool string, options sandbox.Options) (*running, error) {
	if err := onLoopback(listen); err != nil {
		return nil, err
	}
	if !slices.Contains(sandboxPools(), pool) {
		return nil, &usageError{fmt.Errorf("the practice tenant has no pool %s; there are %s", pool, strings.Join(sandboxPools(), ", "))}
	}
	tenant, err := sandbox.New(options)
	if err != nil {
		return nil, &usageError{err} // only a flag can be wrong
	}
	server, err := tenant.Listen(listen)
	if err != nil {
		return nil, fmt.Errorf("sandbox: %w", err)
	}
	return &running{tenant: tenant, server: server, settings: tenant.Settings(server.URL, pool)}, nil
}

// onLoopback refuses to serve practice accounts, whose secret is printed, to a network.
func onLoopback(address string) error {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return &usageError{fmt.Errorf("--listen: %w", err)}
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return &usageError{fmt.Errorf("--listen %s: the practice tenant serves the loopback only; use 127.0.0.1:PORT", address)}
	}
	return nil
}

// cleared are settings and, empty, those that a sandbox with other flags would have printed: they may be left in the shell that reads
// these.
func cleared(settings []sandbox.Setting) []sandbox.Setting {
	for _, name := range []string{
		"FOYER_TENANT_CA_FILE", "FOYER_AUTH_GRANT", "FOYER_AUTH_CLIENT_SECRET", "FOYER_AUTH_CERTIFICATE_FILE", "FOYER_AUTH_KEY_FILE",
		"FOYER_AUTH_SIGNING_KEY_FILE", "FOYER_AUTH_SIGNING_KEY_ID", "FOYER_AUTH_DPOP",
	} {
		if !slices.ContainsFunc(settings, func(s sandbox.Setting) bool { return s.Name == name }) {
			settings = append(settings, sandbox.Setting{Name: name})
		}
	}
	return settings
}
