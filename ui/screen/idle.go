package screen

import (
	"strings"
	"time"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"foyer/internal/registration"
	"foyer/ui/wording"
)

// Idle warns a person who has not touched a key for a while; then everything typed is forgotten.
type Idle struct {
	frame   Frame
	timer   countdown
	pending *registration.Receipt // of a half-made account; nil when there is none
	keys    idleKeys
}

type idleKeys struct{ Stay key.Binding }

// NewIdle returns a warning that lasts for d. Pending is the receipt of an account about which something is outstanding; nil
// for none.
func NewIdle(d time.Duration, pending *registration.Receipt) Idle {
	return Idle{timer: newCountdown(d), pending: pending}
}

// Init starts the countdown.
func (i Idle) Init() tea.Cmd { return i.timer.tick() }

// Update goes back at any key, and starts over when the countdown ends.
func (i Idle) Update(msg tea.Msg) (Screen, Intent, tea.Cmd) {
	switch msg := msg.(type) {
	case tickedMsg:
		timer, over, cmd := i.timer.update(msg)
		i.timer = timer
		if over {
			return i, Intent{Go: Conclude}, nil
		}
		return i, Intent{}, cmd
	case tea.KeyMsg:
		return i, Intent{Go: Back}, nil
	}
	return i, Intent{}, nil
}

// Fit puts the screen into f.
func (i Idle) Fit(f Frame) Screen {
	i.frame = f
	i.keys = idleKeys{Stay: binding(f.Words, f.Words.Text("key.any"), "key.stay", "enter")}
	return i
}

// View draws the warning.
func (i Idle) View() string {
	f, t, words := i.frame, i.frame.Theme, i.frame.Words
	lines := []string{f.paragraph(t.Warning, words.Text("idle.title")), "", f.paragraph(t.Text, words.Text("idle.what", i.timer.left))}
	if i.pending != nil {
		lines = append(lines, "", f.paragraph(t.Warning, wording.HalfMade(*i.pending).In(words)))
	}
	return f.clip(strings.Join(lines, "\n"), 0)
}

// ShortHelp returns the keys that work.
func (i Idle) ShortHelp() []key.Binding { return []key.Binding{i.keys.Stay} }

// FullHelp returns the keys that work.
func (i Idle) FullHelp() [][]key.Binding { return [][]key.Binding{i.ShortHelp()} }
