package field

import (
	"strconv"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"

	"foyer/ui/theme"
	"foyer/ui/wording"
)

// The calendar, as far as four digits reach, and where stepping begins.
const (
	firstYear = 1
	lastYear  = 9999
	someYear  = 2000
	months    = 12
)

// step moves the part with the cursor on or back within the calendar. A date that is not complete is first completed.
func (d Date) step(by int) Date {
	part, _, _ := d.part()
	day, ok := d.day()
	if !ok {
		return d.show(d.completed(), part)
	}
	year, month, date := day.Date()
	switch part {
	case 0:
		return d.show(dayOf(year+by, int(month), date), part)
	case 1:
		return d.show(dayOf(year, int(month)+by, date), part)
	}
	if next := day.AddDate(0, 0, by); next.Year() >= firstYear && next.Year() <= lastYear {
		day = next
	}
	return d.show(day, part)
}

// dayOf is a day with a month that may be one before January or after December; a year out of the calendar is its first or
// last one, and a date after the end of the month is its last one.
func dayOf(year, month, date int) time.Time {
	if month < 1 || month > months {
		on := year + (month+months-1)/months - 1
		if on < firstYear || on > lastYear {
			month = min(max(month, 1), months)
		} else {
			year, month = on, (month+months-1)%months+1
		}
	}
	year = min(max(year, firstYear), lastYear)
	last := time.Date(year, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC).Day()
	return time.Date(year, time.Month(month), min(date, last), 0, 0, 0, 0, time.UTC)
}

// completed is a day with what was typed of it that fits a calendar.
func (d Date) completed() time.Time {
	values := [3]int{someYear, 1, 1}
	for i, part := range strings.SplitN(d.text, "-", len(values)) {
		if n, err := strconv.Atoi(part); err == nil && n > 0 && (i > 0 || len(part) == 4) {
			values[i] = n
		}
	}
	return dayOf(values[0], min(values[1], months), values[2])
}

// show returns a date that holds day. The cursor stays where it is, or else at the end of the part.
func (d Date) show(day time.Time, part int) Date {
	if len(d.text) != len(dateForm) {
		d.at = [3]int{4, 7, len(dateForm)}[part]
	}
	d.text = day.Format(dateForm)
	return d
}

// View draws what was typed.
func (d Date) View(width int, focused bool, _ Words, th theme.Theme) string {
	line := NewLine("", len(dateForm), "").holding(d.text[:d.at], d.text[d.at:])
	return line.View(width, focused, th)
}

// Note is the date in words once it is complete, and until then what is still to be typed.
func (d Date) Note(width int, words Words, th theme.Theme) string {
	if d.text == "" {
		return ""
	}
	form := []rune(words.Text("date.form"))
	text := d.text + string(form[min(len(d.text), len(form)):])
	if day, ok := d.day(); ok {
		text = wording.Day(day, words)
	}
	return th.Faint.Render(ansi.Truncate(text, width, th.Glyphs.Ellipsis))
}
