package main

import (
	"context"
	"fmt"
	"log/slog"

	"foyer/internal/config"
	"foyer/internal/intents"
	"foyer/internal/keyfile"
	"foyer/internal/registration"
)

// intents opens the journal of intents. Where no place is set and there is none by default, or with a practice tenant, it lasts as
// long as the process.
func (p *program) intents(ctx context.Context, cfg *config.Config, logger *slog.Logger) (registration.Journal, error) {
	pool := fmt.Sprint(cfg.Tenant.URL, " ", cfg.Tenant.ID, " ", cfg.Tenant.Pool)
	o := intents.Options{Pool: pool, Keep: cfg.Intents.Keep, Key: keyfile.New()}
	set := cfg.Intents.File != "" || cfg.Intents.KeyFile != ""
	if cfg.Practice() {
		return intents.Open(ctx, o)
	}
	journal, err := p.lastingIntents(ctx, cfg.Intents, o)
	switch {
	case err == nil:
		return journal, nil
	case set:
		return nil, &usageError{fmt.Errorf("intents.file: %w; name files that can be written", err)}
	}
	logger.WarnContext(ctx, "the journal of intents is kept in memory", "error", err)
	return intents.Open(ctx, o)
}

// lastingIntents opens the journal in files.
func (p *program) lastingIntents(ctx context.Context, c config.Intents, o intents.Options) (*intents.Journal, error) {
	name, err := p.stateFile("intents.file", c.File, "intents.jsonl")
	if err != nil {
		return nil, err
	}
	keyName, err := p.stateFile("intents.key_file", c.KeyFile, "intents.key")
	if err != nil {
		return nil, err
	}
	if o.Key, _, err = keyfile.Load(keyName); err != nil {
		return nil, err
	}
	o.File = name
	return intents.Open(ctx, o)
}
