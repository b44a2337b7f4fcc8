// Package payloadschema reads the JSON Schema that an Identity Pool sets for its users' payload: which questions it
// asks of a person, and whether the answers hold.
//
// It asks all that SupportedJSONSchema can say, also what depends on earlier answers: Schema.Questions takes the Answers
// so far and returns what is to be asked now, Schema.Settle makes of them what is sent, and Schema.Check says what is
// wrong with that, question by question. What no question can be asked for is listed by Schema.CannotAsk, never dropped
// in silence.
//
// Inside, a node is one schema of the document, and a place one value of the payload with the nodes that hold for it
// now. The three methods find the places anew and read them in their ways; nothing is kept between calls. Whether an
// answer holds is decided by the JSON Schema library alone.
package payloadschema

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// A Kind is the shape of an answer.
type Kind string

// The kinds that can be asked.
const (
	Text    Kind = "text"
	Choice  Kind = "choice" // one of Question.Options
	Number  Kind = "number"
	Integer Kind = "integer"
	Switch  Kind = "switch" // yes or no
)

// An Unaskable is a property that this version has no question for.
type Unaskable struct {
	Pointer  string
	Reason   string // in English, for staff
	Required bool   // the payload is never valid without it
}

// A Schema is a payload schema ready for use. It does not change and is safe for concurrent use.
type Schema struct {
	Heading string // the top-level description; may be ""

	compiled  *jsonschema.Schema
	root      *node
	object    *node // that the payload is an object
	cannotAsk []Unaskable
	rank      Rank // nil for the document's own order
}

// largestDocument bounds a schema document, in bytes.
const largestDocument = 1 << 20

// Parse reads a schema document: the member "schema" of the answer to GET /system/schemas/{schID}. An empty document or
// null is a schema that asks nothing and takes no property.
//
// Source: SupportedJSONSchema in the Identity System API.
func Parse(document json.RawMessage) (*Schema, error) {
	if d := bytes.TrimSpace(document); len(d) == 0 || bytes.Equal(d, []byte("null")) {
		document = json.RawMessage(`{"type": "object", "additionalProperties": false}`)
	}
	if len(document) > largestDocument {
		return nil, fmt.Errorf("payload schema: it has %d bytes, more than %d", len(document), largestDocument)
	}
	ordered, err := decodeOrdered(document)
	if err != nil {
		return nil, fmt.Errorf("payload schema: %w", err)
	}
	compiled, err := compile(document)
	if err != nil {
		return nil, err
	}
	s := &Schema{compiled: compiled}
	s.build(ordered)
	s.Heading = cmp.Or(s.root.title, s.root.description)
	return s, nil
}

// build makes the nodes of a document.
func (s *Schema) build(document any) {
	b := builder{document: document, built: make(map[*jsonschema.Schema]*node), open: make(map[*jsonschema.Schema]bool)}
	s.root = b.node(document, s.compiled)
	s.object = &node{compiled: &jsonschema.Schema{}, types: typeObject}
	s.cannotAsk = unaskable(s.root, s.object)
}
