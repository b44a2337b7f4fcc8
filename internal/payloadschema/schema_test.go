package payloadschema_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"foyer/internal/payloadschema"
)

const person = `{
	"type": "object", "description": "About you",
	"properties": {
		"nick_name": {"type": "string", "maxLength": 5},
		"given_name": {"type": "string", "title": "First name", "description": "As in your passport", "minLength": 1},
		"state": {"type": "string", "description": "State", "enum": ["AL", "AK"]},
		"age": {"type": "integer", "minimum": 18, "maximum": 120, "multipleOf": 2},
		"height": {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 3},
		"newsLetter": {"type": "boolean"},
		"zip": {"type": "string", "pattern": "^\\d{5}(-\\d{4})?$"},
		"address": {"type": "object", "properties": {"city": {"type": "string"}}},
		"tags": {"type": "array", "items": {"type": "string"}},
		"source": {"type": "string", "hidden": true}
	},
	"required": ["given_name", "age", "address", "a/b"],
	"additionalProperties": false
}`

func parse(t *testing.T, document string) *payloadschema.Schema {
	t.Helper()
	s, err := payloadschema.Parse(json.RawMessage(document))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestParse(t *testing.T) {
	got := parse(t, person)
	want := &payloadschema.Schema{
		Heading: "About you",
		Fields: []payloadschema.Field{
			{Pointer: "/given_name", Name: "given_name", Label: "First name", Help: "As in your passport", Kind: payloadschema.Text, Required: true},
			{Pointer: "/age", Name: "age", Label: "Age", Kind: payloadschema.Integer, Required: true},
			{Pointer: "/nick_name", Name: "nick_name", Label: "Nick name", Kind: payloadschema.Text, MaxRunes: 5},
			{Pointer: "/state", Name: "state", Label: "State", Kind: payloadschema.Choice, Options: []string{"AL", "AK"}},
			{Pointer: "/height", Name: "height", Label: "Height", Kind: payloadschema.Number},
			{Pointer: "/newsLetter", Name: "newsLetter", Label: "News letter", Kind: payloadschema.Switch},
			{Pointer: "/zip", Name: "zip", Label: "Zip", Kind: payloadschema.Text, Example: "12345"},
		},
		Unaskable: []payloadschema.Unaskable{
			{Pointer: "/address", Reason: "nested objects are not asked in this version", Required: true},
			{Pointer: "/tags", Reason: "lists are not asked in this version"},
			{Pointer: "/source", Reason: "it is hidden from people"},
			{Pointer: "/a~1b", Reason: "it is required but not described", Required: true},
		},
	}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(payloadschema.Schema{})); diff != "" {
		t.Errorf("Parse, -want +got:\n%s", diff)
	}
}

func TestParseRefuses(t *testing.T) {
	tests := map[string]string{
		"no JSON":                 `{`,
		"a pattern it cannot use": `{"properties": {"a": {"type": "string", "pattern": "("}}}`,
		"a list":                  `[]`,
		"another document":        `{"$ref": "file:///etc/passwd"}`,
		"properties of no object": `{"properties": 5}`,
		"a property of no object": `{"properties": {"a": []}}`,
	}
	for name, give := range tests {
		t.Run(name, func(t *testing.T) {
			if _, err := payloadschema.Parse(json.RawMessage(give)); err == nil {
				t.Errorf("Parse(%s) gave no error", give)
			}
		})
	}
}

func TestValidate(t *testing.T) {
	s := parse(t, strings.Replace(person, `, "a/b"`, "", 1))
	valid := map[string]any{"given_name": "Ann", "age": json.Number("20"), "address": map[string]any{}}
	tests := []struct {
		name  string
		field string
		value any
		want  []payloadschema.Violation
	}{
		{"a complete payload", "given_name", "Ann", nil},
		{"a required one is missing", "given_name", nil, []payloadschema.Violation{{Pointer: "/given_name", Rule: "required"}}},
		{"a required one is empty", "given_name", "", []payloadschema.Violation{{Pointer: "/given_name", Rule: "required"}}},
		{"too long", "nick_name", "Äbcdéf", []payloadschema.Violation{{Pointer: "/nick_name", Rule: "too_long", Arg: "5"}}},
		{"not an option", "state", "XX", []payloadschema.Violation{{Pointer: "/state", Rule: "choice"}}},
		{"too small", "age", json.Number("16"), []payloadschema.Violation{{Pointer: "/age", Rule: "minimum", Arg: "18"}}},
		{"too large", "age", json.Number("122"), []payloadschema.Violation{{Pointer: "/age", Rule: "maximum", Arg: "120"}}},
		{"no multiple", "age", json.Number("19"), []payloadschema.Violation{{Pointer: "/age", Rule: "multiple_of", Arg: "2"}}},
		{"no whole number", "age", json.Number("20.5"), []payloadschema.Violation{{Pointer: "/age", Rule: "integer"}}},
		{"words for a number", "height", "tall", []payloadschema.Violation{{Pointer: "/height", Rule: "number"}}},
		{"not above the bound", "height", json.Number("0"), []payloadschema.Violation{{Pointer: "/height", Rule: "above", Arg: "0"}}},
		{"not below the bound", "height", json.Number("3"), []payloadschema.Violation{{Pointer: "/height", Rule: "below", Arg: "3"}}},
		{"words for a switch", "newsLetter", "yes", []payloadschema.Violation{{Pointer: "/newsLetter", Rule: "switch"}}},
		{"a number for a text", "zip", json.Number("12345"), []payloadschema.Violation{{Pointer: "/zip", Rule: "text"}}},
		{"another form", "zip", "1234", []payloadschema.Violation{{Pointer: "/zip", Rule: "pattern", Arg: "12345"}}},
		{"one that is not asked for", "colour", "red", []payloadschema.Violation{{Pointer: "/colour", Rule: "unknown"}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			give := make(map[string]any)
			for k, v := range valid {
				give[k] = v
			}
			give[tt.field] = tt.value
			if tt.value == nil {
				delete(give, tt.field)
			}
			if diff := cmp.Diff(tt.want, s.Validate(give)); diff != "" {
				t.Errorf("Validate(%s = %v), -want +got:\n%s", tt.field, tt.value, diff)
			}
		})
	}
}

func TestASchemaOfNothingTakesNothing(t *testing.T) {
	for _, give := range []string{"", "null"} {
		s := parse(t, give)
		if got := s.Validate(nil); got != nil || len(s.Fields) != 0 {
			t.Errorf("Parse(%q): fields %v, Validate(nil) = %v, want none", give, s.Fields, got)
		}
		if got := s.Validate(map[string]any{"a": 1}); len(got) != 1 {
			t.Errorf("Parse(%q): Validate(a) = %v, want one violation", give, got)
		}
	}
}

func TestWhatADocumentCanAskForBesides(t *testing.T) {
	tests := map[string]string{
		`{"allOf": [{"required": ["x"]}]}`:                                                         "allOf",
		`{"if": {}, "then": {"required": ["x"]}}`:                                                  "if",
		`{"properties": {"a": {"type": "string"}}, "minProperties": 1}`:                            "minProperties",
		`{"required": ["a"], "properties": {"a": {"type": "string"}}}`:                             "",
		`{"allOf": null, "required": null, "properties": {"a": {"type": "string", "enum": null}}}`: "",
	}
	for document, want := range tests {
		s := parse(t, document)
		switch {
		case want == "" && len(s.Unaskable) > 0:
			t.Errorf("Parse(%s) finds %v, want nothing", document, s.Unaskable)
		case want != "" && (len(s.Unaskable) != 1 || !s.Unaskable[0].Required || !strings.Contains(s.Unaskable[0].Reason, want)):
			t.Errorf("Parse(%s) finds %v, want %s", document, s.Unaskable, want)
		}
	}
}

func TestNamesAreMadeReadable(t *testing.T) {
	for name, want := range map[string]string{"given_name": "Given name", "givenName": "Given name", "имя": "Имя", "_": "_", "a-b": "A b"} {
		s := parse(t, `{"properties": {"`+name+`": {"type": "string"}}}`)
		if got := s.Fields[0].Label; got != want {
			t.Errorf("%s is called %q, want %q", name, got, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(person))
	f.Add([]byte(`{"properties": {"a": {"type": "string", "pattern": "("}}}`))
	f.Fuzz(func(t *testing.T, document []byte) {
		s, err := payloadschema.Parse(document)
		if err != nil {
			return
		}
		for _, field := range s.Fields {
			if field.Label == "" && field.Name != "" || field.Kind == payloadschema.Choice && len(field.Options) == 0 {
				t.Errorf("Parse(%s) asks %+v", document, field)
			}
		}
		s.Validate(map[string]any{"a": "b"})
	})
}

func TestExample(t *testing.T) {
	tests := map[string]string{
		`^\d{5}(-\d{4})?$`:  "12345",
		`^[A-Z]{2}\d{3}$`:   "AB345",
		`^(foo|bar)$`:       "foo",
		`^[a-z]+$`:          "a",
		`^$`:                "",
		`(`:                 "",
		`^.{1000}$`:         "",
		`^[^@]+@[^@]+$`:     "1@3",
		`^\+?[0-9 ]{7,15}$`: "1234567",
	}
	for give, want := range tests {
		if got := payloadschema.Example(give); got != want {
			t.Errorf("Example(%q) = %q, want %q", give, got, want)
		}
	}
}
