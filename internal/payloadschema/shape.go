package payloadschema

import (
	"slices"
	"strconv"
)

// alternatives are a oneOf or anyOf that is asked as a question of its own: which of several shapes a value has.
type alternatives struct {
	keyword string // "oneOf", or "anyOf"
	one     bool   // no more than one may hold
	list    []*node
	askable []int    // those that can be asked
	options []Option // of the askable
	label   string
	reason  string          // why none can be asked
	fixed   map[string]bool // members to which every one gives a constant: the shape decides them
}

// choose takes list as the alternatives of n. Those that are nothing but constants are an enum instead, and those without
// any sign by which a person could tell them apart are only checked.
func (n *node) choose(list []*node, keyword string, one bool) {
	if options, values, ok := constOptions(list); ok {
		n.takeOptions(options, values)
		return
	}
	if n.types&(typeObject|typeArray) == 0 && !slices.ContainsFunc(list, func(alt *node) bool { return !alt.bare(n.types) }) {
		return
	}
	c := &alternatives{keyword: keyword, one: one, list: list, label: n.title, fixed: fixedBy(list)}
	labels := shapeLabels(n, list)
	for i, alt := range list {
		if reason := shapeRefusal(n, alt); reason != "" {
			c.reason = reason
			continue
		}
		c.askable = append(c.askable, i)
		c.options = append(c.options, Option{strconv.Itoa(i), labels[i]})
	}
	n.choices = append(n.choices, c)
}

// takeOptions adds an enum to n.
func (n *node) takeOptions(options []Option, values map[string]any) {
	other := &node{hasEnum: true, options: options, values: values}
	if n.hasEnum {
		other.options = both(n.options, other)
	}
	n.hasEnum, n.options, n.values = true, other.options, other.values
}

// bare reports whether n only bounds a single value and has no words for it.
func (n *node) bare(outer types) bool {
	scalar := typeString | typeNumber | typeBoolean
	return n.title == "" && n.description == "" && !n.hasConst && !n.hasEnum && !n.never && (n.types == 0 || n.types == outer) &&
		n.hints&^scalar == 0 && (outer != 0 || n.hints != 0) && len(n.allOf) == 0 && len(n.choices) == 0 && n.condition == nil
}

// shapeRefusal is why alt, an alternative of n, cannot be asked.
func shapeRefusal(n, alt *node) string {
	both := append(spread(n), spread(alt)...)
	switch nature, _ := natureOf(both); nature { //nolint:exhaustive // the others can be asked
	case natureNone:
		return reasonNothing
	case natureNull:
		return reasonNull
	}
	return alt.refusal
}

// fixedBy are the members to which every one of list gives a constant.
func fixedBy(list []*node) map[string]bool {
	fixed := make(map[string]bool)
	for i, alt := range list {
		own := make(map[string]bool)
		for _, n := range spread(alt) {
			for _, m := range n.members {
				own[m.name] = own[m.name] || m.node.hasConst
			}
		}
		for name, is := range own {
			if is && i == 0 {
				fixed[name] = true
			}
		}
		for name := range fixed {
			if !own[name] {
				delete(fixed, name)
			}
		}
	}
	return fixed
}
