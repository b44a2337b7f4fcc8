package screen

import (
	"foyer/internal/registration"
	"foyer/ui/field"
	"foyer/ui/wording"
)

// act does what the field with the cursor is set to; ok is false when that is nothing but going on.
func (d Details) act() (acted Details, ok bool) {
	draft, ok := d.form.Act(d.draft, d.questions[d.at], d.fields[d.at].Value())
	if !ok {
		return d, false
	}
	d.draft = draft
	at, before := d.at, d.questions
	d.questions, d.fields = nil, nil // entries have other places now
	d = d.survey()
	d.at = registration.After(before, d.questions, at)
	for i, f := range d.fields {
		d.fields[i] = f.Left()
	}
	return d.refit(), true
}

// actionField is the field for a question whose answer does something.
func actionField(q registration.Question) field.Field {
	label, hint := wording.LabelOf(q), wording.HintOf(q)
	if q.Kind == registration.Entry {
		return field.NewAction(label, hint, field.NewOptions(wording.OptionsOf(q), registration.EntryKeep))
	}
	if q.Kind == registration.More {
		return field.NewAction(label, hint, field.NewOptions(wording.OptionsOf(q), registration.MoreNo))
	}
	return field.NewAction(label, hint, field.NewLine("", wording.LongestLabel, ""))
}
