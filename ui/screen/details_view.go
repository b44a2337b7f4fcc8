package screen

import (
	"slices"
	"strings"

	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"

	"foyer/internal/clean"
	"foyer/internal/registration"
	"foyer/ui/field"
)

// Bounds on what a line takes, in code points. A tighter bound of the schema is complained about, not enforced by the keys.
const (
	longestAnswer = 512
	largestAnswer = 4096
)

// newField returns the field for a question.
func newField(q registration.Question, draft registration.Draft) field.Field {
	answer := draft.Answer(q)
	switch q.Kind {
	case registration.Choice, registration.Shape:
		return field.New(labelOf(q), hintOf(q), q.Required, field.NewOptions(optionsOf(q), answer))
	case registration.Switch:
		return field.New(labelOf(q), hintOf(q), q.Required, field.NewSwitch(answer))
	case registration.Entry:
		return entryField(q)
	case registration.More:
		return moreField(q)
	case registration.Extra:
		return field.NewAction(field.Say{Key: "extra.label"}, field.Say{Key: "extra.hint"}, field.NewLine("", longestLabel, ""))
	case registration.Number, registration.Integer:
		return field.New(labelOf(q), hintOf(q), q.Required, field.NewNumber(answer, q.Kind == registration.Integer))
	case registration.Text:
	}
	return textField(q, answer)
}

// textField is the field for a question whose answer is typed, by what it asks for.
func textField(q registration.Question, answer string) field.Field {
	line := field.NewLine(answer, min(max(longestAnswer, q.MaxRunes), largestAnswer), "")
	switch q.Widget {
	case registration.WidgetDate:
		return field.New(labelOf(q), dateHint(q), q.Required, field.NewDate(answer))
	case registration.WidgetMultiline:
		return field.New(labelOf(q), textHint(q), q.Required, field.NewArea(answer, largestAnswer))
	case registration.WidgetEmail, registration.WidgetPhone:
		line = line.Trimming()
	case registration.WidgetPostalCode:
		line = line.Trimming()
		if strings.ToUpper(q.Example) == q.Example { // the schema asks for no small letters
			line = line.Upper()
		}
	case registration.WidgetPlain, registration.WidgetCountry:
	}
	if q.Identifier != "" {
		line = line.Trimming()
	}
	return field.NewText(labelOf(q), hintOf(q), q.Required, line)
}

// dateHint explains a question for a date: what the schema says of it, and the order in any case.
func dateHint(q registration.Question) field.Say {
	help := field.Say{Text: clean.Line(q.Help, longestLabel), Texts: cleaned(q.Helps)}
	if help.Silent() {
		return field.Say{Key: "date.hint"}
	}
	return field.Say{Key: "date.help", Args: []any{help}}
}

// textHint explains a question for several lines, unless the schema does.
func textHint(q registration.Question) field.Say {
	if q.Help == "" {
		return field.Say{Key: "text.hint", Texts: cleaned(q.Helps)}
	}
	return hintOf(q)
}

// optionsOf are the options of q: by their labels, or as countries when they are codes of such and nothing more.
func optionsOf(q registration.Question) []field.Option {
	countries := q.Widget == registration.WidgetCountry && !slices.ContainsFunc(q.Options, func(o registration.Option) bool {
		return o.Label != o.Value || !field.IsCountry(o.Value)
	})
	options := make([]field.Option, len(q.Options))
	for i, o := range q.Options {
		say := field.Say{Text: clean.Line(o.Label, longestLabel)}
		if countries {
			say = field.Say{Country: o.Value}
		}
		options[i] = field.Option{Say: say, Value: o.Value}
	}
	return options
}

// fieldHeight is the lines of a field: label, input, remark, and a blank one.
const fieldHeight = 4

// A detailsPage is the fields that are shown together.
type detailsPage struct{ from, to int }

// pages cuts the fields into pages of at most height lines: at the sections, where not all fit one page.
func (d Details) pages(height int) []detailsPage {
	var pages []detailsPage
	page, used, fits := detailsPage{}, 0, d.lines(0, len(d.fields)) <= height+1
	for i := range d.fields {
		need := d.lines(i, i+1)
		section := i > 0 && d.questions[i].Section != d.questions[i-1].Section && d.questions[i].Heading != ""
		if i > page.from && (used+need > height+1 || section && !fits) {
			page.to = i
			pages = append(pages, page)
			page, used = detailsPage{from: i}, 0
			need = d.lines(i, i+1)
		}
		used += need
	}
	page.to = len(d.fields)
	return append(pages, page)
}

// lines are those of the fields from to to, with the headings of their sections.
func (d Details) lines(from, to int) int {
	lines := fieldHeight * (to - from)
	for i := from; i < to; i++ {
		if d.headed(i) {
			lines++
		}
	}
	return lines
}

// headed reports whether the heading of a section stands above field i.
func (d Details) headed(i int) bool {
	return d.questions[i].Heading != "" && (i == 0 || d.questions[i].Section != d.questions[i-1].Section)
}

// View draws the page with the cursor.
func (d Details) View() string {
	f := d.frame
	title := clean.Line(d.form.Heading, longestLabel)
	if title == "" {
		title = f.Words.Text("details.title")
	}
	heading := f.heading(title, f.Words.Text("details.what"))
	pages := d.pages(f.Height - lipgloss.Height(heading) + 1)
	at := 0
	for i, p := range pages {
		if d.at >= p.from && d.at < p.to {
			at = i
		}
	}
	if len(pages) > 1 {
		heading = f.heading(title+" "+f.Words.Text("details.page", at+1, len(pages)), f.Words.Text("details.what"))
	}
	body, line := d.page(pages[at], heading)
	return f.clip(strings.TrimRight(body, "\n"), line)
}

// page draws the fields of p below heading, and says which line the cursor is on.
func (d Details) page(p detailsPage, heading string) (body string, line int) {
	f := d.frame
	body = heading
	for i := p.from; i < p.to; i++ {
		if d.headed(i) || i == p.from && d.questions[i].Heading != "" {
			body += f.Theme.Heading.Render(ansi.Truncate(headingOf(d.questions[i]).In(f.Words), f.Width, "")) + "\n"
		}
		if i == d.at {
			line = lipgloss.Height(body)
		}
		body += d.fields[i].View(f.Width, i == d.at, f.Words, f.Theme) + "\n"
		if i < p.to-1 {
			body += "\n"
		}
	}
	return body, line
}
