package main

import (
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"foyer/internal/audit"
	"foyer/internal/clean"
)

func (p *program) auditExport() *cobra.Command {
	s, form := new(sieve), ""
	c := &cobra.Command{
		Use:   "export",
		Short: "Print records for another program",
		Long: `Print records, those that began included, for another program: as CSV with a
heading (RFC 4180), or as a JSON object a line.`,
		Args: cobra.NoArgs,
		RunE: ran(func(*cobra.Command, []string) error { return p.runAuditExport(s, form) }),
	}
	s.flags(c)
	c.Flags().StringVar(&form, "format", "csv", "csv or jsonl")
	return c
}

func (p *program) runAuditExport(s *sieve, form string) error {
	write, finish := asCSV(p.stdout)
	switch form {
	case "csv":
	case "jsonl":
		e := jsonTo(p.stdout)
		write, finish = func(r audit.Record) error { return e.Encode(r) }, func() error { return nil }
	default:
		return &usageError{fmt.Errorf("--format %q is neither csv nor jsonl", form)}
	}
	records, err := p.sifted(s)
	if err != nil {
		return err
	}
	for r, err := range records {
		if err == nil {
			err = write(r)
		}
		if err != nil {
			return errors.Join(finish(), err) // what is good before it is printed
		}
	}
	return finish()
}

// asCSV writes records as CSV, below a heading. What goes wrong with a write the next ones tell, and finish at the latest.
func asCSV(to io.Writer) (write func(audit.Record) error, finish func() error) {
	w := csv.NewWriter(to)
	_ = w.Write([]string{"number", "time", "operation", "outcome", "reference", "remote", "terminal", "operator", "pool", "flow", "status", "user_id", "identifiers", "trace_id"})
	write = func(r audit.Record) error {
		var ids []string
		for _, id := range r.Identifiers {
			ids = append(ids, id.Type+":"+cmp.Or(id.Value, id.Hash))
		}
		line := []string{
			strconv.FormatUint(r.Number, 10), r.At.Format(time.RFC3339Nano), string(r.Kind), r.Outcome, r.Reference, r.Remote, r.Terminal, r.Operator,
			r.Pool, r.Flow, r.Status, r.UserID, strings.Join(ids, " "), r.TraceID,
		}
		for i, text := range line {
			line[i] = harmlessCell(text)
		}
		return w.Write(line)
	}
	return write, func() error {
		w.Flush()
		return w.Error()
	}
}

// harmlessCell is text that no terminal obeys and no spreadsheet takes for a formula.
func harmlessCell(text string) string {
	text = clean.Line(text, longestCell)
	if first, _ := utf8.DecodeRuneInString(text); text != "" && strings.ContainsRune("=+-@＝＋－＠", first) {
		return "'" + text
	}
	return text
}

// longestCell bounds a cell, in code points; identifiers share one.
const longestCell = 32000
