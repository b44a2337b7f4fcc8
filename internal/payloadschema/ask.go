package payloadschema

import (
	"slices"
	"strconv"
)

// Questions returns what is to be asked now, in order: the required ones of an object first, then as the schema lists
// them; nested objects and lists of objects after what is asked of the object itself. There are at most 2,000.
func (s *Schema) Questions(a Answers) []Question {
	return s.questions(s.resolve(a))
}

func (s *Schema) questions(root *place) []Question {
	w := asker{rank: s.rank}
	w.place(root, section{}, true)
	return w.questions
}

// A section is the object that questions belong to.
type section struct{ pointer, heading string }

// An asker writes questions.
type asker struct {
	questions []Question
	rank      Rank // nil for the schema's own order
}

func (w *asker) ask(q Question, s section) {
	if len(w.questions) >= mostQuestions {
		return
	}
	q.Section, q.Heading = s.pointer, s.heading
	if q.Widget == "" {
		q.Widget = WidgetPlain
	}
	w.questions = append(w.questions, q)
}

// place asks for p. there tells whether the value around it is in the payload.
func (w *asker) place(p *place, s section, there bool) {
	if p.nature == natureObject && p.baseIsObject() {
		w.object(p, there && p.has, true)
		return
	}
	w.shapes(p, s, there, p.required || p.begun)
	if p.pending() {
		return
	}
	switch p.nature {
	case natureNone, natureNull, naturePending, natureConstant:
	case natureObject:
		w.object(p, there && p.has, false)
	case natureList:
		w.list(p, s, there)
	case natureChoice, natureText, natureNumber, natureInteger, natureSwitch:
		w.ask(p.question(there), s)
	}
}

// shapes asks which shape p has.
func (w *asker) shapes(p *place, s section, there, needed bool) {
	for _, c := range p.view.choices {
		if !c.asked() {
			continue
		}
		label := p.label
		if c.label != "" {
			label = c.label
		}
		w.ask(Question{
			Pointer: c.pointer, Name: p.name, Label: label, Help: p.help, Kind: Shape, Options: c.options, Chosen: c.chosen,
			Required: there && needed, Needed: needed, There: there,
		}, s)
	}
}

// object asks for the members of p. The shapes, when they are asked within, come between what is asked in any case and
// what they bring.
func (w *asker) object(p *place, there, shapes bool) {
	s := section{p.pointer, p.label}
	for _, m := range w.ranked(p, shapes) {
		if shapes && (m.order() > 0 || m.group > groupBase) {
			w.shapes(p, s, there, true)
			shapes = false
		}
		w.place(m, s, there)
	}
	if shapes {
		w.shapes(p, s, there, true)
	}
	if p.extras {
		w.ask(Question{Pointer: p.pointer, Label: p.label, Kind: Extra, CanAdd: !p.full, There: there}, s)
	}
}

// list asks for the entries of p, and for more.
func (w *asker) list(p *place, s section, there bool) {
	count, has := len(p.entries), there && p.has
	for i, e := range p.entries {
		own := s
		if e.nature == natureObject {
			own = section{e.pointer, e.label}
		}
		w.ask(Question{
			Pointer: e.pointer, Label: e.label, Kind: Entry, Required: has && e.required, Index: i, Count: count, CanRemove: count > p.least, There: has,
		}, own)
		w.place(e, s, has)
	}
	w.ask(Question{Pointer: p.pointer, Name: p.name, Label: p.label, Help: p.help, Kind: More, Count: count, CanAdd: !p.full, There: there}, s)
}

// question is that for a single value.
func (p *place) question(there bool) Question {
	q := Question{
		Pointer: p.pointer, Name: p.name, Label: p.label, Help: p.help, Kind: p.nature.kind(),
		Required: there && p.required, Needed: p.required, There: there,
	}
	if q.Kind == Choice {
		q.Options = choiceOptions(p.view.nodes)
	}
	for _, n := range p.view.nodes {
		if q.Example == "" {
			q.Example = n.example
		}
		if most := n.compiled.MaxLength; most != nil && (q.MaxRunes == 0 || *most < q.MaxRunes) {
			q.MaxRunes = *most
		}
	}
	q.Widget = p.widget(q)
	if q.Widget == WidgetDate {
		q.Example = dateExample
	}
	return q
}

func (p *place) widget(q Question) Widget {
	name := q.Name
	if p.entry {
		name = q.Label[:max(0, len(q.Label)-len(strconv.Itoa(p.group+1)))] // that of its list
	}
	return widgetOf(q.Kind, name, p.view.nodes, q.MaxRunes)
}

func (n nature) kind() Kind {
	switch n { //nolint:exhaustive // the others are no single value that is asked
	case natureChoice:
		return Choice
	case natureNumber:
		return Number
	case natureInteger:
		return Integer
	case natureSwitch:
		return Switch
	}
	return Text
}

// Add returns a with another, empty entry at the end of the list at pointer list, unless there is no such list, or it is full.
func (s *Schema) Add(a Answers, list string) Answers {
	p := s.resolve(a).find(list)
	if p == nil || p.nature != natureList || p.full {
		return a
	}
	value, _ := Get(a.Payload, list)
	entries, _ := value.([]any)
	entries = slices.Clone(entries)
	for len(entries) < len(p.entries) {
		entries = append(entries, nil)
	}
	return a.Set(list, append(entries, nil))
}

// find returns the place at pointer; nil when there is none.
func (p *place) find(pointer string) *place {
	if p.pointer == pointer {
		return p
	}
	for _, part := range append(slices.Clone(p.members), p.entries...) {
		if within(pointer, part.pointer) {
			if found := part.find(pointer); found != nil {
				return found
			}
		}
	}
	return nil
}
