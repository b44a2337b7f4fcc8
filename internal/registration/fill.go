package registration

import (
	"slices"
	"strconv"
	"strings"

	"foyer/internal/payloadschema"
)

// mostRounds bounds how often what is asked is looked at again because an answer that the administrator gives asks for more.
const mostRounds = 8

// complete are the answers that count: those of d, without what the administrator hid, and with the defaults of what was left
// empty.
//
// An optional section is sent once a person begins it. So a default within it counts when something else of it is answered, or
// when nothing of it is asked; and what was prefilled and not touched counts as a default where the section still lacks what
// it requires.
func (f *Form) complete(d Draft) payloadschema.Answers {
	a := d.answers()
	if !f.fields.presets && !f.fields.hides {
		return a
	}
	a = f.withoutHidden(a)
	a, untouched := f.untouched(a)
	return f.filled(a, untouched)
}

// withoutHidden are the answers but for those to what is hidden.
func (f *Form) withoutHidden(a payloadschema.Answers) payloadschema.Answers {
	for _, pointer := range f.hiddenIn(a.Payload) {
		a = a.Set(pointer, nil)
	}
	return a
}

// hiddenIn lists the places in payload that are hidden, in their order.
func (f *Form) hiddenIn(payload map[string]any) []string {
	var found []string
	for pattern, s := range f.settings.Fields {
		if s.Hidden {
			found = append(found, matching(payload, "", pattern)...)
		}
	}
	slices.Sort(found)
	return found
}

// hiddenAnswers lists the answers of d to what is hidden, which nobody asked for.
func (f *Form) hiddenAnswers(d Draft) []string {
	return slices.DeleteFunc(f.hiddenIn(d.Payload), func(pointer string) bool { return !answered(d.answers(), pointer) })
}

// matching lists the pointers of the answers within value, which is at the pointer at, that pattern matches.
func matching(value any, at, pattern string) []string {
	if pattern == "" {
		return []string{at}
	}
	token, rest := cutToken(pattern)
	var found []string
	if list, ok := value.([]any); ok && token == payloadschema.AnyEntry {
		for i, entry := range list {
			found = append(found, matching(entry, at+"/"+strconv.Itoa(i), rest)...)
		}
		return found
	}
	holder := map[string]any{"": value}
	member, ok := payloadschema.Get(holder, "//"+token)
	if !ok {
		return nil
	}
	return matching(member, at+"/"+token, rest)
}

// untouched takes out of a what was prefilled in a section that lacks something it requires, and returns it.
func (f *Form) untouched(a payloadschema.Answers) (payloadschema.Answers, map[string]Preset) {
	if !f.fields.prefills {
		return a, nil
	}
	questions := f.schema.Questions(a)
	lacking := func(section string) bool {
		return slices.ContainsFunc(questions, func(q payloadschema.Question) bool {
			return q.Required && isQuestion(q) && strings.HasPrefix(q.Pointer, section+"/") && !answered(a, q.Pointer) && f.fields.at(q.Pointer).Default.IsZero()
		})
	}
	taken, untouched := a, make(map[string]Preset)
	for _, q := range questions {
		prefill := f.fields.at(q.Pointer).Prefill
		if q.Section == "" || !prefill.suits(q.Kind) || q.Kind == More || !lacking(q.Section) {
			continue
		}
		if value, _ := payloadschema.Get(a.Payload, q.Pointer); value != nil && value == (Question{Kind: q.Kind}).parse(prefill.Text) {
			taken = taken.Set(q.Pointer, nil)
			untouched[q.Pointer] = prefill
		}
	}
	return taken, untouched
}

// filled are the answers a with the defaults that count, and with those of untouched that do.
func (f *Form) filled(a payloadschema.Answers, untouched map[string]Preset) payloadschema.Answers {
	for range mostRounds {
		questions := f.schema.Questions(a)
		seen, before := f.sections(questions), a
		changed := false
		for _, q := range questions {
			preset, ok := untouched[q.Pointer]
			if !ok {
				preset = f.fields.at(q.Pointer).Default
			}
			if preset.suits(q.Kind) && !answered(before, q.Pointer) && seen.reaches(q) {
				a, changed = f.put(a, q, preset), true
			}
		}
		if !changed {
			break
		}
	}
	return a
}

// forced are the answers a with all defaults, whether they count or not.
func (f *Form) forced(a payloadschema.Answers) payloadschema.Answers {
	for _, q := range f.schema.Questions(a) {
		if preset := f.fields.at(q.Pointer).Default; preset.suits(q.Kind) && !answered(a, q.Pointer) {
			a = f.put(a, q, preset)
		}
	}
	return a
}

// put are the answers a with preset as the one to q.
func (f *Form) put(a payloadschema.Answers, q payloadschema.Question, preset Preset) payloadschema.Answers {
	if q.Kind != More {
		return a.Set(q.Pointer, Question{Kind: q.Kind}.parse(preset.Text))
	}
	entries := make([]any, len(preset.Entries))
	for i, text := range preset.Entries {
		entries[i] = text
	}
	a = a.Set(q.Pointer, entries)
	for _, e := range f.schema.Questions(a) { // an entry may be a number
		if text, _ := payloadschema.Get(a.Payload, e.Pointer); isQuestion(e) && strings.HasPrefix(e.Pointer, q.Pointer+"/") {
			if text, ok := text.(string); ok {
				a = a.Set(e.Pointer, Question{Kind: e.Kind}.parse(text))
			}
		}
	}
	return a
}

// isQuestion reports whether q asks for a single value or a shape.
func isQuestion(q payloadschema.Question) bool {
	return q.Kind != Entry && q.Kind != More && q.Kind != Extra
}

// answered reports whether there is an answer at pointer.
func answered(a payloadschema.Answers, pointer string) bool {
	value, _ := payloadschema.Get(a.Payload, pointer)
	list, isList := value.([]any)
	return value != nil && value != "" && (!isList || len(list) > 0)
}

// sections are the objects and the entries that questions belong to, by pointer, with those around them.
type sections map[string]sectionState

type sectionState struct {
	there bool // it is in the payload
	asked bool // a person is asked something of it
}

func (f *Form) sections(questions []payloadschema.Question) sections {
	all := make(sections)
	for _, q := range questions {
		asked := !f.fields.hidden(q.Pointer)
		for at := q.Section; at != ""; at = payloadschema.Parent(at) {
			state := all[at]
			state.asked = state.asked || asked
			state.there = state.there || q.There && q.Kind != Entry // an Entry stands in a list that is there
			all[at] = state
		}
	}
	return all
}

// reaches reports whether an answer to q that the administrator gives counts: whether there is no optional section around it
// that a person is asked for and has not begun.
func (s sections) reaches(q payloadschema.Question) bool {
	for at := q.Section; at != "" && !q.There; at = payloadschema.Parent(at) {
		if s[at].asked && !s[at].there {
			return false
		}
	}
	return true
}
