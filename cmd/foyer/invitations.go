package main

import (
	"context"
	"fmt"

	"foyer/internal/config"
	"foyer/internal/invite"
)

// openInvitations are the configuration and the invitations that it names.
func (p *program) openInvitations() (*config.Config, *invite.Store, error) {
	cfg, err := p.load()
	if err != nil {
		return nil, nil, err
	}
	store, err := p.invitations(cfg.SSH)
	return cfg, store, err
}

// invitations are those that the configuration names, in a file that need not be there yet.
func (p *program) invitations(c config.SSH) (*invite.Store, error) {
	name, err := p.stateFile("ssh.invitations_file", c.InvitationsFile, "invitations.json")
	if err != nil {
		return nil, err
	}
	return invite.New(name, nil), nil
}

// noInvitation says what to do where nobody can be let in.
const noInvitation = "there is no valid invitation, so that nobody can register; 'foyer invite' makes one"

// doorkeeping is the invitations that are asked for; nil for none. They have to be readable at the start; where none is valid,
// advice says what to do.
func (p *program) doorkeeping(ctx context.Context, c config.SSH) (store *invite.Store, advice string, err error) {
	if c.Access != config.AccessInvite {
		return nil, "", nil
	}
	if store, err = p.invitations(c); err != nil {
		return nil, "", err
	}
	valid, _, err := standing(ctx, store)
	switch {
	case err != nil:
		return nil, "", &usageError{fmt.Errorf("ssh.invitations_file: %w", err)}
	case valid == 0:
		advice = noInvitation
	}
	return store, advice, nil
}

// standing is how many invitations are valid, and how many people they are good for.
func standing(ctx context.Context, store *invite.Store) (valid, uses int, err error) {
	all, err := store.List(ctx)
	for _, i := range all {
		if i.Valid() {
			valid++
			uses += i.Left
		}
	}
	return valid, uses, err
}
