package screen

import (
	"slices"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"foyer/internal/i18n"
	"foyer/internal/registration"
	"foyer/ui/field"
	"foyer/ui/wording"
)

// Details asks for the identifiers and the payload, in pages that fit the window. What it asks follows from what was answered:
// questions come and go.
type Details struct {
	frame     Frame
	form      *registration.Form
	draft     registration.Draft
	questions []registration.Question
	fields    []field.Field // one for each question
	at        int           // the field with the cursor
	once      bool          // came to change one answer: enter goes back to where it came from
	rejected  registration.Finding
	keys      detailsKeys
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
	d := Details{form: form, draft: draft, once: entry.Once}
	d = d.ask(form.Questions(draft))
	if i, ok := registration.Locate(d.questions, entry.At); ok {
		d.at = i
		d.rejected = registration.Finding{Pointer: d.questions[i].Pointer, Flaw: entry.Flaw}
	}
	d = d.judge(form.Flaws(draft, d.questions, d.rejected))
	for i, f := range d.fields {
		if d.fields[i] = f.Left(); i == d.at && !entry.Flaw.OK() {
			d.fields[i] = f.Insist()
		}
	}
	return d
}

// survey makes the questions anew, and tells every field what is wrong with it: one answer may ask for another.
func (d Details) survey() Details {
	questions, flaws := d.form.Survey(d.draft, d.rejected)
	return d.ask(questions).judge(flaws)
}

// ask takes questions. A field stays as it is where its question does, and the cursor stays on its question.
func (d Details) ask(questions []registration.Question) Details {
	fields := make([]field.Field, len(questions))
	before := make(map[asked]int, len(d.questions)) // a form may have 2,000 questions
	for i, q := range d.questions {
		before[askedOf(q)] = i
	}
	at := max(min(d.at, len(questions)-1), 0)
	for i, q := range questions {
		old, known := before[askedOf(q)]
		if known && old == d.at {
			at = i
		}
		if known && sameQuestion(d.questions[old], q) && (q.Kind != registration.Shape || d.fields[old].Value() == d.draft.Answer(q)) {
			fields[i] = d.fields[old]
		} else {
			fields[i] = newField(q, d.draft).WithPlaceholder(wording.PlaceholderOf(q))
		}
	}
	d.questions, d.fields, d.at = questions, fields, at
	return d
}

// asked tells a question from all others.
type asked struct {
	pointer string
	kind    registration.Kind
}

func askedOf(q registration.Question) asked { return asked{q.Pointer, q.Kind} }

// sameQuestion reports whether the field of a does for b.
func sameQuestion(a, b registration.Question) bool {
	return a.Required == b.Required && a.Label == b.Label && a.Widget == b.Widget && a.MaxRunes == b.MaxRunes && a.CanAdd == b.CanAdd && a.CanRemove == b.CanRemove && a.Count == b.Count &&
		len(a.Options) == len(b.Options) && (len(a.Options) == 0 || &a.Options[0] == &b.Options[0])
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
	q := d.questions[d.at]
	if d.fields[d.at].Value() == before || q.Acts() {
		return d
	}
	d.draft = d.form.Answer(d.draft, q, d.fields[d.at].Value())
	if d.rejected.Pointer == q.Pointer {
		d.rejected = registration.Finding{} // it is another answer now
	}
	return d.survey()
}

// judge tells every field what is wrong with it, by its question.
func (d Details) judge(flaws []registration.Flaw) Details {
	for i, flaw := range flaws {
		d.fields[i] = d.fields[i].Judge(wording.OfFlaw(flaw))
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
	return d.refit()
}

// next goes to the field after a good one, and on from the last; a bad one keeps the cursor and complains.
func (d Details) next() (Screen, Intent, tea.Cmd) {
	if acted, ok := d.act(); ok {
		return acted, Intent{}, nil
	}
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
	return d.refit()
}

// refit makes the keys that work.
func (d Details) refit() Details {
	if d.frame.Words == nil {
		return d
	}
	d.keys = newDetailsKeys(d.frame.Words)
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

// ShortHelp returns the keys that work.
func (d Details) ShortHelp() []key.Binding {
	return []key.Binding{d.keys.Next, d.keys.Forward, d.keys.Back}
}

// FullHelp returns the keys that work.
func (d Details) FullHelp() [][]key.Binding {
	return [][]key.Binding{{d.keys.Next, d.keys.Forward, d.keys.Backward, d.keys.Back}}
}
