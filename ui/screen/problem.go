package screen

import (
	"strings"
	"time"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"foyer/internal/clean"
	"foyer/internal/i18n"
	"foyer/internal/registration"
	"foyer/ui/theme"
	"foyer/ui/wording"
)

// Problem says what happened, in one plain sentence, and what to do now. The draft is kept.
type Problem struct {
	frame   Frame
	problem *registration.Problem
	value   string    // what stands at the field at fault; "" when there is none to show
	timer   countdown // to the next try, which is made by itself; of 0 when it is the person's
	page    page
	keys    problemKeys
}

type problemKeys struct{ Fix, Retry, Back, Restart key.Binding }

// NewProblem returns the screen for problem; value is the answer at its field. After pause the same is tried again by itself; 0 leaves
// that to the person.
func NewProblem(problem *registration.Problem, value string, pause time.Duration) Problem {
	return Problem{problem: problem, value: clean.Line(value, wording.LongestLabel), timer: newCountdown(pause)}
}

// Init starts the countdown, if there is one.
func (p Problem) Init() tea.Cmd { return p.timer.tick() }

// Update acts on the keys that the kind of problem offers, and goes on by itself when a countdown ends.
func (p Problem) Update(msg tea.Msg) (Screen, Intent, tea.Cmd) {
	switch msg := msg.(type) {
	case tickedMsg:
		timer, over, cmd := p.timer.update(msg)
		p.timer = timer
		if over {
			return p, Intent{Go: Submit}, nil
		}
		return p, Intent{}, cmd
	case tea.KeyMsg:
		p.page = p.page.turn(msg, p.frame, p.text())
		return p, p.choose(msg), nil
	}
	return p, Intent{}, nil
}

func (p Problem) choose(k tea.KeyMsg) Intent {
	switch {
	case key.Matches(k, p.keys.Fix):
		if p.problem.Field == "" { // nobody knows which answer it is: the review leads to each
			return Intent{Go: Back}
		}
		return Intent{Go: Jump, At: p.problem.Field, Problem: p.problem}
	case key.Matches(k, p.keys.Retry):
		return Intent{Go: Submit}
	case key.Matches(k, p.keys.Back):
		return Intent{Go: Back}
	case key.Matches(k, p.keys.Restart):
		return Intent{Go: Restart}
	}
	return Intent{}
}

// Fit puts the screen into f.
func (p Problem) Fit(f Frame) Screen {
	p.frame = f
	p.keys = newProblemKeys(p.problem, f.Words)
	p.page = p.page.fit(f, p.text())
	return p
}

func newProblemKeys(problem *registration.Problem, words *i18n.Words) problemKeys {
	fixable, again := problem.Fixable(), problem.Retriable()
	k := problemKeys{
		Fix:     binding(words, "enter", "key.fix", "enter"),
		Retry:   binding(words, "enter", "key.retry", "enter"),
		Back:    binding(words, "esc", "key.back", "esc"),
		Restart: binding(words, "enter", "key.restart", "enter"),
	}
	k.Fix.SetEnabled(fixable)
	k.Retry.SetEnabled(again && !fixable)
	k.Restart.SetEnabled(!fixable && !again)
	return k
}

// View draws what happened, what to do, and the reference.
func (p Problem) View() string { return p.page.view(p.frame, p.text()) }

// Waiting reports whether the screen goes on by itself: then nobody has to touch a key.
func (p Problem) Waiting() bool { return p.timer.left > 0 }

func (p Problem) text() string {
	f, t, words := p.frame, p.frame.Theme, p.frame.Words
	lines := []string{
		f.paragraph(t.Trouble, wording.TitleOf(p.problem).In(words)), "", f.paragraph(t.Text, wording.Happened(p.problem, words)),
	}
	if p.value != "" {
		lines = append(lines, "", "  "+t.LabelOn.Render(p.value))
	}
	lines = append(lines, "")
	if p.Waiting() {
		lines = append(lines, f.paragraph(t.Warning, wording.Countdown(p.timer.left).In(words)))
	}
	lines = append(lines, f.paragraph(t.Text, wording.AdviceOn(p.problem, p.Waiting(), Comeback(p.problem)).In(words)))
	for _, part := range [][]string{f.outcome(p.problem), f.forStaff(p.problem)} {
		if f.Height >= roomy && len(part) > 0 {
			lines = append(lines, "")
		}
		lines = append(lines, part...)
	}
	return strings.Join(lines, "\n")
}

// outcome is the lines on what has become of the account all the same.
func (f Frame) outcome(p *registration.Problem) []string {
	return f.paragraphs(f.Theme.Text, wording.OutcomeOf(p))
}

// forStaff is the lines that staff need to find out about p: the reference, and what they should look at.
func (f Frame) forStaff(p *registration.Problem) []string {
	return f.paragraphs(f.Theme.Faint, wording.ForStaff(p))
}

// paragraphs are texts in style, each wrapped to the frame.
func (f Frame) paragraphs(style theme.Style, says []wording.Say) []string {
	var lines []string
	for _, say := range says {
		lines = append(lines, f.paragraph(style, say.In(f.Words)))
	}
	return lines
}

// ShortHelp returns the keys that work.
func (p Problem) ShortHelp() []key.Binding {
	return append([]key.Binding{p.keys.Fix, p.keys.Retry, p.keys.Restart, p.keys.Back}, p.page.help()...)
}

// FullHelp returns the keys that work.
func (p Problem) FullHelp() [][]key.Binding { return [][]key.Binding{p.ShortHelp()} }
