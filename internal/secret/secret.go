// Package secret holds text that must not be seen: passwords, client secrets, codes and tokens.
package secret

import (
	"crypto/subtle"
	"fmt"
	"io"
	"log/slog"
)

// redacted is what a Text prints wherever it is printed.
const redacted = "[redacted]"

// A Text is a secret string. It prints as "[redacted]" through fmt, encoding/json, encoding.TextMarshaler users
// and log/slog alike, also as a field of a printed struct. Copies share their bytes, so that Wipe reaches all
// of them. The zero Text is empty.
type Text struct {
	// Fmt prints an unexported field without asking its methods, and follows one pointer when a verb does not suit it.
	bytes **[]byte
}

// New returns a Text that holds a copy of s.
func New(s string) Text {
	if s == "" {
		return Text{}
	}
	b := new([]byte(s))
	return Text{bytes: &b}
}

// Reveal returns the secret as a string. The string is a copy that Wipe does not reach; keep its life short.
func (t Text) Reveal() string {
	if t.bytes == nil {
		return ""
	}
	return string(**t.bytes)
}

// IsZero reports whether there is no secret, or none any more.
func (t Text) IsZero() bool { return t.bytes == nil || len(**t.bytes) == 0 }

// Equal reports whether both hold the same bytes, in a time that does not depend on them.
func (t Text) Equal(other Text) bool {
	return subtle.ConstantTimeCompare([]byte(t.Reveal()), []byte(other.Reveal())) == 1
}

// Clone returns a Text of its own, which outlives a Wipe of t.
func (t Text) Clone() Text { return New(t.Reveal()) }

// Wipe overwrites the secret with zeros in t and in all its copies.
func (t Text) Wipe() {
	if t.bytes == nil {
		return
	}
	clear(**t.bytes)
	**t.bytes = nil
}

// String returns "[redacted]", or "" for an empty Text.
func (t Text) String() string {
	if t.IsZero() {
		return ""
	}
	return redacted
}

// Format prints what String returns, whatever the verb.
func (t Text) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, t.String()) }

// LogValue is what log/slog records.
func (t Text) LogValue() slog.Value { return slog.StringValue(t.String()) }

// MarshalText returns "[redacted]", so that no encoder writes the secret.
func (t Text) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// UnmarshalText sets t to hold text.
func (t *Text) UnmarshalText(text []byte) error {
	*t = New(string(text))
	return nil
}
