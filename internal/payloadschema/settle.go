package payloadschema

import (
	"slices"
	"strconv"
)

// Settle returns what is sent: a without answers to questions that vanished, with constants filled in, without empty
// optional objects and unanswered optional entries. Its Shapes are those in force, also where they were inferred, by
// the pointers that its own payload has.
func (s *Schema) Settle(a Answers) Answers {
	root := s.resolve(a)
	settled := Answers{Payload: root.object(), Shapes: make(map[string]int)}
	root.settleShapes("", settled.Shapes)
	return settled
}

// object is the payload.
func (p *place) object() map[string]any {
	if payload, ok := p.value.(map[string]any); ok {
		return payload
	}
	return map[string]any{}
}

// settleShapes collects the shapes of p, which the payload has at that pointer.
func (p *place) settleShapes(at string, shapes map[string]int) {
	for _, c := range p.view.choices {
		if c.asked() && c.chosen >= 0 {
			shapes[at+c.pointer[len(p.pointer):]] = c.chosen
		}
	}
	for _, m := range p.members {
		m.settleShapes(at+pointer(m.name), shapes)
	}
	for i, e := range p.present() {
		e.settleShapes(at+"/"+strconv.Itoa(i), shapes)
	}
}

// Unasked lists the pointers of the answers that Settle leaves out although they are answers: those to questions that
// vanished, and those that nobody asks for. They come in the order of the pointers.
func (s *Schema) Unasked(a Answers) []string {
	root := s.resolve(a)
	var found []string
	root.unasked(a.Payload, &found)
	slices.Sort(found)
	return found
}

func (p *place) unasked(raw any, found *[]string) {
	switch p.nature { //nolint:exhaustive // the others are taken as they are
	case natureObject:
		members, _ := membersOf(raw)
		for name, value := range members {
			at := p.pointer + pointer(name)
			i := slices.IndexFunc(p.members, func(m *place) bool { return m.name == name })
			switch {
			case i >= 0:
				p.members[i].unasked(value, found)
			case cleaned(value) != nil:
				*found = append(*found, at)
			}
		}
	case natureList:
		entries, _ := entriesOf(raw)
		for i, value := range entries[:min(len(entries), len(p.entries))] {
			p.entries[i].unasked(value, found)
		}
	}
}
