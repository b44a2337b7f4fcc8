// Package field is the inputs of the screens: a line of text, several lines, a date, a number, a secret with its strength
// meter, a choice, a switch. A field owns its text, its validation and when it complains; screens own which field has the cursor.
package field

// Words gives the text under a key of the catalogue.
type Words interface {
	Text(key string, args ...any) string
}

// Say is something to be said in the person's language when it is drawn: a key of the catalogue with its arguments, a
// country, or a text that needs no translation. The zero Say is silence.
type Say struct {
	Key     string
	Args    []any
	Country string // ISO 3166-1 alpha-2
	Text    string
}

// In returns s in words.
func (s Say) In(words Words) string {
	switch {
	case s.Key != "":
		return words.Text(s.Key, s.Args...)
	case s.Country != "":
		return country(s.Country, words)
	}
	return s.Text
}

// Silent reports whether there is nothing to say.
func (s Say) Silent() bool { return s.Key == "" && s.Country == "" && s.Text == "" }
