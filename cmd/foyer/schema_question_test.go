package main

import (
	"slices"
	"strings"

	"foyer/internal/registration"
)

// names are those by which a case calls q.
func names(q registration.Question) []string {
	at := strings.TrimPrefix(q.Pointer, "/payload")
	switch q.Kind {
	case registration.Shape, registration.More, registration.Extra, registration.Entry:
		return []string{string(q.Kind) + ":" + at}
	case registration.Choice, registration.Switch, registration.Text, registration.Number, registration.Integer:
	}
	return []string{at, q.Label}
}

// valueOf is what an answer is in the draft.
func valueOf(q registration.Question, answer string) string {
	if q.Kind == registration.Switch {
		return map[string]string{"Yes": "true", "No": "false"}[answer]
	}
	for _, o := range q.Options {
		if o.Label == answer {
			return o.Value
		}
	}
	return answer
}

func picks(q registration.Question) bool {
	return slices.Contains([]registration.Kind{registration.Choice, registration.Shape, registration.Switch}, q.Kind)
}

func find(questions []registration.Question, q registration.Question) int {
	return slices.IndexFunc(questions, func(other registration.Question) bool { return other.Pointer == q.Pointer && other.Kind == q.Kind })
}

// labelOf is what the screen calls q.
func labelOf(q registration.Question) string {
	switch {
	case q.Identifier != "":
		return "E-mail address"
	case q.Kind == registration.Extra:
		return "Anything else? Its name"
	case q.Kind == registration.More && q.Count == 0:
		return "Is there something to add: " + q.Label + "?"
	case q.Kind == registration.More:
		return "Another one: " + q.Label + "?"
	}
	return q.Label
}

// sameLabel reports whether a line of the screen begins with label, or with as much of it as there is room for.
func sameLabel(line, label string) bool {
	if strings.HasPrefix(line, label) {
		return true
	}
	head, _, cut := strings.Cut(line, "…")
	return cut && len(head) > 8 && strings.HasPrefix(label, head)
}

// cursor reads the field with the cursor off the screen: the line of its label, what it holds, and what stands below.
func (s *terminal) cursor() (label, value, after string, ok bool) {
	lines := strings.Split(s.text(), "\n")
	i := slices.IndexFunc(lines, func(line string) bool { return strings.HasPrefix(strings.TrimSpace(line), "┃") })
	if i < 1 {
		return "", "", "", false
	}
	value = strings.TrimPrefix(strings.TrimSpace(lines[i]), "┃")
	value = strings.TrimRight(value, " ✓↑↓")
	if inner, isChoice := strings.CutPrefix(strings.TrimSpace(value), "‹"); isChoice {
		inner, _, _ = strings.Cut(inner, "›")
		value = inner
	}
	return strings.TrimRight(strings.TrimSpace(lines[i-1]), " ↑↓"), strings.TrimSpace(value), strings.Join(lines[i+1:], "\n"), true
}

// words are those of text with single spaces between them.
func words(text string) string {
	return strings.Join(strings.Fields(strings.NewReplacer("↑", "", "↓", "").Replace(text)), " ")
}
