package payloadschema

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// shapeLabels are the words for the alternatives of n.
func shapeLabels(n *node, list []*node) []string {
	labels := make([]string, len(list))
	seen := make(map[string]int, len(list))
	required, described := countNames(list, requiredNames), countNames(list, memberNames)
	for i, alt := range list {
		own := spread(alt)
		label := wordsOf(own)
		if label == "" {
			names := ownNames(requiredNames(alt), required, len(list))
			if len(names) == 0 {
				names = ownNames(memberNames(alt), described, len(list))
			}
			label = nameList(n, own, names)
		}
		label = cmp.Or(label, kindLabel(own), strconv.Itoa(i+1))
		seen[label]++
		if again := seen[label]; again > 1 {
			label = fmt.Sprintf("%s (%d)", label, again)
		}
		labels[i] = label
	}
	return labels
}

// wordsOf is the title of an alternative, else its description, else what it fixes.
func wordsOf(own []*node) string {
	for _, s := range own {
		if s.title != "" {
			return s.title
		}
	}
	for _, s := range own {
		if s.description != "" {
			return s.description
		}
	}
	return constantLabel(own)
}

// constantLabel are the constants of an alternative, or those of its members, made readable.
func constantLabel(own []*node) string {
	for _, n := range own {
		if n.hasConst {
			return readable(optionValue(n.constant))
		}
	}
	for _, n := range own {
		for _, m := range n.members {
			switch {
			case m.node.hasConst:
				return readable(optionValue(m.node.constant))
			case m.node.hasEnum && len(m.node.options) == 1:
				return readable(m.node.options[0].Label)
			}
		}
	}
	return ""
}

// countNames counts in how many of list a name is.
func countNames(list []*node, namesOf func(*node) []string) map[string]int {
	count := make(map[string]int)
	for _, alt := range list {
		for _, name := range namesOf(alt) {
			count[name]++
		}
	}
	return count
}

// ownNames are the first three of names that not all alternatives have.
func ownNames(names []string, count map[string]int, all int) []string {
	own := slices.DeleteFunc(names, func(name string) bool { return count[name] == all })
	return own[:min(len(own), 3)]
}

func requiredNames(alt *node) []string {
	var names []string
	for _, n := range spread(alt) {
		names = appendNew(names, n.required...)
	}
	return names
}

func memberNames(alt *node) []string {
	var names []string
	for _, n := range spread(alt) {
		for _, m := range n.members {
			names = appendNew(names, m.name)
		}
	}
	return names
}

func appendNew(names []string, more ...string) []string {
	seen := make(map[string]bool, len(names)+len(more))
	for _, name := range names {
		seen[name] = true
	}
	for _, name := range more {
		if !seen[name] {
			seen[name] = true
			names = append(names, name)
		}
	}
	return names
}

// nameList are the labels of members.
func nameList(n *node, own []*node, names []string) string {
	var labels []string
	for _, name := range names {
		var nodes []*node
		for _, s := range append(slices.Clone(own), n) {
			if m, ok := s.byName[name]; ok {
				nodes = append(nodes, m)
			}
		}
		label, _ := labelOf(nodes, readable(name))
		labels = append(labels, label)
	}
	return strings.Join(labels, ", ")
}

// kindLabel says of what type an alternative is, or gives an example of it.
func kindLabel(own []*node) string {
	if options := choiceOptions(own); len(options) > 0 {
		var labels []string
		for _, o := range options[:min(len(options), 3)] {
			labels = append(labels, o.Label)
		}
		return strings.Join(labels, ", ")
	}
	for _, n := range own {
		if n.example != "" {
			return n.example
		}
	}
	nature, bound := natureOf(own)
	if !bound {
		return ""
	}
	switch nature { //nolint:exhaustive // the others have no word
	case natureText:
		return "Text"
	case natureNumber, natureInteger:
		return "Number"
	case natureSwitch:
		return "Yes or no"
	case natureList:
		return "List"
	case natureObject:
		return "Details"
	}
	return ""
}
