package payloadschema_test

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"foyer/internal/payloadschema"
)

// large is a schema of 200 properties on 6 levels, a third of them enums of 1,000 options, with a condition and a oneOf on
// every level, and complete answers.
func large(tb testing.TB) (*payloadschema.Schema, payloadschema.Answers) {
	tb.Helper()
	options := make([]string, 1000)
	for i := range options {
		options[i] = fmt.Sprintf("option %d", i)
	}
	var level func(depth int) (map[string]any, map[string]any)
	level = func(depth int) (map[string]any, map[string]any) {
		properties, answers := map[string]any{}, map[string]any{}
		for i := range 34 {
			name := "p" + strconv.Itoa(i)
			switch i % 3 {
			case 0:
				properties[name], answers[name] = map[string]any{"type": "string", "enum": options}, options[999]
			case 1:
				properties[name], answers[name] = map[string]any{"type": "string", "pattern": "^[a-z]+$", "maxLength": 20}, "ann"
			case 2:
				properties[name], answers[name] = map[string]any{"type": "integer", "minimum": 1, "maximum": 100}, json.Number("50")
			}
		}
		if depth > 1 {
			inner, value := level(depth - 1)
			alternatives := []any{}
			for _, tag := range []string{"a", "b", "c"} {
				alternatives = append(alternatives, map[string]any{
					"properties": map[string]any{"tag": map[string]any{"const": tag}, "inner" + tag: inner}, "required": []string{"tag", "inner" + tag},
				})
				if tag == "a" { // one carries the depth, so that the document does not multiply
					inner = map[string]any{"type": "string"}
				}
			}
			s := map[string]any{
				"type": "object", "properties": properties, "required": []string{"p0", "p1"}, "oneOf": alternatives,
				"if":   map[string]any{"properties": map[string]any{"p2": map[string]any{"minimum": 10}}, "required": []string{"p2"}},
				"then": map[string]any{"required": []string{"p4"}, "properties": map[string]any{"then": map[string]any{"type": "string"}}},
			}
			answers["tag"], answers["innera"], answers["then"] = "a", value, "x"
			return s, answers
		}
		return map[string]any{"type": "object", "properties": properties, "required": []string{"p0", "p1"}}, answers
	}
	schema, answers := level(6)
	document, err := json.Marshal(schema)
	if err != nil {
		tb.Fatal(err)
	}
	s, err := payloadschema.Parse(document)
	if err != nil {
		tb.Fatal(err)
	}
	return s, payloadschema.Answers{Payload: answers}
}

func BenchmarkQuestions(b *testing.B) {
	s, a := large(b)
	b.ReportMetric(float64(len(s.Questions(a))), "questions")
	for b.Loop() {
		s.Questions(a)
	}
}

func BenchmarkCheck(b *testing.B) {
	s, a := large(b)
	for b.Loop() {
		s.Check(a)
	}
}

func BenchmarkParse(b *testing.B) {
	document := readFile(b, "testdata/schemas/us_address.json")
	for b.Loop() {
		if _, err := payloadschema.Parse(document); err != nil {
			b.Fatal(err)
		}
	}
}

// TestLargeSchemasAreAnsweredAtOnce is generous, since machines differ: the benchmarks say how long it takes.
func TestLargeSchemasAreAnsweredAtOnce(t *testing.T) {
	s, a := large(t)
	if n := len(s.Questions(a)); n < 200 {
		t.Fatalf("there are %d questions, want 200", n)
	}
	if wrong := s.Check(a); len(wrong) > 0 {
		t.Fatalf("Check finds %v", wrong)
	}
	fastest := time.Hour
	for range 10 {
		start := time.Now()
		s.Questions(a)
		s.Check(a)
		fastest = min(fastest, time.Since(start))
	}
	if fastest > 50*time.Millisecond {
		t.Errorf("Questions and Check take %v", fastest)
	}
}

func TestHugeDocumentsAreBounded(t *testing.T) {
	tests := map[string]string{
		"many properties":   `{"properties": {` + strings.Join(repeat(9000, func(i int) string { return fmt.Sprintf(`"p%d": {"type": "string"}`, i) }), ",") + `}}`,
		"many alternatives": `{"oneOf": [` + strings.Join(repeat(3000, func(i int) string { return fmt.Sprintf(`{"properties": {"p%d": {"type": "string"}}}`, i) }), ",") + `]}`,
		"many parts":        `{"allOf": [` + strings.Join(repeat(3000, func(i int) string { return fmt.Sprintf(`{"properties": {"p%d": {"type": "string"}}}`, i) }), ",") + `]}`,
		"many conditions in a row": `{"allOf": [` + strings.Join(repeat(1200, func(i int) string {
			return fmt.Sprintf(`{"if": {"required": ["p%d"]}, "then": {"properties": {"p%d": {"type": "string"}}}}`, i, i+1)
		}), ",") + `]}`,
		"deep nesting": strings.Repeat(`{"properties": {"a": `, 30) + `{}` + strings.Repeat(`}}`, 30),
		"references that multiply": `{"$ref": "#/$defs/d0", "$defs": {` + strings.Join(repeat(30, func(i int) string {
			return fmt.Sprintf(`"d%d": {"properties": {"a": {"$ref": "#/$defs/d%d"}, "b": {"$ref": "#/$defs/d%d"}}}`, i, i+1, i+1)
		}), ",") + `, "d30": {"type": "string"}}}`,
		"lists of lists of minimum": `{"properties": {"a": {"type": "array", "minItems": 100, "items": {"type": "array", "minItems": 100, "items": {"type": "array", "minItems": 100}}}}, "required": ["a"]}`,
	}
	for name, document := range tests {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			s := parse(t, document)
			parsed := time.Since(start)
			start = time.Now()
			n := len(s.Questions(payloadschema.Answers{}))
			asked := time.Since(start)
			s.Check(payloadschema.Answers{Payload: map[string]any{"p0": "x"}})
			t.Logf("%d bytes: parsed in %v; %d questions in %v; all in %v", len(document), parsed, n, asked, time.Since(start))
			if n > 2000 || time.Since(start) > 5*time.Second {
				t.Errorf("%d questions in %v", n, time.Since(start))
			}
		})
	}
}

func repeat(n int, f func(int) string) []string {
	all := make([]string, n)
	for i := range all {
		all[i] = f(i)
	}
	return all
}

func TestDocumentsOfNoMeasureAreRefused(t *testing.T) {
	tests := map[string]string{
		"too deep":             strings.Repeat(`{"properties": {"a": `, 2000) + `{}` + strings.Repeat(`}}`, 2000),
		"too many schemas":     `{"properties": {` + strings.Join(repeat(30000, func(i int) string { return fmt.Sprintf(`"p%d": {}`, i) }), ",") + `}}`,
		"more than a megabyte": `{"description": "` + strings.Repeat("a", 1<<20) + `"}`,
	}
	for name, document := range tests {
		t.Run(name, func(t *testing.T) {
			if _, err := payloadschema.Parse(json.RawMessage(document)); err == nil {
				t.Error("Parse gave no error")
			}
		})
	}
}
