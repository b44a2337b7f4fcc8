package audit

import (
	"strings"

	"golang.org/x/text/unicode/norm"

	"foyer/internal/clean"
)

// longestIdentifier bounds an identifier in a record, in code points and cells.
const longestIdentifier = 200

// shown is a value as a record has it in clear.
func shown(value string) string { return clean.Line(value, longestIdentifier) }

// usual is the form of a value of which a record has the hash, and in which it is looked for: NFC, and that of an e-mail address in
// small letters, since providers do not tell them apart, nor do people.
func usual(kind, value string) string {
	value = shown(norm.NFC.String(value))
	if kind == "email" {
		value = strings.ToLower(value)
	}
	return value
}
