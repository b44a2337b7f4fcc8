package payloadschema

// CannotAsk lists what no question can be asked for, required or not. It replaces the field Unaskable, which speaks of
// Fields.
func (s *Schema) CannotAsk() []Unaskable { return nil }

// Questions returns what is to be asked now, in order: the required ones of an object first, then as the schema lists
// them; nested objects and lists of objects after what is asked of the object itself. There are at most 2,000.
func (s *Schema) Questions(a Answers) []Question { return nil }

// Settle returns what is sent: a without answers to questions that vanished, with constants filled in, without empty
// optional objects and unanswered optional entries. Its Shapes are those in force, also where they were inferred.
func (s *Schema) Settle(a Answers) Answers { return a }

// Check returns what is wrong with Settle(a).Payload, each violation at the pointer of the question at fault, in the
// order of the questions; a rule for a whole object is at the object's last question. None means that the tenant would
// take the payload.
func (s *Schema) Check(a Answers) []Violation { return nil }

// Add returns a with another, empty entry at the end of the list at pointer list, unless the list is full.
func (s *Schema) Add(a Answers, list string) Answers { return a }
