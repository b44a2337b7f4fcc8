package screen

import (
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"foyer/internal/registration"
	"foyer/ui/wording"
)

// Soon says, in place of the first screen, that nobody can register at the moment, and that it opens by itself. The root asks the
// tenant again; the screen keeps no keys.
type Soon struct {
	frame   Frame
	problem *registration.Problem // why
	asking  bool                  // the tenant is being asked because somebody wished it
	page    page
	keys    soonKeys
}

type soonKeys struct{ Ask key.Binding }

// NewSoon returns the screen for problem. Asking says that somebody wants to know whether it is over, and that they are about to.
func NewSoon(problem *registration.Problem, asking bool) Soon {
	return Soon{problem: problem, asking: asking}
}

// Init does nothing.
func (s Soon) Init() tea.Cmd { return nil }

// Update waits for somebody who does not want to wait.
func (s Soon) Update(msg tea.Msg) (Screen, Intent, tea.Cmd) {
	k, ok := msg.(tea.KeyMsg)
	switch {
	case !ok:
	case key.Matches(k, s.keys.Ask):
		return s, Intent{Go: Reopen}, nil
	default:
		s.page = s.page.turn(k, s.frame, s.text())
	}
	return s, Intent{}, nil
}

// Fit puts the screen into f.
func (s Soon) Fit(f Frame) Screen {
	s.frame = f
	s.keys = soonKeys{Ask: binding(f.Words, "enter", "key.retry", "enter")}
	s.keys.Ask.SetEnabled(!s.asking)
	s.page = s.page.fit(f, s.text())
	return s
}

// View draws what there is to say.
func (s Soon) View() string { return s.page.view(s.frame, s.text()) }

func (s Soon) text() string {
	f, t := s.frame, s.frame.Theme
	said := wording.OfSoon(s.problem)
	lines := []string{f.paragraph(t.Heading, said.Title.In(f.Words)), ""}
	for _, say := range said.What {
		lines = append(lines, f.paragraph(t.Text, say.In(f.Words)))
	}
	lines = append(lines, "")
	if s.asking {
		lines = append(lines, f.paragraph(t.Faint, f.Words.Text("opening")))
	}
	return strings.Join(append(lines, f.forStaff(s.problem)...), "\n")
}

// ShortHelp returns the keys that work.
func (s Soon) ShortHelp() []key.Binding { return append([]key.Binding{s.keys.Ask}, s.page.help()...) }

// FullHelp returns the keys that work.
func (s Soon) FullHelp() [][]key.Binding { return [][]key.Binding{s.ShortHelp()} }
