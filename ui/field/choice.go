package field

import (
	"strconv"
	"strings"
	"unicode/utf8"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"foyer/ui/theme"
)

// An Option of a choice: what it is called, and the value that answers the question.
type Option struct {
	Say   Say
	Value string
}

// A Choice picks one of several options: with the arrows to the sides, or by typing how its name begins.
type Choice struct {
	options []Option
	at      int    // -1: none yet
	typed   string // the beginning that was typed, in lower case
}

// NewOptions returns a choice among options, of which the one with value is chosen; an empty value is no choice yet.
func NewOptions(options []Option, value string) Choice {
	c := Choice{at: -1, options: options}
	for i, o := range options {
		if o.Value == value && value != "" {
			c.at = i
		}
	}
	return c
}

// NewSwitch returns a choice between yes and no; value is "true", "false" or, for neither yet, "".
func NewSwitch(value string) Choice {
	return NewOptions([]Option{{Say{Key: "switch.yes"}, "true"}, {Say{Key: "switch.no"}, "false"}}, value)
}

// Value returns the chosen value, "" when there is none.
func (c Choice) Value() string {
	if c.at < 0 {
		return ""
	}
	return c.options[c.at].Value
}

// Update handles a key. What it returns besides is why it refused something, if it did.
// Words are those in which a person types how an option begins.
func (c Choice) Update(msg tea.KeyMsg, words Words) (Choice, Say) {
	switch {
	case msg.Type == tea.KeyRight, msg.Type == tea.KeySpace && len(c.options) <= fewOptions:
		c.at, c.typed = (c.at+1)%len(c.options), ""
	case msg.Type == tea.KeyLeft:
		c.at, c.typed = (max(c.at, 0)+len(c.options)-1)%len(c.options), ""
	case msg.Type == tea.KeyBackspace, msg.Type == tea.KeyDelete:
		c.at, c.typed = -1, ""
	case msg.Type == tea.KeyRunes || msg.Type == tea.KeySpace:
		return c.search(string(msg.Runes), words)
	}
	return c, Say{}
}

// fewOptions is the number up to which the space bar goes through the options, as through yes and no.
const fewOptions = 2

// search chooses the first option that begins with what was typed so far. A second letter that does not go on from the
// first begins anew; after more than one, what fits nothing is refused.
func (c Choice) search(text string, words Words) (Choice, Say) {
	before := c
	for _, r := range strings.ToLower(text) {
		longer, found := c.find(c.typed+string(r), words)
		if !found && utf8.RuneCountInString(c.typed) == 1 {
			longer, found = c.find(string(r), words)
		}
		if !found {
			return before, Say{Key: "refused.choice"}
		}
		c = longer
	}
	return c, Say{}
}

// find chooses the first option that begins with beginning, which is in lower case.
func (c Choice) find(beginning string, words Words) (Choice, bool) {
	for i, o := range c.options {
		if strings.HasPrefix(strings.ToLower(o.Say.In(words)), beginning) {
			c.at, c.typed = i, beginning
			return c, true
		}
	}
	return c, false
}

// View draws the chosen option between arrows, and which of how many it is.
func (c Choice) View(width int, focused bool, words Words, th theme.Theme) string {
	text := words.Text("choice.none")
	if c.at >= 0 {
		text = c.options[c.at].Say.In(words)
	}
	count := ""
	if len(c.options) > fewOptions && c.at >= 0 {
		count = " " + strconv.Itoa(c.at+1) + "/" + strconv.Itoa(len(c.options))
	}
	style := th.Faint
	if c.at >= 0 {
		style = th.Text
	}
	room := max(width-len(count)-4, 1) // the arrows with their spaces
	text = ansi.Truncate(text, room, th.Glyphs.Ellipsis)
	if !focused {
		return style.Render(text) + th.Faint.Render(count)
	}
	return th.Key.Render(th.Glyphs.Left) + " " + th.Cursor.Render(text) + " " + th.Key.Render(th.Glyphs.Right) + th.Faint.Render(count)
}
