package screen

import (
	"context"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"

	"foyer/internal/i18n"
	"foyer/internal/registration"
	"foyer/internal/secret"
	"foyer/ui/field"
	"foyer/ui/wording"
)

// A BreachLookup reports whether a password is known from a breach. It may take its time.
type BreachLookup interface {
	Breached(ctx context.Context, password secret.Text) bool
}

// Password asks for a password, twice, or suggests one.
type Password struct {
	frame     Frame
	ctx       context.Context // of the session; look-ups run below it
	lookup    BreachLookup
	form      *registration.Form
	suggested suggestion
	pause     int         // counts the keys, so that only the last pause looks up
	breached  secret.Text // the password that was found in a breach; empty for none
	draft     registration.Draft
	password  field.Password
	again     field.Secret
	repeating bool // the cursor is on the second input
	shown     bool
	complaint field.Say // about the second input
	rejected  field.Say // why the tenant refused the password
	keys      passwordKeys
}

type passwordKeys struct{ Next, Forward, Backward, Show, Suggest, Back key.Binding }

// An estimatedMsg brings the estimate of a password.
type estimatedMsg struct{ estimated field.Estimated }

// NewPassword returns the password screen for form's policy; lookup runs below ctx.
func NewPassword(ctx context.Context, form *registration.Form, draft registration.Draft, entry Entry, lookup BreachLookup) Password {
	p := Password{
		ctx: ctx, lookup: lookup, form: form,
		draft:    draft,
		password: field.NewPassword(form.Pool.PasswordPolicy, form.Blocklist(), draft.Words(), draft.Password),
		again:    field.NewSecret(draft.Password),
	}
	if !entry.Flaw.OK() {
		p.rejected = wording.OfFlaw(entry.Flaw)
	}
	return p
}

// Init does nothing.
func (p Password) Init() tea.Cmd { return nil }

// Update edits the input with the cursor.
func (p Password) Update(msg tea.Msg) (Screen, Intent, tea.Cmd) {
	switch msg := msg.(type) {
	case estimatedMsg:
		settled, judge := p.password.Settle(msg.estimated)
		p.password = settled
		return p, Intent{}, estimate(judge)
	case pausedMsg:
		return p, Intent{}, p.lookUp(msg)
	case lookedUpMsg:
		return p.found(msg), Intent{}, nil
	case tea.KeyMsg:
		if p.suggested.open() {
			return p.pressSuggestion(msg), Intent{}, nil
		}
		return p.press(msg)
	}
	return p, Intent{}, nil
}

func (p Password) press(k tea.KeyMsg) (Screen, Intent, tea.Cmd) {
	switch {
	case key.Matches(k, p.keys.Next):
		return p.next()
	case key.Matches(k, p.keys.Forward):
		p.repeating = true
	case key.Matches(k, p.keys.Backward):
		p.repeating = false
	case key.Matches(k, p.keys.Show):
		p.shown = !p.shown
		p.password, p.again = p.password.Show(p.shown), p.again.Show(p.shown)
	case key.Matches(k, p.keys.Suggest):
		p.suggested = suggest(p.form, false, p.frame.Words)
	case key.Matches(k, p.keys.Back):
		return p, Intent{Go: Back, Draft: p.kept()}, nil
	default:
		return p.edit(k)
	}
	return p, Intent{}, nil
}

// edit gives a key to the input with the cursor.
func (p Password) edit(k tea.KeyMsg) (Screen, Intent, tea.Cmd) {
	if p.repeating {
		p.again, p.complaint = p.again.Edit(k)
		return p, Intent{}, nil
	}
	p.complaint, p.rejected = field.Say{}, field.Say{}
	before := p.password.Value()
	updated, judge := p.password.Update(k)
	p.password = updated
	if p.password.Value() == before {
		return p, Intent{}, nil
	}
	p.pause++
	return p, Intent{}, tea.Batch(estimate(judge), p.pauses())
}

// estimate is the command that makes an estimate; nil when none is wanted.
func estimate(judge func() field.Estimated) tea.Cmd {
	if judge == nil {
		return nil
	}
	return guard(func() tea.Msg { return estimatedMsg{judge()} })
}

// next goes to the second input, and on from there when both are the same.
func (p Password) next() (Screen, Intent, tea.Cmd) {
	insisted, good := p.password.Insist()
	p.password = insisted
	switch {
	case !good || !p.rejected.Silent():
		p.repeating = false
	case p.knownBreached():
		p.repeating, p.rejected = false, field.Say{Key: "flaw.breached"}
	case !p.repeating:
		p.repeating = true
	case p.again.Value() == "":
		p.complaint = field.Say{Key: "password.again.empty"}
	case p.again.Value() != p.password.Value():
		p.complaint = field.Say{Key: "password.again.differs"}
	default:
		return p, Intent{Go: Next, Draft: p.answered()}, nil
	}
	return p, Intent{}, nil
}

// kept is the draft for a person who goes back: with the password as it stands when it is good and was typed twice, else
// with the one from before. Nobody is registered with a password that they typed once.
func (p Password) kept() *registration.Draft {
	if _, good := p.password.Insist(); good && p.again.Value() == p.password.Value() {
		return p.answered()
	}
	draft := p.draft
	return &draft
}

// answered is the draft with the password as it stands.
func (p Password) answered() *registration.Draft {
	draft := p.draft
	if value := p.password.Value(); value != draft.Password.Reveal() {
		draft.Password = secret.New(value)
	}
	return &draft
}

// Fit puts the screen into f.
func (p Password) Fit(f Frame) Screen {
	p.frame = f
	p.keys = newPasswordKeys(f.Words)
	p.suggested.keys = p.suggested.speak(f.Words)
	return p
}

func newPasswordKeys(words *i18n.Words) passwordKeys {
	return passwordKeys{
		Next:     binding(words, "enter", "key.next", "enter"),
		Forward:  binding(words, "tab", "key.move", "tab", "down"),
		Backward: binding(words, "shift+tab", "key.move_back", "shift+tab", "up"),
		Show:     binding(words, "ctrl+r", "key.show", "ctrl+r"),
		Suggest:  binding(words, "ctrl+g", "key.suggest", "ctrl+g"),
		Back:     binding(words, "esc", "key.back", "esc"),
	}
}

// View draws both inputs and what is thought of the first.
func (p Password) View() string {
	f, t, words := p.frame, p.frame.Theme, p.frame.Words
	if p.suggested.open() {
		return p.suggested.view(f)
	}
	body := f.heading(words.Text("password.title"), words.Text("password.what"))
	body += p.label("password.label", !p.repeating) + "\n"
	body += p.password.View(f.Width, !p.repeating, words, t) + "\n"
	if !p.rejected.Silent() {
		body += f.paragraph(t.Invalid, t.Glyphs.Cross+" "+p.rejected.In(words)) + "\n"
	}
	if f.Height >= roomy {
		body += "\n"
	}
	at := 0
	if p.repeating {
		at = lipgloss.Height(body)
	}
	body += p.label("password.again", p.repeating) + "\n" + p.againView() + "\n"
	if !p.complaint.Silent() {
		body += f.paragraph(t.Invalid, t.Glyphs.Cross+" "+p.complaint.In(words)) + "\n"
	}
	return f.clip(strings.TrimRight(body, "\n"), at)
}

func (p Password) label(name string, focused bool) string {
	style := p.frame.Theme.Label
	if focused {
		style = p.frame.Theme.LabelOn
	}
	return style.Render(p.frame.Words.Text(name))
}

func (p Password) againView() string {
	f, t := p.frame, p.frame.Theme
	bar := t.Faint.Render(t.Glyphs.Bar)
	if p.repeating {
		bar = t.Accent.Render(t.Glyphs.BarOn)
	}
	view := p.again.View(f.Width-5, p.repeating, t)
	if v := p.again.Value(); v != "" && v == p.password.Value() {
		view += strings.Repeat(" ", max(f.Width-3-lipgloss.Width(view), 0)) + t.Valid.Render(t.Glyphs.Tick)
	}
	return bar + " " + view
}

// ShortHelp returns the keys that work.
func (p Password) ShortHelp() []key.Binding {
	if p.suggested.open() {
		return p.suggested.help()
	}
	return []key.Binding{p.keys.Next, p.keys.Show, p.keys.Suggest, p.keys.Back}
}

// FullHelp returns the keys that work.
func (p Password) FullHelp() [][]key.Binding {
	if p.suggested.open() {
		return [][]key.Binding{p.suggested.help()}
	}
	return [][]key.Binding{{p.keys.Next, p.keys.Forward, p.keys.Backward, p.keys.Show, p.keys.Suggest, p.keys.Back}}
}
