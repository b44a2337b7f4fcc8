package registration

import (
	"maps"
	"reflect"
)

// Draft is what a person begins with: nothing but what is prefilled. Before there is a form, which is nil then, that is nothing.
func (f *Form) Draft() Draft {
	if f == nil {
		return Draft{}
	}
	return f.prefilled(nil, Draft{})
}

// Untouched reports whether a person has typed nothing into d: it is empty, or as they began with it.
func (f *Form) Untouched(d Draft) bool {
	if d.Empty() {
		return true
	}
	start := f.Draft()
	rest := d
	rest.Payload, rest.Shapes = nil, nil
	return rest.Empty() && reflect.DeepEqual(d.Payload, start.Payload) && maps.Equal(d.Shapes, start.Shapes)
}

// Answer returns d with text as the answer to q, and with what is prefilled in questions that it brings.
func (f *Form) Answer(d Draft, q Question, text string) Draft {
	return f.prefilled(&d, d.With(q, text))
}

// prefilled returns d with what is prefilled where nothing was asked before; before is nil for the first questions.
func (f *Form) prefilled(before *Draft, d Draft) Draft {
	if !f.fields.prefills {
		return d
	}
	type place struct {
		at   string
		kind Kind
	}
	asked := make(map[place]bool)
	if before != nil {
		for _, q := range f.schema.Questions(f.complete(*before)) {
			asked[place{q.Pointer, q.Kind}] = true
		}
	}
	for range mostRounds {
		changed := false
		for _, q := range f.schema.Questions(f.complete(d)) {
			p, prefill := place{q.Pointer, q.Kind}, f.fields.at(q.Pointer).Prefill
			if asked[p] {
				continue
			}
			asked[p] = true
			if prefill.suits(q.Kind) && !answered(d.answers(), q.Pointer) {
				d, changed = d.took(f.put(d.answers(), q, prefill)), true
			}
		}
		if !changed {
			break
		}
	}
	return d
}
