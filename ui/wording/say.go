// Package wording is what a person is told, wherever that is shown: what a question is called and explained by, what is wrong with
// an answer, what a problem or a receipt means, in the words of the catalogue. It knows no terminal.
package wording

import "time"

// Words gives the text under a key of the catalogue.
type Words interface {
	Text(key string, args ...any) string
	Language() string // BCP 47
}

// Say is something to be said in the person's language when it is drawn: a key of the catalogue with its arguments, a
// country, a day, or a text that needs no translation. Texts go before all these where there is one for the language. The zero Say is
// silence.
type Say struct {
	Key     string
	Args    []any  // one that is a Say is said in the same language
	Country string // ISO 3166-1 alpha-2
	Day     time.Time
	Text    string
	Texts   map[string]string // by language (BCP 47); "" is for all others
}

// In returns s in words.
func (s Say) In(words Words) string {
	text, written := s.written(words)
	switch {
	case written:
		return text
	case s.Key != "":
		return words.Text(s.Key, s.args(words)...)
	case s.Country != "":
		return country(s.Country, words)
	case !s.Day.IsZero():
		return Day(s.Day, words)
	}
	return s.Text
}

// written is the text that somebody wrote for the language of words, or for all.
func (s Say) written(words Words) (text string, ok bool) {
	if len(s.Texts) == 0 {
		return "", false
	}
	if text, ok = s.Texts[words.Language()]; !ok {
		text, ok = s.Texts[""]
	}
	return text, ok
}

// args are the arguments in words.
func (s Say) args(words Words) []any {
	said := make([]any, len(s.Args))
	for i, arg := range s.Args {
		said[i] = arg
		if say, ok := arg.(Say); ok {
			said[i] = say.In(words)
		}
	}
	return said
}

// Silent reports whether there is nothing to say.
func (s Say) Silent() bool {
	return s.Key == "" && s.Country == "" && s.Day.IsZero() && s.Text == "" && len(s.Texts) == 0
}
