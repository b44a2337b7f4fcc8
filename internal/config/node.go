package config

import (
	"fmt"
	"slices"
	"strings"

	"foyer/internal/clean"

	"go.yaml.in/yaml/v3"
)

// An entry is a key of a YAML mapping with what it holds.
type entry struct{ key, value *yaml.Node }

// members returns the entries of the mapping n that have a known name and say something, in their order. What is not
// known, and what is said twice, is a fault; instead says what to write for an unknown name.
func members(n *yaml.Node, known []string, instead func(name string) string) ([]entry, []fault) {
	n = follow(n)
	if n.Kind != yaml.MappingNode {
		return nil, wrong(n, "is "+kind(n)+" where a mapping belongs", "write it as keys: "+strings.Join(known, ", "))
	}
	var all []entry
	var faults []fault
	seen := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		e := entry{n.Content[i], n.Content[i+1]}
		name := e.name()
		switch first, twice := seen[name]; {
		case !slices.Contains(known, name):
			faults = append(faults, fault{e.key.Line, name, "unknown key", instead(name)})
		case twice:
			faults = append(faults, fault{e.key.Line, name, twiceProblem, keepOne(first, e.key.Line)})
		case !empty(e.value):
			all = append(all, e)
		}
		seen[name] = e.key.Line
	}
	return all, faults
}

// twiceProblem is what is wrong with a name that a mapping has twice.
const twiceProblem = "is given twice"

// keepOne says what to do about a name that stands in two lines.
func keepOne(first, second int) string {
	return fmt.Sprintf("keep one of lines %d and %d", first, second)
}

// name returns the key of e as far as it looks like one. The rest is not repeated: of "client_secret:s3cret", where a
// blank was forgotten, it may be the secret.
func (e entry) name() string {
	const maxName, letters = 40, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-."
	s := follow(e.key).Value
	if rest := strings.TrimLeft(s, letters); rest != "" {
		s = strings.TrimSuffix(s, rest) + "…"
	}
	return clean.Line(s, maxName)
}

// follow returns the node that n stands for.
func follow(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode && n.Alias != nil {
		return n.Alias
	}
	return n
}

// empty reports whether n says nothing, so that the default holds.
func empty(n *yaml.Node) bool {
	n = follow(n)
	return n.Kind == yaml.ScalarNode && (n.ShortTag() == "!!null" || n.ShortTag() == "!!str" && n.Value == "")
}

// kind names the kind of n for people.
func kind(n *yaml.Node) string {
	if n.Kind == yaml.MappingNode {
		return "a mapping"
	}
	if n.Kind == yaml.SequenceNode {
		return "a list"
	}
	return "a single value"
}

// plain returns a node for the text of a variable, a flag or a default. It has no line.
func plain(s string) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: s}
}

// structured returns the list or mapping that n stands for. The text of a variable or a flag is read as YAML when it
// looks like it; otherwise it is returned as it stands.
func structured(n *yaml.Node) (*yaml.Node, []fault) {
	n = follow(n)
	s := strings.TrimSpace(n.Value)
	fromText := n.Kind == yaml.ScalarNode && n.Line == 0
	looksIt := strings.HasPrefix(s, "[") || strings.HasPrefix(s, "{") || strings.HasPrefix(s, "- ") ||
		strings.Contains(s, ": ")
	if !fromText || !looksIt {
		return n, nil
	}
	root, faults := parse([]byte(s))
	if faults != nil {
		return n, faults
	}
	return root, nil
}

// items returns the elements of a list. A single text is split at commas and white space.
func items(n *yaml.Node) ([]*yaml.Node, []fault) {
	n, faults := structured(n)
	if faults != nil {
		return nil, faults
	}
	if n.Kind == yaml.SequenceNode {
		return n.Content, nil
	}
	if n.Kind == yaml.MappingNode {
		return nil, wrong(n, "is a mapping but takes a list", "write [a, b]")
	}
	s, faults := line(n)
	var all []*yaml.Node
	for _, word := range strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' }) {
		item := plain(word)
		item.Line = n.Line
		all = append(all, item)
	}
	return all, faults
}
