package payloadschema

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// A search lists what cannot be asked.
type search struct {
	found []Unaskable
	steps int
}

// CannotAsk lists what no question can be asked for. It replaces the field Unaskable, which speaks of Fields. A shape
// that cannot be asked is listed as not required while there are others, and so is what depends on a condition.
func (s *Schema) CannotAsk() []Unaskable { return slices.Clone(s.cannotAsk) }

// unaskable lists what no question can be asked for.
func unaskable(root, object *node) []Unaskable {
	var s search
	if reason := contradiction(spread(root, object)); reason != "" {
		s.add("", reason, true)
	}
	s.value("", []*node{root}, true, 0)
	return s.found
}

func (s *search) add(at, reason string, required bool) {
	u := Unaskable{at, reason, required}
	if !slices.Contains(s.found, u) && len(s.found) < mostQuestions {
		s.found = append(s.found, u)
	}
}

// value searches what all of nodes say of the value at that pointer. required tells whether the payload is never valid
// without what they require.
func (s *search) value(at string, nodes []*node, required bool, depth int) {
	if s.steps++; s.steps > mostRefusals {
		return
	}
	all := spread(nodes...)
	s.members(at, all, required, depth)
	s.entries(at, all, required, depth)
	for _, n := range all {
		for _, c := range n.choices {
			s.alternatives(at, c, required, depth)
		}
		for _, part := range append(dependentNodes(n), n.then, n.otherwise) {
			if part != nil {
				s.value(at, []*node{part}, false, depth)
			}
		}
	}
}

func dependentNodes(n *node) []*node {
	var nodes []*node
	for _, m := range n.dependent {
		nodes = append(nodes, m.node)
	}
	return nodes
}

func (s *search) members(at string, all []*node, required bool, depth int) {
	index := indexMembers(all)
	needed := make(map[string]bool)
	var names []string
	for _, m := range index.members {
		names = append(names, m.name)
	}
	for _, n := range all {
		for _, name := range n.required {
			if !needed[name] && index.byName[name] == nil {
				names = append(names, name)
			}
			needed[name] = true
		}
	}
	for _, name := range names {
		nodes, blocked := index.describe(name)
		s.part(at+pointer(name), nodes, blocked, required && needed[name], depth)
	}
}

// part searches the value of a member or an entry.
func (s *search) part(at string, nodes []*node, blocked, required bool, depth int) {
	reason := ""
	switch {
	case blocked:
		reason = reasonClosed
		if !required {
			reason = "no other properties are allowed"
		}
	case depth >= deepest:
		reason = reasonDeep
	case len(nodes) == 0:
		return
	default:
		reason = reasonOf(nodes)
	}
	own := len(s.found)
	if reason == "" || strings.HasPrefix(reason, "it needs ") { // then the part itself is not at fault, but what it needs
		s.value(at, nodes, required, depth+1)
	}
	if reason != "" && len(s.found) == own {
		s.add(at, reason, required)
	}
}

func (s *search) entries(at string, all []*node, required bool, depth int) {
	var items []*node
	least := 0
	for _, n := range all {
		if n.items != nil {
			items = append(items, n.items)
		}
		if n.compiled.MinItems != nil {
			least = max(least, *n.compiled.MinItems)
		}
	}
	if len(items) > 0 {
		s.part(at+"/0", items, false, required && least > 0, depth)
	}
}

// alternatives searches each shape of its own; what one of them needs is only needed when it is chosen.
func (s *search) alternatives(at string, c *alternatives, required bool, depth int) {
	for i, alt := range c.list {
		inner := search{steps: s.steps}
		inner.value(at, []*node{alt}, true, depth)
		s.steps = inner.steps
		reason := cmp.Or(alt.refusal, c.reason)
		offered := slices.Contains(c.askable, i) || reason == reasonNull && len(c.askable) > 0 // null is another word for no answer
		if !offered && len(inner.found) == 0 {
			s.add(at, "shape "+strconv.Itoa(i+1)+": "+reason, required && len(c.askable) == 0)
		}
		for _, u := range inner.found {
			s.add(u.Pointer, u.Reason, u.Required && required && len(c.askable) == 0)
		}
	}
}
