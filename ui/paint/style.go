package paint

import "strconv"

// A style is how a cell looks. The zero style is the terminal's own.
type style struct {
	attributes             attributes
	foreground, background colour
}

// attributes are set bits, each for the SGR parameter of its place: 1 is bold, 9 is crossed out.
type attributes uint16

const (
	bold      attributes = 1 << 1
	underline attributes = 1 << 4
	blink     attributes = 1 << 5
	reverse   attributes = 1 << 7

	// Those that are not seen on a space.
	ofInk = 1<<1 | 1<<2 | 1<<3 | 1<<5 | 1<<6 | 1<<8
)

// A colour is its kind in the highest byte and its value in the rest; 0 is the terminal's own.
type colour uint32

// The kinds of colour, by the SGR parameters that they are told with.
const (
	basic   colour = 1 << 24 // 30 to 37 and 90 to 97: 0 to 15
	palette colour = 2 << 24 // 38;5
	direct  colour = 3 << 24 // 38;2
	kind    colour = 0xff << 24
)

// onSpace is s as it is seen on a space.
func (s style) onSpace() style {
	if s.attributes&^ofInk != 0 {
		return s // the ink is seen, as a line or in the background's place
	}
	return style{background: s.background}
}

// appendChange appends the sequence that turns from into s.
func (s style) appendChange(out []byte, from style) []byte {
	switch s {
	case from:
		return out
	case style{}:
		return append(out, resetStyle...)
	}
	out = append(out, "\x1b["...)
	if from.attributes&^s.attributes != 0 || from.foreground != 0 && s.foreground == 0 || from.background != 0 && s.background == 0 {
		out = append(out, '0', ';')
		from = style{}
	}
	for i := range 10 {
		if added := s.attributes &^ from.attributes; added&(1<<i) != 0 {
			out = append(out, byte('0'+i), ';')
		}
	}
	if s.foreground != from.foreground {
		out = s.foreground.appendTo(out, 30)
	}
	if s.background != from.background {
		out = s.background.appendTo(out, 40)
	}
	out[len(out)-1] = 'm' // in the last separator's place
	return out
}

// appendTo appends c, which is not the terminal's own, as parameters with a separator after each.
// Base is 30 for the foreground and 40 for the background.
func (c colour) appendTo(out []byte, base int) []byte {
	value := int(c &^ kind)
	switch k := c & kind; {
	case k == palette:
		return appendParameters(out, base+8, 5, value)
	case k == direct:
		return appendParameters(out, base+8, 2, value>>16, value>>8&0xff, value&0xff)
	case value >= 8:
		return appendParameters(out, base+60+value-8)
	}
	return appendParameters(out, base+value)
}

func appendParameters(out []byte, parameters ...int) []byte {
	for _, p := range parameters {
		out = append(strconv.AppendInt(out, int64(p), 10), ';')
	}
	return out
}
