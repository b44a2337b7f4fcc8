package payloadschema_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

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
		if got := s.Validate(nil); got != nil || len(s.Questions(payloadschema.Answers{})) != 0 {
			t.Errorf("Parse(%q): Validate(nil) = %v, want none, and no question", give, got)
		}
		if got := s.Validate(map[string]any{"a": 1}); len(got) != 1 {
			t.Errorf("Parse(%q): Validate(a) = %v, want one violation", give, got)
		}
	}
}

func TestNamesAreMadeReadable(t *testing.T) {
	for name, want := range map[string]string{"given_name": "Given name", "givenName": "Given name", "имя": "Имя", "_": "_", "a-b": "A b"} {
		s := parse(t, `{"properties": {"`+name+`": {"type": "string"}}}`)
		if got := s.Questions(payloadschema.Answers{})[0].Label; got != want {
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
		for _, q := range s.Questions(payloadschema.Answers{}) {
			if q.Label == "" && q.Name != "" || q.Kind == payloadschema.Choice && len(q.Options) == 0 {
				t.Errorf("Parse(%s) asks %+v", document, q)
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
