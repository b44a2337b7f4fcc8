package main

import (
	"context"
	"fmt"
	"strconv"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"foyer/internal/invite"
)

// listedTime is how the list shows when something happens, in local time.
const listedTime = "2006-01-02 15:04"

func (p *program) inviteList() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "list",
		Short: "List the invitations, without their codes",
		Long: `List the invitations, without their codes. Held are the uses of those who are
inside at the moment. What expired a month ago is not listed any more.`,
		Args: cobra.NoArgs,
		RunE: ran(func(c *cobra.Command, _ []string) error { return p.runInviteList(c.Context(), asJSON) }),
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return c
}

func (p *program) runInviteList(ctx context.Context, asJSON bool) error {
	_, store, err := p.openInvitations()
	if err != nil {
		return err
	}
	all, err := store.List(ctx)
	switch {
	case err != nil:
		return err
	case asJSON:
		e := jsonTo(p.stdout)
		e.SetIndent("", "  ")
		return e.Encode(append([]invite.Invitation{}, all...))
	case len(all) == 0:
		said(p.stderr, "There are no invitations; 'foyer invite' makes one.")
		return nil
	}
	w := tabwriter.NewWriter(p.stdout, 0, 0, 2, ' ', 0)
	columns(w, "ID", "USES LEFT", "HELD", "EXPIRES", "STATE", "LABEL")
	for _, i := range all {
		columns(w, i.ID, fmt.Sprintf("%d of %d", i.Left, i.Uses), strconv.Itoa(i.Held), i.Expires.Local().Format(listedTime), state(i), i.Label)
	}
	return w.Flush()
}

// state is how an invitation is.
func state(i invite.Invitation) string {
	switch {
	case i.Left == 0:
		return "used up"
	case i.Expired:
		return "expired"
	}
	return "valid"
}
