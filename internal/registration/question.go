package registration

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"foyer/internal/payloadschema"
)

// A Question is one thing to ask. Its words are the catalogue's for an identifier, and the schema's for the payload. Pointer
// and Kind together tell it from all others.
type Question struct {
	Pointer    string         // JSON Pointer (RFC 6901) into the Draft
	Identifier IdentifierType // "" for the payload
	Label      string         // of the payload
	Help       string         // of the payload; may be ""
	Kind       Kind
	Widget     Widget
	Required   bool
	Options    []Option // for Choice and Shape
	Example    string   // of the form a pattern asks; may be ""
	MaxRunes   int      // 0: no bound of its own

	Section   string // pointer of the object within the payload that it belongs to; "" for none
	Heading   string // what that is called; may be ""
	Index     int    // of an Entry within its list, from 0
	Count     int    // of the entries of an Entry's or a More's list
	CanAdd    bool   // for More and Extra
	CanRemove bool   // for Entry
	Chosen    int    // of a Shape: the one in force, also where it was inferred; -1 for none

	Labels, Helps, Headings Texts  // the administrator's, which go before Label, Help and Heading
	Placeholders            Texts  // shown while there is no answer
	Default                 string // sent where there is none; "" for none

	index   int    // of an identifier
	at      string // pointer into the payload
	country string
}

// Questions are what to ask of a person who has answered d so far, in their order: one answer may ask for others.
func (f *Form) Questions(d Draft) []Question { return f.ask(f.schema.Questions(f.complete(d))) }

// ask are the identifiers, and what the schema asks.
func (f *Form) ask(schema []payloadschema.Question) []Question {
	var questions []Question
	for _, q := range schema {
		questions = append(questions, Question{
			Pointer: pointerPayload + q.Pointer, Label: q.Label, Help: q.Help, Kind: q.Kind, Widget: q.Widget, Required: q.Required,
			Options: q.Options, Example: q.Example, MaxRunes: q.MaxRunes, Section: q.Section, Heading: q.Heading,
			Index: q.Index, Count: q.Count, CanAdd: q.CanAdd, CanRemove: q.CanRemove, Chosen: q.Chosen, at: q.Pointer,
		})
	}
	return append(f.identifiers(), f.fields.override(questions)...)
}

// identifiers are the questions for them.
func (f *Form) identifiers() []Question {
	questions := make([]Question, 0, len(f.settings.Identifiers))
	for i, s := range f.settings.Identifiers {
		questions = append(questions, Question{
			Pointer: IdentifierPointer(i), Identifier: s.Type, Kind: Text, Required: s.Required, index: i, country: f.settings.Country,
		})
	}
	return questions
}

// Check returns every flaw of d but those of its password and its TOTP secret, in the order of the questions; first what
// nobody asks for.
func (f *Form) Check(d Draft) []Finding { return f.find(d, f.schema.Check(f.complete(d))) }

// find are the flaws of the identifiers, and what violates the schema.
func (f *Form) find(d Draft, violations []payloadschema.Violation) []Finding {
	var findings []Finding
	for i, id := range d.Identifiers {
		unasked := i >= len(f.settings.Identifiers) || id.Type != f.settings.Identifiers[i].Type
		if unasked && id != (Identifier{}) { // a draft has empty places where nothing was answered yet
			findings = append(findings, Finding{IdentifierPointer(i), Flaw{RuleIdentifierType, string(id.Type)}})
		}
	}
	for _, q := range f.identifiers() {
		if flaw := q.checkIdentifier(d.Answer(q)); !flaw.OK() {
			findings = append(findings, Finding{q.Pointer, flaw})
		}
	}
	if len(d.given()) == 0 && len(findings) == 0 { // all are optional, but nobody can sign in with none
		findings = append(findings, Finding{IdentifierPointer(0), Flaw{Rule: RuleRequired}})
	}
	for _, v := range violations {
		findings = append(findings, Finding{pointerPayload + v.Pointer, Flaw{Rule(v.Rule), v.Arg}})
	}
	return findings
}

// Unasked returns a finding for each answer of d to what nobody asks. A screen has none but those that another answer made
// vanish; a draft without screens may have more.
func (f *Form) Unasked(d Draft) []Finding {
	var findings []Finding
	for _, pointer := range append(f.hiddenAnswers(d), f.schema.Unasked(f.complete(d))...) {
		findings = append(findings, Finding{pointerPayload + pointer, Flaw{Rule: RuleUnasked}})
	}
	return findings
}

// Payload is what is sent of d: without answers to questions that vanished, and with defaults and what the schema fixes.
func (f *Form) Payload(d Draft) map[string]any { return f.schema.Settle(f.complete(d)).Payload }

// Add returns d with another entry, empty but for what is prefilled, at the end of the list that q, a More, is of.
func (f *Form) Add(d Draft, q Question) Draft {
	longer, _ := payloadschema.Get(f.schema.Add(f.complete(d), q.at).Payload, q.at)
	value, _ := payloadschema.Get(d.Payload, q.at)
	more, _ := longer.([]any)
	if len(more) == 0 {
		return d
	}
	entries, _ := value.([]any)
	entries = slices.Clone(entries)
	for len(entries) < len(more) {
		entries = append(entries, nil)
	}
	return f.prefilled(&d, d.took(d.answers().Set(q.at, entries)))
}

// AddExtra returns d with another property called name in the object that q, an Extra, is of.
func (f *Form) AddExtra(d Draft, q Question, name string) Draft {
	return d.took(d.answers().Set(q.at+"/"+strings.NewReplacer("~", "~0", "/", "~1").Replace(name), ""))
}

// checkIdentifier is the flaw of text as the answer to an identifier's question.
func (q Question) checkIdentifier(text string) Flaw {
	if strings.TrimSpace(text) == "" {
		if q.Required {
			return Flaw{Rule: RuleRequired}
		}
		return Flaw{}
	}
	_, flaw := NormalizeIdentifier(q.Identifier, text, q.country)
	return flaw
}

// normal is an identifier in the form in which it is sent, or as typed while it has a flaw.
func (q Question) normal(text string) string {
	normal, _ := NormalizeIdentifier(q.Identifier, text, q.country)
	return normal
}

// jsonNumber is the grammar of RFC 8259, section 6, less the exponent, which nobody types on purpose.
var jsonNumber = regexp.MustCompile(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?$`)

// parse turns text into the JSON value that answers q, nil for none; what does not parse stays text, for the schema to refuse.
func (q Question) parse(text string) any {
	text = norm.NFC.String(strings.TrimSpace(text))
	switch {
	case text == "":
		return nil
	case (q.Kind == Number || q.Kind == Integer) && jsonNumber.MatchString(text):
		return json.Number(text)
	case q.Kind == Switch && (text == "true" || text == "false"):
		return text == "true"
	}
	return text
}

// Locate returns the question that pointer leads to: the one at it, or else the nearest above it, or the first below it. What
// only heads an answer gives way to the answer itself. Ok is false when there is none.
func Locate(questions []Question, pointer string) (i int, ok bool) {
	best, rank := -1, 0
	for i, q := range questions {
		if r := q.nearness(pointer); r > rank {
			best, rank = i, r
		}
	}
	return best, best >= 0
}

// nearness says how near q is to pointer, more being nearer; 0 is not at all.
func (q Question) nearness(pointer string) int {
	const below, exact = 1, 1 << 20
	near := 0
	switch {
	case pointer == "" || pointer == pointerPayload:
	case q.Pointer == pointer:
		near = exact
	case strings.HasPrefix(pointer, q.Pointer+"/"):
		near = 2 * (len(q.Pointer) + below)
	case strings.HasPrefix(q.Pointer, pointer+"/"):
		near = below
	}
	if near > below && q.Kind != Entry && q.Kind != Shape {
		near++
	}
	return near
}
