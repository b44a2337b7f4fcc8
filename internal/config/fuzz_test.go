package config_test

import (
	"errors"
	"strings"
	"testing"

	"foyer/internal/config"
)

// FuzzLoad reads any file together with secrets from everywhere. Load does not panic, its errors are *Mistakes, each
// on one line without control characters, and none of them holds the secret.
func FuzzLoad(f *testing.F) {
	for _, seed := range []string{
		"", complete, config.Example(), strings.ReplaceAll(config.Example(), "  #", "  "),
		"auth:\n  client_secret_file: secret.txt\n", "ui: {theme: pink, theme: dark}\nkiosk: {idle_timeout: 1}",
		"registration:\n  metadata: &a {b: [*a], <<: *a}\n  identifiers: [uid, {type: federated}]\n",
		"tenant: [x]\n---\n", "? {a: b}\n: c", "ui:\n\ttitle: \"\\e[2J\"\n", "auth: !!map {scopes: !!binary x}\n", "--- |",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if strings.Contains(string(data), marker) {
			return // then it may stand where values are repeated
		}
		file := string(data) + "\nauth:\n  client_secret: " + marker + "\n"
		for _, src := range []config.Source{
			source(map[string]string{"foyer.yaml": string(data), "secret.txt": marker}, nil),
			source(map[string]string{"foyer.yaml": string(data), "secret.txt": marker}, env()),
			source(map[string]string{"foyer.yaml": file}, nil),
			source(nil, env("FOYER_REGISTRATION_METADATA="+string(data), "FOYER_REGISTRATION_IDENTIFIERS="+string(data))),
		} {
			c, _, err := config.Load(src)
			if err == nil {
				continue
			}
			var all *config.Mistakes
			if !errors.As(err, &all) || c != nil {
				t.Fatalf("Load = %v, %T, want no Config and *Mistakes", c, err)
			}
			for _, m := range all.List {
				if s := m.String(); strings.Contains(s, marker) || strings.ContainsAny(s, "\n\r\t\x00\x1b") {
					t.Errorf("Load(%q) has the mistake %q, want neither the secret nor control characters", data, s)
				}
			}
		}
	})
}
