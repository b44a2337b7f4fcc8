package sandbox

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
)

// A schema is a Schema of the API: a JSON Schema (draft 2020-12, the members of SupportedJSONSchema) with a name.
type schema struct {
	ID          string          `json:"id"`
	TenantID    string          `json:"tenant_id"`
	Name        string          `json:"name"`
	Description string          `json:"description,omitempty"`
	System      bool            `json:"system"`
	Schema      json.RawMessage `json:"schema"` // raw: the order of its properties is the order of a form's fields
	CreatedAt   time.Time       `json:"created_at"`
	UpdatedAt   time.Time       `json:"updated_at"`

	compiled *jsonschema.Schema
}

// compile makes the schema ready to check values.
func (s *schema) compile() error {
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(s.Schema))
	if err != nil {
		return fmt.Errorf("parse schema %q: %w", s.ID, err)
	}
	const location = "sandbox:schema"
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource(location, document); err != nil {
		return fmt.Errorf("add schema %q: %w", s.ID, err)
	}
	if s.compiled, err = compiler.Compile(location); err != nil {
		return fmt.Errorf("compile schema %q: %w", s.ID, err)
	}
	return nil
}

// check adds to details what the object raw, whose place in the request is field, does to break the schema.
func (s *schema) check(details flaws, field string, raw json.RawMessage) {
	if len(raw) == 0 {
		raw = json.RawMessage("{}")
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		details[field] = "is not valid JSON"
		return
	}
	var broken *jsonschema.ValidationError
	if err := s.compiled.Validate(value); errors.As(err, &broken) {
		collect(details, field, broken)
	}
}

// collect turns the leaves of a validation error into flaws.
func collect(details flaws, field string, e *jsonschema.ValidationError) {
	for _, cause := range e.Causes {
		collect(details, field, cause)
	}
	if len(e.Causes) > 0 {
		return
	}
	at := pointer(field, e.InstanceLocation...)
	switch k := e.ErrorKind.(type) {
	case *kind.Required:
		for _, name := range k.Missing {
			details[pointer(at, name)] = "is required"
		}
	case *kind.DependentRequired:
		for _, name := range k.Missing {
			details[pointer(at, name)] = "is required"
		}
	case *kind.AdditionalProperties:
		for _, name := range k.Properties {
			details[pointer(at, name)] = "is not allowed"
		}
	default:
		details[at] = "does not match " + strings.Join(e.ErrorKind.KeywordPath(), "/") + " of the schema"
	}
}

// pointer appends segments to a JSON Pointer (RFC 6901, 3).
func pointer(base string, names ...string) string {
	escape := strings.NewReplacer("~", "~0", "/", "~1")
	for _, name := range names {
		base += "/" + escape.Replace(name)
	}
	return base
}

// listSchemas answers every schema, by id.
func (t *Tenant) listSchemas(*exchange) (reply, error) {
	return jsonReply(http.StatusOK, map[string][]*schema{"schemas": t.schemas.all()})
}

// getSchema answers one schema.
func (t *Tenant) getSchema(e *exchange) (reply, error) {
	s, ok := t.schemas.find(e.params["schID"])
	if !ok {
		return reply{}, refuse(http.StatusNotFound, "The schema could not be found")
	}
	return resourceReply(http.StatusOK, s)
}
