package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"foyer/internal/clean"
	"foyer/internal/config"
	"foyer/internal/invite"
	"foyer/internal/secret"
)

// An inviting is what the flags of "foyer invite" say.
type inviting struct {
	terms invite.Terms
	count int
}

func (p *program) invite() *cobra.Command {
	i := inviting{terms: invite.Terms{Lasts: 72 * time.Hour}}
	c := &cobra.Command{
		Use:   "invite",
		Short: "Make invitations for 'foyer serve' with ssh.access invite",
		Long: `Make invitations: with ssh.access invite, whoever connects to 'foyer serve' is
asked for the code of one before anything else.

The codes are printed on standard output, one a line, and only now: what is kept
of a code does not give it away. How they are used stands on standard error. A
code is used up when as many people as it is good for are registered; whoever
leaves before can come back with it. While somebody is inside with the last use
of a code, nobody else is let in by it.

Run it as the user that 'foyer serve' runs as, with the same configuration.
Invitations are kept in ssh.invitations_file, which a server that runs reads each
time. Several servers can share it.`,
		Args: cobra.NoArgs,
		RunE: ran(func(c *cobra.Command, _ []string) error { return p.runInvite(c.Context(), i) }),
	}
	c.Flags().IntVar(&i.terms.Uses, "uses", 1, "how many people each code is good for")
	c.Flags().Var((*lifetime)(&i.terms.Lasts), "expires", "how long each code is good for, such as 90m, 72h or 14d")
	c.Flags().StringVar(&i.terms.Label, "label", "", "what it is for, for the list; visitors do not see it")
	c.Flags().IntVar(&i.count, "count", 1, "how many codes to make")
	c.AddCommand(p.inviteList(), p.inviteRevoke())
	return c
}

func (p *program) runInvite(ctx context.Context, i inviting) error {
	if err := i.check(); err != nil {
		return &usageError{err}
	}
	cfg, store, err := p.openInvitations()
	if err != nil {
		return err
	}
	made, err := store.Make(ctx, i.terms, i.count)
	if err != nil {
		return err
	}
	for _, m := range made {
		p.print("%s", m.Code.Reveal())
	}
	p.explainCodes(cfg.SSH, i, time.Now())
	return nil
}

// check rejects what cannot be made.
func (i inviting) check() error {
	switch {
	case i.terms.Uses < 1 || i.terms.Uses > invite.MostUses:
		return fmt.Errorf("--uses is %d; write a number from 1 to %d", i.terms.Uses, invite.MostUses)
	case i.count < 1 || i.count > invite.MostAtOnce:
		return fmt.Errorf("--count is %d; write a number from 1 to %d", i.count, invite.MostAtOnce)
	case i.terms.Lasts <= 0 || i.terms.Lasts > invite.LongestLife:
		return fmt.Errorf("--expires is %s; write a time up to %dd", (*lifetime)(&i.terms.Lasts), invite.LongestLife/day)
	}
	return nil
}

// explainCodes says how the codes are used.
func (p *program) explainCodes(c config.SSH, i inviting, now time.Time) {
	codes, people, who := "This code is", "one person", "Whoever has it connects with"
	if i.count > 1 {
		codes, who = "These codes are", "Whoever has one connects with"
	}
	if i.terms.Uses > 1 {
		people = strconv.Itoa(i.terms.Uses) + " people"
	}
	if i.count > 1 {
		people += " each"
	}
	_ = write(p.stderr, fmt.Sprintf("%s not shown again, and good for %s, until %s.\n%s:\n\n  %s\n\n",
		codes, people, now.Add(i.terms.Lasts).Format(listedTime), who, clean.Line(connecting(c.Listen), longestSaid)))
	if c.Access != config.AccessInvite {
		p.say("warning: ssh.access is %s, so that nobody is asked for a code; set it to invite", c.Access)
	}
}

// connecting is the command by which somebody comes to a server that listens at an address.
func connecting(listen string) string {
	host, port, err := net.SplitHostPort(listen)
	if err != nil {
		host, port = listen, "22"
	}
	if ip, err := netip.ParseAddr(host); host == "" || err == nil && ip.IsUnspecified() {
		if host, err = os.Hostname(); err != nil {
			host = "HOST"
		}
	}
	const usual = "22"
	if port == usual {
		return "ssh signup@" + host
	}
	return "ssh -p " + port + " signup@" + host
}

func (p *program) inviteRevoke() *cobra.Command {
	return &cobra.Command{
		Use:   "revoke ID|CODE",
		Short: "Take an invitation back",
		Long: `Take an invitation back, by its id in 'foyer invite list' or by its code. Nobody is
let in by it any more, and who is inside with it can no longer register.`,
		Args: cobra.ExactArgs(1),
		RunE: ran(func(c *cobra.Command, args []string) error {
			return p.runInviteRevoke(c.Context(), secret.New(args[0]))
		}),
	}
}

func (p *program) runInviteRevoke(ctx context.Context, name secret.Text) error {
	_, store, err := p.openInvitations()
	if err != nil {
		return err
	}
	id, err := store.Revoke(ctx, name)
	switch {
	case errors.Is(err, invite.ErrMistyped):
		return &usageError{errors.New("that is neither the id of an invitation nor a whole code; 'foyer invite list' shows the ids")}
	case errors.Is(err, invite.ErrUnknown):
		return errors.New("there is no such invitation; 'foyer invite list' shows those that there are")
	case err != nil:
		return err
	}
	p.print("revoked %s", id)
	return nil
}

// day is a day as people count the life of a code.
const day = 24 * time.Hour

// A lifetime is a flag for a time, also in days; it is a pflag.Value.
type lifetime time.Duration

// String is the time as it is typed.
func (l *lifetime) String() string {
	if d := time.Duration(*l); d > 0 && d%day == 0 && d > 7*day {
		return strconv.Itoa(int(d/day)) + "d"
	}
	return strings.TrimSuffix(strings.TrimSuffix(time.Duration(*l).String(), "0s"), "0m")
}

// Type names the value in the help.
func (l *lifetime) Type() string { return "time" }

// Set takes a time.
func (l *lifetime) Set(text string) error {
	if days, ok := strings.CutSuffix(text, "d"); ok {
		n, err := strconv.ParseUint(days, 10, 16)
		*l = lifetime(time.Duration(n) * day)
		if err == nil {
			return nil
		}
	}
	d, err := time.ParseDuration(text)
	if err != nil {
		return errors.New("want a time, such as 90m, 72h or 14d")
	}
	*l = lifetime(d)
	return nil
}
