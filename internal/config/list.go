package config

import (
	"encoding/json"
	"maps"
	"strings"

	"go.yaml.in/yaml/v3"
)

// each reads every element of the list n.
func each[T any](n *yaml.Node, read func(*yaml.Node) (T, []fault)) ([]T, []fault) {
	elements, faults := items(n)
	list := make([]T, 0, len(elements))
	for _, element := range elements {
		v, more := read(element)
		list, faults = append(list, v), append(faults, more...)
	}
	return list, faults
}

// words are a list of texts.
type words []string

func (w *words) set(n *yaml.Node, _ []string) []fault {
	list, faults := each(n, line)
	if faults == nil {
		*w = list
	}
	return faults
}

func (w *words) get() any { return []string(*w) }

// identifiers are a list of {type, required}, or of types where a question mark says optional.
type identifiers []Identifier

func (l *identifiers) set(n *yaml.Node, allowed []string) []fault {
	list, faults := each(n, func(n *yaml.Node) (Identifier, []fault) { return readIdentifier(follow(n), allowed) })
	if faults == nil {
		*l = list
	}
	return faults
}

func (l *identifiers) get() any { return []Identifier(*l) }

// readIdentifier reads one identifier. It is required unless n says otherwise.
func readIdentifier(n *yaml.Node, allowed []string) (Identifier, []fault) {
	if n.Kind == yaml.ScalarNode {
		name, optional := strings.CutSuffix(n.Value, "?")
		short := *n
		short.Value = name
		t, faults := identifierType(&short, allowed)
		return Identifier{Type: t, Required: !optional}, faults
	}
	known := []string{"type", "required"}
	given, faults := members(n, known, func(name string) string { return suggest(name, known) })
	identifier, required := Identifier{}, toggle(true)
	for _, e := range given {
		var more []fault
		if e.name() == "type" {
			identifier.Type, more = identifierType(e.value, allowed)
		} else {
			more = required.set(e.value, booleans())
		}
		faults = append(faults, more...)
	}
	if identifier.Type == "" && faults == nil {
		faults = wrong(n, "has an element without a type", "write type: and "+either(allowed))
	}
	identifier.Required = bool(required)
	return identifier, faults
}

// identifierType reads the type of an identifier that a person can type.
func identifierType(n *yaml.Node, allowed []string) (IdentifierType, []fault) {
	if follow(n).Value == string(IdentifierFederated) {
		return "", wrong(n, "a person cannot type a federated identifier", "write "+either(allowed))
	}
	s, faults := oneOf(n, allowed)
	return IdentifierType(s), faults
}

// terms are a list of {id, version, title, text_file}.
type terms []Term

func (l *terms) set(n *yaml.Node, _ []string) []fault {
	list, faults := each(n, readTerm)
	if faults == nil {
		*l = list
	}
	return faults
}

func (l *terms) get() any { return []Term(*l) }

// readTerm reads one document to accept.
func readTerm(n *yaml.Node) (Term, []fault) {
	var t Term
	fields := map[string]*string{"id": &t.ID, "version": &t.Version, "title": &t.Title, "text_file": &t.TextFile}
	known := []string{"id", "version", "title", "text_file"}
	given, faults := members(n, known, func(name string) string { return suggest(name, known) })
	for _, e := range given {
		faults = append(faults, (*text)(fields[e.name()]).set(e.value, nil)...)
	}
	return t, faults
}

// An object is a JSON object.
type object map[string]any

func (o *object) set(n *yaml.Node, _ []string) []fault {
	n, faults := structured(n)
	if faults != nil {
		return faults
	}
	if n.Kind != yaml.MappingNode {
		return wrong(n, "is "+kind(n)+" but takes a mapping", "write {name: value}")
	}
	datesAsText(n)
	m := map[string]any{}
	if err := n.Decode(&m); err != nil {
		return wrong(n, "is not a mapping of names to values", "write {name: value}, each name once")
	}
	if _, err := json.Marshal(m); err != nil {
		return wrong(n, "holds what JSON cannot hold", "write texts, finite numbers, true, false, lists and mappings by name")
	}
	*o = m
	return nil
}

func (o *object) get() any { return maps.Clone(map[string]any(*o)) }

// datesAsText makes texts of what YAML takes for dates: JSON has none, and metadata should hold what was written.
func datesAsText(n *yaml.Node) {
	if n.ShortTag() == "!!timestamp" {
		n.Tag = "!!str"
	}
	for _, child := range n.Content {
		datesAsText(child)
	}
}
