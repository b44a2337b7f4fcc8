package field

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/bubbles/key"
	"github.com/charmbracelet/bubbles/textinput"
	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"
	"golang.org/x/text/unicode/norm"

	"foyer/ui/intake"
	"foyer/ui/theme"
)

// Bounds of codes whose length nobody knows, in characters.
const (
	leastBoxes = 6
	mostBoxes  = 16
	leastCode  = 4 // of a code within a message that was pasted
)

// A Code edits a short code that was sent to a person, in a box for each letter or digit. What stands between them, such as
// the spaces of a code in groups, does not count.
type Code struct {
	length int // of the code; 0 when nobody knows
	runes  []rune
	at     int  // the box with the cursor
	stale  bool // it was refused: what is typed next starts over
}

// NewCode returns an empty code of length characters; 0 is for one whose length nobody knows.
func NewCode(length int) Code { return Code{length: length} }

// Value returns what was typed.
func (c Code) Value() string { return string(c.runes) }

// Complete reports whether enough was typed to be sent.
func (c Code) Complete() bool { return len(c.runes) > 0 && (c.length == 0 || len(c.runes) == c.length) }

// Refused returns the code after it was refused. It stays to be looked at and put right; a new one takes its place.
func (c Code) Refused() Code {
	c.stale = true
	return c
}

// Update edits the code. What it returns besides is why it refused something, if it did.
func (c Code) Update(msg tea.KeyMsg) (Code, Say) {
	keys := textinput.DefaultKeyMap
	switch {
	case (msg.Type == tea.KeyRunes || msg.Type == tea.KeySpace) && !msg.Alt:
		return c.insert(msg.Runes)
	case key.Matches(msg, keys.CharacterBackward):
		c.at = max(c.at-1, 0)
	case key.Matches(msg, keys.CharacterForward):
		c.at = min(c.at+1, len(c.runes))
	case key.Matches(msg, keys.LineStart):
		c.at = 0
	case key.Matches(msg, keys.LineEnd):
		c.at = len(c.runes)
	case key.Matches(msg, keys.DeleteCharacterBackward):
		if c.at > 0 {
			c.runes = slices.Delete(slices.Clone(c.runes), c.at-1, c.at)
			c.at--
		}
	case key.Matches(msg, keys.DeleteCharacterForward):
		if c.at < len(c.runes) {
			c.runes = slices.Delete(slices.Clone(c.runes), c.at, c.at+1)
		}
	case key.Matches(msg, keys.DeleteBeforeCursor):
		c.runes, c.at = nil, 0
	default:
		return c, Say{}
	}
	c.stale = false
	return c, Say{}
}

// insert writes into the boxes from the cursor on; what does not fit is refused as a whole.
func (c Code) insert(runes []rune) (Code, Say) {
	if slices.Contains(runes, intake.Unreadable) {
		return c, Say{Key: "refused.encoding"}
	}
	typed := c.read(runes)
	if len(typed) == 0 {
		return c, Say{}
	}
	if c.stale || c.length > 0 && len(typed) == c.length { // a whole new code
		c.runes, c.at, c.stale = nil, 0, false
	}
	if c.at+len(typed) > c.most() {
		return c, Say{Key: "refused.code", Args: []any{c.most()}}
	}
	next := slices.Clone(c.runes[:c.at])
	next = append(next, typed...)
	if len(next) < len(c.runes) {
		next = append(next, c.runes[len(next):]...)
	}
	c.runes, c.at = next, c.at+len(typed)
	return c, Say{}
}

// read returns the letters and digits of runes; of a whole message that was pasted, the one word in it that can be the code.
func (c Code) read(runes []rune) []rune {
	sign := func(r rune) bool {
		return (unicode.IsLetter(r) || unicode.IsDigit(r)) && ansi.StringWidth(string(r)) == 1
	}
	text := norm.NFKC.String(string(runes)) // some keyboards type digits of double width
	var typed []rune
	for _, r := range text {
		if sign(r) {
			typed = append(typed, r)
		}
	}
	if c.length > 0 && len(typed) <= c.length {
		return typed
	}
	for word := range strings.FieldsFuncSeq(text, func(r rune) bool { return !sign(r) }) {
		fits := utf8.RuneCountInString(word) == c.length || c.length == 0 && len(word) >= leastCode
		if fits && strings.ContainsFunc(word, unicode.IsDigit) {
			return []rune(word)
		}
	}
	return typed
}

// most is how many characters there may be.
func (c Code) most() int {
	if c.length > 0 {
		return c.length
	}
	return mostBoxes
}

// boxes is how many are drawn.
func (c Code) boxes() int {
	if c.length > 0 {
		return c.length
	}
	return min(max(leastBoxes, len(c.runes)), mostBoxes)
}

// View draws the boxes in width cells: three lines high when tall is set and there is room, else one.
func (c Code) View(width int, tall, focused bool, th theme.Theme) string {
	const framed, fenced, bare = 5, 3, 1
	switch boxes := c.boxes(); {
	case tall && boxes*framed <= width:
		return c.framed(focused, th)
	case boxes*fenced <= width:
		return c.row(focused, th, "[", "]")
	case boxes*(bare+1) <= width:
		return c.row(focused, th, "", " ")
	default:
		return c.row(focused, th, "", "")
	}
}

// framed draws each box with a frame.
func (c Code) framed(focused bool, th theme.Theme) string {
	box := th.Glyphs.Box
	line := strings.Repeat(box.Line, 3)
	var columns []string
	for i := range c.boxes() {
		edge := c.edge(i, focused, th)
		columns = append(columns, strings.Join([]string{
			edge.Render(box.TopLeft + line + box.TopRight),
			edge.Render(box.Side) + " " + c.sign(i, focused, th) + " " + edge.Render(box.Side),
			edge.Render(box.BottomLeft + line + box.BottomRight),
		}, "\n"))
	}
	return lipgloss.JoinHorizontal(lipgloss.Top, columns...)
}

// row draws the boxes in one line, each between a left and a right.
func (c Code) row(focused bool, th theme.Theme, left, right string) string {
	var b strings.Builder
	for i := range c.boxes() {
		edge := c.edge(i, focused, th)
		b.WriteString(edge.Render(left) + c.sign(i, focused, th) + edge.Render(right))
	}
	return b.String()
}

// edge is the style of the frame of box i: the one with the cursor stands out.
func (c Code) edge(i int, focused bool, th theme.Theme) theme.Style {
	if focused && i == min(c.at, c.boxes()-1) {
		return th.Accent
	}
	return th.Faint
}

// sign is what stands in box i; the cursor where something is to be typed.
func (c Code) sign(i int, focused bool, th theme.Theme) string {
	here := focused && i == c.at
	switch {
	case i < len(c.runes) && here && th.Glyphs.Cursor == "":
		return th.Cursor.Render(string(c.runes[i]))
	case i < len(c.runes):
		return th.LabelOn.Render(string(c.runes[i]))
	case here && th.Glyphs.Cursor != "":
		return th.Glyphs.Cursor
	case here:
		return th.Cursor.Render(" ")
	}
	return " "
}
