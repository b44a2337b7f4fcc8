package config_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"foyer/internal/config"
)

func TestLoadFields(t *testing.T) {
	first, last := -1, 20
	tests := []struct {
		name, file, variable string
		want                 map[string]config.Field
	}{
		{"texts for every language", "{/a: {label: A, help: B, placeholder: C}}", "", map[string]config.Field{
			"/a": {Label: config.Texts{"": "A"}, Help: config.Texts{"": "B"}, Placeholder: config.Texts{"": "C"}},
		}},
		{"texts by language", "{/a: {label: {en: First name, de: Vorname}}}", "", map[string]config.Field{
			"/a": {Label: config.Texts{"en": "First name", "de": "Vorname"}},
		}},
		{"orders and widgets", "{/a: {order: -1, widget: date}, /b/*/c~1d: {order: 20}}", "", map[string]config.Field{
			"/a": {Order: &first, Widget: "date"}, "/b/*/c~1d": {Order: &last},
		}},
		{"answers as they are written", "{/a: {default: 007}, /b: {prefill: yes}, /c: {hidden: true, default: [1, b]}}", "", map[string]config.Field{
			"/a": {Default: config.Answer{Text: "007"}}, "/b": {Prefill: config.Answer{Text: "yes"}},
			"/c": {Hidden: true, Default: config.Answer{Entries: []string{"1", "b"}}},
		}},
		{"flow text in the variable", "", "{/a: {label: A}}", map[string]config.Field{"/a": {Label: config.Texts{"": "A"}}}},
		{"block text in the variable", "", "/a: {label: A}", map[string]config.Field{"/a": {Label: config.Texts{"": "A"}}}},
		{"an alias", "{/a: &a {label: A}, /b: *a}", "", map[string]config.Field{
			"/a": {Label: config.Texts{"": "A"}}, "/b": {Label: config.Texts{"": "A"}},
		}},
		{"nothing said", "{/a: {label: '', order: }, /b: }", "", map[string]config.Field{"/a": {}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := load(t, "registration:\n  fields: "+tt.file+"\n", map[string]string{"FOYER_REGISTRATION_FIELDS": tt.variable})
			if diff := cmp.Diff(tt.want, c.Registration.Fields); diff != "" {
				t.Errorf("Load has other fields (-want +got):\n%s", diff)
			}
		})
	}
}

func TestLoadRejectsFields(t *testing.T) {
	const at = "registration.fields./a"
	tests := []struct{ name, give, want string }{
		{"a list", "[a]", "registration.fields (foyer.yaml:2): is a list but takes a mapping; write {/given_name: {label: First name}}"},
		{"a name for a pointer", "{given_name: {label: A}}", "registration.fields.given_name (foyer.yaml:2): is not a JSON Pointer into the payload; write / before each name, such as /given_name or /address/zip"},
		{"the whole payload", "{/: {label: A}}", "registration.fields./ (foyer.yaml:2): is not a JSON Pointer into the payload; write / before each name, such as /given_name or /address/zip"},
		{"a bad escape", "{/a~2: {label: A}}", "registration.fields./a~2 (foyer.yaml:2): is not a JSON Pointer into the payload; write / before each name, such as /given_name or /address/zip"},
		{"one twice", "{/a: {label: A},\n    /a: {label: B}}", at + " (foyer.yaml:3): is given twice; keep one of lines 2 and 3"},
		{"a text for a mapping", "{/a: A}", at + " (foyer.yaml:2): is a single value where a mapping belongs; write it as keys: label, help, placeholder, order, widget, default, prefill, hidden"},
		{"a misspelt member", "{/a: {lable: A}}", at + ".lable (foyer.yaml:2): unknown key; did you mean label?"},
		{"a member twice", "{/a: {label: A, label: B}}", at + ".label (foyer.yaml:2): is given twice; keep one of lines 2 and 2"},
		{"a language it does not speak", "{/a: {label: {fr: A}}}", at + ".label.fr (foyer.yaml:2): unknown key; write en or de"},
		{"a list for a text", "{/a: {label: [A]}}", at + ".label (foyer.yaml:2): is a list but takes a single value; write one value"},
		{"two lines for a language", "{/a: {help: {de: \"a\\nb\"}}}", at + ".help.de (foyer.yaml:2): holds a control character, another that nobody sees, or a line break; write it as one line of plain text"},
		{"an order in words", "{/a: {order: first}}", at + `.order (foyer.yaml:2): "first" is not a whole number; write a whole number; the smallest comes first`},
		{"a misspelt widget", "{/a: {widget: phon}}", at + `.widget (foyer.yaml:2): "phon" is not allowed; did you mean phone?`},
		{"yes for true", "{/a: {hidden: yes}}", at + `.hidden (foyer.yaml:2): "yes" is not allowed; write false or true`},
		{"a mapping for a default", "{/a: {default: {b: 1}}}", at + ".default (foyer.yaml:2): is a mapping but takes a value or a list; give each member of the object a default of its own, such as /address/country"},
		{"an empty entry", "{/a: {prefill: [b, '']}}", at + ".prefill (foyer.yaml:2): has an entry without a value; write a value, or take the entry out"},
		{"a prefill that nobody sees", "{/a: {hidden: true, prefill: b}}", at + " (foyer.yaml:2): is hidden and has a prefill, which nobody sees; write default: instead"},
		{"a list as what is left empty", "{/a: {default: [b]}}", at + " (foyer.yaml:2): has a list as its default, which only what is hidden can have; write prefill: instead, or add hidden: true"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			file := "registration:\n  fields: " + tt.give
			if got := mistakes(t, source(map[string]string{"foyer.yaml": file}, nil)); got != tt.want {
				t.Errorf("Load(%s) =\n%s\nwant\n%s", tt.give, got, tt.want)
			}
		})
	}
}
