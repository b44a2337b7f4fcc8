package main

import (
	"context"
	"slices"
	"sync"

	"foyer/internal/config"
	"foyer/internal/i18n"
	"foyer/internal/identitypools"
	"foyer/internal/monitor"
	"foyer/internal/sshserver"
	"foyer/internal/token"
)

// A host serves over SSH, and takes over a configuration that is read again.
type host struct {
	program   *program
	catalogue *i18n.Catalogue
	journal   *journal
	server    *sshserver.Server
	practice  *running       // nil when it began with a tenant
	began     *config.Config // with what cannot change while it serves

	forgotten func() // called when a person is gone; nil for nothing

	calls   *monitor.Calls
	reloads *monitor.Reloads
	pulse   *monitor.Pulse // of the form

	mu      sync.Mutex      // guards what follows
	now     *stage          // who comes is served by it
	tenants map[*tenant]int // how many stages have it
}

// newHost reads the configuration and makes what serves it ready. It calls nobody yet, but for a practice tenant of its own.
func (p *program) newHost(ctx context.Context, pool string, practising bool) (_ *host, err error) {
	catalogue, err := i18n.Load()
	if err != nil {
		return nil, err
	}
	cfg, practice, err := p.settle(pool, practising)
	if err != nil {
		return nil, err
	}
	j, err := openJournal(cfg.Log, p.stderr)
	if err != nil {
		practice.stop()
		return nil, err
	}
	h := &host{
		program: p, catalogue: catalogue, journal: j, practice: practice, began: cfg,
		calls: monitor.NewCalls(slices.Concat(token.Operations(), identitypools.Operations())), reloads: monitor.NewReloads(),
		tenants: make(map[*tenant]int),
	}
	h.pulse = monitor.NewPulse(nil, h.readForm)
	if h.now, err = h.prepare(ctx, cfg, practice, nil); err != nil {
		h.close(ctx)
		return nil, err
	}
	p.tellOfKeys(h.now.keys)
	for _, advice := range h.now.advice {
		p.say("%s", advice)
	}
	return h, nil
}

// newest is what who comes is served by.
func (h *host) newest() *stage {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.now
}

// readForm reads the form as who comes would get it.
func (h *host) readForm(ctx context.Context) error {
	_, err := h.newest().service.Form(ctx)
	return err
}

// rest closes the connections that nobody uses now.
func (h *host) rest() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for t := range h.tenants {
		t.rest()
	}
}

// close ends what lives no longer than the process, also when ctx has ended. Nobody is served any more.
func (h *host) close(ctx context.Context) {
	if last := h.newest(); last != nil {
		h.leave(ctx, last)
	}
	h.practice.stop()
	h.journal.close()
}
