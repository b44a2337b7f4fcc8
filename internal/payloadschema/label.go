package payloadschema

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// readable turns "given_name" or "givenName" into "Given name".
func readable(name string) string {
	var b strings.Builder
	for i, r := range name {
		switch {
		case r == '_' || r == '-':
			r = ' '
		case i > 0 && unicode.IsUpper(r):
			b.WriteByte(' ')
			r = unicode.ToLower(r)
		}
		b.WriteRune(r)
	}
	s := strings.Join(strings.Fields(b.String()), " ")
	if s == "" {
		return name
	}
	first, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(first)) + s[size:]
}

// labelOf is what a value is called to which all of nodes apply: by the first title, else the first description, else
// name. help is the first description that is not the label.
func labelOf(nodes []*node, name string) (label, help string) {
	for _, n := range nodes {
		if n.title != "" {
			label = n.title
			break
		}
	}
	for _, n := range nodes {
		switch {
		case n.description == "" || n.description == label:
		case label == "":
			label = n.description
		case help == "":
			help = n.description
		}
	}
	if label == "" {
		label = name
	}
	return label, help
}
