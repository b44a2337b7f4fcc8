package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"foyer/internal/audit"
)

func (p *program) auditVerify() *cobra.Command {
	var since uint64
	var mac string
	c := &cobra.Command{
		Use:   "verify",
		Short: "Say whether the record is as it was written",
		Long: `Say whether the record is as it was written: each line that was changed, cut
out, doubled or moved is named, and so is an end that is missing. It ends with
exit code 1 when there is one.

Nothing in the record tells that all of it was put back to an earlier day. Keep
the number and the MAC that are printed elsewhere, and give the MAC with --mac
the next time: then that record has to be there still.`,
		Args: cobra.NoArgs,
		RunE: ran(func(c *cobra.Command, _ []string) error { return p.runAuditVerify(c.Context(), since, mac) }),
	}
	c.Flags().Uint64Var(&since, "since-number", 1, "the `number` of the first record that has to be there; those before it were archived")
	c.Flags().StringVar(&mac, "mac", "", "a record with this `MAC` has to be there")
	return c
}

func (p *program) runAuditVerify(ctx context.Context, since uint64, mac string) error {
	c, err := p.auditConfig()
	if err != nil {
		return err
	}
	key, err := p.auditReadersKey(c)
	if err != nil {
		return err
	}
	report, err := audit.Verify(ctx, c.File, key, since, mac)
	if err != nil {
		return err
	}
	for _, f := range report.Findings {
		p.print("✗ %s", f)
	}
	if !report.Intact() {
		return fmt.Errorf("the audit record is not as it was written; %d of its records are", report.Records)
	}
	p.print("✓ the record is as it was written: %d records, from number %d to %d", report.Records, report.First, report.Last)
	if report.Records > 0 {
		p.print("  from %s to %s\n  last MAC %s", report.From.Local().Format(listedTime), report.Until.Local().Format(listedTime), report.MAC)
	}
	if report.Torn > 0 {
		p.print("  a crash has left %d bytes at the end, which nobody was told were written", report.Torn)
	}
	return nil
}
