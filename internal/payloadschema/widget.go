package payloadschema

import (
	"strings"
	"time"
	"unicode"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

const (
	dateForm      = "2006-01-02"
	dateExample   = "1990-12-31"
	longTextRunes = 200 // from this maxLength on a text has several lines
)

// recognise finds out what form a pattern asks by giving it samples.
func (n *node) recognise(re jsonschema.Regexp) {
	n.regular = true
	refuses := func(samples ...string) bool {
		for _, s := range samples {
			if re.MatchString(s) {
				return false
			}
		}
		return true
	}
	n.dated = re.MatchString(dateExample) && re.MatchString("2031-01-02") && refuses("", "abcd-ef-gh", "1990", "19901231", "ann", "12345678901", "a b")
	n.mailed = re.MatchString("ann.lee@example.com") && refuses("", "ann.lee", "example.com", "12345", "a b")
}

// widgetOf is how the question of kind k for the property of that name is best asked.
func widgetOf(k Kind, name string, nodes []*node, maxRunes int) Widget {
	if k != Text && k != Choice {
		return WidgetPlain
	}
	words := words(name)
	if named(words, "country", "country code", "nation") {
		return WidgetCountry
	}
	if k == Choice {
		return WidgetPlain
	}
	if w := formed(nodes); w != "" {
		return w
	}
	fits := func(example string) bool { return takes(nodes, example) }
	switch {
	case (named(words, "date", "birthdate", "birthday", "dob") || strings.HasPrefix(words, "date of ")) && fits(dateExample):
		return WidgetDate
	case named(words, "email", "e mail", "mail", "email address", "mail address"):
		return WidgetEmail
	case named(words, "phone", "phone number", "mobile", "mobile number", "tel", "telephone", "telephone number", "cell", "cellphone", "fax"):
		return WidgetPhone
	case named(words, "zip", "zip code", "zipcode", "postal code", "postalcode", "postcode", "plz"):
		return WidgetPostalCode
	case maxRunes >= longTextRunes || named(words, "notes", "note", "comment", "comments", "bio", "biography", "description", "remarks", "message"):
		return WidgetMultiline
	}
	return WidgetPlain
}

// formed is the widget that a pattern or a format asks for; "" when none does.
func formed(nodes []*node) Widget {
	for _, n := range nodes {
		switch {
		case n.dated || n.format == "date":
			return WidgetDate
		case n.mailed || n.format == "email":
			return WidgetEmail
		}
	}
	return ""
}

// takes reports whether all patterns and lengths of nodes take the text.
func takes(nodes []*node, text string) bool {
	for _, n := range nodes {
		s := n.compiled
		if s.Pattern != nil && !s.Pattern.MatchString(text) || s.MaxLength != nil && *s.MaxLength < len(text) || s.MinLength != nil && *s.MinLength > len(text) {
			return false
		}
	}
	return true
}

// mustBeDate reports whether the schema itself asks a date of the value.
func mustBeDate(nodes []*node) bool { return formed(nodes) == WidgetDate }

// isDate reports whether text is a day of the calendar as YYYY-MM-DD.
func isDate(text string) bool {
	_, err := time.Parse(dateForm, text)
	return err == nil
}

// named reports whether the words of a name are, or end with, one of names.
func named(words string, names ...string) bool {
	for _, name := range names {
		if words == name || strings.HasSuffix(words, " "+name) {
			return true
		}
	}
	return false
}

// words are the words of a property's name in lower case: "date of birth" for date_of_birth and dateOfBirth.
func words(name string) string {
	var b strings.Builder
	before := rune(0)
	for _, r := range name {
		switch {
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			r = ' '
		case unicode.IsUpper(r) && unicode.IsLower(before):
			b.WriteByte(' ')
		}
		before = r
		b.WriteRune(unicode.ToLower(r))
	}
	return strings.Join(strings.Fields(b.String()), " ")
}
