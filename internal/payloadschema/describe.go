package payloadschema

import "slices"

// AnyEntry stands in a pattern, which is otherwise a JSON Pointer (RFC 6901), for every entry of a list.
const AnyEntry = "*"

// Describes reports whether the schema says anything of a value at that pattern, whatever was answered: also of what only
// another answer brings.
func (s *Schema) Describes(pattern string) bool {
	nodes := []*node{s.root}
	for _, token := range tokens(pattern) {
		nodes = below(nodes, token)
	}
	return len(nodes) > 0
}

// below are the schemas that can hold for the member or the entries called token of a value that nodes can hold for.
func below(nodes []*node, token string) []*node {
	var found []*node
	all := possible(nodes)
	_, number := index(token)
	for _, n := range all {
		if n.items != nil && (token == AnyEntry || number) {
			found = append(found, n.items)
		}
		if named, ok := n.byName[token]; ok {
			found = append(found, named)
		}
		if _, own := n.byName[token]; !own && n.additional != nil {
			found = append(found, n.additional)
		}
		for _, p := range n.patterns {
			if p.name.MatchString(token) {
				found = append(found, p.node)
			}
		}
		if n.open && !n.closed || slices.Contains(n.required, token) {
			found = append(found, &node{})
		}
	}
	return found
}

// possible are nodes and all that can hold beside them.
func possible(nodes []*node) []*node {
	var all []*node
	seen := make(map[*node]bool)
	var add func(*node)
	add = func(n *node) {
		if n == nil || seen[n] {
			return
		}
		seen[n] = true
		all = append(all, n)
		for _, part := range n.parts() {
			add(part)
		}
	}
	for _, n := range nodes {
		add(n)
	}
	return all
}
