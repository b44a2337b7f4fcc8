package field

import (
	"strings"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"

	"foyer/ui/theme"
)

// A Field is an input with a label, a hint, and a verdict on what it holds. It praises as soon as the answer is right and
// complains only once the person has left it, or once it has complained before.
type Field struct {
	label    Say
	hint     Say
	required bool
	action   bool // does something instead of holding an answer: neither required nor optional
	input    input

	placeholder Say // shown while there is no answer

	verdict Say  // what is wrong now; silent when nothing is
	refusal Say  // why the last key was refused
	held    bool // the refusal is to be read before the person goes on
	strict  bool // complaints are shown
}

// New returns a field for anything but a line of text.
func New[T editor[T]](label, hint Say, required bool, of T) Field {
	return Field{label: label, hint: hint, required: required, input: edited[T]{of}}
}

// NewText returns a field for a line of text.
func NewText(label, hint Say, required bool, line Line) Field {
	return New(label, hint, required, lineEditor{line})
}

// NewAction returns a field that does something when enter is pressed, as its owner knows.
func NewAction[T Line | Choice](label, hint Say, of T) Field {
	f := Field{label: label, hint: hint, action: true}
	switch of := any(of).(type) {
	case Line:
		f.input = edited[lineEditor]{lineEditor{of}}
	case Choice:
		f.input = edited[Choice]{of}
	}
	return f
}

// Value returns what the field holds, as typed.
func (f Field) Value() string { return f.input.value() }

// Update edits the field. Its owner then judges it anew.
func (f Field) Update(msg tea.KeyMsg, words Words) Field {
	f.input, f.refusal = f.input.update(msg, words)
	f.held = false
	return f
}

// Judge tells the field what is wrong with what it holds; silence is praise.
func (f Field) Judge(verdict Say) Field {
	f.verdict = verdict
	return f
}

// Left returns the field after the cursor left it: from now on it complains.
func (f Field) Left() Field {
	f.input, f.refusal, f.held = f.input.left(), Say{}, false
	f.strict = f.strict || f.Value() != ""
	return f
}

// Insist returns the field with its complaints shown, also about being empty. When the last key was refused, what the person
// meant is not what the field holds: that is not good the first time, and whoever insists again has read why.
func (f Field) Insist() Field {
	f.strict, f.input = true, f.input.left()
	f.held = !f.held && !f.refusal.Silent()
	if !f.held {
		f.refusal = Say{}
	}
	return f
}

// Good reports whether nothing is wrong.
func (f Field) Good() bool { return f.verdict.Silent() && !f.held }

// View draws the field, at least three lines of at most width cells: the label, the input, and what there is to say.
func (f Field) View(width int, focused bool, words Words, th theme.Theme) string {
	bar, label := th.Faint.Render(th.Glyphs.Bar), th.Label
	if focused {
		bar, label = th.Accent.Render(th.Glyphs.BarOn), th.LabelOn
	}
	mark := words.Text("field.optional")
	switch {
	case f.action:
		mark = ""
	case f.required:
		mark = words.Text("field.required")
	}
	const beside = 5 // the bar and the tick, with their spaces
	head := label.Render(ansi.Truncate(f.label.In(words), width-lipgloss.Width(mark)-2, th.Glyphs.Ellipsis)) + "  " + th.Faint.Render(mark)
	body := f.drawn(words).view(width-beside, focused, words, th)
	gap := strings.Repeat(" ", max(width-beside-lipgloss.Width(body), 0))
	lines := []string{head, bar + " " + body + gap + f.tick(th)}
	return strings.Join(append(lines, f.remark(width, focused, words, th)), "\n")
}

// tick is the praise beside the input.
func (f Field) tick(th theme.Theme) string {
	if f.Good() && f.Value() != "" && !f.action {
		return "  " + th.Valid.Render(th.Glyphs.Tick)
	}
	return ""
}

// remark is the line below the input: a refusal, a complaint, or a note or the hint.
func (f Field) remark(width int, focused bool, words Words, th theme.Theme) string {
	switch {
	case !f.refusal.Silent():
		return complaint(f.refusal.In(words), width, th)
	case f.strict && !f.Good():
		return complaint(f.verdict.In(words), width, th)
	case focused:
		if note := f.input.note(width-2, words, th); note != "" && !f.action {
			return "  " + note
		}
		return "  " + strings.ReplaceAll(th.Faint.Wrap(f.hint.In(words), width-2), "\n", "\n  ")
	}
	return ""
}

// complaint wraps text beside a cross.
func complaint(text string, width int, th theme.Theme) string {
	body := th.Invalid.Wrap(text, width-2)
	return lipgloss.JoinHorizontal(lipgloss.Top, th.Invalid.Render(th.Glyphs.Cross)+" ", body)
}
