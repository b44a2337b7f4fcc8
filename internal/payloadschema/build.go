package payloadschema

import (
	"slices"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// A builder makes the nodes of a document. The library's schemas tell all but the order and the keywords it does not
// know, which it takes from the document.
type builder struct {
	document any // as decodeOrdered reads it
	built    map[*jsonschema.Schema]*node
	open     map[*jsonschema.Schema]bool // being built
	count    int
}

// node makes the node of compiled, which stands in the document as raw.
func (b *builder) node(raw any, compiled *jsonschema.Schema) *node {
	if compiled == nil {
		return nil
	}
	if done, ok := b.built[compiled]; ok {
		return done
	}
	b.count++
	n := &node{compiled: compiled, id: b.count}
	if b.open[compiled] {
		n.refusal = reasonRecursive
		return n
	}
	if compiled.Bool != nil {
		if n.never = !*compiled.Bool; n.never {
			n.refusal = reasonNothing
		}
		return n
	}
	b.open[compiled] = true
	o, _ := raw.(*object)
	b.value(n, o)
	b.object(n, o)
	b.applied(n, o)
	n.decide()
	n.refuse()
	quicken(compiled)
	delete(b.open, compiled)
	b.built[compiled] = n
	return n
}

// value reads the keywords for a single value.
func (b *builder) value(n *node, o *object) {
	s := n.compiled
	n.title, n.description = s.Title, s.Description
	n.types, n.hints = givenTypes(s.Types), hintedTypes(s)
	if o != nil {
		n.hidden, _ = o.members["hidden"].(bool)
		n.format, _ = o.members["format"].(string)
	}
	if s.Const != nil {
		n.hasConst, n.constant = true, *s.Const
	}
	if s.Enum != nil {
		n.hasEnum, n.options, n.values = true, enumOptions(s.Enum.Values), enumValues(s.Enum.Values)
	}
	if s.Pattern != nil {
		n.example = Example(s.Pattern.String())
		n.recognise(s.Pattern)
	}
}

// object reads the keywords for the members of objects, in the order of the document.
func (b *builder) object(n *node, o *object) {
	s := n.compiled
	n.required, n.needs = s.Required, s.DependentRequired
	n.byName = make(map[string]*node, len(s.Properties))
	properties := o.object("properties")
	for _, name := range properties.names {
		if m := b.node(properties.members[name], s.Properties[name]); m != nil {
			n.members = append(n.members, member{name, readable(name), m})
			n.byName[name] = m
		}
	}
	patterns := o.object("patternProperties")
	byPattern := make(map[string]jsonschema.Regexp, len(s.PatternProperties))
	for re := range s.PatternProperties {
		byPattern[re.String()] = re
	}
	for _, name := range patterns.names {
		if re, ok := byPattern[name]; ok {
			n.patterns = append(n.patterns, pattern{re, b.node(patterns.members[name], s.PatternProperties[re])})
		}
	}
	dependent := o.object("dependentSchemas")
	for _, name := range dependent.names {
		if m := b.node(dependent.members[name], s.DependentSchemas[name]); m != nil {
			n.dependent = append(n.dependent, member{name, readable(name), m})
		}
	}
	switch additional := s.AdditionalProperties.(type) {
	case bool:
		n.open, n.closed = additional, !additional
	case *jsonschema.Schema:
		n.additional = b.node(o.member("additionalProperties"), additional)
		n.open = true
	}
	n.open = n.open || len(n.patterns) > 0 || s.PropertyNames != nil && !n.closed
}

// applied reads the keywords that hold further schemas against the same value, or against the entries of a list.
func (b *builder) applied(n *node, o *object) {
	s := n.compiled
	if s.Ref != nil {
		n.allOf = append(n.allOf, b.node(lookup(b.document, fragment(s.Ref.Location)), s.Ref))
	}
	n.allOf = append(n.allOf, b.list(o.member("allOf"), s.AllOf)...)
	for _, keyword := range []struct {
		name     string
		list     []*jsonschema.Schema
		onlyOnce bool
	}{{"oneOf", s.OneOf, true}, {"anyOf", s.AnyOf, false}} {
		if len(keyword.list) > 0 {
			n.choose(b.list(o.member(keyword.name), keyword.list), keyword.name, keyword.onlyOnce)
		}
	}
	n.condition = b.node(o.member("if"), s.If)
	n.then, n.otherwise = b.node(o.member("then"), s.Then), b.node(o.member("else"), s.Else)
	n.contains = b.node(o.member("contains"), s.Contains)
	items, _ := s.Items.(*jsonschema.Schema)
	if s.Items2020 != nil {
		items = s.Items2020
	}
	n.items = b.node(o.member("items"), items)
	if not := b.node(o.member("not"), s.Not); not != nil && len(not.required) == 1 && o.object("not").only("required", "type") {
		n.forbidden = not.required[0]
	}
}

func (b *builder) list(raw any, compiled []*jsonschema.Schema) []*node {
	all, _ := raw.([]any)
	nodes := make([]*node, 0, len(compiled))
	for i, s := range compiled {
		var one any
		if i < len(all) {
			one = all[i]
		}
		nodes = append(nodes, b.node(one, s))
	}
	return nodes
}

// decide finds what depends on the parts of n.
func (n *node) decide() {
	n.nested = (n.types|n.hints)&typeObject != 0 || n.items != nil && n.items.nested
	for _, part := range n.parts() {
		n.nested = n.nested || part != nil && part.nested
	}
}

// member returns the member of that name, nil when there is none.
func (o *object) member(name string) any {
	if o == nil {
		return nil
	}
	return o.members[name]
}

// only reports whether o has no members but those.
func (o *object) only(names ...string) bool {
	for _, name := range o.names {
		if !slices.Contains(names, name) {
			return false
		}
	}
	return true
}
