package payloadschema

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
)

// A slot is a member that an object can have now.
type slot struct {
	name     string
	readable string
	nodes    []*node
	group    int
	required bool
	first    bool // asked among the required ones of its group
	blocked  bool // no schema of the object may be without it, and one is
}

// fillObject finds the members of p.
func (r *resolver) fillObject(p *place, known facts, before []*place) {
	raw, ok := membersOf(p.raw)
	if !ok {
		p.value, p.begun, p.has = tame(p.raw), true, true
		raw = nil
	}
	slots := p.slots(known)
	var byName map[string]*place
	if len(before) > 0 {
		byName = make(map[string]*place, len(before))
		for _, old := range before {
			byName[old.name] = old
		}
	}
	value := make(map[string]any, len(slots))
	for _, s := range slots {
		r.member(p, s, raw[s.name], byName, value)
	}
	r.extras(p, slots, raw, value)
	slices.SortStableFunc(p.members, func(a, b *place) int { return a.order() - b.order() })
	if !ok {
		return
	}
	if !p.begun && !slices.ContainsFunc(p.members, (*place).asks) {
		p.begun = slices.ContainsFunc(p.view.choices, func(c choice) bool { return c.given })
	}
	p.value, p.has = value, p.begun || p.required
	named := 0
	for _, m := range p.members {
		if m.extra && !m.has {
			named++
		}
	}
	p.full = full(p.view.nodes, len(value)+named)
}

// asks reports whether p has any question.
func (p *place) asks() bool { return p.nature != natureConstant }

// order is the place of a member among the others: single values and lists of them, then what becomes a section.
func (p *place) order() int {
	if p.extra {
		return 2
	}
	if p.nested() {
		return 1
	}
	return 0
}

func (p *place) nested() bool {
	return slices.ContainsFunc(p.base, func(n *node) bool { return n.nested })
}

// membersOf reads raw as an object. A list is one whose names were taken for indexes.
func membersOf(raw any) (map[string]any, bool) {
	switch raw := raw.(type) {
	case nil:
		return nil, true
	case string:
		return nil, raw == ""
	case map[string]any:
		return raw, true
	case []any:
		members := make(map[string]any, len(raw))
		for i, entry := range raw {
			if entry != nil {
				members[strconv.Itoa(i)] = entry
			}
		}
		return members, true
	}
	return nil, false
}

// member makes the place of s, if it can be asked at all.
func (r *resolver) member(p *place, s slot, raw any, before map[string]*place, value map[string]any) {
	if s.blocked || r.left <= 0 || p.depth >= deepest || len(s.nodes) > 0 && cannot(s.nodes) {
		return
	}
	if old := before[s.name]; old.fits(s) {
		old.group = s.group
		r.left -= old.quantity
		p.keep(old, value)
		return
	}
	m := &place{
		pointer: p.pointer + pointer(s.name), name: s.name, base: s.nodes, depth: p.depth + 1,
		required: s.required, group: s.group, raw: raw,
	}
	m.label, m.help = labelOf(spread(s.nodes...), s.readable)
	if m.label == "" {
		m.label = readable(s.name)
	}
	r.place(m)
	p.keep(m, value)
}

func (p *place) keep(m *place, value map[string]any) {
	if m.has {
		value[m.name] = m.value
	}
	p.begun = p.begun || m.begun
	p.members = append(p.members, m)
}

// cannot reports whether a value that all of nodes hold for has no question now.
func cannot(nodes []*node) bool { return reasonOf(nodes) != "" }

// slots lists the members of p in the order of asking: group by group, in each the required ones first, then as the
// document has them.
func (p *place) slots(known facts) []slot {
	required, first := p.requiredNames(known)
	withheld := p.withheld(required)
	index := indexMembers(p.view.nodes)
	slots := make([]slot, 0, len(index.members)+len(required))
	seen := make(map[string]bool, len(index.members)+len(required))
	add := func(name, readable string, group int) {
		if seen[name] || withheld[name] {
			return
		}
		seen[name] = true
		s := slot{name: name, readable: readable, group: group, required: required[name], first: first[name] <= group && required[name]}
		s.nodes, s.blocked = index.describe(name)
		slots = append(slots, s)
	}
	for i, m := range index.members {
		add(m.name, m.readable, p.view.groups[index.from[i]])
	}
	for i, n := range p.view.nodes {
		for _, name := range n.required {
			add(name, "", p.view.groups[i])
		}
		for _, name := range slices.Sorted(maps.Keys(n.needs)) {
			for _, needed := range n.needs[name] {
				if required[needed] {
					add(needed, "", groupCondition)
				}
			}
		}
	}
	slices.SortStableFunc(slots, func(a, b slot) int {
		return cmp.Or(a.group-b.group, rank(a)-rank(b))
	})
	return slots
}

func rank(s slot) int {
	if s.first {
		return 0
	}
	return 1
}

// requiredNames are the members that p needs now, and by which group they are needed first.
func (p *place) requiredNames(known facts) (required map[string]bool, first map[string]int) {
	required, first = make(map[string]bool), make(map[string]int)
	need := func(name string, group int) {
		if !required[name] || group < first[name] {
			required[name], first[name] = true, group
		}
	}
	for i, n := range p.view.nodes {
		for _, name := range n.required {
			need(name, p.view.groups[i])
		}
		for name, needed := range n.needs {
			if known.has[name] {
				for _, other := range needed {
					need(other, groupCondition)
				}
			}
		}
	}
	return required, first
}

// withheld are the members that are not asked now: those that a schema excludes by name, those that decide a shape that
// the Shape question asks for, and those by which a shape that was not chosen is told.
func (p *place) withheld(required map[string]bool) map[string]bool {
	withheld := make(map[string]bool)
	for _, n := range p.view.nodes {
		if n.forbidden != "" && !required[n.forbidden] {
			withheld[n.forbidden] = true
		}
	}
	for _, c := range p.view.choices {
		switch {
		case c.chosen < 0:
			for name := range c.fixed {
				withheld[name] = true
			}
		case c.one:
			for i, alt := range c.list {
				if i == c.chosen || len(alt.members) > 0 || len(alt.allOf) > 0 {
					continue
				}
				for _, name := range alt.required {
					if !required[name] && c.list[c.chosen].byName[name] == nil {
						withheld[name] = true
					}
				}
			}
		}
	}
	return withheld
}

// full reports whether an object of that many members takes no more.
func full(nodes []*node, members int) bool {
	return slices.ContainsFunc(nodes, func(n *node) bool { return n.compiled.MaxProperties != nil && members >= *n.compiled.MaxProperties })
}
