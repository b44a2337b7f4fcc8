package screen

import (
	"strings"

	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"

	"foyer/internal/clean"
	"foyer/internal/registration"
	"foyer/ui/field"
	"foyer/ui/wording"
)

// Bounds on what a line takes, in code points. A tighter bound of the schema is complained about, not enforced by the keys.
const (
	longestAnswer = 512
	largestAnswer = 4096
)

// newField returns the field for a question.
func newField(q registration.Question, draft registration.Draft) field.Field {
	if q.Acts() {
		return actionField(q)
	}
	label, hint, answer := wording.LabelOf(q), wording.HintOf(q), draft.Answer(q)
	switch q.Kind {
	case registration.Choice, registration.Shape:
		return field.New(label, hint, q.Required, field.NewOptions(wording.OptionsOf(q), answer))
	case registration.Switch:
		return field.New(label, hint, q.Required, field.NewSwitch(answer))
	case registration.Number, registration.Integer:
		return field.New(label, hint, q.Required, field.NewNumber(answer, q.Kind == registration.Integer))
	case registration.Text, registration.Entry, registration.More, registration.Extra:
	}
	return textField(q, answer)
}

// Typed is the answer to q that a person gives who types text at once, and why it is none, if it is none. Words are theirs.
func Typed(q registration.Question, text string, words field.Words) (answer string, refusal field.Say) {
	return newField(q, registration.Draft{}).Typed(text, words)
}

// textField is the field for a question whose answer is typed, by what it asks for.
func textField(q registration.Question, answer string) field.Field {
	label, hint := wording.LabelOf(q), wording.HintOf(q)
	line := field.NewLine(answer, min(max(longestAnswer, q.MaxRunes), largestAnswer), "")
	switch q.Widget {
	case registration.WidgetDate:
		return field.New(label, hint, q.Required, field.NewDate(answer))
	case registration.WidgetMultiline:
		return field.New(label, hint, q.Required, field.NewArea(answer, largestAnswer))
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
	return field.NewText(label, hint, q.Required, line)
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
	title := clean.Line(d.form.Heading, wording.LongestLabel)
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
			body += f.Theme.Heading.Render(ansi.Truncate(wording.HeadingOf(d.questions[i]).In(f.Words), f.Width, "")) + "\n"
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
