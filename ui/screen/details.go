package screen

import (
	"slices"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"

	"foyer/internal/clean"
	"foyer/internal/i18n"
	"foyer/internal/registration"
	"foyer/ui/field"
)

// Details asks for the identifiers and the payload, in pages that fit the window.
type Details struct {
	frame    Frame
	form     *registration.Form
	draft    registration.Draft
	fields   []field.Field // one for each question
	at       int           // the field with the cursor
	once     bool          // came to change one answer: enter goes back to where it came from
	rejected registration.Finding
	keys     detailsKeys
}

type detailsKeys struct{ Next, Forward, Backward, Back key.Binding }

// An Entry says how a person comes to a step: to answer all of it, or to change what one pointer points at.
type Entry struct {
	At   string            // JSON Pointer (RFC 6901) into the draft; "" for the first question
	Once bool              // only that answer is to be changed
	Flaw registration.Flaw // what is wrong with it, when that is known
}

// NewDetails returns the questions of form with the answers of draft.
func NewDetails(form *registration.Form, draft registration.Draft, entry Entry) Details {
	d := Details{form: form, draft: draft, once: entry.Once, rejected: registration.Finding{Pointer: entry.At, Flaw: entry.Flaw}}
	for i, q := range form.Questions {
		d.fields = append(d.fields, newField(q, draft))
		if q.Pointer == entry.At {
			d.at = i
		}
	}
	d = d.judge()
	for i, f := range d.fields {
		if d.fields[i] = f.Left(); i == d.at && !entry.Flaw.OK() {
			d.fields[i] = f.Insist()
		}
	}
	return d
}

// Bounds on what a line takes, in code points. A tighter bound of the schema is complained about, not enforced by the keys.
const (
	longestAnswer = 512
	largestAnswer = 4096
)

// newField returns the field for a question.
func newField(q registration.Question, draft registration.Draft) field.Field {
	answer := draft.Answer(q)
	switch q.Kind {
	case registration.Choice:
		return field.NewPick(labelOf(q), hintOf(q), q.Required, field.NewChoice(q.Options, answer))
	case registration.Switch:
		return field.NewPick(labelOf(q), hintOf(q), q.Required, field.NewSwitch(answer))
	case registration.Text, registration.Number, registration.Integer:
	}
	limit := min(max(longestAnswer, q.MaxRunes), largestAnswer)
	return field.NewText(labelOf(q), hintOf(q), q.Required, field.NewLine(answer, limit, ""))
}

// Init does nothing.
func (d Details) Init() tea.Cmd { return nil }

// Update moves between the fields and edits the one with the cursor.
func (d Details) Update(msg tea.Msg) (Screen, Intent, tea.Cmd) {
	k, ok := msg.(tea.KeyMsg)
	if !ok {
		return d, Intent{}, nil
	}
	switch {
	case key.Matches(k, d.keys.Next):
		return d.next()
	case key.Matches(k, d.keys.Forward):
		return d.move(d.at + 1), Intent{}, nil
	case key.Matches(k, d.keys.Backward):
		return d.move(d.at - 1), Intent{}, nil
	case key.Matches(k, d.keys.Back):
		draft := d.draft
		return d, Intent{Go: Back, Draft: &draft}, nil
	}
	return d.edit(k), Intent{}, nil
}

// edit gives a key to the field with the cursor.
func (d Details) edit(k tea.KeyMsg) Screen {
	before := d.fields[d.at].Value()
	d.fields = slices.Clone(d.fields)
	d.fields[d.at] = d.fields[d.at].Update(k, d.frame.Words)
	if d.fields[d.at].Value() == before {
		return d
	}
	q := d.form.Questions[d.at]
	d.draft = d.draft.With(q, d.fields[d.at].Value())
	if d.rejected.Pointer == q.Pointer {
		d.rejected = registration.Finding{} // it is another answer now
	}
	return d.judge()
}

// judge tells every field what is wrong with it: one answer may ask for another.
func (d Details) judge() Details {
	flaws := make(map[string]registration.Flaw, 1)
	for _, f := range slices.Backward(d.form.Check(d.draft)) { // the first flaw of an answer counts
		flaws[f.Pointer] = f.Flaw
	}
	if !d.rejected.Flaw.OK() {
		flaws[d.rejected.Pointer] = d.rejected.Flaw
	}
	for i, q := range d.form.Questions {
		d.fields[i] = d.fields[i].Judge(sayFlaw(flaws[q.Pointer]))
	}
	return d
}

// move puts the cursor on field i, if there is one.
func (d Details) move(i int) Details {
	if i < 0 || i >= len(d.fields) {
		return d
	}
	d.fields = slices.Clone(d.fields)
	d.fields[d.at] = d.fields[d.at].Left()
	d.at = i
	return d
}

// next goes to the field after a good one, and on from the last; a bad one keeps the cursor and complains.
func (d Details) next() (Screen, Intent, tea.Cmd) {
	d.fields = slices.Clone(d.fields)
	d.fields[d.at] = d.fields[d.at].Insist()
	switch {
	case !d.fields[d.at].Good():
		return d, Intent{}, nil
	case !d.once && d.at < len(d.fields)-1:
		return d.move(d.at + 1), Intent{}, nil
	}
	if i := slices.IndexFunc(d.fields, func(f field.Field) bool { return !f.Good() }); i >= 0 {
		d = d.move(i)
		d.fields[i] = d.fields[i].Insist()
		return d, Intent{}, nil
	}
	draft := d.draft
	return d, Intent{Go: Next, Draft: &draft}, nil
}

// Fit puts the screen into f.
func (d Details) Fit(f Frame) Screen {
	d.frame = f
	d.keys = newDetailsKeys(f.Words)
	d.keys.Forward.SetEnabled(len(d.fields) > 1)
	d.keys.Backward.SetEnabled(len(d.fields) > 1)
	return d
}

func newDetailsKeys(words *i18n.Words) detailsKeys {
	return detailsKeys{
		Next:     binding(words, "enter", "key.next", "enter"),
		Forward:  binding(words, "tab", "key.move", "tab", "down"),
		Backward: binding(words, "shift+tab", "key.move_back", "shift+tab", "up"),
		Back:     binding(words, "esc", "key.back", "esc"),
	}
}

// page returns the first and the last field of the page with the cursor, and which page of how many it is.
func (d Details) page(height int) (from, to, page, pages int) {
	size := max((height+1)/fieldHeight, 1)
	pages = (len(d.fields) + size - 1) / size
	page = d.at / size
	return page * size, min((page+1)*size, len(d.fields)), page, pages
}

// fieldHeight is the lines of a field: label, input, remark, and a blank one.
const fieldHeight = 4

// View draws the page with the cursor.
func (d Details) View() string {
	f := d.frame
	title := clean.Line(d.form.Heading, longestLabel)
	if title == "" {
		title = f.Words.Text("details.title")
	}
	heading := f.heading(title, f.Words.Text("details.what"))
	from, to, page, pages := d.page(f.Height - lipgloss.Height(heading) + 1)
	if pages > 1 {
		heading = f.heading(title+" "+f.Words.Text("details.page", page+1, pages), f.Words.Text("details.what"))
	}
	body, at := heading, 0
	for i := from; i < to; i++ {
		if i == d.at {
			at = lipgloss.Height(body)
		}
		body += d.fields[i].View(f.Width, i == d.at, f.Words, f.Theme) + "\n"
		if i < to-1 {
			body += "\n"
		}
	}
	return f.clip(strings.TrimRight(body, "\n"), at)
}

// ShortHelp returns the keys that work.
func (d Details) ShortHelp() []key.Binding {
	return []key.Binding{d.keys.Next, d.keys.Forward, d.keys.Back}
}

// FullHelp returns the keys that work.
func (d Details) FullHelp() [][]key.Binding {
	return [][]key.Binding{{d.keys.Next, d.keys.Forward, d.keys.Backward, d.keys.Back}}
}
