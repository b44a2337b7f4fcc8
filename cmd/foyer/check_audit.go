package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"foyer/internal/audit"
	"foyer/internal/config"
	"foyer/internal/wholefile"
)

// checkAudit proves that registrations could be recorded, where they are to be. It makes and changes nothing.
func (p *program) checkAudit(ctx context.Context, c config.Audit) error {
	if c.File == "" {
		return nil
	}
	found, err := p.lookAtAudit(ctx, c)
	if err != nil {
		p.row("✗", "audit", err.Error())
		return &saidError{&usageError{err}}
	}
	p.row("✓", "audit", found.text)
	if found.look != "" {
		p.row("!", "audit", found.look)
	}
	return nil
}

func (p *program) lookAtAudit(ctx context.Context, c config.Audit) (finding, error) {
	name, err := p.stateFile("audit.key_file", c.KeyFile, "audit.key")
	if err != nil {
		return finding{}, err
	}
	key, err := audit.ReadKey(name)
	if errors.Is(err, fs.ErrNotExist) {
		return unmade(c.File, name)
	}
	if err != nil {
		return finding{}, fmt.Errorf("audit.key_file: %w; give the file that the record was written with", err)
	}
	state, err := audit.Look(ctx, c.File, key)
	switch {
	case errors.Is(err, fs.ErrPermission):
		return finding{}, fmt.Errorf("audit.file: %w; let the user that Foyer runs as write there, or name another file", err)
	case err != nil:
		return finding{}, fmt.Errorf("audit.file: %w; see 'foyer audit verify'", err)
	case !state.Begun:
		return finding{text: fmt.Sprintf("the record is begun at the first start in %s, with the key in %s", c.File, name)}, nil
	}
	f := finding{text: fmt.Sprintf("the record in %s ends with number %d, its head fits, the key in %s is its own, and it can be written", c.File, state.Last, name)}
	if state.Torn > 0 {
		f.look = fmt.Sprintf("a crash has left %d bytes at its end, which nobody was told were written; the next record takes them away", state.Torn)
	}
	return f, nil
}

// unmade tells whether the key and the record could be made.
func unmade(record, key string) (finding, error) {
	if err := audit.Unbegun(record, key); err != nil {
		return finding{}, fmt.Errorf("audit.key_file: %w", err)
	}
	for setting, name := range map[string]string{"audit.file": record, "audit.key_file": key} {
		if err := wholefile.Try(name); err != nil {
			return finding{}, fmt.Errorf("%s: %w; name a file that can be made", setting, err)
		}
	}
	return finding{text: fmt.Sprintf("the record is begun at the first start in %s, with a key that is made in %s", record, key)}, nil
}
