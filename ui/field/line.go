package field

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/bubbles/key"
	"github.com/charmbracelet/bubbles/textinput"
	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"
	"golang.org/x/text/unicode/norm"

	"foyer/internal/clean"
	"foyer/internal/password"
	"foyer/ui/intake"
	"foyer/ui/theme"
)

// A Line edits one line of text by whole characters, as a person sees them: an accent or a joined emoji is never split.
//
// It keeps the text and where the cursor is, and makes one of the bubbles of that only for a key that needs it: kept, such an
// input took 6 KiB a field, and each key copied it several times.
type Line struct {
	text   string
	at     int  // the cursor's place, in code points
	limit  int  // likewise
	secret bool // refuses what it would have to change
	hidden bool // draws masks
	trims  bool // drops white space around what is pasted
	upper  bool // turns letters into capitals
	hint   string
}

// NewLine returns a line that holds value and takes up to limit code points. Hint is shown while it is empty.
func NewLine(value string, limit int, hint string) Line {
	l := Line{limit: limit, hint: hint}
	return l.set(value, utf8.RuneCountInString(value))
}

// set returns l with text, of which it leaves out what no line holds, and the cursor at a code point of it. It may be a password, of
// which nothing else is left out: see insert, and cells for what is drawn.
func (l Line) set(text string, at int) Line {
	l.text = strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\r' || r == '\t':
			return ' '
		case r == utf8.RuneError || unicode.IsControl(r):
			return -1
		}
		return r
	}, text)
	l.at = max(min(at, utf8.RuneCountInString(l.text)), 0)
	return l
}

// byInput lets one of the bubbles act on a key.
func (l Line) byInput(msg tea.KeyMsg) Line {
	input := textinput.New()
	input.Focus()                                           // the command is for a blinking cursor, which we have not
	input.KeyMap.Paste = key.NewBinding(key.WithDisabled()) // reads the clipboard of the machine, not of the person
	input.KeyMap.NextSuggestion = key.NewBinding(key.WithDisabled())
	input.KeyMap.PrevSuggestion = key.NewBinding(key.WithDisabled())
	input.KeyMap.AcceptSuggestion = key.NewBinding(key.WithDisabled())
	input.SetValue(l.text)
	input.SetCursor(l.at)
	input, _ = input.Update(msg)
	return l.set(input.Value(), input.Position())
}

// Trimming returns l for answers that neither begin nor end with a space, such as addresses: those of a paste are dropped.
func (l Line) Trimming() Line {
	l.trims = true
	return l
}

// Upper returns l for answers in capitals, such as postal codes.
func (l Line) Upper() Line {
	l.upper = true
	return l
}

// Value returns the text as typed.
func (l Line) Value() string { return l.text }

// Update edits the line. What it returns besides is why it refused something, if it did.
func (l Line) Update(msg tea.KeyMsg) (Line, Say) {
	keys := textinput.DefaultKeyMap
	switch {
	case (msg.Type == tea.KeyRunes || msg.Type == tea.KeySpace) && !msg.Alt:
		return l.insert(l.tidy(msg))
	case key.Matches(msg, keys.CharacterBackward):
		l.at = l.before()
	case key.Matches(msg, keys.CharacterForward):
		l.at = l.after()
	case key.Matches(msg, keys.DeleteCharacterBackward):
		l = l.cut(l.before(), l.at)
	case key.Matches(msg, keys.DeleteCharacterForward):
		l = l.cut(l.at, l.after())
	case msg.Type == tea.KeyRunes: // with alt: the bindings for words
		msg.Runes = append([]rune(nil), msg.Runes...)
		if msg.Paste || len(msg.Runes) != 1 || !strings.ContainsRune("bfd", msg.Runes[0]) {
			return l, Say{}
		}
		return l.byInput(msg), Say{}
	default:
		return l.byInput(msg), Say{}
	}
	return l, Say{}
}

// tidy is the text of a key or a paste as it is taken.
func (l Line) tidy(msg tea.KeyMsg) string {
	text := string(msg.Runes)
	if l.trims && (msg.Paste || len(msg.Runes) > 1) {
		text = strings.TrimSpace(text)
	}
	if l.upper {
		text = strings.ToUpper(text)
	}
	return text
}

// insert puts text in at the cursor, in NFC; all of it or, with a reason, nothing.
func (l Line) insert(text string) (Line, Say) {
	runes := []rune(l.text)
	if len(runes)+utf8.RuneCountInString(text) > l.limit {
		return l, Say{Key: "refused.long", Args: []any{l.limit}}
	}
	if strings.ContainsRune(text, intake.Unreadable) {
		return l, Say{Key: "refused.encoding"}
	}
	if !l.secret {
		text = oneLine(text)
	} else if strings.ContainsFunc(text, func(r rune) bool { return !password.Acceptable(r) }) {
		return l, Say{Key: "refused.control"}
	}
	at := min(l.at, len(runes))
	head := norm.NFC.String(string(runes[:at]) + text)
	value := norm.NFC.String(head + string(runes[at:]))
	return l.set(value, utf8.RuneCountInString(head)), Say{}
}

// oneLine turns line breaks and tabs into spaces and drops what cannot be seen. A line break at the end, with which a
// pasted line often comes, is dropped too.
func oneLine(text string) string {
	return clean.Keys(strings.TrimRight(text, "\r\n"))
}

// halves are what stands before the cursor and after it.
func (l Line) halves() (head, tail string) {
	runes := []rune(l.text)
	at := min(l.at, len(runes))
	return string(runes[:at]), string(runes[at:])
}

// holding returns l with the cursor between head and tail.
func (l Line) holding(head, tail string) Line {
	return l.set(head+tail, utf8.RuneCountInString(head))
}

// cut removes the code points from from to to.
func (l Line) cut(from, to int) Line {
	runes := []rune(l.text)
	if from >= to || to > len(runes) {
		return l
	}
	return l.set(string(runes[:from])+string(runes[to:]), from)
}

// before is where the character left of the cursor begins.
func (l Line) before() int {
	start, at := 0, l.at
	for _, n := range clusters(l.text) {
		if start+n >= at {
			break
		}
		start += n
	}
	return start
}

// after is where the character right of the cursor ends.
func (l Line) after() int {
	end := 0
	for _, n := range clusters(l.text) {
		if end += n; end > l.at {
			break
		}
	}
	return end
}

// clusters are the lengths of the characters of s (grapheme clusters), in code points.
func clusters(s string) []int {
	var all []int
	for len(s) > 0 {
		cluster, _ := ansi.FirstGraphemeCluster(s, ansi.GraphemeWidth)
		all = append(all, utf8.RuneCountInString(cluster))
		s = s[len(cluster):]
	}
	return all
}

// cell is one character as drawn.
type cell struct {
	text  string
	width int
}

// View draws the line in width cells: the part around the cursor when it does not fit.
func (l Line) View(width int, focused bool, th theme.Theme) string {
	cells, cursor := l.cells(th)
	if len(cells) == 0 && !focused {
		return th.Faint.Render(ansi.Truncate(l.hint, width, th.Glyphs.Ellipsis))
	}
	if !focused {
		return th.Text.Render(ansi.Truncate(join(cells), width, th.Glyphs.Ellipsis))
	}
	from, to := window(cells, cursor, width)
	var b strings.Builder
	b.WriteString(th.Text.Render(join(cells[from:cursor])))
	b.WriteString(l.cursorView(cells, cursor, th))
	if cursor+1 < to {
		b.WriteString(th.Text.Render(join(cells[cursor+1 : to])))
	}
	if len(cells) == 0 && width > 1 {
		b.WriteString(th.Faint.Render(ansi.Truncate(l.hint, width-1, th.Glyphs.Ellipsis)))
	}
	return b.String()
}

// cursorView draws the character under the cursor, or a cell after the last.
func (l Line) cursorView(cells []cell, cursor int, th theme.Theme) string {
	switch {
	case th.Glyphs.Cursor != "":
		return th.Glyphs.Cursor
	case cursor < len(cells):
		return th.Cursor.Render(cells[cursor].text)
	}
	return th.Cursor.Render(" ")
}

// cells returns what is drawn, and which cell the cursor is on: len(cells) when it is after the last.
func (l Line) cells(th theme.Theme) (cells []cell, cursor int) {
	s, at, read := l.text, l.at, 0
	cursor = -1
	for len(s) > 0 {
		cluster, width := ansi.FirstGraphemeCluster(s, ansi.GraphemeWidth)
		if cursor < 0 && read+utf8.RuneCountInString(cluster) > at {
			cursor = len(cells)
		}
		read += utf8.RuneCountInString(cluster)
		s = s[len(cluster):]
		switch {
		case l.hidden:
			cluster, width = th.Glyphs.Mask, 1
		case strings.ContainsFunc(cluster, func(r rune) bool { return !clean.Visible(r) }):
			cluster, width = th.Glyphs.Dot, 1
		}
		cells = append(cells, cell{cluster, width})
	}
	if cursor < 0 {
		cursor = len(cells)
	}
	return cells, cursor
}

// window chooses the cells to draw: as many before the cursor as fit, then as many after it.
func window(cells []cell, cursor, width int) (from, to int) {
	used := 1 // the cursor after the last cell
	if cursor < len(cells) {
		used = cells[cursor].width
	}
	from, to = cursor, min(cursor+1, len(cells))
	for from > 0 && used+cells[from-1].width <= width {
		from--
		used += cells[from].width
	}
	for to < len(cells) && used+cells[to].width <= width {
		used += cells[to].width
		to++
	}
	return from, to
}

func join(cells []cell) string {
	var b strings.Builder
	for _, c := range cells {
		b.WriteString(c.text)
	}
	return b.String()
}
