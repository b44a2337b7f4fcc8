package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"foyer/internal/registration"
)

// maxDraft bounds what is read from stdin, in bytes.
const maxDraft = 1 << 20

func (p *program) register() *cobra.Command {
	return &cobra.Command{
		Use:   "register",
		Short: "Register one person without screens: JSON in, JSON out",
		Long: `Register one person without screens. A draft is read from stdin, a receipt is
printed on stdout, a problem on stderr:

  {"identifiers": [{"type": "email", "identifier": "ann@example.com"}],
   "payload": {"given_name": "Ann"}, "password": "..."}

  {"user_id": "...", "status": "active", "flow": "create", "next": "sign_in", "reference": "..."}
  {"problem": "conflict", "field": "/identifiers/0", "message": "...", "reference": "..."}`,
		Args: cobra.NoArgs,
		RunE: ran(func(c *cobra.Command, _ []string) error { return p.runRegister(c.Context()) }),
	}
}

func (p *program) runRegister(ctx context.Context) error {
	cfg, err := p.load(nil)
	if err != nil {
		return err
	}
	if !cfg.Configured() {
		return p.explain(errNoTenant)
	}
	given, err := readDraft(p.stdin)
	if err != nil {
		return p.problem(&registration.Problem{Kind: registration.DetailsRejected, Reference: registration.NewReference()}, err.Error())
	}
	t, err := connect(cfg)
	if err != nil {
		return err
	}
	defer t.close()
	form, err := t.service.Form(ctx)
	if err != nil {
		return p.explain(err)
	}
	aligned := form.Align(given)
	receipt, err := t.service.Register(ctx, form, registration.NewSubmission(aligned), nil)
	if err != nil {
		return p.explain(pointAt(err, given, aligned))
	}
	return json.NewEncoder(p.stdout).Encode(receipt)
}

// readDraft reads one draft; unknown members and anything after it are errors. The error quotes nothing that was given.
func readDraft(r io.Reader) (registration.Draft, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxDraft+1))
	switch {
	case err != nil:
		return registration.Draft{}, errors.New("the draft cannot be read from stdin")
	case len(data) > maxDraft:
		return registration.Draft{}, fmt.Errorf("the draft is larger than %d bytes", maxDraft)
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	d.UseNumber()
	var draft registration.Draft
	if err := d.Decode(&draft); err != nil {
		return registration.Draft{}, describeJSON(err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return registration.Draft{}, errors.New("there is more than one JSON value on stdin")
	}
	return draft, nil
}

// describeJSON says what is wrong with a draft without its contents, which may be a password.
func describeJSON(err error) error {
	var wrongType *json.UnmarshalTypeError
	switch {
	case errors.As(err, &wrongType):
		return fmt.Errorf("the draft's member %q has the wrong type: %s", wrongType.Field, wrongType.Value)
	case strings.HasPrefix(err.Error(), "json: unknown field"):
		return errors.New("the draft has an " + strings.TrimPrefix(err.Error(), "json: "))
	case errors.Is(err, io.EOF):
		return errors.New("there is no draft on stdin")
	}
	return errors.New("the draft is not valid JSON")
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
	problem := registration.AsProblem(err, registration.ReferenceOf(err))
	words, err := english()
	if err != nil {
		return err
	}
	text := message(problem, words)
	if problem.Staff != "" {
		text += ": " + problem.Staff
	}
	return p.problem(problem, text)
}

// problem prints problem as JSON on stderr.
func (p *program) problem(problem *registration.Problem, message string) error {
	if problem.Receipt != nil {
		if err := json.NewEncoder(p.stdout).Encode(problem.Receipt); err != nil {
			return fmt.Errorf("print the receipt: %w", err)
		}
	}
	shape := struct {
		Problem   registration.ProblemKind `json:"problem"`
		Field     string                   `json:"field,omitempty"`
		Message   string                   `json:"message"`
		Reference string                   `json:"reference"`
	}{problem.Kind, problem.Field, message, problem.Reference}
	if err := json.NewEncoder(p.stderr).Encode(shape); err != nil {
		return fmt.Errorf("print the problem: %w", err)
	}
	return &saidError{problem}
}
