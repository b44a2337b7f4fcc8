package payloadschema

// A memberIndex finds the schemas of the members of a value that all of some nodes hold for. It takes one pass over them,
// however many there are.
type memberIndex struct {
	members []member // described by name, in the order of the document, each once
	from    []int    // of each member: which node describes it first
	byName  map[string][]*node
	further []*node // those that also describe by pattern, or take no others
}

func indexMembers(nodes []*node) memberIndex {
	size := 0
	for _, n := range nodes {
		size += len(n.members)
	}
	x := memberIndex{byName: make(map[string][]*node, size), members: make([]member, 0, size), from: make([]int, 0, size)}
	shared := make([]*node, size) // one list for all names that only one node describes
	for i, n := range nodes {
		for _, m := range n.members {
			if described, ok := x.byName[m.name]; ok {
				x.byName[m.name] = append(described, m.node)
				continue
			}
			at := len(x.members)
			shared[at] = m.node
			x.byName[m.name] = shared[at : at+1 : at+1]
			x.members, x.from = append(x.members, m), append(x.from, i)
		}
		if n.closed || n.additional != nil || len(n.patterns) > 0 {
			x.further = append(x.further, n)
		}
	}
	return x
}

// describe returns the schemas of the member of that name, and whether one of the nodes takes no such member.
func (x memberIndex) describe(name string) (nodes []*node, blocked bool) {
	nodes = x.byName[name]
	for _, n := range x.further {
		_, own := n.byName[name]
		before := len(nodes)
		for _, p := range n.patterns {
			if p.name.MatchString(name) {
				nodes = append(nodes, p.node)
			}
		}
		switch {
		case own || len(nodes) > before:
		case n.additional != nil:
			nodes = append(nodes, n.additional)
		case n.closed:
			blocked = true
		}
	}
	return nodes, blocked
}
