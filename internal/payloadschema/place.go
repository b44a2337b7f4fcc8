package payloadschema

import (
	"slices"
)

// A place is one value of the payload as it is asked now.
type place struct {
	pointer     string
	name        string // of a member
	label, help string
	base        []*node // what the value around it says of it
	view        view
	nature      nature
	depth       int

	required bool // by the value around it, if that is there
	entry    bool // of a list
	extra    bool // a member that was added by its name
	refused  bool // an extra whose name the object does not take
	group    int

	raw      any
	inferred map[*alternatives]int
	begun    bool // something of it was answered
	has      bool // it is in the payload, if the value around it is
	value    any

	members  []*place // of an object, in the order of asking
	entries  []*place // of a list, shown
	extras   bool     // more members can be added
	full     bool     // no more members, or entries, fit
	least    int      // entries of a list
	quantity int      // of places, with itself
}

// A resolver finds the places of a payload.
type resolver struct {
	shapes map[string]int
	left   int // of the places that are still made
}

// mostPlaces bounds the places: those that are asked, and as many again for constants and what encloses others.
const mostPlaces = 2 * mostQuestions

// mostRounds bounds how often what is asked is decided anew because of conditions, and stickyRounds after how many of
// them a condition that held once holds: there are schemas in which an answer takes its own question away.
const (
	mostRounds   = 48
	stickyRounds = 24
)

// resolve finds the places of a.
func (s *Schema) resolve(a Answers) *place {
	r := &resolver{shapes: a.Shapes, left: mostPlaces}
	var raw any
	if a.Payload != nil {
		raw = a.Payload
	}
	root := &place{base: []*node{s.root, s.object}, required: true, raw: raw}
	r.place(root)
	return root
}

// place fills p, of which the base, the answers and what surrounds it are known.
func (r *resolver) place(p *place) {
	budget := r.left
	var known facts
	var before []*place
	for round := range mostRounds {
		r.left = budget - 1
		p.view = r.look(p, known)
		p.nature, _ = natureOf(p.view.nodes)
		if p.stale() {
			p.raw = nil
		}
		r.fill(p, known, before)
		if !p.view.conditional() {
			break
		}
		now := p.view.facts(p.value, p.nature == natureObject || p.has || p.begun)
		if round >= stickyRounds {
			now.stick(known)
		}
		if now.equal(known) && round > 0 {
			break
		}
		known, before = now, p.members
	}
	p.quantity = budget - r.left
}

// stale reports whether the answer is one to another shape than the one chosen: a single value where there are several,
// or the other way round.
func (p *place) stale() bool {
	if !slices.ContainsFunc(p.view.choices, func(c choice) bool { return c.given }) {
		return false
	}
	t := typeOf(p.raw)
	switch p.nature { //nolint:exhaustive // the others have no answer
	case natureObject:
		return t&(typeObject|typeArray) == 0
	case natureList:
		return t&typeArray == 0
	}
	return t&(typeObject|typeArray) != 0
}

// fill finds the value of p as its view has it, and its parts.
func (r *resolver) fill(p *place, known facts, before []*place) {
	p.begun, p.has, p.value, p.members, p.entries = false, false, nil, nil, nil
	if p.pending() {
		return
	}
	switch p.nature {
	case natureNone, natureNull, naturePending:
	case natureConstant:
		p.value, p.has = p.constant(), true
		p.begun = slices.ContainsFunc(p.view.choices, func(c choice) bool { return c.given })
	case natureObject:
		r.fillObject(p, known, before)
	case natureList:
		r.fillList(p)
	case natureChoice, natureText, natureNumber, natureInteger, natureSwitch:
		p.begun = answered(p.raw)
		p.has = p.begun || p.required && p.raw == ""
		if p.has {
			p.value = tame(p.raw)
		}
		if p.nature == natureChoice {
			p.value = optionSent(p.view.nodes, p.value)
		}
	}
}

// pending reports whether p cannot be asked before a shape is chosen.
func (p *place) pending() bool {
	if !p.view.open() || p.nature == natureObject {
		return p.nature == natureObject && p.view.open() && !p.baseIsObject()
	}
	return true
}

// baseIsObject reports whether p is an object whatever shape is chosen.
func (p *place) baseIsObject() bool {
	n, bound := natureOf(spread(p.base...))
	return n == natureObject && bound
}

func (p *place) constant() any {
	for _, n := range p.view.nodes {
		if n.hasConst {
			return n.constant
		}
	}
	return nil
}

// fits reports whether p, which the round before found for s, is still right.
func (p *place) fits(s slot) bool {
	return p != nil && p.required == s.required && slices.Equal(p.base, s.nodes)
}

func (f facts) equal(other facts) bool {
	if len(f.holds) != len(other.holds) || len(f.has) != len(other.has) {
		return false
	}
	for n, holds := range f.holds {
		if was, ok := other.holds[n]; !ok || was != holds {
			return false
		}
	}
	for name := range f.has {
		if !other.has[name] {
			return false
		}
	}
	return true
}

// stick keeps what held before.
func (f facts) stick(before facts) {
	for n, holds := range before.holds {
		if _, ok := f.holds[n]; ok && holds {
			f.holds[n] = true
		}
	}
	for name := range before.has {
		f.has[name] = true
	}
}
