package sandbox

import (
	"embed"
	"fmt"
	"path"
	"strings"
)

// The pools and schemas of the tenant, in the shapes of PoolResponse and Schema.
//
//go:embed tenant/*.json
var tenantFiles embed.FS

// load reads the embedded schemas, then the pools that refer to them.
func (t *Tenant) load() error {
	t.schemas.byID, t.pools = map[string]*schema{}, map[string]*pool{}
	if err := t.each("schema_", t.loadSchema); err != nil {
		return err
	}
	return t.each("pool_", t.loadPool)
}

// each hands the embedded files whose names begin with prefix to read.
func (t *Tenant) each(prefix string, read func([]byte) error) error {
	const folder = "tenant"
	entries, err := tenantFiles.ReadDir(folder)
	if err != nil {
		return fmt.Errorf("list tenant files: %w", err)
	}
	for _, entry := range entries {
		if !strings.HasPrefix(entry.Name(), prefix) {
			continue
		}
		data, err := tenantFiles.ReadFile(path.Join(folder, entry.Name()))
		if err != nil {
			return fmt.Errorf("read tenant file: %w", err)
		}
		if err := read(data); err != nil {
			return fmt.Errorf("tenant file %s: %w", entry.Name(), err)
		}
	}
	return nil
}

func (t *Tenant) loadSchema(data []byte) error {
	s, err := t.readSchema(data)
	if err == nil {
		t.schemas.put(s)
	}
	return err
}

func (t *Tenant) loadPool(data []byte) error {
	d, err := t.parsePool(data)
	if err != nil {
		return err
	}
	t.pools[d.ID] = newPool(d)
	return nil
}
