package payloadschema

import (
	"slices"
	"strconv"
)

// A view is which schemas hold for one value now: those that always do, the chosen shapes, and what conditions bring.
type view struct {
	nodes   []*node
	groups  []int // of each node: where what it alone describes is asked
	choices []choice
	seen    map[*node]bool // only when there are many
}

// The groups, in the order of asking.
const (
	groupBase  = iota // holds always
	groupShape        // holds as a shape was chosen
	groupCondition
)

// A choice is a question for a shape, and what came of it.
type choice struct {
	*alternatives
	of      *node
	pointer string // in Answers.Shapes
	chosen  int    // -1 while it is open
	given   bool   // it was answered, and not inferred
}

// facts are what the conditions of a value said of it.
type facts struct {
	holds map[*node]bool  // the conditions, by the node that has them
	has   map[string]bool // the members that are there and on which others depend
}

func (v *view) add(n *node, group int) {
	if len(v.nodes) < 16 {
		if slices.Contains(v.nodes, n) {
			return
		}
	} else {
		if v.seen == nil {
			v.seen = make(map[*node]bool)
			for _, m := range v.nodes {
				v.seen[m] = true
			}
		}
		if v.seen[n] {
			return
		}
		v.seen[n] = true
	}
	v.nodes, v.groups = append(v.nodes, n), append(v.groups, group)
	for _, part := range n.allOf {
		v.add(part, group)
	}
}

// look finds the view of the value at pointer, of which raw was answered.
func look(pointer string, base []*node, raw any, shapes map[string]int, known facts) view {
	var v view
	for _, n := range base {
		v.add(n, groupBase)
	}
	for next := 0; next < len(v.nodes); next++ {
		n, group := v.nodes[next], v.groups[next]
		for _, alternatives := range n.choices {
			v.choose(choice{alternatives: alternatives, of: n, chosen: -1}, pointer, raw, shapes, max(group, groupShape))
		}
	}
	for next := 0; next < len(v.nodes); next++ { // after the choices: what a condition brings is asked last
		n := v.nodes[next]
		from := len(v.nodes)
		switch holds, ok := known.holds[n]; {
		case ok && holds && n.then != nil:
			v.add(n.then, groupCondition)
		case ok && !holds && n.otherwise != nil:
			v.add(n.otherwise, groupCondition)
		}
		for _, m := range n.dependent {
			if known.has[m.name] {
				v.add(m.node, groupCondition)
			}
		}
		for i := from; i < len(v.nodes); i++ {
			for _, alternatives := range v.nodes[i].choices {
				v.choose(choice{alternatives: alternatives, of: v.nodes[i], chosen: -1}, pointer, raw, shapes, groupCondition)
			}
		}
	}
	return v
}

// choose settles c and adds the chosen shape. The first choice of a value stands at its pointer; a further one at the
// pointer, "~" and a number from 2 on, which no JSON Pointer into the payload can be.
func (v *view) choose(c choice, at string, raw any, shapes map[string]int, group int) {
	c.pointer = at
	if len(v.choices) > 0 {
		c.pointer = at + "~" + strconv.Itoa(c.of.id+1) + suffix(c.keyword)
	}
	switch shape, ok := shapes[c.pointer]; {
	case len(c.askable) == 1:
		c.chosen = c.askable[0]
	case ok && slices.Contains(c.askable, shape):
		c.chosen, c.given = shape, true
	default:
		c.chosen = infer(c.alternatives, raw)
	}
	v.choices = append(v.choices, c)
	if c.chosen >= 0 {
		v.add(c.list[c.chosen], group)
	}
}

// suffix tells a oneOf from an anyOf beside it.
func suffix(keyword string) string {
	if keyword == "anyOf" {
		return "a"
	}
	return ""
}

// asked reports whether a person has anything to choose.
func (c choice) asked() bool { return len(c.askable) > 1 }

// open reports whether a shape has still to be chosen.
func (v *view) open() bool {
	return slices.ContainsFunc(v.choices, func(c choice) bool { return c.chosen < 0 })
}

// conditional reports whether the view depends on the value.
func (v *view) conditional() bool { return slices.ContainsFunc(v.nodes, (*node).conditional) }

// facts holds the conditions of the view against value; there are none while there is no value.
func (v *view) facts(value any, there bool) facts {
	f := facts{holds: make(map[*node]bool), has: make(map[string]bool)}
	if !there {
		return f
	}
	object, _ := value.(map[string]any)
	for _, n := range v.nodes {
		if n.condition != nil {
			f.holds[n] = n.condition.compiled.Validate(value) == nil
		}
		for _, m := range n.dependent {
			f.note(object, m.name)
		}
		for name := range n.needs {
			f.note(object, name)
		}
	}
	return f
}

func (f facts) note(object map[string]any, name string) {
	if _, ok := object[name]; ok {
		f.has[name] = true
	}
}

// infer returns the only alternative that what was answered so far fits; -1 when there is none such.
func infer(c *alternatives, raw any) int {
	raw = cleaned(raw)
	if raw == nil {
		return -1
	}
	best, cover, tied := -1, 0, false
	for _, strict := range []bool{true, false} {
		for _, i := range c.askable {
			n := c.list[i]
			if strict && n.compiled.Validate(raw) != nil || !strict && !compatible(n, raw) {
				continue
			}
			switch covers := covered(n, raw); {
			case covers == 0:
			case covers > cover:
				best, cover, tied = i, covers, false
			default:
				tied = tied || covers == cover
			}
		}
		if best >= 0 {
			break
		}
	}
	if tied && (c.one || !inForce(c.list[best], raw)) {
		return -1
	}
	return best
}

// inForce reports whether raw is all that n asks.
func inForce(n *node, raw any) bool { return n.compiled.Validate(raw) == nil }

// covered counts how much of raw n speaks of.
func covered(n *node, raw any) int {
	object, ok := raw.(map[string]any)
	if !ok {
		return 1
	}
	count := 0
	for name := range object {
		for _, s := range spread(n) {
			if _, ok := s.byName[name]; ok || slices.Contains(s.required, name) {
				count++
				break
			}
		}
	}
	return count
}

// compatible reports whether n can still hold when more is answered.
func compatible(n *node, raw any) bool {
	object, isObject := raw.(map[string]any)
	for _, s := range spread(n) {
		switch {
		case s.never, s.types != 0 && s.types&typeOf(raw) == 0:
			return false
		case s.hasConst && !isObject && s.compiled.Validate(raw) != nil:
			return false
		case s.hasEnum && optionOf(s, raw) == nil:
			return false
		}
		for name, value := range object {
			if m, ok := s.byName[name]; ok && !fitsMember(m, value) || !ok && s.closed && len(s.patterns) == 0 {
				return false
			}
		}
	}
	return true
}

// fitsMember reports whether the value of a member is of the type, and one of the values, that m takes.
func fitsMember(m *node, value any) bool {
	for _, s := range spread(m) {
		switch {
		case s.never, s.types != 0 && s.types&typeOf(value) == 0:
			return false
		case s.hasConst && s.compiled.Validate(value) != nil:
			return false
		case s.hasEnum && optionOf(s, value) == nil:
			return false
		}
	}
	return true
}
