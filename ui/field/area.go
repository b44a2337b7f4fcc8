package field

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/charmbracelet/bubbles/key"
	"github.com/charmbracelet/bubbles/textinput"
	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"foyer/ui/intake"
	"foyer/ui/theme"
)

// An Area edits a text of several lines, of which it shows the one with the cursor. Enter with alt begins a new line.
type Area struct {
	above, below []string // the other lines
	line         Line     // the one with the cursor
	limit        int      // in code points
}

// NewArea returns a text that holds value and takes up to limit code points, line breaks among them.
func NewArea(value string, limit int) Area {
	lines := strings.Split(breaks().Replace(value), "\n")
	last := len(lines) - 1
	return Area{above: lines[:last], line: NewLine(lines[last], limit, ""), limit: limit}
}

// breaks makes line feeds of all that breaks lines.
func breaks() *strings.Replacer {
	return strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n")
}

// lines are all lines.
func (a Area) lines() []string {
	return slices.Concat(a.above, []string{a.line.Value()}, a.below)
}

// Value returns the text with line feeds between its lines.
func (a Area) Value() string { return strings.Join(a.lines(), "\n") }

// Update handles a key. What it returns besides is why it refused something, if it did.
func (a Area) Update(msg tea.KeyMsg, _ Words) (Area, Say) {
	keys := textinput.DefaultKeyMap
	head, tail := a.line.halves()
	switch {
	case msg.Type == tea.KeyEnter && msg.Alt:
		return a.insert("\n")
	case (msg.Type == tea.KeyRunes || msg.Type == tea.KeySpace) && !msg.Alt:
		return a.insert(string(msg.Runes))
	case msg.Type == tea.KeyCtrlUp, msg.Type == tea.KeyPgUp, msg.Type == tea.KeyUp && msg.Alt:
		return a.rise(), Say{}
	case msg.Type == tea.KeyCtrlDown, msg.Type == tea.KeyPgDown, msg.Type == tea.KeyDown && msg.Alt:
		return a.sink(), Say{}
	case head == "" && key.Matches(msg, keys.DeleteCharacterBackward):
		return a.joinAbove(), Say{}
	case tail == "" && key.Matches(msg, keys.DeleteCharacterForward):
		return a.joinBelow(), Say{}
	case head == "" && key.Matches(msg, keys.CharacterBackward):
		return a.rise(), Say{}
	case tail == "" && key.Matches(msg, keys.CharacterForward):
		return a.cross(), Say{}
	}
	line, refusal := a.line.Update(msg)
	a.line = line
	return a, refusal
}

// insert puts text in at the cursor; all of it or, with a reason, nothing.
func (a Area) insert(text string) (Area, Say) {
	switch {
	case utf8.RuneCountInString(a.Value())+utf8.RuneCountInString(text) > a.limit:
		return a, Say{Key: "refused.long", Args: []any{a.limit}}
	case strings.ContainsRune(text, intake.Unreadable):
		return a, Say{Key: "refused.encoding"}
	}
	for i, part := range strings.Split(breaks().Replace(text), "\n") {
		if i > 0 {
			a = a.cut()
		}
		a.line, _ = a.line.insert(part) // it has room for what the whole has
	}
	return a, Say{}
}

// cut begins a new line at the cursor.
func (a Area) cut() Area {
	head, tail := a.line.halves()
	a.above = append(slices.Clone(a.above), head)
	a.line = a.line.holding("", tail)
	return a
}

// rise moves to the end of the line above, if there is one.
func (a Area) rise() Area {
	last := len(a.above) - 1
	if last < 0 {
		return a
	}
	a.below = append([]string{a.line.Value()}, a.below...)
	a.line = a.line.holding(a.above[last], "")
	a.above = a.above[:last]
	return a
}

// sink moves to the end of the line below, if there is one.
func (a Area) sink() Area {
	if len(a.below) == 0 {
		return a
	}
	a.above = append(slices.Clone(a.above), a.line.Value())
	a.line = a.line.holding(a.below[0], "")
	a.below = a.below[1:]
	return a
}

// cross moves to the beginning of the line below, if there is one.
func (a Area) cross() Area {
	if len(a.below) == 0 {
		return a
	}
	a = a.sink()
	a.line = a.line.holding("", a.line.Value())
	return a
}

// joinAbove takes away the line break before the cursor.
func (a Area) joinAbove() Area {
	last := len(a.above) - 1
	if last < 0 {
		return a
	}
	a.line = a.line.holding(a.above[last], a.line.Value())
	a.above = a.above[:last]
	return a
}

// joinBelow takes away the line break after the cursor.
func (a Area) joinBelow() Area {
	if len(a.below) == 0 {
		return a
	}
	a.line = a.line.holding(a.line.Value(), a.below[0])
	a.below = a.below[1:]
	return a
}

// View draws the line with the cursor and which of how many it is; without the cursor, the first line that says something
// and how many there are.
func (a Area) View(width int, focused bool, words Words, th theme.Theme) string {
	lines := a.lines()
	if len(lines) == 1 {
		return a.line.View(width, focused, th)
	}
	shown, tail := a.line, "  "+words.Text("text.line", len(a.above)+1, len(lines))
	if !focused {
		i := max(slices.IndexFunc(lines, func(l string) bool { return strings.TrimSpace(l) != "" }), 0)
		shown, tail = shown.holding(lines[i], ""), "  "+words.Text("text.lines", len(lines))
	}
	room := width - ansi.StringWidth(tail)
	if room < width/3 {
		return shown.View(width, focused, th)
	}
	return shown.View(room, focused, th) + th.Faint.Render(tail)
}
