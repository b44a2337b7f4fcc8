package wording

import (
	"strings"

	"foyer/internal/clean"
)

// Groups writes a secret in groups of four, so that it can be typed off the screen.
func Groups(secret string) string {
	const size = 4
	var b strings.Builder
	for i, r := range clean.Line(secret, LongestLabel) {
		if i > 0 && i%size == 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
	}
	return b.String()
}
