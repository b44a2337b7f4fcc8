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
	say := field.Say{Text: clean.Line(q.Label, longestLabel), Texts: cleaned(q.Labels)}
	if say.Text == "" && q.Kind == registration.Shape {
		say.Key = "shape.label"
	}
	return say
}

// headingOf is what the section of a question is called.
func headingOf(q registration.Question) field.Say {
	return field.Say{Text: clean.Line(q.Heading, longestLabel), Texts: cleaned(q.Headings)}
}

// placeholderOf is shown where a question has no answer.
func placeholderOf(q registration.Question) field.Say {
	return field.Say{Texts: cleaned(q.Placeholders)}
}

// cleaned are the administrator's texts, fit to be shown.
func cleaned(texts registration.Texts) map[string]string {
	if len(texts) == 0 {
		return nil
	}
	shown := make(map[string]string, len(texts))
	for language, text := range texts {
		shown[language] = clean.Line(text, longestLabel)
	}
	return shown
}

// hintOf explains a question.
func hintOf(q registration.Question) field.Say {
	hint := schemaHint(q)
	hint.Texts = cleaned(q.Helps)
	return hint
}

// schemaHint explains a question as the schema does.
func schemaHint(q registration.Question) field.Say {
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
	if text == "" {
		text = clean.Line(q.Default, longestLabel)
	}
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
