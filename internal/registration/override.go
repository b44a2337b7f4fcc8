package registration

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"foyer/internal/payloadschema"
)

// override gives questions about the payload what the administrator says of them, and takes out what is hidden.
func (t fieldTable) override(questions []Question) []Question {
	if len(t.exact) == 0 {
		return questions
	}
	entries := make(map[string]Question) // those that head an entry, by their pointer
	kept := questions[:0]
	for _, q := range questions {
		if t.hidden(q.at) {
			continue
		}
		if q.Kind == Entry {
			entries[q.at] = q
		}
		s := t.at(q.at)
		q.Labels, q.Helps, q.Placeholders = t.labels(q.at, entries), s.Help, s.Placeholder
		q.Headings = t.labels(q.Section, entries)
		if fits(s.Widget, q.Kind) {
			q.Widget = s.Widget
		}
		if s.Default.suits(q.Kind) {
			q.Default, q.Required = s.Default.Text, false
		}
		kept = append(kept, q)
	}
	return kept
}

// labels are what the value at pointer is called; an entry of a list is called as its list, with its number.
func (t fieldTable) labels(pointer string, entries map[string]Question) Texts {
	own := t.at(pointer).Label
	entry, ok := entries[pointer]
	if !ok {
		return own
	}
	if len(own) == 0 {
		own = t.at(payloadschema.Parent(pointer)).Label
	}
	numbered := make(Texts, len(own))
	for language, text := range own {
		numbered[language] = text + " " + strconv.Itoa(entry.Index+1)
	}
	return numbered
}

// Unmatched lists the pointers of the administrator's settings that the payload schema says nothing of.
func (f *Form) Unmatched() []string {
	var unmatched []string
	for _, pattern := range slices.Sorted(maps.Keys(f.settings.Fields)) {
		if !f.schema.Describes(pattern) {
			unmatched = append(unmatched, pattern)
		}
	}
	return unmatched
}

// misset is the error for settings of fields with which nobody could be registered: what is required, hidden and has no
// default, and defaults that the schema does not take.
func (f *Form) misset() error {
	if len(f.settings.Fields) == 0 {
		return nil
	}
	a := f.withEntries()
	questions, filled, forced := f.schema.Questions(a), f.filled(a, nil), f.forced(a)
	seen := f.sections(questions)
	var all []error
	for _, q := range questions {
		needed := q.Needed && isQuestion(q) && (q.Kind != Shape || q.Chosen < 0) && (q.There || seen[q.Section].asked)
		if needed && f.fields.hidden(q.Pointer) && !f.fields.at(q.Pointer).Default.suits(q.Kind) && !answered(filled, q.Pointer) {
			all = append(all, fmt.Errorf("registration.fields hides %s, which the payload schema requires; give it a default, or take hidden out", q.Pointer))
		}
	}
	for _, v := range f.schema.Check(forced) {
		if answered(forced, v.Pointer) && f.fields.defaults(v.Pointer) {
			all = append(all, fmt.Errorf("the default of %s in registration.fields does not fit the payload schema (%s)", v.Pointer, v.Rule))
		}
	}
	return errors.Join(all...)
}

// withEntries are answers that show as many questions as can be shown without any answer: with an entry in each list.
func (f *Form) withEntries() payloadschema.Answers {
	var a payloadschema.Answers
	for range mostRounds {
		before := a
		for _, q := range f.schema.Questions(a) {
			if q.Kind == More && q.Count == 0 && !f.fields.hidden(q.Pointer) {
				a = f.schema.Add(a, q.Pointer)
			}
		}
		if len(f.schema.Questions(a)) == len(f.schema.Questions(before)) {
			break
		}
	}
	return a
}

// unaskedFlaw is the problem of a finding at what the administrator hid: no person can mend it. It is nil for others.
func (f *Form) unaskedFlaw(finding Finding) *Problem {
	pointer, ok := strings.CutPrefix(finding.Pointer, pointerPayload)
	if !ok || !f.fields.hidden(pointer) {
		return nil
	}
	return &Problem{
		Kind:  Misconfigured,
		Staff: fmt.Sprintf("registration.fields hides %s, and what is sent there does not fit the payload schema (%s); give it a default that does, or take hidden out", pointer, finding.Flaw.Rule),
	}
}
