package field

import (
	tea "github.com/charmbracelet/bubbletea"

	"foyer/ui/theme"
)

// An editor is what a field is made of. Update returns the next one, and why it refused a key, if it did. An editor may
// also have a Note, which is shown instead of the hint, be Hinted, and have a Left, which is how it is once the cursor has left it or was about to.
type editor[T any] interface {
	Value() string
	Update(msg tea.KeyMsg, words Words) (T, Say)
	View(width int, focused bool, words Words, th theme.Theme) string
}

// An input is an editor of any type.
type input interface {
	value() string
	update(msg tea.KeyMsg, words Words) (input, Say)
	view(width int, focused bool, words Words, th theme.Theme) string
	note(width int, words Words, th theme.Theme) string
	left() input
	hinted(text string) input
}

// edited makes an input of an editor.
type edited[T editor[T]] struct{ of T }

func (e edited[T]) value() string { return e.of.Value() }

func (e edited[T]) update(msg tea.KeyMsg, words Words) (input, Say) {
	next, refusal := e.of.Update(msg, words)
	return edited[T]{next}, refusal
}

func (e edited[T]) view(width int, focused bool, words Words, th theme.Theme) string {
	return e.of.View(width, focused, words, th)
}

// note is one line of at most width cells; "" is none.
func (e edited[T]) note(width int, words Words, th theme.Theme) string {
	noter, ok := any(e.of).(interface {
		Note(width int, words Words, th theme.Theme) string
	})
	if !ok {
		return ""
	}
	return noter.Note(width, words, th)
}

func (e edited[T]) left() input {
	if leaver, ok := any(e.of).(interface{ Left() T }); ok {
		return edited[T]{leaver.Left()}
	}
	return e
}

// lineEditor is a Line as an editor: it needs no words.
type lineEditor struct{ Line }

func (l lineEditor) Update(msg tea.KeyMsg, _ Words) (lineEditor, Say) {
	line, refusal := l.Line.Update(msg)
	return lineEditor{line}, refusal
}

func (l lineEditor) View(width int, focused bool, _ Words, th theme.Theme) string {
	return l.Line.View(width, focused, th)
}
