package payloadschema

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
)

// A Field is one property to ask for.
type Field struct {
	Pointer  string // JSON Pointer (RFC 6901) into the payload, such as "/given_name"
	Name     string // the property's name
	Label    string // title, else description, else the name made readable
	Help     string // description, when title is the label; may be ""
	Kind     Kind
	Required bool
	Options  []string // for Choice, in the schema's order
	Example  string   // a value that the pattern takes; "" when there is no pattern
	MaxRunes int      // maxLength; 0 when there is none
}

// definition is the part of SupportedJSONSchema that decides how a property is asked.
type definition struct {
	Type        string          `json:"type"`
	Title       string          `json:"title"`
	Description string          `json:"description"`
	Properties  json.RawMessage `json:"properties"`
	Required    []string        `json:"required"`
	Enum        []string        `json:"enum"`
	Const       *string         `json:"const"`
	Pattern     string          `json:"pattern"`
	MaxLength   int             `json:"maxLength"`
	Hidden      bool            `json:"hidden"`

	// Keywords by which the document as a whole can ask for more than its properties say.
	MinProperties    int             `json:"minProperties"`
	AllOf            json.RawMessage `json:"allOf"`
	AnyOf            json.RawMessage `json:"anyOf"`
	OneOf            json.RawMessage `json:"oneOf"`
	Not              json.RawMessage `json:"not"`
	If               json.RawMessage `json:"if"`
	DependentSchemas json.RawMessage `json:"dependentSchemas"`
}

// unasked names the keywords of a document by which it can ask for what no question of this version answers.
func (d definition) unasked() []string {
	var names []string
	for name, value := range map[string]json.RawMessage{
		"allOf": d.AllOf, "anyOf": d.AnyOf, "oneOf": d.OneOf, "not": d.Not, "if": d.If, "dependentSchemas": d.DependentSchemas,
	} {
		if len(value) > 0 && string(value) != "null" {
			names = append(names, name)
		}
	}
	if d.MinProperties > len(d.Required) {
		names = append(names, "minProperties")
	}
	slices.Sort(names)
	return names
}

// askFields fills Fields and Unaskable.
func (s *Schema) askFields(document json.RawMessage) error {
	var top definition
	if err := json.Unmarshal(document, &top); err != nil {
		return err
	}
	return s.ask(top)
}

// ask makes the fields of top's properties, the required ones first.
func (s *Schema) ask(top definition) error {
	names, properties, err := ordered(top.Properties)
	if err != nil {
		return fmt.Errorf("payload schema: properties: %w", err)
	}
	var optional []Field
	for _, name := range names {
		property := properties[name]
		required := slices.Contains(top.Required, name)
		field := newField(name, property, required)
		switch reason := unaskableField(property); {
		case reason != "":
			s.Unaskable = append(s.Unaskable, Unaskable{field.Pointer, reason, required})
		case required:
			s.Fields = append(s.Fields, field)
		default:
			optional = append(optional, field)
		}
	}
	s.Fields = append(s.Fields, optional...)
	for _, keyword := range top.unasked() {
		s.Unaskable = append(s.Unaskable, Unaskable{"", "the keyword " + keyword + " is not asked in this version", true})
	}
	for _, name := range top.Required {
		if _, listed := properties[name]; !listed {
			s.Unaskable = append(s.Unaskable, Unaskable{pointer(name), "it is required but not described", true})
		}
	}
	return nil
}

// ordered returns the names of properties in the order of the document, which a map would lose.
func ordered(properties json.RawMessage) ([]string, map[string]definition, error) {
	byName := make(map[string]definition)
	if len(properties) == 0 {
		return nil, byName, nil
	}
	d := json.NewDecoder(bytes.NewReader(properties))
	if _, err := d.Token(); err != nil { // the opening brace
		return nil, nil, err
	}
	var names []string
	for d.More() {
		token, err := d.Token()
		if err != nil {
			return nil, nil, err
		}
		name, ok := token.(string)
		if !ok {
			return nil, nil, fmt.Errorf("got %v, want a name", token)
		}
		var property definition
		if err := d.Decode(&property); err != nil {
			return nil, nil, fmt.Errorf("%s: %w", name, err)
		}
		names = append(names, name)
		byName[name] = property
	}
	return names, byName, nil
}

// newField describes a property; its kind is only right when unaskable finds no reason.
func newField(name string, p definition, required bool) Field {
	f := Field{Pointer: pointer(name), Name: name, Label: readable(name), Kind: kindOf(p), Required: required, Options: p.Enum, MaxRunes: p.MaxLength}
	switch {
	case p.Title != "":
		f.Label, f.Help = p.Title, p.Description
	case p.Description != "":
		f.Label = p.Description
	}
	if p.Pattern != "" {
		f.Example = Example(p.Pattern)
	}
	return f
}

// kindOf maps the type of a property. A property without a type but with an enum is a choice.
func kindOf(p definition) Kind {
	switch p.Type {
	case "integer":
		return Integer
	case "number":
		return Number
	case "boolean":
		return Switch
	}
	if len(p.Enum) > 0 {
		return Choice
	}
	return Text
}

// unaskableField says why this version cannot ask for a property; "" when it can.
func unaskableField(p definition) string {
	switch {
	case p.Hidden:
		return "it is hidden from people"
	case p.Const != nil:
		return "it has a fixed value"
	case p.Type == "object" || len(p.Properties) > 0:
		return "nested objects are not asked in this version"
	case p.Type == "array":
		return "lists are not asked in this version"
	case p.Type == "null":
		return "it can only be null"
	case p.Type == "" && len(p.Enum) == 0:
		return "it has no type"
	case !slices.Contains([]string{"string", "integer", "number", "boolean", ""}, p.Type):
		return fmt.Sprintf("its type %q is unknown", p.Type)
	}
	return ""
}
