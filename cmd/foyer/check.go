package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"foyer/internal/clean"
	"foyer/internal/config"
	"foyer/internal/i18n"
	"foyer/internal/identitypools"
	"foyer/internal/probe"
	"foyer/internal/registration"
	"foyer/internal/token"
	"foyer/ui/wording"
)

func (p *program) check() *cobra.Command {
	return &cobra.Command{
		Use:   "check",
		Short: "Prove that a registration would work",
		Long: `Prove that a registration would work: configuration, DNS, TCP, TLS, discovery,
clock, client authentication, scopes, the binding of tokens, pool, schema and
users, each with what was found or with what to do about it; and the Redis, if
servers count together in one; the audit record and its key, if one is kept; the
journal of intents, and how the kiosk is locked, if it is. Where something is
set below ssh, also the host keys, who may connect, and the addresses to listen
on. Where the client acts for a member of staff, it has one sign in. Nothing is
changed at the tenant.
It exits 0 only when all is well; what begins with ! is worth a look.`,
		Args: cobra.NoArgs,
		RunE: ran(func(c *cobra.Command, _ []string) error { return p.runCheck(c.Context()) }),
	}
}

// errNoTenant says that there is nothing to talk to.
var errNoTenant = &registration.Problem{
	Kind: registration.Misconfigured, Reference: "-",
	Staff: "no tenant is configured; set tenant.url, tenant.pool, auth.client_id and auth.client_secret ('foyer config example' prints a file)",
}

// A checkup goes through the steps with one tenant.
type checkup struct {
	*tenant
	program *program
	ways    []probe.Way // to the tenant's hosts; nil until somebody went
}

// A step of the check: what it is of, and what it found.
type checkStep struct {
	name string
	run  func(*checkup, context.Context) (finding, error)
}

// A finding is what a step that went well found.
type finding struct {
	text string
	look string // what is worth a look all the same; "" for nothing
}

// checkSteps are in the order in which one depends on the next.
func checkSteps(a config.Auth) []checkStep {
	steps := []checkStep{{"DNS", (*checkup).names}, {"TCP", (*checkup).connections}, {"TLS", (*checkup).handshakes}, {"discovery", (*checkup).discovery}, {"clock", (*checkup).clock}}
	if a.ByCertificate() {
		steps = append(steps, checkStep{"mTLS", (*checkup).certificate})
	}
	return append(steps,
		checkStep{"client", (*checkup).client}, checkStep{"scopes", (*checkup).scopes}, checkStep{"binding", (*checkup).binding},
		checkStep{"pool", (*checkup).pool}, checkStep{"schema", (*checkup).schema}, checkStep{"way in", (*checkup).wayIn},
		checkStep{"users", (*checkup).users},
	)
}

func (p *program) runCheck(ctx context.Context) error {
	cfg, err := p.load()
	if err != nil {
		p.row("✗", "configuration", "it has mistakes")
		return err
	}
	if !cfg.Configured() {
		p.row("✗", "configuration", errNoTenant.Staff)
		p.checkHere(cfg)
		return errors.Join(&saidError{errNoTenant}, p.checkAudit(ctx, cfg.Audit), p.checkServer(ctx, cfg), p.walk(ctx, &checkup{tenant: &tenant{config: cfg}, program: p}, sharingSteps(cfg.SSH)))
	}
	unrecorded := *cfg.ForPractice() // nobody is registered, so neither a record nor a journal is begun
	unrecorded.Audit.File = ""
	t, err := p.connect(ctx, &unrecorded)
	if err != nil {
		p.row("✗", "configuration", err.Error())
		return err
	}
	defer t.close(ctx)
	p.row("✓", "configuration", fmt.Sprintf("pool %s of tenant %s at %s", cfg.Tenant.Pool, cfg.Tenant.ID, cfg.Tenant.URL))
	p.checkHere(cfg)
	here := errors.Join(p.checkAudit(ctx, cfg.Audit), p.checkIntents(cfg.Intents), p.checkServer(ctx, cfg)) // what is wrong there keeps nobody from the tenant
	if err := p.walk(ctx, &checkup{tenant: t, program: p}, slices.Concat(checkSteps(cfg.Auth), sharingSteps(cfg.SSH))); err != nil {
		return err
	}
	p.advise(ctx, t)
	return here
}

// checkHere tells what keeps people's secrets on this machine, which nothing else depends on.
func (p *program) checkHere(cfg *config.Config) {
	p.checkMemory()
	p.checkLock(cfg)
}

// walk goes through steps until one fails.
func (p *program) walk(ctx context.Context, c *checkup, steps []checkStep) error {
	words, err := english()
	if err != nil {
		return err
	}
	for i, step := range steps {
		found, err := step.run(c, ctx)
		if err != nil && ctx.Err() != nil {
			p.row("-", step.name, "interrupted")
			return &saidError{context.Cause(ctx)}
		}
		if err != nil {
			problem := registration.AsProblem(err, registration.ReferenceOf(err))
			p.row("✗", step.name, explained(problem, words))
			for _, s := range steps[i+1:] {
				p.row("-", s.name, "not reached")
			}
			return &saidError{problem}
		}
		p.row("✓", step.name, found.text)
		if found.look != "" {
			p.row("!", step.name, found.look)
		}
	}
	return nil
}

// longestFinding bounds a line of the table, in code points.
const longestFinding = 500

// row prints a line of the table.
func (p *program) row(sign, name, found string) {
	_ = write(p.stdout, fmt.Sprintf("%s %-14s %s\n", sign, name, clean.Line(found, longestFinding)))
}

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
	case problem.Kind == registration.TooMany:
		text = "the tenant limits requests, or has locked the client out after wrong tries; " + waiting(problem.RetryAfter) + ", and check once more"
	case problem.Kind == registration.Unavailable && answered(problem.Cause):
		text = "the tenant answers that it is out of order; try again later"
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

// waiting says how long to wait.
func waiting(d time.Duration) string {
	if d == 0 {
		return "wait a minute or two"
	}
	return "wait " + d.Round(time.Second).String()
}

// answered reports whether a trouble is an answer of the tenant's, and not the lack of one.
func answered(cause error) bool {
	var fetching *token.Error
	var calling *identitypools.Error
	return errors.As(cause, &fetching) && fetching.Status != 0 || errors.As(cause, &calling) && calling.Status != 0
}

// message says what a problem is, in one sentence.
func message(problem *registration.Problem, words *i18n.Words) string {
	if problem.Flaw.OK() || problem.Kind == registration.Conflict {
		return words.Text("problem." + string(problem.Kind) + ".title")
	}
	return wording.Happened(problem, words)
}

// failed is a problem that a step found, with the sentence that says what to do.
func failed(kind registration.ProblemKind, cause error, format string, args ...any) error {
	return &registration.Problem{Kind: kind, Reference: registration.NewReference(), Staff: fmt.Sprintf(format, args...), Cause: cause}
}

// each joins what there is to say of several hosts.
func each(lines []string) string { return strings.Join(lines, "; ") }
