package payloadschema_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"foyer/internal/payloadschema"
)

func TestAnswersChange(t *testing.T) {
	type answers = payloadschema.Answers
	tests := []struct {
		name   string
		give   string
		shapes string
		change func(answers) answers
		want   string
		with   string
	}{
		{"a member is set", `{}`, `{}`, func(a answers) answers { return a.Set("/a", "x") }, `{"a":"x"}`, `{}`},
		{"objects are made on the way", `{}`, `{}`, func(a answers) answers { return a.Set("/a/b~1c/d", true) }, `{"a":{"b/c":{"d":true}}}`, `{}`},
		{"lists are made on the way", `{}`, `{}`, func(a answers) answers { return a.Set("/a/1/b", "x") }, `{"a":[null,{"b":"x"}]}`, `{}`},
		{"a member of that name is no entry", `{"a":{}}`, `{}`, func(a answers) answers { return a.Set("/a/0", "x") }, `{"a":{"0":"x"}}`, `{}`},
		{"another value makes way", `{"a":"x"}`, `{}`, func(a answers) answers { return a.Set("/a/b", "y") }, `{"a":{"b":"y"}}`, `{}`},
		{"nil removes a member", `{"a":{"b":"x","c":"y"}}`, `{}`, func(a answers) answers { return a.Set("/a/b", nil) }, `{"a":{"c":"y"}}`, `{}`},
		{"nil makes nothing on the way", `{}`, `{}`, func(a answers) answers { return a.Set("/a/b", nil) }, `{}`, `{}`},
		{"nil leaves an entry", `{"a":["x","y"]}`, `{}`, func(a answers) answers { return a.Set("/a/0", nil) }, `{"a":[null,"y"]}`, `{}`},
		{"an index without measure is a name", `{}`, `{}`, func(a answers) answers { return a.Set("/a/99999999", "x") }, `{"a":{"99999999":"x"}}`, `{}`},
		{
			"later entries move up", `{"a":["x","y","z"]}`, `{"/a/0":1,"/a/1":1,"/a/2/b":3,"/a/2~4":5,"/ab/2":1}`,
			func(a answers) answers { return a.Remove("/a/1") }, `{"a":["x","z"]}`, `{"/a/0":1,"/a/1/b":3,"/a/1~4":5,"/ab/2":1}`,
		},
		{"what is no entry is not removed", `{"a":{"0":"x"}}`, `{"/a/0":1}`, func(a answers) answers { return a.Remove("/a/0").Remove("/a/7").Remove("") }, `{"a":{"0":"x"}}`, `{"/a/0":1}`},
		{"an entry moves down", `{"a":["x","y","z"]}`, `{"/a/0":1,"/a/1":2,"/a/2":3}`, func(a answers) answers { return a.Move("/a/0", 9) }, `{"a":["y","z","x"]}`, `{"/a/0":2,"/a/1":3,"/a/2":1}`},
		{"an entry moves up", `{"a":["x","y","z"]}`, `{"/a/0":1,"/a/1":2,"/a/2":3}`, func(a answers) answers { return a.Move("/a/2", -1) }, `{"a":["x","z","y"]}`, `{"/a/0":1,"/a/1":3,"/a/2":2}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			payload, _ := fromJSON(t, tt.give).(map[string]any)
			before := answers{Payload: payload, Shapes: shapesOf(t, tt.shapes)}
			got := tt.change(before)
			if diff := cmp.Diff(tt.want, toJSON(got.Payload)); diff != "" {
				t.Errorf("payload, -want +got:\n%s", diff)
			}
			if diff := cmp.Diff(shapesOf(t, tt.with), got.Shapes); diff != "" {
				t.Errorf("shapes, -want +got:\n%s", diff)
			}
			if now := toJSON(before.Payload); now != toJSON(fromJSON(t, tt.give)) {
				t.Errorf("the answers before became %s", now)
			}
		})
	}
}

func TestGet(t *testing.T) {
	payload, _ := fromJSON(t, `{"a":{"b/c":["x",null]},"":1}`).(map[string]any)
	for pointer, want := range map[string]string{
		"/a/b~1c/0": `"x"`, "/a/b~1c/1": "null", "/a/b~1c/2": "", "/a/b~1c/00": "", "/a/x": "", "/a/b~1c/0/y": "", "/": "1", "": toJSON(payload),
	} {
		value, ok := payloadschema.Get(payload, pointer)
		if !ok && want != "" || ok && toJSON(value) != want {
			t.Errorf("Get(%q) = %s, %v, want %s", pointer, toJSON(value), ok, want)
		}
	}
}

func TestAdd(t *testing.T) {
	s := parse(t, `{"properties": {"a": {"type": "array", "minItems": 2, "maxItems": 3}, "b": {"type": "string"}}, "required": ["a"]}`)
	a := s.Add(payloadschema.Answers{}, "/a")
	if got, want := toJSON(a.Payload), `{"a":[null,null,null]}`; got != want {
		t.Errorf("Add to the two that are shown makes %s, want %s", got, want)
	}
	for _, list := range []string{"/a", "/b", "/c", ""} {
		if got := s.Add(a, list); toJSON(got) != toJSON(a) {
			t.Errorf("Add(%q) makes %s", list, toJSON(got.Payload))
		}
	}
}

func TestNestingIsBounded(t *testing.T) {
	document := `{"type": "string"}`
	for range 14 {
		document = `{"type": "object", "properties": {"a": ` + document + `}, "required": ["a"]}`
	}
	s := parse(t, document)
	want := []payloadschema.Unaskable{{Pointer: "/a/a/a/a/a/a/a/a/a/a/a/a/a", Reason: "it is nested too deep", Required: true}}
	if diff := cmp.Diff(want, s.CannotAsk()); diff != "" {
		t.Errorf("CannotAsk, -want +got:\n%s", diff)
	}
}

func TestHugeNumbersAreNoNumbers(t *testing.T) {
	s := parse(t, `{"properties": {"a": {"type": "number", "minimum": 1}}}`)
	for _, give := range []string{"1e999999999", "1e-999999999"} {
		payload, _ := fromJSON(t, `{"a": `+give+`}`).(map[string]any)
		want := []payloadschema.Violation{{Pointer: "/a", Rule: payloadschema.RuleNumber}}
		if diff := cmp.Diff(want, s.Check(payloadschema.Answers{Payload: payload})); diff != "" {
			t.Errorf("Check(%s), -want +got:\n%s", give, diff)
		}
	}
}
