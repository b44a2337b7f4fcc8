package payloadschema

import (
	"cmp"
	"slices"
)

// A Rank is the place that somebody gives the member at a JSON Pointer (RFC 6901) among the others of its object; ok is
// false when they give it none.
type Rank func(pointer string) (rank int, ok bool)

// Ranked returns s with the members of each object that have a rank before those that have none, in ascending order. Single
// values stay before what becomes a section of its own, and what a shape brings after the question for the shape.
func (s *Schema) Ranked(rank Rank) *Schema {
	ranked := *s
	ranked.rank = rank
	return &ranked
}

// ranked are the members of p in the order of asking. shapes tells whether a question for the shape of p is among them.
func (w *asker) ranked(p *place, shapes bool) []*place {
	if w.rank == nil {
		return p.members
	}
	shapes = shapes && slices.ContainsFunc(p.view.choices, choice.asked)
	brought := func(m *place) int {
		if shapes && m.group > groupBase {
			return 1
		}
		return 0
	}
	members := slices.Clone(p.members)
	slices.SortStableFunc(members, func(a, b *place) int {
		return cmp.Or(a.order()-b.order(), brought(a)-brought(b), w.rank.compare(a.pointer, b.pointer))
	})
	return members
}

// compare says which of two members comes first.
func (r Rank) compare(a, b string) int {
	first, hasFirst := r(a)
	second, hasSecond := r(b)
	switch {
	case hasFirst && hasSecond:
		return cmp.Compare(first, second)
	case hasFirst:
		return -1
	case hasSecond:
		return 1
	}
	return 0
}
