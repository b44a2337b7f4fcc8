package sandbox

import (
	"encoding/base32"
	"net/mail"
	"regexp"
	"strings"
)

// maxEmail is the longest address that fits into the path of RFC 5321, 4.5.3.1.3, in bytes.
const maxEmail = 254

var (
	e164       = regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`)
	likeNumber = regexp.MustCompile(`^\+[0-9]+$`)
	printable  = regexp.MustCompile(`^[!-~]{1,255}$`) // ASCII without spaces
)

// wellFormed reports whether value has the form of its type: an e-mail address without display name, a telephone
// number in E.164, or else printable ASCII without spaces.
func wellFormed(kind, value string) bool {
	switch kind {
	case typeEmail:
		parsed, err := mail.ParseAddress(value)
		return err == nil && parsed.Address == value && len(value) <= maxEmail
	case typeMobile:
		return e164.MatchString(value)
	}
	return printable.MatchString(value)
}

// The types of identifiers that text alone tells apart.
const (
	typeEmail  = "email"
	typeMobile = "mobile"
	typeUID    = "uid"
)

// typeOf returns the type of an identifier that is given without one.
func typeOf(text string) string {
	switch {
	case strings.Contains(text, "@"):
		return typeEmail
	case likeNumber.MatchString(text):
		return typeMobile
	}
	return typeUID
}

// isAddress reports whether a message can be sent to text.
func isAddress(text string) bool {
	kind := typeOf(text)
	return kind != typeUID && wellFormed(kind, text)
}

// isBase32 reports whether secret is one as RFC 4648, 6 writes it, with padding or without.
func isBase32(secret string) bool {
	digits := strings.TrimRight(secret, "=")
	_, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(digits)
	return err == nil && digits != "" && len(secret) <= 256
}
