package registration

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"

	"foyer/internal/payloadschema"
)

// MarkMember is the member of a user's metadata that says which submission made them: its correlation id. It tells a user of ours
// from somebody else's when no answer came.
const MarkMember = "foyer_correlation_id"

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

// takesMark reports whether the pool's schema for metadata lets users have a mark beside our own metadata.
func takesMark(document json.RawMessage, metadata map[string]any) bool {
	if _, set := metadata[MarkMember]; set {
		return false
	}
	return checkMetadata(document, marked(metadata, correlationOf(NewReference()))) == nil
}

// marked is metadata with mark.
func marked(metadata map[string]any, mark string) map[string]any {
	all := map[string]any{MarkMember: mark}
	maps.Copy(all, metadata)
	return all
}

// metadata is what a user gets whose submission has the correlation id mark.
func (f *Form) metadata(mark string) map[string]any {
	if !f.marked {
		return f.settings.Metadata
	}
	return marked(f.settings.Metadata, mark)
}
