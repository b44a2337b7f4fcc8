package payloadschema_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"foyer/internal/payloadschema"
)

var update = flag.Bool("update", false, "write what is asked anew into testdata/schemas; review the difference") //nolint:gochecknoglobals // flags are

// TestSchemas holds each schema of testdata/schemas against its cases: the .txt beside it. A case is a line "== name",
// "answers" and perhaps "shapes", and then what comes of them: "cannot ask" for what is unaskable, "?" a question each,
// "!" a violation each, and "=" what is sent.
func TestSchemas(t *testing.T) {
	files, err := filepath.Glob("testdata/schemas/*.json")
	if err != nil || len(files) < 25 {
		t.Fatalf("there are %d schemas (%v), want 25", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".json"), func(t *testing.T) {
			cases := strings.TrimSuffix(file, ".json") + ".txt"
			give, got := string(readFile(t, cases)), caseResults(t, parse(t, string(readFile(t, file))), string(readFile(t, cases)))
			if *update {
				if err := os.WriteFile(cases, []byte(got), 0o600); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(give, got); diff != "" {
				t.Errorf("%s, -want +got:\n%s", cases, diff)
			}
		})
	}
}

func readFile(tb testing.TB, name string) []byte {
	tb.Helper()
	content, err := os.ReadFile(name)
	if err != nil {
		tb.Fatal(err)
	}
	return content
}

// caseResults returns cases with the results that s gives.
func caseResults(t *testing.T, s *payloadschema.Schema, cases string) string {
	t.Helper()
	var w strings.Builder
	for _, u := range s.CannotAsk() {
		fmt.Fprintf(&w, "cannot ask %q: %s%s\n", u.Pointer, u.Reason, map[bool]string{true: " (required)"}[u.Required])
	}
	for block := range strings.SplitSeq(cases, "== ") {
		if _, _, ok := strings.Cut(block, "\nanswers "); !ok {
			continue
		}
		w.WriteString("== ")
		var a payloadschema.Answers
		for line := range strings.SplitSeq(block, "\n") {
			switch word, rest, _ := strings.Cut(line, " "); {
			case word == "answers":
				a.Payload, _ = fromJSON(t, rest).(map[string]any)
			case word == "shapes":
				a.Shapes = shapesOf(t, rest)
			case line == "", strings.HasPrefix(line, "? "), strings.HasPrefix(line, "! "), strings.HasPrefix(line, "= "), strings.HasPrefix(line, "unasked "), strings.HasPrefix(line, "with "):
				continue
			}
			w.WriteString(line + "\n")
		}
		writeResults(&w, s, a)
	}
	return w.String()
}

func writeResults(w *strings.Builder, s *payloadschema.Schema, a payloadschema.Answers) {
	for _, q := range s.Questions(a) {
		w.WriteString("? " + questionLine(q) + "\n")
	}
	for _, v := range s.Check(a) {
		fmt.Fprintf(w, "! %q %s %s\n", v.Pointer, v.Rule, v.Arg)
	}
	settled := s.Settle(a)
	if unasked := s.Unasked(a); len(unasked) > 0 {
		fmt.Fprintf(w, "unasked %q\n", unasked)
	}
	fmt.Fprintf(w, "= %s\n", toJSON(settled.Payload))
	if len(settled.Shapes) > 0 {
		fmt.Fprintf(w, "with %s\n", toJSON(settled.Shapes))
	}
	w.WriteString("\n")
}

func questionLine(q payloadschema.Question) string {
	line := fmt.Sprintf("%q %s", q.Pointer, q.Kind)
	if q.Widget != payloadschema.WidgetPlain {
		line += " as " + string(q.Widget)
	}
	if q.Required {
		line += ", required"
	}
	line += fmt.Sprintf(": %q", q.Label)
	for _, part := range []struct {
		name, value string
	}{{"help", q.Help}, {"example", q.Example}, {"in", q.Section}, {"under", q.Heading}} {
		if part.value != "" {
			line += fmt.Sprintf(" %s %q", part.name, part.value)
		}
	}
	if q.MaxRunes > 0 {
		line += fmt.Sprintf(" most %d", q.MaxRunes)
	}
	for _, o := range q.Options[:min(len(q.Options), 4)] {
		line += fmt.Sprintf(" [%s=%s]", o.Value, o.Label)
	}
	if len(q.Options) > 4 {
		line += fmt.Sprintf(" and %d more", len(q.Options)-4)
	}
	switch q.Kind { //nolint:exhaustive // the others have none
	case payloadschema.Shape:
		line += fmt.Sprintf(" chosen %d", q.Chosen)
	case payloadschema.Entry:
		line += fmt.Sprintf(" %d/%d can remove %v", q.Index+1, q.Count, q.CanRemove)
	case payloadschema.More, payloadschema.Extra:
		line += fmt.Sprintf(" can add %v", q.CanAdd)
	}
	return line
}

// fromJSON decodes text as answers are: with numbers as json.Number.
func fromJSON(tb testing.TB, text string) any {
	tb.Helper()
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var value any
	if err := d.Decode(&value); err != nil {
		tb.Fatalf("%s: %v", text, err)
	}
	return value
}

func shapesOf(tb testing.TB, text string) map[string]int {
	tb.Helper()
	var shapes map[string]int
	if err := json.Unmarshal([]byte(text), &shapes); err != nil {
		tb.Fatal(err)
	}
	return shapes
}

func toJSON(value any) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(value); err != nil {
		return err.Error()
	}
	return strings.TrimSpace(b.String())
}
