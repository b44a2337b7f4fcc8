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
	from  int // the first line shown
}

type helpKeys struct{ Back, Up, Down key.Binding }

// NewHelp returns the help for the step called name, with its keys and those that work everywhere.
func NewHelp(name string, of help.KeyMap, every []key.Binding) Help {
	return Help{name: name, of: of, every: every}
}

// Init does nothing.
func (h Help) Init() tea.Cmd { return nil }

// Update scrolls, and goes back at any other key.
func (h Help) Update(msg tea.Msg) (Screen, Intent, tea.Cmd) {
	k, ok := msg.(tea.KeyMsg)
	if !ok {
		return h, Intent{}, nil
	}
	switch {
	case key.Matches(k, h.keys.Down):
		h.from = min(h.from+1, max(len(h.lines())-h.frame.Height, 0))
	case key.Matches(k, h.keys.Up):
		h.from = max(h.from-1, 0)
	case key.Matches(k, h.keys.Back):
		return h, Intent{Go: Back}, nil
	}
	return h, Intent{}, nil
}

// Fit puts the screen into f.
func (h Help) Fit(f Frame) Screen {
	h.frame = f
	h.keys = helpKeys{
		Back: binding(f.Words, "esc", "key.close", "esc", "enter", "f1"),
		Up:   binding(f.Words, f.Theme.Glyphs.Up, "key.scroll", "up"),
		Down: binding(f.Words, f.Theme.Glyphs.Up+f.Theme.Glyphs.Down, "key.scroll", "down"),
	}
	return h
}

// View draws the part of the help that fits.
func (h Help) View() string {
	lines := h.lines()
	from := min(h.from, max(len(lines)-h.frame.Height, 0))
	return strings.Join(lines[from:min(from+h.frame.Height, len(lines))], "\n")
}

func (h Help) lines() []string {
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
	text += "\n" + f.paragraph(t.Faint, words.Text("help.privacy"))
	return strings.Split(text, "\n")
}

func (h Help) row(b key.Binding) string {
	const column = 12
	shown := h.frame.Theme.Key.Render(b.Help().Key)
	return "  " + shown + strings.Repeat(" ", max(column-lipgloss.Width(shown), 1)) + h.frame.Theme.Text.Render(b.Help().Desc)
}

// ShortHelp returns the keys that work.
func (h Help) ShortHelp() []key.Binding { return []key.Binding{h.keys.Back, h.keys.Down} }

// FullHelp returns the keys that work.
func (h Help) FullHelp() [][]key.Binding { return [][]key.Binding{h.ShortHelp()} }
