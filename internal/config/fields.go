package config

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"foyer/internal/clean"

	"go.yaml.in/yaml/v3"
)

// A Field is how the question for one value of the payload is asked; what it leaves out is as the payload schema says.
type Field struct {
	Label       Texts  `yaml:"label,omitempty"`
	Help        Texts  `yaml:"help,omitempty"`
	Placeholder Texts  `yaml:"placeholder,omitempty"`
	Order       *int   `yaml:"order,omitempty"` // among the questions of its section; nil for none
	Widget      Widget `yaml:"widget,omitempty"`
	Default     Answer `yaml:"default,omitempty"` // sent where the person answers nothing
	Prefill     Answer `yaml:"prefill,omitempty"` // stands in the field from the start
	Hidden      bool   `yaml:"hidden,omitempty"`  // is not asked
}

// Texts are the words for one thing, by language (BCP 47); under "" are those for every language.
type Texts map[string]string

// MarshalYAML returns the text for every language as it stands.
func (t Texts) MarshalYAML() (any, error) {
	if text, ok := t[""]; ok {
		return text, nil
	}
	return map[string]string(t), nil
}

// An Answer is a value of the payload as a person would type it: a text, or one for each entry of a list.
type Answer struct {
	Text    string
	Entries []string
}

// IsZero reports whether there is none.
func (a Answer) IsZero() bool { return a.Text == "" && len(a.Entries) == 0 }

// MarshalYAML returns the text or the texts.
func (a Answer) MarshalYAML() (any, error) {
	if len(a.Entries) > 0 {
		return a.Entries, nil
	}
	return a.Text, nil
}

// fields are a mapping of pointers into the payload to what is said of the value there.
type fields map[string]Field

func (f *fields) set(n *yaml.Node, _ []string) []fault {
	n, faults := structured(n)
	if faults != nil {
		return faults
	}
	if n.Kind != yaml.MappingNode {
		return wrong(n, "is "+kind(n)+" but takes a mapping", "write {/given_name: {label: First name}}")
	}
	all, lines := fields{}, map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		e := entry{n.Content[i], n.Content[i+1]}
		pointer, more := e.pointer()
		if line, twice := lines[pointer]; twice && more == nil {
			more = wrong(e.key, twiceProblem, keepOne(line, e.key.Line))
		}
		lines[pointer] = e.key.Line
		if more == nil && !empty(e.value) {
			all[pointer], more = readField(e.value)
		}
		for _, m := range more {
			m.member = strings.TrimSuffix(clean.Line(pointer, maxQuoted)+"."+m.member, ".")
			faults = append(faults, m)
		}
	}
	if faults == nil {
		*f = all
	}
	return faults
}

func (f *fields) get() any { return maps.Clone(map[string]Field(*f)) }

// pointer returns the key of e as a JSON Pointer (RFC 6901) to a value within the payload.
func (e entry) pointer() (string, []fault) {
	pointer, faults := follow(e.key).Value, wrong(e.key, "is not a JSON Pointer into the payload", "write / before each name, such as /given_name or /address/zip")
	switch {
	case !strings.HasPrefix(pointer, "/"):
		return e.name(), faults
	case pointer == "/" || badEscape(pointer):
		return pointer, faults
	}
	return pointer, nil
}

// badEscape reports whether pointer has a ~ that is neither ~0 nor ~1 (RFC 6901, 3).
func badEscape(pointer string) bool {
	return strings.Contains(strings.NewReplacer("~0", "", "~1", "").Replace(pointer), "~")
}

// readField reads what is said of one value.
func readField(n *yaml.Node) (Field, []fault) {
	var f Field
	readers := map[string]func(*yaml.Node) []fault{
		"label": f.Label.read, "help": f.Help.read, "placeholder": f.Placeholder.read, "order": f.readOrder, "widget": f.readWidget,
		"default": f.Default.read, "prefill": f.Prefill.read,
		"hidden": func(n *yaml.Node) []fault { return (*toggle)(&f.Hidden).set(n, booleans()) },
	}
	known := fieldMembers()
	given, faults := members(n, known, func(name string) string { return suggest(name, known) })
	for _, e := range given {
		for _, m := range readers[e.name()](e.value) {
			m.member = strings.TrimSuffix(e.name()+"."+m.member, ".")
			faults = append(faults, m)
		}
	}
	if faults == nil {
		faults = f.contradictions(follow(n))
	}
	return f, faults
}

// fieldMembers are what can be said of a value.
func fieldMembers() []string {
	return []string{"label", "help", "placeholder", "order", "widget", "default", "prefill", "hidden"}
}

// contradictions are the faults of a field whose members do not go together.
func (f *Field) contradictions(n *yaml.Node) []fault {
	switch {
	case f.Hidden && !f.Prefill.IsZero():
		return wrong(n, "is hidden and has a prefill, which nobody sees", "write default: instead")
	case !f.Hidden && len(f.Default.Entries) > 0:
		return wrong(n, "has a list as its default, which only what is hidden can have", "write prefill: instead, or add hidden: true")
	}
	return nil
}

func (f *Field) readOrder(n *yaml.Node) []fault {
	s, faults := line(n)
	if faults != nil {
		return faults
	}
	order, err := strconv.Atoi(s)
	if err != nil {
		return wrong(n, quote(s)+" is not a whole number", "write a whole number; the smallest comes first")
	}
	f.Order = &order
	return nil
}

func (f *Field) readWidget(n *yaml.Node) []fault {
	return (*choice)(&f.Widget).set(n, widgets())
}

// read takes a text for every language, or a mapping of languages to texts.
func (t *Texts) read(n *yaml.Node) []fault {
	if n = follow(n); n.Kind != yaml.MappingNode {
		s, faults := line(n)
		*t = Texts{"": s}
		return faults
	}
	known := languages()
	given, faults := members(n, known, func(name string) string { return suggest(name, known) })
	texts := make(Texts, len(given))
	for _, e := range given {
		s, more := line(e.value)
		for _, m := range more {
			m.member = e.name()
			faults = append(faults, m)
		}
		texts[e.name()] = s
	}
	*t = texts
	return faults
}

// read takes a single value, or a list of them.
func (a *Answer) read(n *yaml.Node) []fault {
	var faults []fault
	switch n = follow(n); n.Kind { //nolint:exhaustive // the others have no parts
	case yaml.SequenceNode:
		a.Entries, faults = each(n, line)
		if slices.Contains(a.Entries, "") {
			faults = append(faults, wrong(n, "has an entry without a value", "write a value, or take the entry out")...)
		}
	case yaml.MappingNode:
		faults = wrong(n, "is a mapping but takes a value or a list", "give each member of the object a default of its own, such as /address/country")
	default:
		a.Text, faults = line(n)
	}
	return faults
}
