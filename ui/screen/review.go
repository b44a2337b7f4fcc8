package screen

import (
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"foyer/internal/i18n"
	"foyer/internal/registration"
	"foyer/ui/wording"
)

// Review shows all answers before they are sent, and leads to any of them and back. The cursor starts on the button, so
// that enter sends.
type Review struct {
	frame Frame
	form  *registration.Form
	draft registration.Draft
	rows  []registration.Question
	at    int // a row, then the button
	keys  reviewKeys
}

type reviewKeys struct{ Choose, Forward, Backward, Back key.Binding }

// NewReview returns the review of draft.
func NewReview(form *registration.Form, draft registration.Draft) Review {
	r := Review{form: form, draft: draft}
	for _, q := range form.Questions(draft) {
		if !q.Acts() {
			r.rows = append(r.rows, q)
		}
	}
	r.at = r.button()
	return r
}

// Init does nothing.
func (r Review) Init() tea.Cmd { return nil }

// Update moves the cursor, and acts on enter.
func (r Review) Update(msg tea.Msg) (Screen, Intent, tea.Cmd) {
	k, ok := msg.(tea.KeyMsg)
	if !ok {
		return r, Intent{}, nil
	}
	switch {
	case key.Matches(k, r.keys.Choose):
		return r, r.choose(), nil
	case key.Matches(k, r.keys.Forward):
		r.at = min(r.at+1, r.button())
	case key.Matches(k, r.keys.Backward):
		r.at = max(r.at-1, 0)
	case key.Matches(k, r.keys.Back):
		return r, Intent{Go: Back}, nil
	}
	return r, Intent{}, nil
}

// button is the cursor's place on the button: after the rows.
func (r Review) button() int { return len(r.form.Credentials()) + len(r.rows) }

func (r Review) choose() Intent {
	questions := len(r.rows)
	switch {
	case r.at == r.button():
		return Intent{Go: Submit}
	case r.at >= questions:
		return Intent{Go: Jump, At: r.form.Credentials()[r.at-questions]}
	}
	return Intent{Go: Jump, At: r.rows[r.at].Pointer}
}

// Fit puts the screen into f.
func (r Review) Fit(f Frame) Screen {
	r.frame = f
	r.keys = newReviewKeys(f.Words)
	return r
}

func newReviewKeys(words *i18n.Words) reviewKeys {
	return reviewKeys{
		Choose:   binding(words, "enter", "key.choose", "enter"),
		Forward:  binding(words, "tab", "key.move", "tab", "down"),
		Backward: binding(words, "shift+tab", "key.change", "shift+tab", "up"),
		Back:     binding(words, "esc", "key.back", "esc"),
	}
}

// View draws a line for each answer, and the button.
func (r Review) View() string {
	f, words := r.frame, r.frame.Words
	body := f.heading(words.Text("review.title"), words.Text("review.what"))
	at := strings.Count(body, "\n") + r.at
	for i, q := range r.rows {
		body += r.row(wording.RowLabelOf(q, words), wording.AnswerOf(r.draft, q, words), i == r.at)
	}
	for i, pointer := range r.form.Credentials() {
		label, answer := words.Text("review.password"), strings.Repeat(f.Theme.Glyphs.Mask, 8) // not its length
		if pointer == registration.PointerTOTPSecret {
			label, answer = words.Text("review.totp"), words.Text("review.totp.done")
		}
		body += r.row(label, answer, r.at == len(r.rows)+i)
	}
	if recorded := r.draft.Recorded.Identifier; recorded != "" {
		body += f.paragraph(f.Theme.Faint, words.Text("review.recorded", recorded)) + "\n"
	}
	if f.Height >= roomy {
		body += "\n"
	}
	body += f.button(words.Text("review.submit"), r.at == r.button())
	if r.at == r.button() {
		at = strings.Count(body, "\n")
	}
	return f.clip(body, at)
}

// row is one answer beside its label; in a narrow frame both are cut.
func (r Review) row(label, answer string, on bool) string {
	f, t := r.frame, r.frame.Theme
	const pointer = 2
	column := min(26, f.Width/2-pointer)
	label = ansi.Truncate(label, column-1, t.Glyphs.Ellipsis)
	answer = ansi.Truncate(answer, f.Width-pointer-column, t.Glyphs.Ellipsis)
	gap := strings.Repeat(" ", max(column-ansi.StringWidth(label), 1))
	if on {
		return t.Accent.Render(t.Glyphs.Right) + " " + t.LabelOn.Render(label) + gap + t.LabelOn.Render(answer) + "\n"
	}
	return "  " + t.Faint.Render(label) + gap + t.Text.Render(answer) + "\n"
}

// ShortHelp returns the keys that work.
func (r Review) ShortHelp() []key.Binding {
	return []key.Binding{r.keys.Choose, r.keys.Backward, r.keys.Back}
}

// FullHelp returns the keys that work.
func (r Review) FullHelp() [][]key.Binding {
	return [][]key.Binding{{r.keys.Choose, r.keys.Forward, r.keys.Backward, r.keys.Back}}
}
