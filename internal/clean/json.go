package clean

import (
	"bytes"
	"fmt"
	"io"
	"unicode/utf16"
)

// JSON returns a writer to to that writes JSON with all that a terminal could obey, or not show, as escapes (RFC 8259, section 7):
// a program reads what it was, a person sees that it is there. Each write has to be of whole JSON texts.
func JSON(to io.Writer) io.Writer { return escaper{to} }

type escaper struct{ to io.Writer }

// Write writes one or more whole JSON texts.
func (e escaper) Write(text []byte) (int, error) {
	var b bytes.Buffer
	for _, r := range string(text) {
		if r == '\n' || Visible(r) && !joiner(r) {
			b.WriteRune(r)
			continue
		}
		for _, unit := range utf16.AppendRune(nil, r) {
			_, _ = fmt.Fprintf(&b, `\u%04x`, unit)
		}
	}
	if _, err := e.to.Write(b.Bytes()); err != nil {
		return 0, err
	}
	return len(text), nil
}
