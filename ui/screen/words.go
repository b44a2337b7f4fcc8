package screen

import (
	"foyer/internal/clean"
	"foyer/internal/registration"
	"foyer/ui/field"
)

// longestLabel bounds what the tenant may call a field, in code points.
const longestLabel = 120

// labelOf is what a question is called.
func labelOf(q registration.Question) field.Say {
	if q.Identifier != "" {
		return field.Say{Key: "identifier." + string(q.Identifier)}
	}
	if text := labelText(q); text != "" || q.Kind != registration.Shape {
		return field.Say{Text: text}
	}
	return field.Say{Key: "shape.label"}
}

// labelText is what the schema calls a question.
func labelText(q registration.Question) string { return clean.Line(q.Label, longestLabel) }

// hintOf explains a question.
func hintOf(q registration.Question) field.Say {
	switch {
	case q.Identifier != "":
		return field.Say{Key: "identifier." + string(q.Identifier) + ".hint"}
	case q.Help != "":
		return field.Say{Text: clean.Line(q.Help, longestLabel)}
	case q.Example != "":
		return field.Say{Key: "example", Args: []any{clean.Line(q.Example, longestLabel)}}
	case q.Kind == registration.Choice, q.Kind == registration.Switch, q.Kind == registration.Shape:
		return field.Say{Key: "choice.hint"}
	}
	return field.Say{}
}

// sayFlaw says what is wrong and how to put it right.
func sayFlaw(flaw registration.Flaw) field.Say {
	if flaw.OK() {
		return field.Say{}
	}
	say := field.Say{Key: "flaw." + string(flaw.Rule)}
	if flaw.Arg != "" {
		say.Key += ".arg"
		say.Args = []any{clean.Line(flaw.Arg, longestLabel)}
	}
	return say
}

// answerOf is how the review shows the answer to q.
func answerOf(d registration.Draft, q registration.Question, words field.Words) string {
	text := clean.Line(d.Answer(q), longestLabel)
	switch {
	case text == "":
		return words.Text("review.empty")
	case q.Kind == registration.Switch:
		return words.Text("switch." + map[string]string{"true": "yes", "false": "no"}[text])
	}
	for _, o := range q.Options {
		if o.Value == text {
			return clean.Line(o.Label, longestLabel)
		}
	}
	return text
}
