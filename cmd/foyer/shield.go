package main

import (
	"context"
	"log/slog"

	"foyer/internal/forget"
)

// A shield is what keeps what people type within the process.
type shield struct {
	forget.Hardening

	garbage error // why what they leave behind is not overwritten; nil where it is
}

// shielded shields a process in which one person follows another. It starts it anew, so nothing may have been done before. A program
// in another's process has the zero shield.
func (p *program) shielded() shield {
	if p.harden == nil {
		return shield{}
	}
	garbage := forget.Respawn()
	return shield{p.harden(), garbage}
}

// shieldOnce shields a process that ends with the person, whose memory the system overwrites then.
func (p *program) shieldOnce() {
	if p.harden != nil {
		_ = p.harden() // 'foyer check' tells of it
	}
}

// note logs what is not shielded. Foyer goes on all the same: the machine may be nobody else's.
func (s shield) note(log *slog.Logger) {
	for what, err := range map[string]error{
		"core dumps of the process are not off": s.Dumps, "the memory is not locked, and may be written to the swap": s.Swap,
		"what people leave behind in memory is not overwritten": s.garbage,
	} {
		if err != nil {
			log.Info(what, "reason", err.Error())
		}
	}
}

// forgetting returns what is to be called when a person is gone. It works until ctx ends; rest has the tenant's idle connections closed.
func (p *program) forgetting(ctx context.Context, rest func()) func() {
	if p.harden == nil { // the garbage is that of another program, too
		return nil
	}
	return forget.NewCollector(ctx, rest).Forget
}
