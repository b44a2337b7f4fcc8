package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"reflect"

	gossh "golang.org/x/crypto/ssh"

	"foyer/internal/config"
	"foyer/internal/invite"
	"foyer/internal/registration"
	"foyer/internal/secret"
	"foyer/internal/sshserver"
)

// A stage is what is served by one configuration.
type stage struct {
	config      *config.Config
	practice    *running // nil with a tenant
	roots       []byte   // of tenant.ca_file, as it was
	tenant      *tenant
	service     *registration.Service
	keys        []sshserver.HostKey
	allow       func(gossh.PublicKey) bool
	invitations *invite.Store // nil where nobody needs one
	release     func()        // gives back files
	advice      []string      // for the administrator: why nobody can come in
}

// prepare makes a stage of cfg. It goes on with the tenant of last, its connections, tokens and sign-in, where cfg says nothing
// else of it; last is nil at the start, when a host key is made where there is none. The stage has to be left.
func (h *host) prepare(ctx context.Context, cfg *config.Config, practice *running, last *stage) (*stage, error) {
	load := sshserver.ReadHostKey
	if last == nil {
		load = sshserver.LoadHostKey
	}
	s := &stage{config: cfg, practice: practice}
	var err error
	if s.keys, err = h.program.hostKeys(cfg.SSH, load); err != nil {
		return nil, err
	}
	if err = s.keepDoor(ctx, h); err != nil {
		return nil, err
	}
	if file := cfg.Tenant.CAFile; file != "" {
		if s.roots, err = os.ReadFile(file); err != nil {
			return nil, fmt.Errorf("read tenant.ca_file: %w", err)
		}
	}
	if last != nil && s.sameTenant(last) {
		s.tenant = last.tenant
	} else if s.tenant, err = h.program.connectLogging(cfg, h.journal.logger(), h.calls.Observe); err != nil {
		return nil, err
	}
	if s.service, s.release, err = h.program.serviceOf(ctx, s.tenant, cfg); err != nil {
		return nil, err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.tenants[s.tenant]++
	return s, nil
}

// keepDoor reads who may come in.
func (s *stage) keepDoor(ctx context.Context, h *host) error {
	keys, err := allowed(s.config.SSH, h.journal.logger())
	if err != nil {
		return err
	}
	if keys != nil {
		s.allow = keys.allow
		s.advise(keys.advice())
	}
	var advice string
	s.invitations, advice, err = h.program.doorkeeping(ctx, s.config.SSH)
	s.advise(advice)
	return err
}

// advise keeps what the administrator is to be told; "" is nothing.
func (s *stage) advise(text string) {
	if text != "" {
		s.advice = append(s.advice, text)
	}
}

// sameTenant reports whether both stages have the same tenant and client. A secret that is read from a file is not compared: it
// is read again when the file changes, without anybody's saying so.
func (s *stage) sameTenant(last *stage) bool {
	a, b := s.config.Auth, last.config.Auth
	if a.ClientSecretFile != "" && a.ClientSecretFile == b.ClientSecretFile {
		a.ClientSecret, b.ClientSecret = secret.Text{}, secret.Text{}
	}
	return reflect.DeepEqual(a, b) && reflect.DeepEqual(s.config.Tenant, last.config.Tenant) && bytes.Equal(s.roots, last.roots) &&
		s.config.Origin("auth.issuer_url") == last.config.Origin("auth.issuer_url")
}

// leave gives back what a stage has, when nobody is served by it any more: the tenant with the last that has it.
func (h *host) leave(ctx context.Context, s *stage) {
	s.release()
	h.mu.Lock()
	h.tenants[s.tenant]--
	unused := h.tenants[s.tenant] == 0
	if unused {
		delete(h.tenants, s.tenant)
	}
	h.mu.Unlock()
	if unused {
		s.tenant.close(ctx)
	}
}
