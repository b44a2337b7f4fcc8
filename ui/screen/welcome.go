package screen

import (
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"foyer/internal/i18n"
	"foyer/internal/registration"
)

// Welcome is what a visitor sees first: what this is, and which key begins.
type Welcome struct {
	frame Frame
	title string             // the administrator's; "" for ours
	form  *registration.Form // nil until it was read
	keys  welcomeKeys
}

type welcomeKeys struct{ Start key.Binding }

// NewWelcome returns the welcome screen; title names the place, or is "", and form says what will be asked, or is nil.
func NewWelcome(title string, form *registration.Form) Welcome {
	return Welcome{title: title, form: form}
}

// Init does nothing.
func (w Welcome) Init() tea.Cmd { return nil }

// Update waits for enter.
func (w Welcome) Update(msg tea.Msg) (Screen, Intent, tea.Cmd) {
	if msg, ok := msg.(tea.KeyMsg); ok && key.Matches(msg, w.keys.Start) {
		return w, Intent{Go: Next}, nil
	}
	return w, Intent{}, nil
}

// Fit puts the screen into f.
func (w Welcome) Fit(f Frame) Screen {
	w.frame = f
	w.keys = newWelcomeKeys(f.Words)
	return w
}

func newWelcomeKeys(words *i18n.Words) welcomeKeys {
	return welcomeKeys{Start: binding(words, "enter", "key.start", "enter")}
}

// View draws the screen.
func (w Welcome) View() string {
	f, t := w.frame, w.frame.Theme
	title := w.title
	if title == "" {
		title = f.Words.Text("welcome.title")
	}
	lines := []string{f.paragraph(t.Heading, title), ""}
	lines = append(lines, f.paragraph(t.Text, f.Words.Text("welcome.what")), "")
	if f.Height >= roomy {
		for _, key := range w.steps() {
			const indent = 4
			text := strings.ReplaceAll(t.Faint.Wrap(f.Words.Text(key), f.Width-indent), "\n", "\n    ")
			lines = append(lines, t.Faint.Render("  "+t.Glyphs.Dot+" ")+text)
		}
		lines = append(lines, "")
	}
	lines = append(lines, f.button(f.Words.Text("welcome.start"), true))
	return f.clip(strings.Join(lines, "\n"), 0)
}

// steps are the keys of what lies ahead.
func (w Welcome) steps() []string {
	steps := []string{"welcome.details"}
	if w.form == nil {
		return append(steps, "welcome.password", "welcome.last")
	}
	if w.form.AsksPassword() {
		steps = append(steps, "welcome.password")
	}
	if w.form.AsksTOTP() {
		steps = append(steps, "welcome.totp")
	}
	switch settings := w.form.Settings(); {
	case w.form.EntersCode():
		return append(steps, "welcome.review", "welcome.code")
	case settings.Mode == registration.ModeInvitation:
		return append(steps, "welcome.review", "welcome.invitation")
	case settings.Verification == registration.VerifyLink:
		return append(steps, "welcome.review", "welcome.link")
	}
	return append(steps, "welcome.last")
}

// ShortHelp returns the keys that work.
func (w Welcome) ShortHelp() []key.Binding { return []key.Binding{w.keys.Start} }

// FullHelp returns the keys that work.
func (w Welcome) FullHelp() [][]key.Binding { return [][]key.Binding{w.ShortHelp()} }
