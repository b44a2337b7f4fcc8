package payloadschema_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"

	"github.com/google/jsonschema-go/jsonschema"

	"foyer/internal/payloadschema"
)

// A generator makes schemas that somebody can satisfy, of everything SupportedJSONSchema can say.
type generator struct{ *rand.Rand }

func (g generator) one(of ...string) string { return of[g.IntN(len(of))] }

// schema is a random document.
func (g generator) schema(depth int) map[string]any {
	s := g.object(depth)
	s["description"] = "Random"
	return s
}

func (g generator) value(depth int) map[string]any {
	if depth <= 0 || g.IntN(3) > 0 {
		return g.single()
	}
	switch g.IntN(4) {
	case 0:
		return g.list(depth - 1)
	case 1:
		return map[string]any{g.one("oneOf", "anyOf"): []any{
			g.tagged("left", depth-1), g.tagged("right", depth-1),
		}}
	case 2:
		return map[string]any{"oneOf": []any{map[string]any{"type": "integer", "title": "Count"}, map[string]any{"type": "string", "minLength": 2}}}
	}
	return g.object(depth - 1)
}

// tagged is an object that a constant tells from others.
func (g generator) tagged(tag string, depth int) map[string]any {
	s := g.members(depth, "t_")
	properties, _ := s["properties"].(map[string]any)
	properties["tag"] = map[string]any{"type": "string", "const": tag}
	required, _ := s["required"].([]any)
	s["required"] = append(required, "tag")
	return s
}

func (g generator) single() map[string]any {
	switch g.IntN(9) {
	case 0:
		return map[string]any{"type": "boolean"}
	case 1:
		return map[string]any{"type": "integer", "minimum": g.IntN(5), "maximum": 12 + g.IntN(9), "multipleOf": 1 + g.IntN(3)}
	case 2:
		return map[string]any{"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 2 + g.IntN(5)}
	case 3:
		return map[string]any{"type": "string", "enum": []any{"red", "green", "blue"}[:1+g.IntN(3)], "title": g.one("", "A choice")}
	case 4:
		return map[string]any{"oneOf": []any{map[string]any{"const": "b", "title": "Bee"}, map[string]any{"const": "c"}}}
	case 5:
		return map[string]any{"type": "string", "pattern": g.one(`^\d{5}$`, `^[A-Z]{2}\d+$`, `^[a-z]+@[a-z]+$`)}
	case 6:
		return map[string]any{"const": "fixed", "hidden": g.IntN(2) == 0}
	case 7:
		return map[string]any{"type": "string", "not": map[string]any{"enum": []any{"red", "ab"}}}
	}
	return map[string]any{"type": "string", "minLength": g.IntN(3), "maxLength": 3 + g.IntN(5)}
}

func (g generator) list(depth int) map[string]any {
	s := map[string]any{"type": "array"}
	switch g.IntN(4) {
	case 0:
		s["items"] = map[string]any{"type": "integer", "minimum": 0, "maximum": 20}
		s["contains"] = map[string]any{"minimum": 10}
		if g.IntN(2) == 0 {
			s["minContains"], s["maxContains"] = g.IntN(3), 3
		}
	case 1:
		s["items"] = map[string]any{"enum": []any{"a", "b", "c", "d"}}
		s["uniqueItems"] = true
	default:
		s["items"] = g.value(depth)
	}
	if g.IntN(2) == 0 {
		s["minItems"] = g.IntN(3)
	}
	if g.IntN(3) == 0 {
		s["maxItems"] = 3
	}
	return s
}

// members is an object of a few properties with names that begin with prefix.
func (g generator) members(depth int, prefix string) map[string]any {
	properties, required := map[string]any{}, []any{}
	for i := range 1 + g.IntN(4) {
		name := prefix + strconv.Itoa(i)
		properties[name] = g.value(depth)
		if g.IntN(2) == 0 {
			required = append(required, name)
		}
	}
	return map[string]any{"type": "object", "properties": properties, "required": required}
}

// object is an object with, perhaps, one of the keywords that bring more members.
func (g generator) object(depth int) map[string]any {
	s := g.members(depth, "p")
	properties, _ := s["properties"].(map[string]any)
	switch g.IntN(12) {
	case 0:
		s["additionalProperties"] = false
	case 1:
		properties["sw"] = map[string]any{"type": "boolean"}
		s["if"] = map[string]any{"properties": map[string]any{"sw": map[string]any{"const": true}}, "required": []any{"sw"}}
		s["then"], s["else"] = g.members(depth-1, "th"), g.members(depth-1, "el")
	case 2:
		s["dependentRequired"] = map[string]any{"p0": []any{"dep"}}
		properties["dep"] = g.single()
	case 3:
		s["dependentSchemas"] = map[string]any{"p0": g.members(depth-1, "ds")}
	case 4:
		s["allOf"] = []any{g.members(depth-1, "al"), map[string]any{"if": map[string]any{"required": []any{"al0"}}, "then": g.members(depth-1, "at")}}
	case 5:
		s["oneOf"] = []any{g.tagged("x", depth-1), g.tagged("y", depth-1), g.tagged("z", depth-1)}
	case 6:
		properties["mail"], properties["tel"] = map[string]any{"type": "string"}, map[string]any{"type": "string"}
		s[g.one("anyOf", "oneOf")] = []any{map[string]any{"required": []any{"mail"}}, map[string]any{"required": []any{"tel"}}}
	case 7:
		s["additionalProperties"] = true
		s["propertyNames"] = map[string]any{"pattern": "^[a-z]+[0-9]*$"}
		s["maxProperties"] = 9
	case 8:
		s["patternProperties"] = map[string]any{"^x_": g.single()}
		s["additionalProperties"] = g.IntN(2) == 0
	case 9:
		s["minProperties"] = 1
	case 10:
		properties["odd"] = map[string]any{"type": "string"}
		s["not"] = map[string]any{"required": []any{"odd"}}
	}
	return s
}

// A respondent answers questions.
type respondent struct {
	generator
	schema  *payloadschema.Schema
	answers payloadschema.Answers
}

// TestWhoeverAnswersIsDone answers random schemas until nothing is wrong, and holds what is sent against another validator.
func TestWhoeverAnswersIsDone(t *testing.T) {
	for seed := range uint64(250) {
		g := generator{rand.New(rand.NewPCG(seed, 1))}
		document, err := json.Marshal(g.schema(3))
		if err != nil {
			t.Fatal(err)
		}
		p := &respondent{g, parse(t, string(document)), payloadschema.Answers{}}
		judge := judgeOf(t, document)
		if impossible(p.schema) {
			continue
		}
		for round := 0; round < 40 && p.round(t, judge, seed, document); round++ {
			if round == 39 {
				t.Fatalf("seed %d: %s\nwith %s %v is still asked %v", seed, document, toJSON(p.answers.Payload), p.answers.Shapes, p.schema.Check(p.answers))
			}
		}
		p.settlesOnce(t, seed, document)
	}
}

func impossible(s *payloadschema.Schema) bool {
	return slices.ContainsFunc(s.CannotAsk(), func(u payloadschema.Unaskable) bool { return u.Required })
}

// round answers what is required, and now and then something else, and reports whether anything is wrong still.
func (p *respondent) round(t *testing.T, judge func(map[string]any) error, seed uint64, document []byte) bool {
	t.Helper()
	for _, q := range p.schema.Questions(p.answers) {
		if value, _ := payloadschema.Get(p.answers.Payload, q.Pointer); q.Required && value == nil || p.IntN(8) == 0 {
			p.answer(q)
		}
	}
	wrong := p.schema.Check(p.answers)
	settled := p.schema.Settle(p.answers)
	if err := judge(settled.Payload); (err == nil) != (len(wrong) == 0) {
		t.Fatalf("seed %d: %s\nwith %s\nsettles to %s\nCheck finds %v, the other validator %v", seed, document, toJSON(p.answers), toJSON(settled.Payload), wrong, err)
	}
	questions := p.schema.Questions(p.answers)
	for _, v := range wrong {
		if v.Pointer != "" && !slices.ContainsFunc(questions, func(q payloadschema.Question) bool { return q.Pointer == v.Pointer }) {
			t.Fatalf("seed %d: %s\nwith %s\n%v is at no question", seed, document, toJSON(p.answers), v)
		}
		p.mend(v)
	}
	return len(wrong) > 0
}

// mend answers the question at fault anew.
func (p *respondent) mend(v payloadschema.Violation) {
	questions := p.schema.Questions(p.answers)
	switch v.Rule { //nolint:exhaustive // the others are about one answer
	case payloadschema.RuleContainsMost, payloadschema.RuleTooManyEntries:
		p.answers = p.answers.Remove(v.Pointer + "/0")
		return
	case payloadschema.RuleTooManyProperties:
		return
	case payloadschema.RuleTooFewProperties:
		p.answer(questions[p.IntN(len(questions))])
		return
	}
	for _, q := range questions {
		if q.Pointer == v.Pointer {
			p.answer(q)
		}
	}
}

// answer gives an answer that has no fault of its own, if it finds one.
func (p *respondent) answer(q payloadschema.Question) {
	if q.Kind == payloadschema.Entry {
		if q.CanRemove && p.IntN(6) == 0 {
			p.answers = p.answers.Remove(q.Pointer)
		} else if p.IntN(6) == 0 {
			p.answers = p.answers.Move(q.Pointer, p.IntN(3)-1)
		}
		return
	}
	for range 60 {
		next := p.with(q)
		if !slices.ContainsFunc(p.schema.Check(next), func(v payloadschema.Violation) bool { return v.Pointer == q.Pointer }) {
			p.answers = next
			return
		}
	}
	p.answers = p.with(q)
}

func (p *respondent) with(q payloadschema.Question) payloadschema.Answers {
	a := p.answers
	switch q.Kind {
	case payloadschema.Shape:
		shapes := map[string]int{}
		for at, shape := range a.Shapes {
			shapes[at] = shape
		}
		shapes[q.Pointer], _ = strconv.Atoi(q.Options[p.IntN(len(q.Options))].Value)
		a.Shapes = shapes
		return a
	case payloadschema.More:
		if !q.CanAdd {
			return a
		}
		a = p.schema.Add(a, q.Pointer)
		return a.Set(fmt.Sprintf("%s/%d", q.Pointer, q.Count), json.Number(strconv.Itoa(p.IntN(21))))
	case payloadschema.Extra:
		if !q.CanAdd {
			return a
		}
		return a.Set(q.Pointer+"/"+p.one("x_a", "x_b", "extra", "more1", "BAD"), p.one("", "a", "red"))
	case payloadschema.Choice:
		return a.Set(q.Pointer, q.Options[p.IntN(len(q.Options))].Value)
	case payloadschema.Switch:
		return a.Set(q.Pointer, p.IntN(2) == 0)
	case payloadschema.Integer:
		return a.Set(q.Pointer, json.Number(strconv.Itoa(p.IntN(25))))
	case payloadschema.Number:
		return a.Set(q.Pointer, json.Number(p.one("1", "0.5", "1.25", "7")))
	case payloadschema.Text, payloadschema.Entry:
	}
	return a.Set(q.Pointer, p.one("a", "abc", "abcd", "12345", "AB345", "a@b", "red", q.Example))
}

// settlesOnce holds that what is sent is settled.
func (p *respondent) settlesOnce(t *testing.T, seed uint64, document []byte) {
	t.Helper()
	once := p.schema.Settle(p.answers)
	if twice := p.schema.Settle(once); toJSON(once) != toJSON(twice) {
		t.Fatalf("seed %d: %s\nwith %s\nsettles to %s\nand then to %s", seed, document, toJSON(p.answers), toJSON(once), toJSON(twice))
	}
}

// judgeOf is another validator's opinion.
func judgeOf(t *testing.T, document []byte) func(map[string]any) error {
	t.Helper()
	var schema jsonschema.Schema
	if err := json.Unmarshal(document, &schema); err != nil {
		t.Fatal(err)
	}
	resolved, err := schema.Resolve(nil)
	if err != nil {
		t.Fatalf("%s: %v", document, err)
	}
	return func(payload map[string]any) error {
		var plain any
		if err := json.Unmarshal([]byte(toJSON(payload)), &plain); err != nil {
			return err
		}
		return resolved.Validate(plain)
	}
}
