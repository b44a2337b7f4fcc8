package field

// WithPlaceholder returns the field with say shown while it is empty, if it is one to type in.
func (f Field) WithPlaceholder(say Say) Field {
	f.placeholder = say
	return f
}

// drawn is the input with its placeholder in words.
func (f Field) drawn(words Words) input {
	if f.placeholder.Silent() {
		return f.input
	}
	return f.input.hinted(f.placeholder.In(words))
}

// hinted shows text while the editor is empty, if it can.
func (e edited[T]) hinted(text string) input {
	if hinter, ok := any(e.of).(interface{ Hinted(text string) T }); ok {
		return edited[T]{hinter.Hinted(text)}
	}
	return e
}

// Hinted returns l with text shown while it is empty.
func (l lineEditor) Hinted(text string) lineEditor {
	l.hint = text
	return l
}

// Hinted returns n with text shown while it is empty.
func (n Number) Hinted(text string) Number {
	n.line.hint = text
	return n
}

// Hinted returns a with text shown while it is empty.
func (a Area) Hinted(text string) Area {
	if a.Value() == "" {
		a.line.hint = text
	}
	return a
}
