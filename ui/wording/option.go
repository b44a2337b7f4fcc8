package wording

import (
	"slices"

	"foyer/internal/clean"
	"foyer/internal/registration"
)

// An Option of a choice: what it is called, and the value that answers the question.
type Option struct {
	Say   Say
	Value string
}

// OptionsOf are the options of q, whatever its kind; none for what is not chosen. Countries are called by their names, when the
// options are codes of such and nothing more.
func OptionsOf(q registration.Question) []Option {
	switch q.Kind {
	case registration.Switch:
		return []Option{{Say{Key: "switch.yes"}, "true"}, {Say{Key: "switch.no"}, "false"}}
	case registration.Entry:
		return entryOptions(q)
	case registration.More:
		return moreOptions(q)
	case registration.Choice, registration.Shape:
	case registration.Text, registration.Number, registration.Integer, registration.Extra:
		return nil
	}
	countries := q.Widget == registration.WidgetCountry && !slices.ContainsFunc(q.Options, func(o registration.Option) bool {
		return o.Label != o.Value || !IsCountry(o.Value)
	})
	options := make([]Option, len(q.Options))
	for i, o := range q.Options {
		say := Say{Text: clean.Line(o.Label, LongestLabel)}
		if countries {
			say = Say{Country: o.Value}
		}
		options[i] = Option{Say: say, Value: o.Value}
	}
	return options
}

// entryOptions are what can be done with an entry of a list.
func entryOptions(q registration.Question) []Option {
	options := []Option{{Say: Say{Key: "entry.keep"}, Value: registration.EntryKeep}}
	if q.CanRemove {
		options = append(options, Option{Say: Say{Key: "entry.remove"}, Value: registration.EntryRemove})
	}
	if q.Index > 0 {
		options = append(options, Option{Say: Say{Key: "entry.up"}, Value: registration.EntryUp})
	}
	if q.Index < q.Count-1 {
		options = append(options, Option{Say: Say{Key: "entry.down"}, Value: registration.EntryDown})
	}
	return options
}

// moreOptions are whether another entry is added.
func moreOptions(q registration.Question) []Option {
	options := []Option{{Say: Say{Key: "switch.no"}, Value: registration.MoreNo}}
	if q.CanAdd {
		options = append(options, Option{Say: Say{Key: "switch.yes"}, Value: registration.MoreYes})
	}
	return options
}
