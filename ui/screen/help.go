package screen

import (
	"strings"

	"github.com/charmbracelet/bubbles/help"
	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"
)

// Help explains a screen and lists its keys, made from the screen's own key map, so that it cannot lie.
type Help struct {
	frame Frame
	of    help.KeyMap
	every []key.Binding // the keys that work on every screen
	name  string        // of the step it explains
	keys  helpKeys
	page  page
}

type helpKeys struct{ Back key.Binding }

// NewHelp returns the help for the step called name, with its keys and those that work everywhere.
func NewHelp(name string, of help.KeyMap, every []key.Binding) Help {
	return Help{name: name, of: of, every: every}
}

// Init does nothing.
func (h Help) Init() tea.Cmd { return nil }

// Update scrolls, and goes back at the keys that close it.
func (h Help) Update(msg tea.Msg) (Screen, Intent, tea.Cmd) {
	k, ok := msg.(tea.KeyMsg)
	if !ok {
		return h, Intent{}, nil
	}
	if key.Matches(k, h.keys.Back) {
		return h, Intent{Go: Back}, nil
	}
	h.page = h.page.turn(k, h.frame, h.text())
	return h, Intent{}, nil
}

// Fit puts the screen into f.
func (h Help) Fit(f Frame) Screen {
	h.frame = f
	h.keys = helpKeys{Back: binding(f.Words, "esc", "key.close", "esc", "enter", "f1")}
	h.page = h.page.fit(f, h.text())
	return h
}

// View draws the part of the help that fits.
func (h Help) View() string { return h.page.view(h.frame, h.text()) }

func (h Help) text() string {
	f, t, words := h.frame, h.frame.Theme, h.frame.Words
	text := f.paragraph(t.Heading, words.Text("help.title")) + "\n\n"
	if key := "help." + h.name; words.Has(key) {
		text += f.paragraph(t.Text, words.Text(key)) + "\n\n"
	}
	for _, column := range append(h.of.FullHelp(), h.every) {
		for _, b := range column {
			if b.Enabled() {
				text += h.row(b) + "\n"
			}
		}
	}
	return text + "\n" + f.paragraph(t.Faint, words.Text("help.privacy"))
}

func (h Help) row(b key.Binding) string {
	const column = 12
	shown := h.frame.Theme.Key.Render(b.Help().Key)
	return "  " + shown + strings.Repeat(" ", max(column-lipgloss.Width(shown), 1)) + h.frame.Theme.Text.Render(b.Help().Desc)
}

// ShortHelp returns the keys that work.
func (h Help) ShortHelp() []key.Binding { return append([]key.Binding{h.keys.Back}, h.page.help()...) }

// FullHelp returns the keys that work.
func (h Help) FullHelp() [][]key.Binding { return [][]key.Binding{h.ShortHelp()} }
