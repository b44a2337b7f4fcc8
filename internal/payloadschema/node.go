package payloadschema

import (
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// A node is one schema of the document: what decides how it is asked. What decides only whether an answer holds stays
// in the library's schema beside it. Nodes do not change once they are built.
type node struct {
	compiled *jsonschema.Schema
	id       int // in the order of the document

	never   bool   // the schema false
	refusal string // why it cannot be asked whatever stands around it; "" when it can
	hidden  bool

	title, description string
	types              types // given by type; 0 when it is not given
	hints              types // those that its other keywords speak of
	nested             bool  // it can be an object, or a list of objects

	members    []member
	byName     map[string]*node
	patterns   []pattern
	additional *node // a schema for all others
	open       bool  // says that other members are welcome
	closed     bool  // takes no others
	required   []string
	forbidden  string // not: {required: [this]}
	needs      map[string][]string
	dependent  []member

	hasConst bool
	constant any
	hasEnum  bool
	options  []Option
	values   map[string]any // by Option.Value

	items, contains            *node
	allOf                      []*node // what it refers to as well
	choices                    []*alternatives
	condition, then, otherwise *node
	example                    string
	format                     string
	dated, mailed, regular     bool
}

// A member is a property and the schema of its value.
type member struct {
	name     string
	readable string // the name for people
	node     *node
}

// A pattern is the schema of the properties whose name it matches.
type pattern struct {
	name jsonschema.Regexp
	node *node
}

// mentions reports whether any shape that n can take describes a member of that name by its name.
func (n *node) mentions(name string, seen map[*node]bool) bool {
	if n == nil || seen[n] {
		return false
	}
	seen[n] = true
	if _, ok := n.byName[name]; ok {
		return true
	}
	for _, all := range n.parts() {
		if all.mentions(name, seen) {
			return true
		}
	}
	return false
}

// parts are the schemas that can also hold for the value of n.
func (n *node) parts() []*node {
	all := append([]*node{}, n.allOf...)
	for _, c := range n.choices {
		all = append(all, c.list...)
	}
	for _, m := range n.dependent {
		all = append(all, m.node)
	}
	return append(all, n.then, n.otherwise)
}

// conditional reports whether what else holds depends on the value.
func (n *node) conditional() bool {
	return n.condition != nil || len(n.dependent) > 0 || len(n.needs) > 0
}
