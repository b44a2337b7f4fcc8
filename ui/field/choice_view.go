package field

import (
	"strconv"
	"strings"

	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"

	"foyer/ui/theme"
)

// View draws the chosen option between arrows, what was typed, and which of how many it is or how many match.
func (c Choice) View(width int, focused bool, words Words, th theme.Theme) string {
	text, style := words.Text("choice.none"), th.Faint
	if c.at >= 0 {
		text, style = c.name(c.at, words), th.Text
	}
	const arrows = 4 // with their spaces
	tail := c.tail(width-arrows-ansi.StringWidth(text), focused, words, th)
	text = ansi.Truncate(text, max(width-arrows-lipgloss.Width(tail), 1), th.Glyphs.Ellipsis)
	if !focused {
		return style.Render(text) + tail
	}
	return th.Key.Render(th.Glyphs.Left) + " " + th.Cursor.Render(text) + " " + th.Key.Render(th.Glyphs.Right) + tail
}

func (c Choice) name(i int, words Words) string { return c.options[i].Say.In(words) }

// tail is what stands after the option: the numbers always, what was typed where there is room for it, or its end.
func (c Choice) tail(room int, focused bool, words Words, th theme.Theme) string {
	switch {
	case c.few() || c.at < 0:
		return ""
	case c.typed == "" || !focused:
		return th.Faint.Render(" " + strconv.Itoa(c.at+1) + "/" + strconv.Itoa(len(c.options)))
	}
	matches := "  " + words.Text("choice.matches", len(c.matches), len(c.options))
	room -= ansi.StringWidth(matches) + 2
	typed, least := c.typed, 4 // of which less is no help
	over := ansi.StringWidth(typed) - room
	switch {
	case over > 0 && room < least:
		return th.Faint.Render(matches)
	case over > 0:
		typed = ansi.TruncateLeft(typed, over+ansi.StringWidth(th.Glyphs.Ellipsis), th.Glyphs.Ellipsis)
	}
	return "  " + th.LabelOn.Render(typed) + th.Faint.Render(matches)
}

// mostNeighbours is how many options the note shows.
const mostNeighbours = 3

// Note is the options around the chosen one, which is marked: as many as fit, in one line of at most width cells. It is
// empty as long as the person has not begun, for the hint says how to.
func (c Choice) Note(width int, words Words, th theme.Theme) string {
	if c.few() || c.at < 0 {
		return ""
	}
	for most := min(mostNeighbours, c.count()); most > 1; most-- {
		if note := c.neighbours(most, width, words, th); lipgloss.Width(note) <= width {
			return note
		}
	}
	return c.neighbours(1, width, words, th)
}

// neighbours is a note with so many options.
func (c Choice) neighbours(most, width int, words Words, th theme.Theme) string {
	from := min(max(c.place()-most/2, 0), c.count()-most)
	names := make([]string, most)
	for i := range names {
		names[i] = c.neighbour(c.nth(from+i), width, words, th)
	}
	note := strings.Join(names, th.Faint.Render(" "+th.Glyphs.Dot+" "))
	if from > 0 {
		note = th.Faint.Render(th.Glyphs.Ellipsis+" ") + note
	}
	if from+most < c.count() {
		note += th.Faint.Render(" " + th.Glyphs.Ellipsis)
	}
	return note
}

// neighbour is the name of option i in a note.
func (c Choice) neighbour(i, width int, words Words, th theme.Theme) string {
	const beside = 6 // the marks around it, and the ellipses at both ends
	name := ansi.Truncate(c.name(i, words), max(width-beside, 1), th.Glyphs.Ellipsis)
	if i == c.at {
		return th.LabelOn.Render("[" + name + "]")
	}
	return th.Faint.Render(name)
}
