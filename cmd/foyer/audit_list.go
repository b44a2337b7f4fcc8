package main

import (
	"cmp"
	"fmt"
	"iter"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"foyer/internal/audit"
	"foyer/internal/clean"
	"foyer/internal/config"
	"foyer/internal/registration"
)

// A sieve lets through the records that somebody looks for. Its empty members let through all.
type sieve struct {
	since, until                       string
	operation, outcome                 string
	user, reference, trace, identifier string
}

// flags has c take what is looked for.
func (s *sieve) flags(c *cobra.Command) {
	f := c.Flags()
	f.StringVar(&s.since, "since", "", "from this `time` on: 2026-01-31, or 2026-01-31T08:00:00Z")
	f.StringVar(&s.until, "until", "", "before this `time`")
	f.StringVar(&s.operation, "operation", "", "of this `kind`: register, confirm, activate, or staff_exit for who tried to leave a locked kiosk")
	f.StringVar(&s.outcome, "outcome", "", "with this `outcome`: begun, done, refused (of staff_exit), or a problem such as conflict")
	f.StringVar(&s.user, "user", "", "of the user with this `id`")
	f.StringVar(&s.reference, "reference", "", "with this `reference`, as a screen shows it")
	f.StringVar(&s.trace, "trace", "", "with this trace `id`, which is the tenant's")
	f.StringVar(&s.identifier, "identifier", "", "of who gave this e-mail address, number or other `identifier`")
}

// test is what tells whether a record is looked for.
func (s *sieve) test(key audit.Key) (func(audit.Record) bool, error) {
	since, err := moment(s.since)
	if err != nil {
		return nil, &usageError{fmt.Errorf("--since: %w", err)}
	}
	until, err := moment(s.until)
	if err != nil {
		return nil, &usageError{fmt.Errorf("--until: %w", err)}
	}
	reference := s.reference
	if reference != "" {
		var ok bool
		if reference, ok = registration.ParseReference(reference); !ok {
			return nil, &usageError{fmt.Errorf("%s is no reference such as 7KQ-4M2-XWG: a sign of it is wrong, or missing", clean.Line(s.reference, longestRecorded))}
		}
	}
	same := func(want, got string) bool { return want == "" || strings.EqualFold(want, got) }
	return func(r audit.Record) bool {
		return !r.At.Before(since) && (until.IsZero() || r.At.Before(until)) && same(s.operation, string(r.Kind)) && same(s.outcome, r.Outcome) && same(s.user, r.UserID) &&
			same(reference, r.Reference) && same(s.trace, r.TraceID) && (s.identifier == "" || gave(r, s.identifier, key))
	}, nil
}

// gave reports whether the person of r gave an identifier.
func gave(r audit.Record, identifier string, key audit.Key) bool {
	for _, id := range r.Identifiers {
		if key.Names(id, identifier) {
			return true
		}
	}
	return false
}

// moment reads a day in local time, or a time of RFC 3339; "" is the zero one.
func moment(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	if day, err := time.ParseInLocation(time.DateOnly, text, time.Local); err == nil {
		return day, nil
	}
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return time.Time{}, fmt.Errorf("%q is no time; write 2026-01-31 or 2026-01-31T08:00:00Z", text)
	}
	return t, nil
}

// sifted are the records that s lets through, in their order.
func (p *program) sifted(s *sieve) (iter.Seq2[audit.Record, error], error) {
	c, err := p.auditConfig()
	if err != nil {
		return nil, err
	}
	var key audit.Key
	if s.identifier != "" && c.Identifiers == config.AuditHashed {
		if key, err = p.auditReadersKey(c); err != nil {
			return nil, err
		}
	}
	test, err := s.test(key)
	if err != nil {
		return nil, err
	}
	return func(yield func(audit.Record, error) bool) {
		for r, err := range audit.Read(c.File) {
			if (err != nil || test(r)) && !yield(r, err) {
				return
			}
		}
	}, nil
}

func (p *program) auditList() *cobra.Command {
	s, asJSON := new(sieve), false
	c := &cobra.Command{
		Use:   "list",
		Short: "List what came of attempts to register",
		Long: `List what came of attempts to register, the oldest first. That an attempt began
is listed with --outcome begun.`,
		Args: cobra.NoArgs,
		RunE: ran(func(*cobra.Command, []string) error { return p.runAuditList(s, asJSON) }),
	}
	s.flags(c)
	c.Flags().BoolVar(&asJSON, "json", false, "print a JSON object a line")
	return c
}

// linesAligned is for how many lines columns are as wide as each other, which bounds what is kept of a long list.
const linesAligned = 1000

func (p *program) runAuditList(s *sieve, asJSON bool) error {
	records, err := p.sifted(s)
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(p.stdout, 0, 0, 2, ' ', 0)
	if !asJSON {
		columns(w, "TIME", "OPERATION", "OUTCOME", "REFERENCE", "FROM", "OPERATOR", "USER")
	}
	listed := 0
	for r, err := range records {
		switch {
		case err != nil:
			_ = w.Flush()
			return err
		case r.Outcome == registration.Begun && s.outcome == "":
		case asJSON:
			if err := jsonTo(p.stdout).Encode(r); err != nil {
				return err
			}
		default:
			columns(w, columnsOf(r)...)
			if listed++; listed%linesAligned == 0 {
				if err := w.Flush(); err != nil {
					return err
				}
			}
		}
	}
	return w.Flush()
}

// columnsOf is a record as the list has it. The file may have been changed by anybody, so it is cleaned like all that is from outside.
func columnsOf(r audit.Record) []string {
	row := []string{
		r.At.Local().Format(time.DateTime), string(r.Kind), r.Outcome, r.Reference, cmp.Or(r.Remote, r.Terminal), r.Operator, r.UserID,
	}
	for i, text := range row {
		row[i] = cmp.Or(clean.Line(text, longestRecorded), "-")
	}
	return row
}

func (p *program) auditShow() *cobra.Command {
	return &cobra.Command{
		Use:   "show REFERENCE",
		Short: "Show all there is under a reference",
		Long:  "Show all there is under a reference, as a screen shows it, in JSON.",
		Args:  cobra.ExactArgs(1),
		RunE: ran(func(_ *cobra.Command, args []string) error {
			records, err := p.sifted(&sieve{reference: args[0]})
			if err != nil {
				return err
			}
			e, found := jsonTo(p.stdout), false
			e.SetIndent("", "  ")
			for r, err := range records {
				if err != nil {
					return err
				}
				if err := e.Encode(r); err != nil {
					return err
				}
				found = true
			}
			if !found {
				return fmt.Errorf("the record has nothing under the reference %s", clean.Line(args[0], longestRecorded))
			}
			return nil
		}),
	}
}
