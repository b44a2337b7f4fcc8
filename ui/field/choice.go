package field

import (
	"slices"
	"strings"
	"unicode/utf8"

	tea "github.com/charmbracelet/bubbletea"
	"golang.org/x/text/unicode/norm"

	"foyer/ui/intake"
	"foyer/ui/wording"
)

// An Option of a choice.
type Option = wording.Option

// A Choice picks one of several options: with the arrows to the sides, or by typing a part of its name. What was typed
// narrows the options, and the best match is chosen meanwhile.
type Choice struct {
	options []Option
	at      int    // -1: none yet
	typed   string // in NFC; "" when all options are offered
	matches []int  // the options that typed leaves, best first
	index   index  // made when the first letter is typed
}

// Bounds of choices.
const (
	fewOptions    = 2   // up to which there is nothing to narrow: the space bar goes through them, and only beginnings count
	longestFilter = 120 // in code points, as no name is longer
	leap          = 10  // options that page up and page down go on
)

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
	return NewOptions([]Option{{Say: Say{Key: "switch.yes"}, Value: "true"}, {Say: Say{Key: "switch.no"}, Value: "false"}}, value)
}

// Value returns the chosen value, "" when there is none.
func (c Choice) Value() string {
	if c.at < 0 {
		return ""
	}
	return c.options[c.at].Value
}

// Left returns the choice without what was typed, so that whoever comes back or is stopped there starts afresh.
func (c Choice) Left() Choice {
	c.typed, c.matches = "", nil
	return c
}

// Update handles a key. What it returns besides is why it refused something, if it did.
// Words are those in which a person types the name of an option.
func (c Choice) Update(msg tea.KeyMsg, words Words) (Choice, Say) {
	switch {
	case msg.Type == tea.KeyRight, msg.Type == tea.KeySpace && (c.few() || c.typed == ""):
		return c.turn(1), Say{}
	case msg.Type == tea.KeyLeft:
		return c.turn(-1), Say{}
	case msg.Type == tea.KeyPgDown:
		return c.jump(c.place() + leap), Say{}
	case msg.Type == tea.KeyPgUp:
		return c.jump(c.place() - leap), Say{}
	case msg.Type == tea.KeyHome:
		return c.jump(0), Say{}
	case msg.Type == tea.KeyEnd:
		return c.jump(c.count() - 1), Say{}
	case msg.Type == tea.KeyBackspace:
		return c.widen(words), Say{}
	case msg.Type == tea.KeyDelete, msg.Type == tea.KeyCtrlU:
		return c.reset(), Say{}
	case (msg.Type == tea.KeyRunes || msg.Type == tea.KeySpace) && !msg.Alt:
		return c.narrow(string(msg.Runes), words)
	}
	return c, Say{}
}

func (c Choice) few() bool { return len(c.options) <= fewOptions }

// count is how many options are offered now.
func (c Choice) count() int {
	if c.typed == "" {
		return len(c.options)
	}
	return len(c.matches)
}

// nth is the option that is offered in place i.
func (c Choice) nth(i int) int {
	if c.typed == "" {
		return i
	}
	return c.matches[i]
}

// place is where the chosen option stands among those offered; -1 when there is none.
func (c Choice) place() int {
	if c.typed == "" {
		return c.at
	}
	return slices.Index(c.matches, c.at)
}

// turn chooses the next option that is offered, or the one before, and goes round at the ends.
func (c Choice) turn(by int) Choice {
	if c.few() {
		c.typed, c.matches = "", nil
	}
	n := c.count()
	if n == 0 {
		return c
	}
	from := c.place()
	if from < 0 && by < 0 {
		from = 0
	}
	c.at = c.nth((from + by + n) % n)
	return c
}

// jump chooses the option that is offered in place i, or else the nearest.
func (c Choice) jump(i int) Choice {
	if n := c.count(); n > 0 {
		c.at = c.nth(min(max(i, 0), n-1))
	}
	return c
}

// reset takes everything back.
func (c Choice) reset() Choice {
	c.at, c.typed, c.matches = -1, "", nil
	return c
}

// widen takes the last character back; without any, and between few options, nothing is chosen any more.
func (c Choice) widen(words Words) Choice {
	runes := []rune(c.typed)
	sizes := clusters(c.typed)
	if len(sizes) < 2 || c.few() {
		return c.reset()
	}
	wider, ok := c.filter(string(runes[:len(runes)-sizes[len(sizes)-1]]), words)
	if !ok {
		return c.reset()
	}
	return wider
}

// narrow adds text to what was typed and chooses the best match; what matches nothing is refused as a whole. Between few
// options another beginning starts anew.
func (c Choice) narrow(text string, words Words) (Choice, Say) {
	if utf8.RuneCountInString(text)+utf8.RuneCountInString(c.typed) > longestFilter {
		return c, Say{Key: "refused.long", Args: []any{longestFilter}}
	}
	if strings.ContainsRune(text, intake.Unreadable) {
		return c, Say{Key: "refused.encoding"}
	}
	text = oneLine(text)
	next, ok := c.filter(c.typed+text, words)
	if !ok && c.few() {
		next, ok = c.filter(text, words)
	}
	if !ok {
		return c, Say{Key: "refused.choice"}
	}
	return next, Say{}
}

// filter offers the options that have text in their names and chooses the first; ok is false when there are none.
func (c Choice) filter(text string, words Words) (filtered Choice, ok bool) {
	text = norm.NFC.String(strings.TrimLeft(text, " "))
	c.index = c.index.of(c.options, words)
	found := c.index.find(text, c.few())
	if len(found) == 0 {
		return c, false
	}
	c.typed, c.matches, c.at = text, found, found[0]
	return c, true
}
