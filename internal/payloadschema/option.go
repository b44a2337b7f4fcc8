package payloadschema

import (
	"encoding/json"
	"fmt"
)

// enumOptions are the answers to a Choice; null is none.
func enumOptions(values []any) []Option {
	options := make([]Option, 0, len(values))
	for _, value := range values {
		if value != nil {
			text := optionValue(value)
			options = append(options, Option{text, text})
		}
	}
	return options
}

// enumValues are what is sent, by Option.Value.
func enumValues(values []any) map[string]any {
	byText := make(map[string]any, len(values))
	for _, value := range values {
		if value != nil {
			byText[optionValue(value)] = value
		}
	}
	return byText
}

// optionValue is value itself for a text, else its JSON.
func optionValue(value any) string {
	if text, ok := value.(string); ok {
		return text
	}
	b, err := json.Marshal(value)
	if err != nil {
		return fmt.Sprint(value)
	}
	return string(b)
}

// constOptions are the answers when every one of list is no more than a constant with words for it: the idiom for an
// enum with labels. ok is false when it is something else.
func constOptions(list []*node) (options []Option, values map[string]any, ok bool) {
	values = make(map[string]any, len(list))
	for _, n := range list {
		if !n.hasConst || n.constant == nil || typeOf(n.constant)&(typeObject|typeArray) != 0 || n.hints != 0 || len(n.parts()) > 2 {
			return nil, nil, false
		}
		text := optionValue(n.constant)
		label := text
		switch {
		case n.title != "":
			label = n.title
		case n.description != "":
			label = n.description
		}
		options = append(options, Option{text, label})
		values[text] = n.constant
	}
	return options, values, true
}

// choiceOptions are the answers that all of nodes take, in the order and with the labels of the first; labels that say more
// than the value win.
func choiceOptions(nodes []*node) []Option {
	var common []Option
	first := true
	for _, n := range nodes {
		switch {
		case !n.hasEnum:
		case first:
			common, first = n.options, false
		default:
			common = both(common, n)
		}
	}
	return common
}

func both(options []Option, n *node) []Option {
	labels := make(map[string]string, len(n.options))
	for _, o := range n.options {
		labels[o.Value] = o.Label
	}
	var common []Option
	for _, o := range options {
		label, ok := labels[o.Value]
		if !ok {
			continue
		}
		if o.Label == o.Value {
			o.Label = label
		}
		common = append(common, o)
	}
	return common
}

// optionSent is what is sent for the answer text to a Choice.
func optionSent(nodes []*node, answer any) any {
	text, ok := answer.(string)
	if !ok {
		return answer
	}
	for _, n := range nodes {
		if value, ok := n.values[text]; ok {
			return value
		}
	}
	return answer
}
