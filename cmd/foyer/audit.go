package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/spf13/cobra"

	"foyer/internal/audit"
	"foyer/internal/clean"
	"foyer/internal/config"
	"foyer/internal/registration"
)

func (p *program) audit() *cobra.Command {
	c := &cobra.Command{
		Use:   "audit",
		Short: "Show who was registered when, and whether that record was changed",
		Long: `Show who was registered when, and whether that record was changed.

The record is at audit.file. Each attempt has a line when it begins and one for
what came of it, and is on the disk before the person is told. What people sign
in with stands in it as hashes by the key of audit.key_file, unless
audit.identifiers is plain; --identifier finds somebody all the same. What is
done at the practice tenant inside the program is not recorded.`,
		Args: cobra.NoArgs,
		RunE: ran(func(c *cobra.Command, _ []string) error { return c.Help() }),
	}
	c.AddCommand(p.auditList(), p.auditShow(), p.auditVerify(), p.auditExport())
	return c
}

// A recorder writes events of the service into the audit record.
type recorder struct {
	open func(context.Context) (*audit.Log, error)
	pool string
}

// recorder opens the audit record, if there is to be one; a key that was made just now is said.
func (p *program) recorder(ctx context.Context, cfg *config.Config) (registration.Recorder, error) {
	if cfg.Audit.File == "" || cfg.Practice() { // who practises is registered nowhere
		return nil, nil
	}
	key, err := p.auditKey(cfg.Audit)
	if err != nil {
		return nil, err
	}
	open := func(ctx context.Context) (*audit.Log, error) {
		return audit.Open(ctx, cfg.Audit.File, key, audit.Options{Plain: cfg.Audit.Identifiers == config.AuditPlain})
	}
	log, err := open(ctx)
	switch {
	case err == nil:
		open = func(context.Context) (*audit.Log, error) { return log, nil }
	case cfg.Audit.Fail == config.AuditFailClosed:
		return nil, &usageError{fmt.Errorf("audit.file: %w; see 'foyer audit verify'", err)}
	default: // each attempt tries again
		p.say("audit.file: %v; people are registered all the same, as audit.fail is open", err)
	}
	return recorder{open, cfg.Tenant.Pool}, nil
}

// auditKey is the key of the record for who writes it; one that was made just now is said.
func (p *program) auditKey(c config.Audit) (audit.Key, error) {
	name, err := p.stateFile("audit.key_file", c.KeyFile, "audit.key")
	if err != nil {
		return audit.Key{}, err
	}
	key, made, err := audit.LoadKey(name, c.File)
	if err != nil {
		return audit.Key{}, &usageError{fmt.Errorf("audit.key_file: %w", err)}
	}
	if made {
		p.say("made the key of the audit record in %s; keep a copy where the record is not", name)
	}
	return key, nil
}

// auditReadersKey is the key of the record for who reads it: with one that is made just now, all would seem to be changed.
func (p *program) auditReadersKey(c config.Audit) (audit.Key, error) {
	name, err := p.stateFile("audit.key_file", c.KeyFile, "audit.key")
	if err != nil {
		return audit.Key{}, err
	}
	key, err := audit.ReadKey(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return audit.Key{}, &usageError{fmt.Errorf("audit.key_file: there is no key in %s; give the file that the record was written with", name)}
	case err != nil:
		return audit.Key{}, &usageError{fmt.Errorf("audit.key_file: %w", err)}
	}
	return key, nil
}

// longestRecorded bounds a text in the record, in code points.
const longestRecorded = 200

// Record is registration.Recorder's.
func (r recorder) Record(ctx context.Context, e registration.Event) error {
	text := func(s string) string { return clean.Line(s, longestRecorded) }
	event := audit.Event{
		Kind: audit.Kind(e.Operation), At: e.At, Outcome: e.Outcome, Operator: text(e.Operator),
		Terminal: text(e.Origin.Terminal), Remote: text(e.Origin.Remote), Pool: text(r.pool), Flow: text(e.Flow), Status: text(e.Status),
		UserID: text(string(e.UserID)), Reference: e.Reference, TraceID: text(e.TraceID),
	}
	for _, id := range e.Identifiers {
		event.Identifiers = append(event.Identifiers, audit.Identifier{Type: string(id.Type), Value: id.Identifier})
	}
	log, err := r.open(ctx)
	if err != nil {
		return err
	}
	_, err = log.Append(ctx, event)
	return err
}

// Ready is registration.Foreteller's.
func (r recorder) Ready(ctx context.Context) error {
	log, err := r.open(ctx)
	if err != nil {
		return err
	}
	return log.Ready(ctx)
}

// errNoRecord says that there is none to be shown.
var errNoRecord = errors.New("audit.file is not set, so no record is kept; set it to a file")

// auditConfig is the configuration, with a record.
func (p *program) auditConfig() (config.Audit, error) {
	cfg, err := p.load()
	switch {
	case err != nil:
		return config.Audit{}, err
	case cfg.Audit.File == "":
		return config.Audit{}, &usageError{errNoRecord}
	}
	return cfg.Audit, nil
}
