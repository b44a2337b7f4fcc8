package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"syscall"

	"foyer/internal/config"
	"foyer/internal/sshserver"
)

// A serverStep is a step of the check of what 'foyer serve' needs, none of which depends on another. It found nothing where its text
// is empty.
type serverStep struct {
	name string
	run  func(context.Context, config.SSH) (finding, error)
}

// checkServer proves that 'foyer serve' could begin, where something is set of it. It goes through all steps, and returns what is
// wrong with the first.
func (p *program) checkServer(ctx context.Context, cfg *config.Config) error {
	if !cfg.Sets("ssh") {
		return nil
	}
	var wrong error
	for _, step := range []serverStep{
		{"host key", p.checkHostKeys}, {"known keys", checkAllowed}, {"invitations", p.checkInvitations}, {"listen", checkListen}, {"monitor", checkMonitor},
	} {
		found, err := step.run(ctx, cfg.SSH)
		if err != nil {
			p.row("✗", step.name, err.Error())
			if wrong == nil {
				wrong = &saidError{&usageError{err}}
			}
			continue
		}
		if found.text != "" {
			p.row("✓", step.name, found.text)
		}
		if found.look != "" {
			p.row("!", step.name, found.look)
		}
	}
	return wrong
}

// checkHostKeys tells what the server would prove itself by.
func (p *program) checkHostKeys(_ context.Context, c config.SSH) (finding, error) {
	keys, err := p.hostKeys(c, sshserver.TryHostKey)
	var access *fs.PathError
	switch {
	case errors.As(err, &access):
		return finding{}, fmt.Errorf("%w; name a file that can be made or read by the user that Foyer runs as", err)
	case err != nil:
		return finding{}, err
	}
	var found, exposed []string
	for _, key := range keys {
		if key.Made {
			found = append(found, "is made at the first start in "+key.Name)
			continue
		}
		found = append(found, fmt.Sprintf("%s (%s) in %s", key.Fingerprint(), key.Kind(), key.Name))
		if key.Exposed {
			exposed = append(exposed, "others can read the host key "+key.Name+"; chmod 600 it")
		}
	}
	return finding{each(found), each(exposed)}, nil
}

// checkAllowed tells how many keys are let in, where keys decide.
func checkAllowed(_ context.Context, c config.SSH) (finding, error) {
	keys, err := allowed(c, slog.New(slog.DiscardHandler))
	if err != nil || keys == nil {
		return finding{}, err
	}
	if advice := keys.advice(); advice != "" {
		return finding{look: advice}, nil
	}
	return finding{text: fmt.Sprintf("%d in %s", keys.count(), keys.name)}, nil
}

// checkInvitations tells whether somebody can be let in, where an invitation is asked for.
func (p *program) checkInvitations(ctx context.Context, c config.SSH) (finding, error) {
	if c.Access != config.AccessInvite {
		return finding{}, nil
	}
	store, err := p.invitations(c)
	if err != nil {
		return finding{}, err
	}
	valid, uses, err := standing(ctx, store)
	switch {
	case err != nil:
		return finding{}, err
	case valid == 0:
		return finding{look: noInvitation}, nil
	}
	return finding{text: fmt.Sprintf("valid: %d, for %d registrations", valid, uses)}, nil
}

// checkListen tells where the server would be.
func checkListen(ctx context.Context, c config.SSH) (finding, error) {
	return listens(ctx, "ssh.listen", c.Listen)
}

// checkMonitor tells where it would tell how it does, if it is to.
func checkMonitor(ctx context.Context, c config.SSH) (finding, error) {
	if c.MonitorListen == "" {
		return finding{}, nil
	}
	return listens(ctx, "ssh.monitor_listen", c.MonitorListen)
}

// listens tries to listen at address, which a server that runs does already.
func listens(ctx context.Context, key, address string) (finding, error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return finding{look: address + " is taken; by Foyer if it serves already, else name another address in " + key}, nil
	case errors.Is(err, fs.ErrPermission):
		return finding{}, fmt.Errorf("%s: this user may not listen at %s; name a port from 1024 on, or grant CAP_NET_BIND_SERVICE", key, address)
	case err != nil:
		return finding{}, fmt.Errorf("%s: %w; name an address of this machine", key, err)
	}
	_ = l.Close()
	return finding{text: address}, nil
}
