package payloadschema

import (
	"maps"
	"slices"
)

// extras makes the places of members that were added by their names, in the order of the names.
func (r *resolver) extras(p *place, slots []slot, raw, value map[string]any) {
	p.extras = p.takesExtras()
	if !p.extras || len(raw) == 0 {
		return
	}
	described := make(map[string]bool, len(slots))
	for _, s := range slots {
		described[s.name] = true
	}
	index := indexMembers(p.view.nodes)
	for _, name := range slices.Sorted(maps.Keys(raw)) {
		if described[name] || raw[name] == nil || r.left <= 0 || p.depth >= deepest || p.mentions(name) {
			continue
		}
		m := &place{pointer: p.pointer + pointer(name), name: name, label: name, depth: p.depth + 1, group: groupCondition, extra: true, raw: raw[name]}
		m.base, m.refused = index.describe(name)
		m.refused = m.refused || slices.ContainsFunc(p.view.nodes, func(n *node) bool { return !n.takesName(name) })
		if cannot(m.base) {
			m.base, m.refused = nil, true
		}
		_, m.help = labelOf(m.base, name)
		r.place(m)
		p.keep(m, value)
	}
}

// takesExtras reports whether p says that it takes members it does not name.
func (p *place) takesExtras() bool {
	open := false
	for _, n := range p.view.nodes {
		if n.closed && len(n.patterns) == 0 {
			return false
		}
		open = open || n.open
	}
	return open
}

// takesName reports whether propertyNames allows a member of that name.
func (n *node) takesName(name string) bool {
	for _, e := range n.compiled.Extensions {
		if check, ok := e.(nameCheck); ok && check.names.Validate(name) != nil {
			return false
		}
	}
	return true
}

// mentions reports whether a shape that is not in force describes a member of that name.
func (p *place) mentions(name string) bool {
	seen := make(map[*node]bool)
	return slices.ContainsFunc(p.view.nodes, func(n *node) bool { return n.mentions(name, seen) })
}
