package config_test

import (
	"errors"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"

	"foyer/internal/config"
)

// marker is a secret; no text that Foyer prints may hold it.
const marker = "hunter2-marker"

// complete is a file with all that must be configured but the secret, which env gives.
const complete = "tenant:\n  url: https://acme.example.com\n  pool: customers\nauth:\n  client_id: kiosk\n"

// env returns an environment with the secret and these variables.
func env(pairs ...string) map[string]string {
	vars := map[string]string{"FOYER_AUTH_CLIENT_SECRET": marker}
	for _, pair := range pairs {
		name, value, _ := strings.Cut(pair, "=")
		vars[name] = value
	}
	return vars
}

// source returns a Source of a few files and variables.
func source(files, vars map[string]string) config.Source {
	return config.Source{
		LookupEnv: func(name string) (string, bool) {
			v, ok := vars[name]
			return v, ok
		},
		Environ: func() []string {
			var all []string
			for _, name := range slices.Sorted(maps.Keys(vars)) {
				all = append(all, name+"="+vars[name])
			}
			return all
		},
		ReadFile: func(name string) ([]byte, error) {
			data, ok := files[name]
			if !ok {
				return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
			}
			return []byte(data), nil
		},
	}
}

// load loads from a foyer.yaml and variables what must be free of mistakes.
func load(t *testing.T, file string, vars map[string]string) *config.Config {
	t.Helper()
	c, _, err := config.Load(source(map[string]string{"foyer.yaml": file}, vars))
	if err != nil {
		t.Fatalf("Load = %v, want no mistake", err)
	}
	return c
}

// mistakes loads from src what must have mistakes, and returns their text.
func mistakes(t *testing.T, src config.Source) string {
	t.Helper()
	c, _, err := config.Load(src)
	var all *config.Mistakes
	if !errors.As(err, &all) {
		t.Fatalf("Load = %T %v, want *Mistakes", err, err)
	}
	if c != nil {
		t.Errorf("Load returns a Config beside its mistakes")
	}
	return err.Error()
}

// phc is a hash of a passcode with parameters.
func phc(parameters string) string {
	return "$argon2id$v=19$" + parameters + "$c29tZXNhbHRzb21lc2FsdA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
}
