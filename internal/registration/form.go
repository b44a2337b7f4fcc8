package registration

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"foyer/internal/password"
	"foyer/internal/payloadschema"
	"foyer/internal/secret"
)

// A Question is one thing to ask. Its words are the catalogue's for an identifier, and the schema's for the payload.
type Question struct {
	Pointer    string         // JSON Pointer (RFC 6901) into the Draft
	Identifier IdentifierType // "" for a property of the payload
	Label      string         // of a property
	Help       string         // of a property; may be ""
	Kind       Kind
	Required   bool
	Options    []string // for Choice
	Example    string   // of the form a pattern asks; may be ""
	MaxRunes   int      // 0: no bound of its own

	index    int    // of an identifier
	property string // of the payload
	country  string
}

// A Form says what to ask. It does not change and is safe for concurrent use.
type Form struct {
	Pool      Pool
	Heading   string // the schema's own heading; may be ""
	Questions []Question

	settings    Settings
	schema      *payloadschema.Schema
	credentials credentials
}

// NewForm makes the form of pool, where payload and metadata are the documents of its schemas (nil: it has none). The
// error says, for staff, why nobody could be registered this way; it is a misconfiguration.
func NewForm(pool Pool, payload, metadata json.RawMessage, settings Settings) (*Form, error) {
	settings = settings.withDefaults()
	schema, err := payloadschema.Parse(payload)
	if err != nil {
		return nil, err
	}
	form := &Form{Pool: pool, Heading: schema.Heading, settings: settings, schema: schema}
	var unusable error
	form.credentials, unusable = decideCredentials(pool, settings)
	err = errors.Join(form.unaskable(), unusable, checkMetadata(metadata, settings.Metadata))
	if err != nil {
		return nil, err
	}
	for i, s := range settings.Identifiers {
		form.Questions = append(form.Questions, Question{
			Pointer: IdentifierPointer(i), Identifier: s.Type, Kind: Text, Required: s.Required, index: i, country: settings.Country,
		})
	}
	for _, f := range schema.Fields {
		form.Questions = append(form.Questions, Question{
			Pointer: pointerPayload + f.Pointer, Label: f.Label, Help: f.Help, Kind: f.Kind, Required: f.Required,
			Options: f.Options, Example: f.Example, MaxRunes: f.MaxRunes, property: f.Name,
		})
	}
	return form, nil
}

// Settings returns the administrator's part of the form.
func (f *Form) Settings() Settings { return f.settings }

// EntersCode reports whether a person types a code that was sent to them.
func (f *Form) EntersCode() bool {
	return f.settings.Verification == VerifyCode || f.settings.Verification == VerifyBefore
}

// Omitted names the optional properties that are not asked, as "/pointer: reason".
func (f *Form) Omitted() []string {
	var omitted []string
	for _, u := range f.schema.Unaskable {
		if !u.Required {
			omitted = append(omitted, u.Pointer+": "+u.Reason)
		}
	}
	return omitted
}

// unaskable is the error for required properties that cannot be asked.
func (f *Form) unaskable() error {
	var all []error
	for _, u := range f.schema.Unaskable {
		if u.Required {
			all = append(all, fmt.Errorf("the payload schema requires %s, which cannot be asked: %s", u.Pointer, u.Reason))
		}
	}
	return errors.Join(all...)
}

// checkMetadata holds our own metadata against the pool's schema for it.
func checkMetadata(document json.RawMessage, metadata map[string]any) error {
	if len(metadata) == 0 || len(document) == 0 {
		return nil
	}
	schema, err := payloadschema.Parse(document)
	if err != nil {
		return fmt.Errorf("metadata: %w", err)
	}
	var all []error
	for _, v := range schema.Validate(metadata) {
		all = append(all, fmt.Errorf("registration.metadata%s does not fit the pool's metadata schema (%s)", v.Pointer, v.Rule))
	}
	return errors.Join(all...)
}

// Check returns every flaw of d but those of its password and its TOTP secret, in the order of the questions.
func (f *Form) Check(d Draft) []Finding {
	var findings []Finding
	for _, q := range f.Questions {
		if q.Identifier != "" {
			if flaw := q.checkIdentifier(d.Answer(q)); !flaw.OK() {
				findings = append(findings, Finding{q.Pointer, flaw})
			}
		}
	}
	if len(d.given()) == 0 && len(findings) == 0 { // all are optional, but nobody can sign in with none
		findings = append(findings, Finding{IdentifierPointer(0), Flaw{Rule: RuleRequired}})
	}
	for i, id := range d.Identifiers {
		unasked := i >= len(f.settings.Identifiers) || id.Type != f.settings.Identifiers[i].Type
		if unasked && id != (Identifier{}) { // a draft has empty places where nothing was answered yet
			findings = append(findings, Finding{IdentifierPointer(i), Flaw{RuleIdentifierType, string(id.Type)}})
		}
	}
	for _, v := range f.schema.Validate(d.Payload) {
		findings = append(findings, Finding{pointerPayload + v.Pointer, Flaw{Rule(v.Rule), v.Arg}})
	}
	return f.inOrder(findings)
}

// inOrder sorts findings as the person meets their questions.
func (f *Form) inOrder(findings []Finding) []Finding {
	place := func(a Finding) int {
		return slices.IndexFunc(f.Questions, func(q Question) bool { return q.Pointer == a.Pointer })
	}
	slices.SortStableFunc(findings, func(a, b Finding) int { return place(a) - place(b) })
	return findings
}

// Align returns d with its identifiers in the order in which the form asks for them, so that pointers into both agree.
// Those that the form does not ask for stay at the end, for Check to find.
func (f *Form) Align(d Draft) Draft {
	rest := slices.Clone(d.Identifiers)
	aligned := make([]Identifier, 0, len(rest))
	for _, s := range f.settings.Identifiers {
		i := slices.IndexFunc(rest, func(id Identifier) bool { return id.Type == s.Type })
		if i < 0 {
			aligned = append(aligned, Identifier{Type: s.Type})
			continue
		}
		id := rest[i]
		id.Identifier, _ = NormalizeIdentifier(id.Type, id.Identifier, f.settings.Country)
		aligned = append(aligned, id)
		rest = slices.Delete(rest, i, i+1)
	}
	d.Identifiers = append(aligned, rest...)
	d.Password = secret.New(password.Normalize(d.Password.Reveal()))
	return d
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

// parse turns text into the JSON value that answers q; what does not parse stays text, for the schema to refuse.
func (q Question) parse(text string) (value any, answered bool) {
	text = norm.NFC.String(strings.TrimSpace(text))
	switch {
	case text == "":
		return nil, false
	case (q.Kind == Number || q.Kind == Integer) && jsonNumber.MatchString(text):
		return json.Number(text), true
	case q.Kind == Switch && (text == "true" || text == "false"):
		return text == "true", true
	}
	return text, true
}
