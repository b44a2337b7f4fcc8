package payloadschema

import (
	"strings"
	"testing"
)

const rankedDocument = `{"type": "object", "properties": {
	"a": {"type": "string"}, "b": {"type": "string"}, "c": {"type": "string"},
	"tags": {"type": "array", "items": {"type": "string"}},
	"home": {"type": "object", "properties": {"street": {"type": "string"}, "zip": {"type": "string"}}},
	"work": {"type": "object", "properties": {"desk": {"type": "integer"}}},
	"any": {"type": "object", "patternProperties": {"^x_": {"type": "string"}}, "additionalProperties": false},
	"open": {"type": "object", "additionalProperties": true},
	"people": {"type": "array", "items": {"type": "object", "properties": {"name": {"type": "string"}}}},
	"pay": {"oneOf": [{"title": "Card", "properties": {"card": {"type": "string"}}, "required": ["card"]}, {"title": "Bank", "properties": {"iban": {"type": "string"}}, "required": ["iban"]}], "type": "object"}
}, "required": ["b"], "additionalProperties": false,
"if": {"properties": {"a": {"const": "x"}}, "required": ["a"]}, "then": {"properties": {"d": {"type": "string"}}, "required": ["e"]}}`

func TestRanked(t *testing.T) {
	s, err := Parse([]byte(rankedDocument))
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name  string
		ranks map[string]int
		want  string
	}{
		{"no ranks", nil, "/b /a /c /tags /home/street /home/zip /work/desk"},
		{"those with a rank first, ascending", map[string]int{"/c": 5, "/a": 10}, "/c /a /b /tags /home/street /home/zip /work/desk"},
		{"a list moves as a whole", map[string]int{"/tags": -1}, "/tags /b /a /c /home/street /home/zip /work/desk"},
		{"within a section", map[string]int{"/home/zip": 0}, "/b /a /c /tags /home/zip /home/street /work/desk"},
		{"a section only before other sections", map[string]int{"/work": 1}, "/b /a /c /tags /work/desk /home/street /home/zip"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			ranked := s.Ranked(func(pointer string) (int, bool) {
				rank, ok := tt.ranks[pointer]
				return rank, ok
			})
			var got []string
			for _, q := range ranked.Questions(Answers{}) {
				got = append(got, q.Pointer)
			}
			if got := strings.Join(got, " "); !strings.HasPrefix(got, tt.want) {
				t.Errorf("asked in the order %s, want %s", got, tt.want)
			}
		})
	}
}

func TestWhatAShapeBringsStaysBehindItsQuestion(t *testing.T) {
	s, err := Parse([]byte(rankedDocument))
	if err != nil {
		t.Fatal(err)
	}
	ranked := s.Ranked(func(pointer string) (int, bool) { return 1, pointer == "/pay/card" })
	var got []string
	for _, q := range ranked.Questions(Answers{Shapes: map[string]int{"/pay": 0}}) {
		if strings.HasPrefix(q.Pointer, "/pay") {
			got = append(got, string(q.Kind)+q.Pointer)
		}
	}
	if got := strings.Join(got, " "); got != "shape/pay text/pay/card" {
		t.Errorf("asked in the order %s", got)
	}
}

func TestDescribes(t *testing.T) {
	s, err := Parse([]byte(rankedDocument))
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		pattern string
		want    bool
	}{
		{"/a", true},
		{"/home", true},
		{"/home/zip", true},
		{"/tags/*", true},
		{"/tags/0", true},
		{"/people/*/name", true},
		{"/pay/iban", true}, // of a shape
		{"/d", true},        // of a condition
		{"/e", true},        // required, and not described
		{"/any/x_1", true},
		{"/open/whatever", true},
		{"/z", false},
		{"/a/b", false},
		{"/home/city", false},
		{"/tags/a", false},
		{"/people/*/age", false},
		{"/people/name", false},
		{"/any/y", false},
	}
	for _, tt := range tests {
		if got := s.Describes(tt.pattern); got != tt.want {
			t.Errorf("Describes(%s) = %t, want %t", tt.pattern, got, tt.want)
		}
	}
}
