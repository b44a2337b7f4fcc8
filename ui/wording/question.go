package wording

import (
	"cmp"

	"foyer/internal/clean"
	"foyer/internal/registration"
)

// LongestLabel bounds what the tenant may call a field, in code points.
const LongestLabel = 120

// LabelOf is what a question is called.
func LabelOf(q registration.Question) Say {
	switch {
	case q.Identifier != "":
		return Say{Key: "identifier." + string(q.Identifier)}
	case q.Kind == registration.Extra:
		return Say{Key: "extra.label"}
	case q.Kind == registration.More && q.Count > 0:
		return Say{Key: "more.another", Args: []any{called(q)}}
	case q.Kind == registration.More:
		return Say{Key: "more.first", Args: []any{called(q)}}
	}
	return called(q)
}

// called is what the value that q asks for is called.
func called(q registration.Question) Say {
	say := Say{Text: clean.Line(q.Label, LongestLabel), Texts: cleaned(q.Labels)}
	if say.Text == "" && q.Kind == registration.Shape {
		say.Key = "shape.label"
	}
	return say
}

// RowLabelOf is what the answer to a question is called, with the section that it is in.
func RowLabelOf(q registration.Question, words Words) string {
	label := LabelOf(q).In(words)
	if heading := HeadingOf(q).In(words); heading != "" {
		return heading + ": " + label
	}
	return label
}

// HeadingOf is what the section of a question is called.
func HeadingOf(q registration.Question) Say {
	return Say{Text: clean.Line(q.Heading, LongestLabel), Texts: cleaned(q.Headings)}
}

// PlaceholderOf is shown where a question has no answer.
func PlaceholderOf(q registration.Question) Say {
	return Say{Texts: cleaned(q.Placeholders)}
}

// cleaned are the administrator's texts, fit to be shown.
func cleaned(texts registration.Texts) map[string]string {
	if len(texts) == 0 {
		return nil
	}
	shown := make(map[string]string, len(texts))
	for language, text := range texts {
		shown[language] = clean.Line(text, LongestLabel)
	}
	return shown
}

// HintOf explains a question.
func HintOf(q registration.Question) Say {
	switch {
	case q.Kind == registration.Text && q.Widget == registration.WidgetDate:
		return dateHint(q)
	case q.Kind == registration.Text && q.Widget == registration.WidgetMultiline && q.Help == "":
		return Say{Key: "text.hint", Texts: cleaned(q.Helps)}
	case q.Kind == registration.Entry:
		return Say{Key: "entry.hint"}
	case q.Kind == registration.More:
		return Say{Key: "more.hint"}
	case q.Kind == registration.Extra:
		return Say{Key: "extra.hint"}
	}
	hint := schemaHint(q)
	hint.Texts = cleaned(q.Helps)
	return hint
}

// dateHint explains a question for a date: what the schema says of it, and the order in any case.
func dateHint(q registration.Question) Say {
	help := Say{Text: clean.Line(q.Help, LongestLabel), Texts: cleaned(q.Helps)}
	if help.Silent() {
		return Say{Key: "date.hint"}
	}
	return Say{Key: "date.help", Args: []any{help}}
}

// schemaHint explains a question as the schema does.
func schemaHint(q registration.Question) Say {
	switch {
	case q.Identifier != "":
		return Say{Key: "identifier." + string(q.Identifier) + ".hint"}
	case q.Help != "":
		return Say{Text: clean.Line(q.Help, LongestLabel)}
	case q.Example != "":
		return Say{Key: "example", Args: []any{clean.Line(q.Example, LongestLabel)}}
	case q.Kind == registration.Choice, q.Kind == registration.Switch, q.Kind == registration.Shape:
		return Say{Key: "choice.hint"}
	}
	return Say{}
}

// OfFlaw says what is wrong and how to put it right.
func OfFlaw(flaw registration.Flaw) Say {
	if flaw.OK() {
		return Say{}
	}
	say := Say{Key: "flaw." + string(flaw.Rule)}
	if flaw.Arg != "" {
		say.Key += ".arg"
		say.Args = []any{clean.Line(flaw.Arg, LongestLabel)}
	}
	return say
}

// AnswerOf is how the review shows the answer to q.
func AnswerOf(d registration.Draft, q registration.Question, words Words) string {
	answer := cmp.Or(d.Answer(q), q.Default)
	for _, o := range q.Options {
		if o.Value == answer && answer != "" {
			return clean.Line(o.Label, LongestLabel)
		}
	}
	text := clean.Line(answer, LongestLabel)
	switch {
	case text == "":
		return words.Text("review.empty")
	case q.Kind == registration.Switch:
		return words.Text("switch." + map[string]string{"true": "yes", "false": "no"}[text])
	}
	return text
}
