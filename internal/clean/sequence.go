package clean

import (
	"strings"
	"unicode/utf8"
)

// Controls that end a sequence, break it off, or begin another.
const (
	bel = 0x07
	can = 0x18
	sub = 0x1a
	esc = 0x1b
	st  = "\u009c"
)

// mostC1 is how far the end of a sequence is looked for that a C1 control begins, in bytes. Text may be full of beginnings.
const mostC1 = 1024

// sequence returns how many bytes at the beginning of s a terminal takes for an escape sequence (ECMA-48, 5.3 to 5.6) and does not
// show; 0 when none begins there. One that nothing ends goes on to the end of s, but only after ESC: of terminals that read
// UTF-8 few obey C1 controls, which come with text that was encoded twice, and the others show what follows.
func sequence(s string) int {
	if s[0] == esc {
		if len(s) == 1 {
			return 1
		}
		n, _ := body(s[1], s[2:])
		return 1 + n
	}
	r, size := utf8.DecodeRuneInString(s)
	if r < 0x80 || r > 0x9f {
		return 0
	}
	rest := s[size:]
	if n, whole := body(byte(r-0x40), rest[:min(len(rest), mostC1)]); whole { // ECMA-48, 5.3: each stands for ESC and a letter
		return size + n - 1
	}
	return size
}

// body returns how long a sequence is that goes on with first and s after its ESC, and whether it is whole.
func body(first byte, s string) (size int, whole bool) {
	switch {
	case first == '[':
		return control(s)
	case strings.IndexByte("]PX^_", first) >= 0: // OSC, DCS, SOS, PM, APC
		return str(s)
	case first >= 0x20 && first <= 0x2f:
		return charset(s)
	case first >= 0x30 && first <= 0x7e:
		return 1, true
	}
	return 0, false
}

// charset measures an escape sequence with intermediate bytes, such as those that choose character sets.
func charset(s string) (size int, whole bool) {
	for i := range len(s) {
		switch b := s[i]; {
		case b >= 0x30 && b <= 0x7e:
			return i + 2, true
		case b > 0x2f || breaks(b):
			return i + 1, false
		}
	}
	return len(s) + 1, false
}

// control measures a control sequence: parameters, intermediate bytes, and a final byte. Terminals obey other controls within it.
func control(s string) (size int, whole bool) {
	for i := range len(s) {
		switch b := s[i]; {
		case b >= 0x40 && b <= 0x7e:
			return i + 2, true
		case b > 0x7f || breaks(b):
			return i + 1, false
		}
	}
	return len(s) + 1, false
}

// breaks reports whether b breaks a sequence off.
func breaks(b byte) bool { return b == can || b == sub || b == esc }

// str measures a control string, up to the ST or the BEL that ends it or to what breaks it off.
func str(s string) (size int, whole bool) {
	for i := range len(s) {
		switch rest := s[i:]; {
		case rest[0] == bel:
			return i + 2, true
		case strings.HasPrefix(rest, st):
			return i + 1 + len(st), true
		case strings.HasPrefix(rest, "\x1b\\"):
			return i + 3, true
		case breaks(rest[0]):
			return i + 1, false
		}
	}
	return len(s) + 1, false
}
