package config_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"foyer/internal/config"
)

func TestLoadScopes(t *testing.T) {
	want := []string{"identity", "transient_otp"}
	for _, give := range []string{
		"identity transient_otp", "identity,transient_otp", "identity, transient_otp",
		"[identity, transient_otp]", "['identity', \"transient_otp\"]", "- identity\n- transient_otp",
	} {
		c := load(t, complete, env("FOYER_AUTH_SCOPES="+give))
		if diff := cmp.Diff(want, c.Auth.Scopes); diff != "" {
			t.Errorf("Load with FOYER_AUTH_SCOPES=%q (-want +got):\n%s", give, diff)
		}
	}
}

func TestLoadIdentifiers(t *testing.T) {
	required, optional := config.Identifier{Type: "uid", Required: true}, config.Identifier{Type: "email"}
	want := []config.Identifier{required, optional}
	tests := []struct{ name, file, variable string }{
		{"short in the variable", "", "uid,email?"},
		{"short with blanks", "", "uid, email?"},
		{"YAML in the variable", "", "[{type: uid, required: true}, {type: email, required: false}]"},
		{"required unless said otherwise", "", "[{type: uid}, {type: email, required: false}]"},
		{"short in the file", "  identifiers: uid, email?\n", ""},
		{"a block in the file", "  identifiers:\n    - type: uid\n      required: true\n    - email?\n", ""},
		{"aliases in the file", "  metadata: {m: &m {type: email, required: false}, u: &u uid}\n  identifiers: [*u, *m]\n", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := load(t, complete+"registration:\n"+tt.file, env("FOYER_REGISTRATION_IDENTIFIERS="+tt.variable))
			if diff := cmp.Diff(want, c.Registration.Identifiers); diff != "" {
				t.Errorf("Load has other identifiers (-want +got):\n%s", diff)
			}
		})
	}
}

func TestLoadMetadata(t *testing.T) {
	tests := []struct {
		name, file, variable string
		want                 map[string]any
	}{
		{"a mapping in the file", "{desk: 7, vip: true, on: 2026-01-31, tags: [a, b]}", "", map[string]any{
			"desk": 7, "vip": true, "on": "2026-01-31", "tags": []any{"a", "b"},
		}},
		{"flow text in the variable", "", `{"desk": "north"}`, map[string]any{"desk": "north"}},
		{"block text in the variable", "", "desk: north", map[string]any{"desk": "north"}},
		{"an alias", "{a: &x [1], b: *x}", "", map[string]any{"a": []any{1}, "b": []any{1}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := load(t, "registration:\n  metadata: "+tt.file+"\n", map[string]string{"FOYER_REGISTRATION_METADATA": tt.variable})
			if diff := cmp.Diff(tt.want, c.Registration.Metadata); diff != "" {
				t.Errorf("Load has other metadata (-want +got):\n%s", diff)
			}
		})
	}
}

func TestLoadFollowsAliases(t *testing.T) {
	c := load(t, "registration:\n  metadata: {ui: &ui {title: &title Foyer, lang: de}}\nui: *ui\nlog: {file: *title}\n", nil)
	if c.UI.Title != "Foyer" || c.UI.Lang != "de" || c.Log.File != "Foyer" {
		t.Errorf("Load = %+v, %+v, want what the aliases stand for", c.UI, c.Log)
	}
}

func TestLoadTakesTextAsItStands(t *testing.T) {
	tests := []struct{ give, want string }{
		{"007", "007"},
		{"1e3", "1e3"},
		{"yes", "yes"},
		{"2026-01-31", "2026-01-31"},
		{"'  Foyer '", "Foyer"},
		{"|\n    Foyer\n", "Foyer"},
		{"Zürich 😀", "Zürich 😀"},
	}
	for _, tt := range tests {
		if got := load(t, "ui:\n  title: "+tt.give+"\n", nil).UI.Title; got != tt.want {
			t.Errorf("Load of title: %s = %q, want %q", tt.give, got, tt.want)
		}
	}
}
