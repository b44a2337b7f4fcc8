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

// Welcome is what a visitor sees first: what this is, and which key begins.
type Welcome struct {
	frame    Frame
	title    string                // the administrator's; "" for ours
	form     *registration.Form    // nil until it was read
	operator registration.Operator // who opened the kiosk; the zero one when nobody has to
	keys     welcomeKeys
}

type welcomeKeys struct{ Start, Staff key.Binding }

// NewWelcome returns the welcome screen; title names the place, or is "", form says what will be asked, or is nil, and operator
// is the member of staff in whose name people are registered, or the zero one.
func NewWelcome(title string, form *registration.Form, operator registration.Operator) Welcome {
	return Welcome{title: title, form: form, operator: operator}
}

// Init does nothing.
func (w Welcome) Init() tea.Cmd { return nil }

// Update waits for enter, or for staff.
func (w Welcome) Update(msg tea.Msg) (Screen, Intent, tea.Cmd) {
	k, ok := msg.(tea.KeyMsg)
	switch {
	case !ok:
	case key.Matches(k, w.keys.Start):
		return w, Intent{Go: Next}, nil
	case key.Matches(k, w.keys.Staff):
		return w, Intent{Go: AskStaff}, nil
	}
	return w, Intent{}, nil
}

// Fit puts the screen into f.
func (w Welcome) Fit(f Frame) Screen {
	w.frame = f
	w.keys = newWelcomeKeys(f.Words)
	w.keys.Staff.SetEnabled(w.staffed())
	return w
}

func newWelcomeKeys(words *i18n.Words) welcomeKeys {
	return welcomeKeys{
		Start: binding(words, "enter", "key.start", "enter"),
		Staff: binding(words, "f9", "key.staff", "f9"),
	}
}

// staffed reports whether a member of staff had to open the kiosk.
func (w Welcome) staffed() bool { return w.operator != registration.Operator{} }

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
		for _, step := range wording.Ahead(w.form) {
			const indent = 4
			text := strings.ReplaceAll(t.Faint.Wrap(step.In(f.Words), f.Width-indent), "\n", "\n    ")
			lines = append(lines, t.Faint.Render("  "+t.Glyphs.Dot+" ")+text)
		}
		lines = append(lines, "")
	}
	lines = append(lines, f.button(f.Words.Text("welcome.start"), true))
	if w.staffed() {
		lines = append(lines, "", t.Faint.Render(ansi.Truncate(f.Words.Text("welcome.opened", nameOf(w.operator)), f.Width, t.Glyphs.Ellipsis)))
	}
	return f.clip(strings.Join(lines, "\n"), 0)
}

// ShortHelp returns the keys that work. Where there is room for a few only, those for visitors come first: staff find theirs in
// the help.
func (w Welcome) ShortHelp() []key.Binding {
	const widthForStaff, heightForStaff = 60, 9
	if w.frame.Width < widthForStaff && w.frame.Height < heightForStaff {
		return []key.Binding{w.keys.Start}
	}
	return w.FullHelp()[0]
}

// FullHelp returns the keys that work.
func (w Welcome) FullHelp() [][]key.Binding { return [][]key.Binding{{w.keys.Start, w.keys.Staff}} }
