package payloadschema

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// withoutNulls drops the members of a document that are null, which the vendor's own client writes for absent ones.
func withoutNulls(value any) any {
	switch value := value.(type) {
	case map[string]any:
		for name, member := range value {
			if member == nil {
				delete(value, name)
				continue
			}
			value[name] = withoutNulls(member)
		}
	case []any:
		for i, element := range value {
			value[i] = withoutNulls(element)
		}
	}
	return value
}

// compile prepares document for validation.
func compile(document json.RawMessage) (*jsonschema.Schema, error) {
	parsed, err := jsonschema.UnmarshalJSON(bytes.NewReader(document))
	if err != nil {
		return nil, fmt.Errorf("payload schema: %w", err)
	}
	const name = "schema:payload" // no path: the library would make it one of this machine
	c := jsonschema.NewCompiler()
	c.UseLoader(noLoader{})
	if err := c.AddResource(name, withoutNulls(parsed)); err != nil {
		return nil, fmt.Errorf("payload schema: %w", err)
	}
	compiled, err := c.Compile(name)
	if err != nil {
		return nil, fmt.Errorf("payload schema: %w", err)
	}
	return compiled, nil
}

// noLoader refuses to fetch what a schema refers to: a tenant's schema must not make us read files or hosts.
type noLoader struct{}

func (noLoader) Load(string) (any, error) {
	return nil, errors.New("a payload schema may not refer to other documents")
}
