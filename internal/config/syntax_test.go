package config_test

import (
	"strings"
	"testing"
)

func TestLoadRejectsBrokenFiles(t *testing.T) {
	const look = "; look for a missing colon, quote or bracket, or wrong indentation"
	tests := []struct{ name, give, want string }{
		{"indented with a tab", "ui:\n\ttheme: dark\n", "foyer.yaml:2: is indented with a tab; indent with spaces"},
		{"a tab in between", "ui:\n  theme: dark\n\tlang: de\n", "foyer.yaml:3: is indented with a tab; indent with spaces"},
		{"a tab after spaces", "ui:\n  theme: dark\n  \tlang: de\n", "foyer.yaml:3: is indented with a tab; indent with spaces"},
		{"not UTF-8", "ui:\n  title: \xff\n", "foyer.yaml:2: is not UTF-8; write it in UTF-8"},
		{"UTF-16", "\xff\xfeu\x00i\x00", "foyer.yaml:1: is not UTF-8; write it in UTF-8"},
		{"a control character", "ui:\n  title: \x1b[2J\n", "foyer.yaml:2: holds a control character; take it out"},
		{"a zero byte", "ui:\n\n\x00", "foyer.yaml:3: holds a control character; take it out"},
		{"two documents", "ui: {}\n---\nui: {}\n", "foyer.yaml:2: a second YAML document begins; keep one document"},
		{"a key indented too little", "ui:\n  theme: dark\n lang: de\n", "foyer.yaml:3: is not YAML: did not find expected key" + look},
		{"a key indented too much", "ui:\n  theme: dark\n    lang: de\n", "foyer.yaml:3: has a colon where none can be; check the indentation, or put the value in quotes"},
		{"a key without its colon", "ui:\n  theme: dark\n  title\n  lang: de\n", "foyer.yaml:3: is not YAML: could not find expected ':'" + look},
		{"two colons", "ui: a: b\n", "foyer.yaml:1: has a colon where none can be; check the indentation, or put the value in quotes"},
		{"an open quote", "ui:\n  title: \"x\nlog: {}\n", "foyer.yaml:2: is not YAML: found unexpected end of stream" + look},
		{"an open bracket", "auth:\n  scopes: [identity\nlog: {}\n", "foyer.yaml:2: is not YAML: did not find expected ',' or ']'" + look},
		{"words after a quote", "log: {}\nui:\n  title: 'it''s' x\n", "foyer.yaml:3: is not YAML: did not find expected key" + look},
		{"a reserved character", "ui:\n  title: @foyer\n", "foyer.yaml:2: has a value that begins with a character YAML reserves; put the value in quotes"},
		{"an anchor that is none", "ui:\n  title: *foyer\n", "foyer.yaml:2: uses a YAML anchor that is not defined; put a value that begins with * in quotes"},
		{"a text for a file", "foyer", "foyer.yaml:1: is a single value where a mapping belongs; write it as keys: tenant, auth, registration, password, kiosk, ssh, ui, audit, intents, log"},
		{"larger than 1 MiB", strings.Repeat("#", 1<<20) + "\n", "foyer.yaml: is larger than 1 MiB; take out what is not a setting"},
		{"broken and long", strings.Repeat("# a line\n", 20_000) + "ui: ]\n", "foyer.yaml:20000: is not YAML: did not find expected node content" + look},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := mistakes(t, source(map[string]string{"foyer.yaml": tt.give}, nil)); got != tt.want {
				t.Errorf("Load =\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
}

func TestLoadReadsAnEmptyFile(t *testing.T) {
	for _, give := range []string{"", "\n", "# nothing\n", "---\n", "\ufeff", "~", "{}", "ui:\n"} {
		if c := load(t, give, nil); c.Configured() {
			t.Errorf("Load(%q).Configured() = true, want false", give)
		}
	}
}

// TestLoadRefusesAnAliasBomb proves that a small file cannot take the memory of a large one.
func TestLoadRefusesAnAliasBomb(t *testing.T) {
	var b strings.Builder
	b.WriteString("registration:\n  metadata:\n    a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n")
	for i := 1; i < 12; i++ {
		before, now := string(rune('a'+i-1)), string(rune('a'+i))
		if i == 1 {
			before = "a0"
		}
		b.WriteString("    " + now + ": &" + now + " [" + strings.TrimSuffix(strings.Repeat("*"+before+", ", 10), ", ") + "]\n")
	}
	const want = "registration.metadata (foyer.yaml:3): is not a mapping of names to values; write {name: value}, each name once"
	if got := mistakes(t, source(map[string]string{"foyer.yaml": b.String()}, nil)); got != want {
		t.Errorf("Load =\n%s\nwant\n%s", got, want)
	}
}
