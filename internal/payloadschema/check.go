package payloadschema

import (
	"cmp"
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
)

// Check returns what is wrong with Settle(a).Payload, each violation at the pointer of the question at fault, in the
// order of the questions; a rule for a whole object is at the object's last question. None means that the tenant would
// take the payload.
func (s *Schema) Check(a Answers) []Violation {
	_, violations := s.Survey(a)
	return violations
}

// Survey returns what Questions and Check do, in the time of one of them.
func (s *Schema) Survey(a Answers) ([]Question, []Violation) {
	root := s.resolve(a)
	questions := s.questions(root)
	return questions, s.check(root, questions)
}

// check is Check of the answers that root stands for, which are asked by questions.
func (s *Schema) check(root *place, questions []Question) []Violation {
	c := checker{root: root}
	c.own(root, true)
	var invalid *jsonschema.ValidationError
	switch err := s.compiled.Validate(root.object()); {
	case err == nil:
	case errors.As(err, &invalid):
		c.error(invalid)
		if len(c.found) == 0 { // what is wrong is said, if not what
			c.add("", RuleOther, "")
		}
	default:
		c.add("", RuleOther, "")
	}
	return c.inOrder(questions)
}

// A checker collects violations by pointers into the answers.
type checker struct {
	root  *place
	found []Violation
}

func (c *checker) add(at string, rule Rule, arg string) {
	c.found = append(c.found, Violation{at, rule, arg})
}

// own finds what the library cannot: shapes not chosen, entries without an answer, names that are not taken, and days that
// the calendar does not have.
func (c *checker) own(p *place, there bool) {
	for _, choice := range p.view.choices {
		if choice.chosen < 0 && choice.asked() && there && (p.required || p.begun) {
			c.add(choice.pointer, RuleRequired, "")
		}
	}
	if p.entry && there && p.required && !p.has && !p.view.open() {
		c.add(p.pointer, RuleRequired, "")
	}
	if p.refused && there && p.has {
		c.add(p.pointer, RulePropertyName, "")
	}
	if text, ok := p.value.(string); ok && there && p.has && p.nature == natureText && mustBeDate(p.view.nodes) && !isDate(text) && text != "" {
		c.add(p.pointer, RuleDate, dateExample)
	}
	for _, part := range p.members {
		c.own(part, there && p.has)
	}
	for _, part := range p.entries {
		c.own(part, there && p.has)
	}
}

// error collects the leaves of a tree of errors; of alternatives only what the chosen one says.
func (c *checker) error(e *jsonschema.ValidationError) {
	switch k := e.ErrorKind.(type) {
	case *kind.OneOf:
		c.alternatives(e, "oneOf", len(k.Subschemas) > 0)
		return
	case *kind.AnyOf:
		c.alternatives(e, "anyOf", false)
		return
	case *kind.Contains, *kind.MinContains:
		c.leaf(e)
		return
	}
	if len(e.Causes) == 0 {
		c.leaf(e)
		return
	}
	for _, cause := range e.Causes {
		c.error(cause)
	}
}

// alternatives handles an error of a oneOf or anyOf.
func (c *checker) alternatives(e *jsonschema.ValidationError, keyword string, several bool) {
	p := c.root.walk(e.InstanceLocation)
	i := slices.IndexFunc(p.view.choices, func(choice choice) bool {
		return choice.keyword == keyword && choice.of.compiled.Location == e.SchemaURL
	})
	chosen := 0 // of those that are not asked the first one speaks for all
	if i >= 0 {
		chosen = p.view.choices[i].chosen
	}
	switch {
	case several:
		c.add(p.pointer, RuleOther, "")
		return
	case chosen < 0: // own has found that it is open
		return
	}
	before, at := len(c.found), e.SchemaURL+"/"+keyword+"/"+strconv.Itoa(chosen)
	for _, cause := range e.Causes {
		if cause.SchemaURL == at || strings.HasPrefix(cause.SchemaURL, at+"/") {
			c.error(cause)
		}
	}
	if len(c.found) == before {
		c.add(p.pointer, RuleOther, "")
	}
}

// leaf translates one error. Errors about members belong to the members, not to the object.
func (c *checker) leaf(e *jsonschema.ValidationError) {
	p := c.root.walk(e.InstanceLocation)
	at := p.pointer
	switch k := e.ErrorKind.(type) {
	case *kind.Required:
		c.found = append(c.found, members(at, k.Missing, RuleRequired)...)
	case *kind.DependentRequired:
		c.found = append(c.found, members(at, k.Missing, RuleRequired)...)
	case *kind.AdditionalProperties:
		c.found = append(c.found, members(at, k.Properties, RuleUnknown)...)
	case *kind.PropertyNames:
		c.add(at+pointer(k.Property), RulePropertyName, "")
	case *kind.MinItems, *kind.Contains, *kind.MinContains:
		if !slices.ContainsFunc(p.entries, func(e *place) bool { return e.required && !e.has }) { // those are told
			rule, arg := translateSize(k)
			c.add(at, rule, arg)
		}
	case *kind.UniqueItems:
		if later := p.present(); k.Duplicates[1] < len(later) {
			at = later[k.Duplicates[1]].pointer
		}
		c.add(at, RuleDuplicate, "")
	default:
		rule, arg := translate(k)
		if rule == RuleTooShort && p.value == "" {
			rule, arg = RuleRequired, ""
		}
		c.add(at, rule, arg)
	}
}

// walk returns the place at a location in the payload, or the last one on the way there.
func (p *place) walk(location []string) *place {
	for _, token := range location {
		var next *place
		if i, err := strconv.Atoi(token); err == nil && p.nature == natureList {
			if present := p.present(); i < len(present) {
				next = present[i]
			}
		} else if i := slices.IndexFunc(p.members, func(m *place) bool { return m.name == token }); i >= 0 {
			next = p.members[i]
		}
		if next == nil {
			return p
		}
		p = next
	}
	return p
}

// inOrder brings the violations to their questions, each once, in the order of the questions.
func (c *checker) inOrder(asked []Question) []Violation {
	if len(c.found) == 0 {
		return nil
	}
	place, last := make(map[string]int, len(asked)), make(map[string]int)
	for i, q := range asked {
		last[q.Section] = i
	}
	for i, q := range slices.Backward(asked) { // the first at a pointer, but the question within an Entry rather than the Entry
		if at, ok := place[q.Pointer]; !ok || q.Kind != Entry || asked[at].Kind == Entry {
			place[q.Pointer] = i
		}
	}
	for i, v := range c.found {
		c.found[i].Pointer = atQuestion(v.Pointer, asked, place, last)
		if len(c.found[i].Pointer) < len(v.Pointer) || !within(c.found[i].Pointer, v.Pointer) { // nobody is asked for it
			c.found[i].Rule, c.found[i].Arg = RuleOther, ""
		}
	}
	slices.SortFunc(c.found, func(a, b Violation) int {
		return cmp.Or(place[a.Pointer]-place[b.Pointer], strings.Compare(string(a.Rule), string(b.Rule)), strings.Compare(a.Arg, b.Arg))
	})
	return c.withoutEchoes()
}

// atQuestion is the pointer of the question for what is at pointer: its own, else the last one of the nearest object.
func atQuestion(pointer string, asked []Question, place, last map[string]int) string {
	for {
		if i, ok := last[pointer]; ok {
			if _, single := place[pointer]; !single || asked[place[pointer]].Kind == Extra || asked[place[pointer]].Kind == Entry {
				return asked[i].Pointer
			}
		}
		if _, ok := place[pointer]; ok {
			return pointer
		}
		parent, _, ok := cut(pointer)
		if !ok {
			return ""
		}
		pointer = parent
	}
}

// withoutEchoes drops what another violation at the same question says better: repetitions, rules about a text that is
// missing or no date, and rules without words beside those with. The violations are in order.
func (c *checker) withoutEchoes() []Violation {
	var kept []Violation
	for from := 0; from < len(c.found); {
		to := from + 1
		for to < len(c.found) && c.found[to].Pointer == c.found[from].Pointer {
			to++
		}
		here := c.found[from:to]
		for i, v := range here {
			if !slices.Contains(here[:i], v) && !slices.ContainsFunc(here, v.echoes) {
				kept = append(kept, v)
			}
		}
		from = to
	}
	return kept
}

// echoes reports whether better says all that v says.
func (v Violation) echoes(better Violation) bool {
	if better.Rule == v.Rule {
		return false
	}
	switch better.Rule { //nolint:exhaustive // the others explain nothing but themselves
	case RuleRequired:
		return true
	case RulePropertyName:
		return v.Rule == RuleUnknown || v.Rule == RuleOther
	case RuleDate:
		return v.Rule == RulePattern || v.Rule == RuleTooShort || v.Rule == RuleTooLong || v.Rule == RuleOther
	}
	return v.Rule == RuleOther
}
