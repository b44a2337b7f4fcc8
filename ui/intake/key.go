package intake

import (
	"bytes"
	"unicode/utf8"
)

// The ends of a bracketed paste.
const (
	pasteStart = "\x1b[200~"
	pasteEnd   = "\x1b[201~"
)

// longestSequence bounds an escape sequence, in bytes; a longer one is no key.
const longestSequence = 64

// Key returns the length of the first key of b, which is not empty: an escape sequence, a character, or a byte. Whole is
// false when b ends within it.
func Key(b []byte) (size int, whole bool) {
	if b[0] != 0x1b {
		if !utf8.FullRune(b) {
			return len(b), false
		}
		_, size = utf8.DecodeRune(b)
		return size, true
	}
	if len(b) == 1 {
		return 1, false
	}
	switch b[1] {
	case '[':
		return sequence(b)
	case 'O': // SS3 and one byte: f1 to f4
		if len(b) < 3 {
			return len(b), false
		}
		return 3, true
	case 0x1b: // escape twice, or with a sequence: each is a key
		return 1, true
	}
	size, whole = Key(b[1:]) // alt and a character
	return 1 + size, whole
}

// sequence returns the length of the control sequence that b begins with (ECMA-48, 5.4): parameters, then a final byte.
// X10 mouse reports have three bytes more.
func sequence(b []byte) (size int, whole bool) {
	if bytes.HasPrefix(b, []byte("\x1b[M")) {
		return min(len(b), 6), len(b) >= 6
	}
	for i := 2; i < len(b) && i < longestSequence; i++ {
		switch {
		case b[i] >= 0x40 && b[i] <= 0x7e:
			return i + 1, true
		case b[i] < 0x20 || b[i] > 0x7e:
			return i, true // no sequence after all; what follows is another key
		}
	}
	return min(len(b), longestSequence), len(b) >= longestSequence
}
