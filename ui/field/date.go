package field

import (
	"regexp"
	"strings"
	"time"

	"github.com/charmbracelet/bubbles/key"
	"github.com/charmbracelet/bubbles/textinput"
	tea "github.com/charmbracelet/bubbletea"
	"golang.org/x/text/unicode/norm"
)

// A Date edits a day of the calendar as year, month and day with hyphens between them (RFC 3339, full-date). The hyphens
// come by themselves. Other orders are refused and never guessed at.
type Date struct {
	text string // digits, and up to two hyphens
	at   int    // the cursor
}

const (
	dateForm   = "2006-01-02"
	lastPart   = 2  // of year, month and day, from 0
	mostPasted = 64 // bytes that can be a date with white space around it
)

var dateBegun = regexp.MustCompile(`^\d{0,4}(-\d{0,2}){0,2}$`)

// NewDate returns a date that holds value, which is dropped when it cannot become one.
func NewDate(value string) Date {
	if !dateBegun.MatchString(value) {
		return Date{}
	}
	return Date{value, len(value)}
}

// Value returns the date with all its digits, or what was typed as long as it is none.
func (d Date) Value() string {
	if day, ok := d.day(); ok {
		return day.Format(dateForm)
	}
	return d.text
}

// Left returns the date written out, as far as it goes.
func (d Date) Left() Date { return NewDate(d.Value()) }

// day is the day that was typed; ok is false while it is not complete, or not in the calendar.
func (d Date) day() (day time.Time, ok bool) {
	parts := strings.Split(d.text, "-")
	if len(parts) <= lastPart || len(parts[0]) != 4 || parts[0] == "0000" {
		return time.Time{}, false
	}
	day, err := time.Parse("2006-1-2", d.text)
	return day, err == nil
}

// Update handles a key. What it returns besides is why it refused something, if it did.
func (d Date) Update(msg tea.KeyMsg, _ Words) (Date, Say) {
	keys := textinput.DefaultKeyMap
	switch {
	case (msg.Type == tea.KeyRunes || msg.Type == tea.KeySpace) && !msg.Alt:
		return d.insert(string(msg.Runes))
	case msg.Type == tea.KeyCtrlUp:
		return d.step(1), Say{}
	case msg.Type == tea.KeyCtrlDown:
		return d.step(-1), Say{}
	case key.Matches(msg, keys.CharacterBackward):
		d.at = max(d.at-1, 0)
	case key.Matches(msg, keys.CharacterForward):
		d.at = min(d.at+1, len(d.text))
	case key.Matches(msg, keys.LineStart):
		d.at = 0
	case key.Matches(msg, keys.LineEnd):
		d.at = len(d.text)
	case key.Matches(msg, keys.DeleteCharacterBackward):
		return d.erase(d.at - 1), Say{}
	case key.Matches(msg, keys.DeleteCharacterForward):
		return d.erase(d.at), Say{}
	case key.Matches(msg, keys.DeleteBeforeCursor), key.Matches(msg, keys.DeleteWordBackward):
		return Date{}, Say{}
	}
	return d, Say{}
}

// erase takes out the digit at i. A hyphen goes only from the end; elsewhere the cursor steps over it.
func (d Date) erase(i int) Date {
	if i < 0 || i >= len(d.text) {
		return d
	}
	if d.text[i] == '-' && i < len(d.text)-1 {
		d.at = i + 1 - (d.at - i) // to its other side
		return d
	}
	d.text, d.at = d.text[:i]+d.text[i+1:], i
	return d
}

// insert types text at the cursor, or takes a whole date in place of what there is; what is no part of a date is refused as
// a whole.
func (d Date) insert(text string) (Date, Say) {
	refusal := Say{Key: "refused.date"}
	if len(text) > mostPasted {
		return d, refusal
	}
	if len(text) > 1 {
		text = strings.TrimSpace(text)
	}
	text = norm.NFKC.String(text) // some keyboards type digits of double width
	if whole := NewDate(text); len(whole.text) == len(dateForm) {
		return whole, Say{}
	}
	next := d
	for _, r := range text {
		var ok bool
		if next, ok = next.take(r); !ok {
			return d, refusal
		}
	}
	return next, Say{}
}

// take types one character.
func (d Date) take(r rune) (next Date, ok bool) {
	_, complete := d.day()
	switch {
	case r >= '0' && r <= '9':
		return d.digit(byte(r))
	case r == '+':
		return d.step(1), true
	case r == '-' && complete && len(d.text) == len(dateForm) && !strings.HasPrefix(d.text[d.at:], "-"):
		return d.step(-1), true
	case strings.ContainsRune("-/. ", r):
		return d.separate()
	}
	return d, false
}

// part is which of year, month and day the cursor is in, from 0, and where that begins and ends.
func (d Date) part() (part, start, end int) {
	part, start, end = strings.Count(d.text[:d.at], "-"), strings.LastIndexByte(d.text[:d.at], '-')+1, len(d.text)
	if i := strings.IndexByte(d.text[d.at:], '-'); i >= 0 {
		end = d.at + i
	}
	return part, start, end
}

// digit types a digit: into its part while there is room, else over the digit under the cursor.
func (d Date) digit(r byte) (next Date, ok bool) {
	part, start, end := d.part()
	size := 2
	if part == 0 {
		size = 4
	}
	switch {
	case end-start < size:
		d.text = d.text[:d.at] + string(r) + d.text[d.at:]
	case d.at < end:
		d.text = d.text[:d.at] + string(r) + d.text[d.at+1:]
	case part == lastPart:
		return d, false
	default:
		if end == len(d.text) {
			d.text += "-"
		}
		d.at = end + 1
		return d.digit(r)
	}
	d.at++
	return d, true
}

// separate ends the part with the cursor; a month of one digit gets its zero. It is refused where that part cannot end yet.
func (d Date) separate() (next Date, ok bool) {
	part, start, end := d.part()
	switch {
	case d.at == start && part > 0:
		return d, true // the hyphen is there already
	case d.at < end, end == start, part == 0 && end-start < 4, part == lastPart:
		return d, false
	}
	if part == 1 && end-start == 1 {
		d.text = d.text[:start] + "0" + d.text[start:]
		end++
	}
	if end == len(d.text) {
		d.text += "-"
	}
	d.at = end + 1
	return d, true
}
