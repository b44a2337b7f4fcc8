package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"foyer/internal/clean"
	"foyer/internal/i18n"
	"foyer/internal/registration"
	"foyer/ui/screen"
)

func (p *program) check() *cobra.Command {
	return &cobra.Command{
		Use:   "check",
		Short: "Prove that a registration would work",
		Long: `Prove that a registration would work: configuration, connection, token, pool,
schema, users and clock, each with what was found or with what to do about it.
Nothing is changed at the tenant. It exits 0 only when all is well.`,
		Args: cobra.NoArgs,
		RunE: ran(func(c *cobra.Command, _ []string) error { return p.runCheck(c.Context()) }),
	}
}

// errNoTenant says that there is nothing to talk to.
var errNoTenant = &registration.Problem{
	Kind: registration.Misconfigured, Reference: "-",
	Staff: "no tenant is configured; set tenant.url, tenant.pool, auth.client_id and auth.client_secret ('foyer config example' prints a file)",
}

// A step of the check: what it is of, and what it found.
type checkStep struct {
	name string
	run  func(context.Context, *tenant) (found string, err error)
}

// checkSteps are in the order in which one depends on the next.
func checkSteps() []checkStep {
	return []checkStep{
		{"connection", checkConnection},
		{"token", checkToken},
		{"pool", checkPool},
		{"form", checkForm},
		{"way in", checkWayIn},
		{"users", checkUsers},
		{"clock", checkClock},
	}
}

func (p *program) runCheck(ctx context.Context) error {
	cfg, err := p.load(nil)
	if err != nil {
		p.row(false, "configuration", "it has mistakes")
		return err
	}
	if !cfg.Configured() {
		p.row(false, "configuration", errNoTenant.Staff)
		return &saidError{errNoTenant}
	}
	t, err := p.connect(cfg)
	if err != nil {
		p.row(false, "configuration", clean.Line(err.Error(), longestFinding))
		return err
	}
	defer t.close()
	p.row(true, "configuration", fmt.Sprintf("pool %s of tenant %s at %s", cfg.Tenant.Pool, cfg.Tenant.ID, cfg.Tenant.URL))
	words, err := english()
	if err != nil {
		return err
	}
	steps := checkSteps()
	for i, step := range steps {
		found, err := step.run(ctx, t)
		if err != nil {
			problem := registration.AsProblem(err, registration.ReferenceOf(err))
			p.row(false, step.name, clean.Line(explained(problem, words), longestFinding))
			p.skipped(steps[i+1:])
			return &saidError{problem}
		}
		p.row(true, step.name, clean.Line(found, longestFinding))
	}
	p.advise(ctx, t)
	return nil
}

// longestFinding bounds a line of the table, in code points.
const longestFinding = 500

// english are the words for administrators.
func english() (*i18n.Words, error) {
	catalogue, err := i18n.Load()
	if err != nil {
		return nil, err
	}
	return catalogue.Words("en"), nil
}

// explained says what a problem is and what to do about it.
func explained(problem *registration.Problem, words *i18n.Words) string {
	text := problem.Staff
	switch {
	case text != "":
		return text
	case problem.Kind == registration.Unavailable:
		text = "the tenant does not answer; check tenant.url, the name service, the network and its firewalls"
	default:
		text = message(problem, words)
	}
	if cause := errors.Unwrap(problem); cause != nil {
		text += " (" + cause.Error() + ")"
	}
	return text
}

// message says what a problem is, in one sentence.
func message(problem *registration.Problem, words *i18n.Words) string {
	if problem.Flaw.OK() || problem.Kind == registration.Conflict {
		return words.Text("problem." + string(problem.Kind) + ".title")
	}
	return screen.Happened(problem, words)
}

// row prints a line of the table.
func (p *program) row(ok bool, name, found string) {
	sign := "✗"
	if ok {
		sign = "✓"
	}
	_, _ = fmt.Fprintf(p.stdout, "%s %-14s %s\n", sign, name, found)
}

// skipped prints the steps that could not be reached.
func (p *program) skipped(steps []checkStep) {
	for _, s := range steps {
		_, _ = io.WriteString(p.stdout, strings.TrimRight(fmt.Sprintf("- %-14s not reached", s.name), " ")+"\n")
	}
}

func checkConnection(ctx context.Context, t *tenant) (string, error) {
	l, err := t.link(ctx)
	if err != nil {
		return "", err
	}
	found := "issuer " + l.issuer.String()
	if l.metadata.Fallback {
		found += ", without a discovery document: using the documented paths"
	}
	state, proto := t.seen.connection()
	if state == nil {
		return found + " (" + proto + ", no TLS, on the loopback)", nil
	}
	found += fmt.Sprintf(" (%s, %s)", proto, tls.VersionName(state.Version))
	if len(state.PeerCertificates) > 0 {
		found += ", certificate valid until " + state.PeerCertificates[0].NotAfter.Format(time.DateOnly)
	}
	return found, nil
}

func checkToken(ctx context.Context, t *tenant) (string, error) {
	l, err := t.link(ctx)
	if err != nil {
		return "", err
	}
	if _, err := l.tokens.Token(ctx); err != nil {
		return "", err
	}
	return fmt.Sprintf("client %s has the scopes %s", t.config.Auth.ClientID, strings.Join(t.config.Auth.Scopes, " ")), nil
}

func checkPool(ctx context.Context, t *tenant) (string, error) {
	pool, err := t.Pool(ctx)
	if err != nil {
		return "", err
	}
	p := pool.PasswordPolicy
	return fmt.Sprintf("%s; passwords of %d characters or more, strength %s", pool.Name, p.MinLength, p.Strength), nil
}

func checkForm(ctx context.Context, t *tenant) (string, error) {
	form, err := t.service.Form(ctx)
	if err != nil {
		return "", err
	}
	found := fmt.Sprintf("%d questions", len(form.Questions(form.Draft())))
	if omitted := form.Omitted(); len(omitted) > 0 {
		found += "; not asked: " + strings.Join(omitted, ", ")
	}
	if unmatched := form.Unmatched(); len(unmatched) > 0 {
		found += "; registration.fields names what the payload schema does not have: " + strings.Join(unmatched, ", ")
	}
	return found, nil
}

func checkUsers(ctx context.Context, t *tenant) (string, error) {
	l, err := t.link(ctx)
	if err != nil {
		return "", err
	}
	if _, err := l.client.ListUsers(ctx, 1); err != nil {
		return "", err
	}
	return "the client may read the pool's users", nil
}

// largestSkew is how far the clocks may be apart: tokens and codes that live for a minute have to work.
const largestSkew = 30 * time.Second

func checkClock(_ context.Context, t *tenant) (string, error) {
	skew, ok := t.seen.clock()
	switch {
	case !ok:
		return "the tenant does not say its time", nil
	case skew.Abs() > largestSkew:
		staff := fmt.Sprintf("this machine's clock and the tenant's are %v apart; set the clock, for example with NTP", skew.Abs())
		return "", &registration.Problem{Kind: registration.Misconfigured, Staff: staff, Reference: registration.NewReference()}
	}
	return fmt.Sprintf("%v from the tenant's", skew.Abs()), nil
}
