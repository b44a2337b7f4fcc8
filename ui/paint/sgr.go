package paint

// apply is s after an SGR sequence with these parameters. Unknown ones are ignored, and so are shapes and colours of lines.
func (s style) apply(parameters string) style {
	for r := (&reader{rest: parameters}); ; {
		p := r.number()
		switch {
		case p == 0:
			s = style{}
		case p < 10:
			s = s.with(p, r)
		case p == 21: // a double line
			s.attributes |= underline
		case p >= 22 && p <= 29:
			s.attributes &^= ended(p)
		case p >= 30 && p <= 39:
			s.foreground = r.colour(p-30, s.foreground)
		case p >= 40 && p <= 49:
			s.background = r.colour(p-40, s.background)
		case p >= 90 && p <= 97:
			s.foreground = basic | colour(p-90+8)
		case p >= 100 && p <= 107:
			s.background = basic | colour(p-100+8)
		case p == 58:
			r.colour(8, 0)
		}
		if r.skip(); r.over {
			return s
		}
	}
}

// with is s with attribute p; 4:0 is no line.
func (s style) with(p uint32, r *reader) style {
	if p == 4 && r.inside && r.number() == 0 {
		s.attributes &^= underline
		return s
	}
	s.attributes |= 1 << p
	return s
}

// ended are the attributes that parameter p ends.
func ended(p uint32) attributes {
	switch p {
	case 22:
		return 1<<1 | 1<<2
	case 25:
		return 1<<5 | 1<<6
	}
	return 1 << (p - 20)
}

// A reader reads the parameters of a sequence.
type reader struct {
	rest   string
	inside bool // what comes next belongs to the parameter before: it stands behind a colon
	over   bool
}

// mostValue bounds a parameter.
const mostValue = 1 << 16

// number is the next parameter, 0 for an empty one and at the end.
func (r *reader) number() uint32 {
	n := uint32(0)
	for i := range len(r.rest) {
		switch c := r.rest[i]; {
		case c >= '0' && c <= '9':
			n = min(n*10+uint32(c-'0'), mostValue)
		case c == ';' || c == ':':
			r.rest, r.inside = r.rest[i+1:], c == ':'
			return n
		}
	}
	r.rest, r.inside, r.over = "", false, true
	return n
}

// skip passes what is left of the parameter before.
func (r *reader) skip() {
	for r.inside {
		r.number()
	}
}

// colour reads a colour by its last digit: 0 to 7 of the basic ones, 8 for a palette's or a direct one, 9 for none.
func (r *reader) colour(digit uint32, before colour) colour {
	switch digit {
	case 8:
		return r.extended(before)
	case 9:
		return 0
	}
	return basic | colour(digit)
}

// extended reads 5;n or 2;r;g;b, also with colons, where a colour space may stand before r (ITU-T T.416, 13.1.8).
func (r *reader) extended(before colour) colour {
	colons := r.inside
	switch r.number() {
	case 5:
		return palette | colour(min(r.number(), 255))
	case 2:
		var v [4]uint32
		n := 0
		for n < len(v) && (n < 3 || colons && r.inside) && !r.over {
			v[n] = min(r.number(), 255)
			n++
		}
		if n == len(v) {
			return direct | colour(v[1]<<16|v[2]<<8|v[3])
		}
		return direct | colour(v[0]<<16|v[1]<<8|v[2])
	}
	return before
}
