package screen

import (
	"slices"
	"strings"

	"foyer/internal/registration"
	"foyer/ui/field"
)

// What can be done with an entry of a list, and at its end; the values of choices that act when enter is pressed.
const (
	entryKeep   = "keep"
	entryRemove = "remove"
	entryUp     = "up"
	entryDown   = "down"
	moreNo      = "no"
	moreYes     = "yes"
)

// acts reports whether the field of q does something instead of holding an answer.
func acts(q registration.Question) bool {
	return slices.Contains([]registration.Kind{registration.Entry, registration.More, registration.Extra}, q.Kind)
}

// act does what the field with the cursor is set to; ok is false when that is nothing but going on.
func (d Details) act() (acted Details, ok bool) {
	q, value := d.questions[d.at], d.fields[d.at].Value()
	before := d.questions
	switch {
	case q.Kind == registration.More && value == moreYes:
		d.draft = d.form.Add(d.draft, q)
	case q.Kind == registration.Extra && strings.TrimSpace(value) != "":
		d.draft = d.form.AddExtra(d.draft, q, strings.TrimSpace(value))
	case q.Kind == registration.Entry && value == entryRemove:
		d.draft = d.draft.Remove(q)
	case q.Kind == registration.Entry && value == entryUp:
		d.draft = d.draft.Move(q, -1)
	case q.Kind == registration.Entry && value == entryDown:
		d.draft = d.draft.Move(q, 1)
	default:
		return d, false
	}
	at := d.at
	d.questions, d.fields = nil, nil // entries have other places now
	d = d.ask().judge()
	d.at = min(at, len(d.fields)-1)
	if q.Kind == registration.More || q.Kind == registration.Extra {
		d.at = firstNew(before, d.questions, d.at)
	}
	for i, f := range d.fields {
		d.fields[i] = f.Left()
	}
	return d.refit(), true
}

// firstNew is the first question to answer that was not there before; at, when all were.
func firstNew(before, after []registration.Question, at int) int {
	i := slices.IndexFunc(after, func(q registration.Question) bool { return !acts(q) && !hasQuestion(before, q) })
	if i < 0 {
		return at
	}
	return i
}

// entryField is the field that heads an entry of a list: what is to be done with it.
func entryField(q registration.Question) field.Field {
	options := []field.Option{{Say: field.Say{Key: "entry.keep"}, Value: entryKeep}}
	if q.CanRemove {
		options = append(options, field.Option{Say: field.Say{Key: "entry.remove"}, Value: entryRemove})
	}
	if q.Index > 0 {
		options = append(options, field.Option{Say: field.Say{Key: "entry.up"}, Value: entryUp})
	}
	if q.Index < q.Count-1 {
		options = append(options, field.Option{Say: field.Say{Key: "entry.down"}, Value: entryDown})
	}
	return field.NewAction(labelOf(q), field.Say{Key: "entry.hint"}, field.NewOptions(options, entryKeep))
}

// moreField ends a list: whether another entry is added.
func moreField(q registration.Question) field.Field {
	options := []field.Option{{Say: field.Say{Key: "switch.no"}, Value: moreNo}}
	if q.CanAdd {
		options = append(options, field.Option{Say: field.Say{Key: "switch.yes"}, Value: moreYes})
	}
	label := field.Say{Key: "more.first", Args: []any{labelOf(q)}}
	if q.Count > 0 {
		label.Key = "more.another"
	}
	return field.NewAction(label, field.Say{Key: "more.hint"}, field.NewOptions(options, moreNo))
}
