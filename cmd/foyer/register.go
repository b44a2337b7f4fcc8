package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"foyer/internal/registration"
)

func (p *program) register() *cobra.Command {
	return &cobra.Command{
		Use:   "register",
		Short: "Register one person without screens: JSON in, JSON out",
		Long: `Register one person without screens. A draft is read from stdin, a receipt is
printed on stdout, a problem on stderr:

  {"identifiers": [{"type": "email", "identifier": "ann@example.com"}],
   "payload": {"given_name": "Ann", "family_name": "Lee"}, "password": "..."}

  {"user_id": "...", "status": "active", "flow": "create", "next": "sign_in", "reference": "..."}
  {"problem": "conflict", "field": "/identifiers/0", "message": "...", "reference": "..."}

Where the pool asks for TOTP, the draft has its "totp_secret" (base32). What is
"next" says what is left to do: sign_in, wait, follow_link, verify_address,
set_password, or enter_code. A code is given back with 'foyer activate'; with
registration.verification before there is no user yet, and the receipt has a
"proof": send the same draft again with it, and with the code in it:

  "proof": {"otp_id": "...", "state": "...", "code": "123456"}`,
		Args: cobra.NoArgs,
		RunE: ran(func(c *cobra.Command, _ []string) error { return p.runRegister(c.Context()) }),
	}
}

func (p *program) runRegister(ctx context.Context) error {
	p.shieldOnce()
	cfg, err := p.load()
	if err != nil {
		return err
	}
	if !cfg.Configured() {
		return p.explain(errNoTenant)
	}
	given, err := readInput[registration.Draft](p.stdin, "draft")
	if err != nil {
		return p.rejectInput("", err)
	}
	defer given.Wipe()
	ctx = registration.From(ctx, registration.Origin{Terminal: "foyer register"})
	t, err := p.connect(ctx, cfg)
	if err != nil {
		return err
	}
	defer t.close(ctx)
	if err := p.signIn(ctx, t); err != nil {
		return p.explain(err)
	}
	form, err := t.service.Form(ctx)
	if err != nil {
		return p.explain(err)
	}
	aligned := form.Align(given)
	if unasked := form.Unasked(aligned); len(unasked) > 0 {
		return p.explain(&registration.Problem{
			Kind: registration.DetailsRejected, Field: unasked[0].Pointer, Flaw: unasked[0].Flaw, Reference: registration.NewReference(),
		})
	}
	sub := registration.NewSubmission(aligned)
	receipt, err := t.service.Register(ctx, form, sub, nil)
	if err != nil {
		explained := p.explain(pointAt(err, given, aligned))
		var said *saidError
		if errors.As(explained, &said) && registration.AsProblem(err, sub.Reference).Kind == registration.AlreadyDone {
			sub.Told(ctx)
		}
		return explained
	}
	if err := jsonTo(p.stdout).Encode(receipt); err != nil {
		return err
	}
	sub.Told(ctx)
	return nil
}

// pointAt moves a problem's pointer from the aligned draft to the one that was given.
func pointAt(err error, given, aligned registration.Draft) error {
	var problem *registration.Problem
	if !errors.As(err, &problem) {
		return err
	}
	for i, id := range aligned.Identifiers {
		if problem.Field != registration.IdentifierPointer(i) {
			continue
		}
		at := slices.IndexFunc(given.Identifiers, func(g registration.Identifier) bool { return g.Type == id.Type })
		moved := *problem
		if moved.Field = "/identifiers"; at >= 0 {
			moved.Field = registration.IdentifierPointer(at)
		}
		return &moved
	}
	return problem
}

// explain prints the problem that err is, in words.
func (p *program) explain(err error) error {
	problem, text, err := inWords(err)
	if err != nil {
		return err
	}
	return p.problem(problem, text)
}

// inWords is the problem that err is, and what it says to who ran a command; an error when there are no words.
func inWords(err error) (*registration.Problem, string, error) {
	problem := registration.AsProblem(err, registration.ReferenceOf(err))
	words, err := english()
	if err != nil {
		return nil, "", err
	}
	text := message(problem, words)
	if problem.Staff != "" {
		text += ": " + problem.Staff
	}
	return problem, text, nil
}

// problem prints problem as JSON on stderr.
func (p *program) problem(problem *registration.Problem, message string) error {
	if problem.Receipt != nil {
		if err := jsonTo(p.stdout).Encode(problem.Receipt); err != nil {
			return fmt.Errorf("print the receipt: %w", err)
		}
	}
	shape := struct {
		Problem   registration.ProblemKind `json:"problem"`
		Field     string                   `json:"field,omitempty"`
		Message   string                   `json:"message"`
		Reference string                   `json:"reference"`
	}{problem.Kind, problem.Field, message, problem.Reference}
	if err := jsonTo(p.stderr).Encode(shape); err != nil {
		return fmt.Errorf("print the problem: %w", err)
	}
	return &saidError{problem}
}
