package payloadschema

// Answers are what was answered so far. They are a value: what changes them copies what it changes.
type Answers struct {
	Payload map[string]any // as JSON: nested map[string]any, []any, string, json.Number, bool; an entry of a list not answered yet is nil
	Shapes  map[string]int // by Pointer of the Shape question: which alternative of its oneOf or anyOf was chosen, from 0
}

// Get returns the value at pointer, a JSON Pointer (RFC 6901), and whether there is one.
func Get(payload map[string]any, pointer string) (any, bool) { return nil, false }

// Set returns a with value at pointer, making objects and lists on the way. A nil value removes a member; in a list it
// leaves an entry that is not answered.
func (a Answers) Set(pointer string, value any) Answers { return a }

// Remove returns a without the entry of a list at pointer entry. Later entries and their Shapes move up.
func (a Answers) Remove(entry string) Answers { return a }

// Move returns a with the entry of a list at pointer entry by that many places later, or earlier when by is negative,
// as far as the list goes.
func (a Answers) Move(entry string, by int) Answers { return a }
