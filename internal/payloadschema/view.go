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

// look finds the view of p.
func (r *resolver) look(p *place, known facts) view {
	v := view{nodes: make([]*node, 0, len(p.base)+2), groups: make([]int, 0, len(p.base)+2)}
	for _, n := range p.base {
		v.add(n, groupBase)
	}
	for next := 0; next < len(v.nodes); next++ {
		n, group := v.nodes[next], v.groups[next]
		for _, alternatives := range n.choices {
			r.choose(p, &v, choice{alternatives: alternatives, of: n, chosen: -1}, max(group, groupShape))
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
				r.choose(p, &v, choice{alternatives: alternatives, of: v.nodes[i], chosen: -1}, groupCondition)
			}
		}
	}
	return v
}

// choose settles c, adds it to the view v of p and with it the chosen shape. The first choice of a value stands at its pointer; a further one at the
// pointer, "~" and a number from 2 on, which no JSON Pointer into the payload can be.
func (r *resolver) choose(p *place, v *view, c choice, group int) {
	c.pointer = p.pointer
	if len(v.choices) > 0 {
		c.pointer += "~" + strconv.Itoa(c.of.id+1) + suffix(c.keyword)
	}
	switch shape, ok := r.shapes[c.pointer]; {
	case len(c.askable) == 1:
		c.chosen = c.askable[0]
	case ok && slices.Contains(c.askable, shape):
		c.chosen, c.given = shape, true
	default:
		c.chosen = p.infer(c.alternatives)
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
