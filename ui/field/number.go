package field

import (
	"math/big"
	"regexp"
	"strings"
	"unicode"

	tea "github.com/charmbracelet/bubbletea"
	"golang.org/x/text/unicode/norm"

	"foyer/ui/theme"
)

// longestNumber bounds a number, in characters: no schema takes a longer one.
const longestNumber = 400

var (
	numberBegun  = regexp.MustCompile(`^-?\d*(\.\d*)?$`)
	integerBegun = regexp.MustCompile(`^-?\d*$`)
)

// A Number edits a number as JSON writes it: digits, a minus in front, and a decimal point, for which some languages type a
// comma. What can be no part of one is refused.
type Number struct {
	line  Line
	whole bool
}

// NewNumber returns a number that holds value; whole is for one without a decimal point.
func NewNumber(value string, whole bool) Number {
	return Number{NewLine(value, longestNumber, ""), whole}
}

// Value returns the number as typed, with a point.
func (n Number) Value() string { return n.line.Value() }

// Update handles a key. What it returns besides is why it refused something, if it did. Words have the decimal sign.
func (n Number) Update(msg tea.KeyMsg, words Words) (Number, Say) {
	switch {
	case (msg.Type == tea.KeyRunes || msg.Type == tea.KeySpace) && !msg.Alt:
		return n.insert(string(msg.Runes), words)
	case msg.Type == tea.KeyCtrlUp:
		return n.step(1), Say{}
	case msg.Type == tea.KeyCtrlDown:
		return n.step(-1), Say{}
	}
	line, refusal := n.line.Update(msg)
	n.line = line
	return n, refusal
}

// insert types text at the cursor; a text with which it cannot become a number is refused as a whole.
func (n Number) insert(text string, words Words) (Number, Say) {
	head, tail := n.line.halves()
	if len(head)+len(text)+len(tail) > longestNumber {
		return n, Say{Key: "refused.long", Args: []any{longestNumber}}
	}
	text = tidyNumber(text, words.Text("number.decimal"))
	form, refusal := numberBegun, Say{Key: "refused.number"}
	if n.whole {
		form, refusal = integerBegun, Say{Key: "refused.integer"}
	}
	if strings.HasPrefix(text, ".") && (head == "" || head == "-") {
		text = "0" + text
	}
	if !form.MatchString(head + text + tail) {
		return n, refusal
	}
	n.line = n.line.holding(head+text, tail)
	return n, Say{}
}

// tidyNumber is text without the spaces that group digits, with plain digits, a plain minus, and a point for the decimal sign.
func tidyNumber(text, decimal string) string {
	text = strings.ReplaceAll(norm.NFKC.String(text), decimal, ".")
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return -1
		case r == '\u2212': // minus sign
			return '-'
		}
		return r
	}, text)
}

// step adds to the number; what is none yet counts as nothing.
func (n Number) step(by int64) Number {
	if !numberBegun.MatchString(n.Value()) { // an exponent, with which big would calculate for long
		return n
	}
	value, ok := new(big.Rat).SetString(n.Value())
	if !ok {
		value = new(big.Rat)
	}
	_, fraction, _ := strings.Cut(n.Value(), ".")
	text := value.Add(value, big.NewRat(by, 1)).FloatString(len(fraction))
	if len(text) > longestNumber {
		return n
	}
	n.line = n.line.holding(text, "")
	return n
}

// View draws the number.
func (n Number) View(width int, focused bool, _ Words, th theme.Theme) string {
	return n.line.View(width, focused, th)
}
