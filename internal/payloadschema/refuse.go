package payloadschema

import (
	"fmt"
	"math/big"
)

// Why something cannot be asked; in English, for staff.
const (
	reasonNothing   = "nothing satisfies it"
	reasonNull      = "it can only be null"
	reasonRecursive = "it contains itself"
	reasonHidden    = "it is hidden from people"
	reasonDeep      = "it is nested too deep"
	reasonClosed    = "it is required but not described, and no other properties are allowed"
	reasonLong      = "it asks for too many entries"
)

const (
	deepest       = 12    // levels of nesting
	mostQuestions = 2000  // at once
	mostRefusals  = 20000 // steps of the search for what cannot be asked, against references that multiply
)

// spread returns nodes and all that apply to the same value without condition.
func spread(nodes ...*node) []*node {
	if len(nodes) == 1 && len(nodes[0].allOf) == 0 {
		return nodes
	}
	var all []*node
	seen := make(map[*node]bool)
	var add func(n *node)
	add = func(n *node) {
		if seen[n] {
			return
		}
		seen[n] = true
		all = append(all, n)
		for _, part := range n.allOf {
			add(part)
		}
	}
	for _, n := range nodes {
		add(n)
	}
	return all
}

// reasonOf is why a value that all of nodes hold for cannot be asked; "" when it can.
func reasonOf(nodes []*node) string {
	nodes = spread(nodes...)
	hidden, fixed := false, false
	for _, n := range nodes {
		hidden, fixed = hidden || n.hidden, fixed || n.hasConst
	}
	if hidden && !fixed {
		return reasonHidden
	}
	for _, n := range nodes {
		if n.refusal != "" {
			return n.refusal
		}
	}
	if len(nodes) == 1 { // it was held against itself when it was built
		return ""
	}
	return contradiction(nodes)
}

// contradiction is why the keywords of nodes for one value cannot all hold; "" when they can.
func contradiction(nodes []*node) string {
	nature, _ := natureOf(nodes)
	switch {
	case nature == natureNull:
		return reasonNull
	case nature == natureNone,
		nature == natureChoice && len(choiceOptions(nodes)) == 0,
		nature == natureConstant && !oneConstant(nodes):
		return reasonNothing
	}
	lengths, entries, members, values := limits{}, limits{}, limits{}, bounds{}
	for _, n := range nodes {
		s := n.compiled
		lengths.add(s.MinLength, s.MaxLength)
		entries.add(s.MinItems, s.MaxItems)
		members.add(s.MinProperties, s.MaxProperties)
		values.add(s.Minimum, s.Maximum)
		values.add(s.ExclusiveMinimum, s.ExclusiveMaximum)
	}
	switch {
	case lengths.crossed() && nature == natureText, entries.crossed() && nature == natureList, members.crossed() && nature == natureObject,
		values.crossed() && (nature == natureNumber || nature == natureInteger):
		return reasonNothing
	case nature == natureList && entries.least >= mostQuestions:
		return reasonLong
	}
	return ""
}

// oneConstant reports whether all constants of nodes are the same one.
func oneConstant(nodes []*node) bool {
	var first *node
	for _, n := range nodes {
		switch {
		case !n.hasConst:
		case first == nil:
			first = n
		case n.compiled.Validate(first.constant) != nil:
			return false
		}
	}
	for _, n := range nodes {
		if n.hasEnum && optionOf(n, first.constant) == nil {
			return false
		}
	}
	return true
}

func optionOf(n *node, value any) any { return n.values[optionValue(value)] }

// limits are a least and a largest number.
type limits struct {
	least, most int
	bounded     bool
}

func (l *limits) add(least, most *int) {
	if least != nil {
		l.least = max(l.least, *least)
	}
	if most != nil && (!l.bounded || *most < l.most) {
		l.most, l.bounded = *most, true
	}
}

func (l limits) crossed() bool { return l.bounded && l.least > l.most }

// bounds are those of a number.
type bounds struct{ least, most *big.Rat }

func (b *bounds) add(least, most *big.Rat) {
	if least != nil && (b.least == nil || least.Cmp(b.least) > 0) {
		b.least = least
	}
	if most != nil && (b.most == nil || most.Cmp(b.most) < 0) {
		b.most = most
	}
}

func (b bounds) crossed() bool { return b.least != nil && b.most != nil && b.least.Cmp(b.most) > 0 }

// refuse finds why a value of n cannot be asked because of what it must contain.
func (n *node) refuse() {
	all := spread(n)
	if n.refusal = contradiction(all); n.refusal != "" {
		return
	}
	index := indexMembers(all)
	for _, s := range all {
		for _, name := range s.required {
			if reason := index.memberRefusal(name); reason != "" {
				n.refusal = fmt.Sprintf("it needs %q, and %s", name, reason)
				return
			}
		}
		if s.compiled.MinItems != nil && *s.compiled.MinItems > 0 && s.items != nil {
			if reason := reasonOf([]*node{s.items}); reason != "" {
				n.refusal = "it needs entries, and " + reason
				return
			}
		}
		for _, c := range s.choices {
			if len(c.askable) == 0 {
				n.refusal = c.reason
				return
			}
		}
	}
}

// memberRefusal is why the member of that name of an object that the nodes of index hold for cannot be asked.
func (x memberIndex) memberRefusal(name string) string {
	nodes, blocked := x.describe(name)
	switch {
	case blocked:
		return reasonClosed
	case len(nodes) == 0:
		return ""
	}
	return reasonOf(nodes)
}
