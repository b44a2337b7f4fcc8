package payloadschema_test

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"foyer/internal/payloadschema"
)

// FuzzQuestions holds, for any document and any answers, that nothing panics, that there are never more questions than 2,000, that
// what is settled stays so, and that Check agrees with Validate.
func FuzzQuestions(f *testing.F) {
	files, _ := filepath.Glob("testdata/schemas/*.json")
	for _, file := range files {
		schema := readFile(f, file)
		for line := range strings.SplitSeq(string(readFile(f, strings.TrimSuffix(file, ".json")+".txt")), "\n") {
			if answers, ok := strings.CutPrefix(line, "answers "); ok {
				f.Add(schema, []byte(answers), "/a", uint8(1))
			}
		}
	}
	f.Fuzz(func(t *testing.T, document, answers []byte, at string, shape uint8) {
		s, err := payloadschema.Parse(document)
		if err != nil {
			return
		}
		a := payloadschema.Answers{Shapes: map[string]int{"": int(shape % 4), at: int(shape / 4)}}
		d := json.NewDecoder(strings.NewReader(string(answers)))
		d.UseNumber()
		if d.Decode(&a.Payload) != nil {
			return
		}
		questions := s.Questions(a)
		if len(questions) > 2000 {
			t.Errorf("%d questions", len(questions))
		}
		settled := s.Settle(a)
		if wrong := s.Check(a); len(wrong) == 0 && len(s.Validate(settled.Payload)) > 0 {
			t.Errorf("Check finds nothing, Validate %v in %s", s.Validate(settled.Payload), toJSON(settled.Payload))
		}
		for _, q := range questions {
			if q.Pointer == at {
				s.Check(s.Add(a, at))
			}
		}
		s.Check(a.Set(at, "x").Move(at, 1).Remove(at))
		s.Unasked(a)
		s.CannotAsk()
	})
}
