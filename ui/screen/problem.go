package screen

import (
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"foyer/internal/clean"
	"foyer/internal/i18n"
	"foyer/internal/registration"
)

// Problem says what happened, in one plain sentence, and what to do now. The draft is kept.
type Problem struct {
	frame   Frame
	problem *registration.Problem
	value   string // what stands at the field at fault; "" when there is none to show
	retry   Move   // what trying again means
	timer   countdown
	page    page
	keys    problemKeys
}

type problemKeys struct{ Fix, Retry, Back, Restart key.Binding }

// NewProblem returns the screen for problem; value is the answer at its field, and retry what trying again means: Submit, or
// Restart when not even the form could be read.
func NewProblem(problem *registration.Problem, value string, retry Move) Problem {
	p := Problem{problem: problem, value: clean.Line(value, longestLabel), retry: retry}
	if problem.Kind == registration.TooMany {
		p.timer = newCountdown(problem.RetryAfter)
	}
	return p
}

// Init starts the countdown, if the tenant asked for one.
func (p Problem) Init() tea.Cmd { return p.timer.tick() }

// Update acts on the keys that the kind of problem offers, and goes on by itself when a countdown ends.
func (p Problem) Update(msg tea.Msg) (Screen, Intent, tea.Cmd) {
	switch msg := msg.(type) {
	case tickedMsg:
		timer, over, cmd := p.timer.update(msg)
		p.timer = timer
		if over {
			return p, Intent{Go: p.retry}, nil
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
		return Intent{Go: p.retry}
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
	p.keys = newProblemKeys(p.problem, p.retry, f.Words)
	p.page = p.page.fit(f, p.text())
	return p
}

func newProblemKeys(problem *registration.Problem, retry Move, words *i18n.Words) problemKeys {
	fixable, again := waysOut(problem)
	k := problemKeys{
		Fix:     binding(words, "enter", "key.fix", "enter"),
		Retry:   binding(words, "enter", "key.retry", "enter"),
		Back:    binding(words, "esc", "key.back", "esc"),
		Restart: binding(words, "enter", "key.restart", "enter"),
	}
	k.Fix.SetEnabled(fixable)
	k.Retry.SetEnabled(again && !fixable)
	k.Back.SetEnabled(retry == Submit)
	k.Restart.SetEnabled(!fixable && !again)
	return k
}

// waysOut says what a person can do about a problem: put an answer right, or try the same again.
func waysOut(p *registration.Problem) (fixable, again bool) {
	if p.Flaw.Rule == registration.RuleRecorded { // the person has no other key to give
		return false, false
	}
	switch p.Kind {
	case registration.Conflict, registration.PasswordRejected, registration.DetailsRejected, registration.CodeRejected:
		return true, false
	case registration.TooMany, registration.Unavailable, registration.Unexpected, registration.Misconfigured, registration.RegistrationClosed, registration.StaffSignIn:
		return false, true
	case registration.AlreadyDone:
	}
	return false, false
}

// View draws what happened, what to do, and the reference.
func (p Problem) View() string { return p.page.view(p.frame, p.text()) }

// Waiting reports whether the screen goes on by itself: then nobody has to touch a key.
func (p Problem) Waiting() bool { return p.timer.left > 0 }

func (p Problem) text() string {
	f, t, words := p.frame, p.frame.Theme, p.frame.Words
	kind := saidBy(p.problem)
	lines := []string{f.paragraph(t.Trouble, words.Text(kind+".title")), "", f.paragraph(t.Text, Happened(p.problem, words))}
	if p.value != "" {
		lines = append(lines, "", "  "+t.LabelOn.Render(p.value))
	}
	lines = append(lines, "", f.paragraph(t.Text, words.Text(kind+".advice")))
	if p.Waiting() {
		lines = append(lines, f.paragraph(t.Warning, words.Text("problem.countdown", p.timer.left)))
	}
	lines = append(lines, f.outcome(p.problem)...)
	if f.Height >= roomy {
		lines = append(lines, "")
	}
	return strings.Join(append(lines, f.forStaff(p.problem)...), "\n")
}

// outcome is the lines on what has become of the account all the same.
func (f Frame) outcome(p *registration.Problem) []string {
	var lines []string
	if p.Made {
		lines = append(lines, f.paragraph(f.Theme.Text, f.Words.Text("problem.made")))
	}
	if p.Unclear {
		lines = append(lines, f.paragraph(f.Theme.Text, f.Words.Text("problem.unclear")))
	}
	return lines
}

// forStaff is the lines that staff need to find out about p: the reference, and what they should look at.
func (f Frame) forStaff(p *registration.Problem) []string {
	lines := []string{f.paragraph(f.Theme.Faint, f.Words.Text("reference", p.Reference))}
	if staff := clean.Line(p.Staff, longestStaff); staff != "" {
		lines = append(lines, f.paragraph(f.Theme.Faint, f.Words.Text("problem.staff", staff)))
	}
	return lines
}

// longestStaff bounds what is said to staff, in code points.
const longestStaff = 400

// Happened is the plain sentence that says what p is. When an answer was refused for a known reason, it is that reason.
func Happened(p *registration.Problem, words *i18n.Words) string {
	rejected := p.Kind == registration.DetailsRejected || p.Kind == registration.PasswordRejected || p.Kind == registration.CodeRejected ||
		p.Flaw.Rule == registration.RuleCodeTries
	if say := sayFlaw(p.Flaw); rejected && !say.Silent() {
		return say.In(words)
	}
	return words.Text(saidBy(p) + ".what")
}

// saidBy begins the keys of the catalogue's texts on p.
func saidBy(p *registration.Problem) string {
	if rule := p.Flaw.Rule; rule == registration.RuleUnfinished || rule == registration.RuleRecorded {
		return "problem." + string(rule)
	}
	return "problem." + string(p.Kind)
}

// ShortHelp returns the keys that work.
func (p Problem) ShortHelp() []key.Binding {
	return append([]key.Binding{p.keys.Fix, p.keys.Retry, p.keys.Restart, p.keys.Back}, p.page.help()...)
}

// FullHelp returns the keys that work.
func (p Problem) FullHelp() [][]key.Binding { return [][]key.Binding{p.ShortHelp()} }
