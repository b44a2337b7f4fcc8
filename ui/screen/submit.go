package screen

import (
	"context"
	"strings"
	"time"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"

	"foyer/internal/registration"
)

// A Registrar registers a person.
type Registrar interface {
	Register(ctx context.Context, form *registration.Form, sub *registration.Submission, notify func(registration.Progress)) (registration.Receipt, error)
}

// Submitting sends the draft and shows what is being done. Esc gives up waiting; nothing typed is lost.
type Submitting struct {
	frame    Frame
	form     *registration.Form
	sub      *registration.Submission
	progress registration.Progress
	left     time.Duration // before the next attempt
	spin     int

	run    func() tea.Msg // the registration itself
	news   chan registration.Progress
	cancel context.CancelFunc
	keys   submittingKeys
}

type submittingKeys struct{ Cancel key.Binding }

// The messages of one submission; each carries the channel of its screen, so that those of a screen that was left drop.
type (
	submittedMsg struct {
		of      chan registration.Progress
		receipt registration.Receipt
		err     error
	}
	progressedMsg struct {
		of       chan registration.Progress
		progress registration.Progress
	}
	spunMsg struct{ of chan registration.Progress }
)

// patience is how long a submission may take before it is given up; Register's own budget is shorter.
const patience = 2 * time.Minute

// spinTime is how often the spinner turns, while it is shown.
const spinTime = 100 * time.Millisecond

// NewSubmitting returns the screen that registers sub by r, in a context below ctx.
func NewSubmitting(ctx context.Context, r Registrar, form *registration.Form, sub *registration.Submission) Submitting {
	ctx, cancel := context.WithTimeout(ctx, patience)
	news := make(chan registration.Progress, 1)
	s := Submitting{form: form, sub: sub, news: news, cancel: cancel, progress: registration.Progress{Stage: registration.StageCreating}}
	s.run = func() tea.Msg {
		defer cancel()
		defer close(news) // ends listen
		receipt, err := r.Register(ctx, form, sub, func(p registration.Progress) {
			select {
			case news <- p:
			case <-ctx.Done():
			}
		})
		return submittedMsg{news, receipt, err}
	}
	return s
}

// Init starts the registration.
func (s Submitting) Init() tea.Cmd { return tea.Batch(guard(s.run), s.listen(), s.turn()) }

// listen waits for news of the registration, and ends with it.
func (s Submitting) listen() tea.Cmd {
	news := s.news
	return guard(func() tea.Msg {
		p, ok := <-news
		if !ok {
			return nil
		}
		return progressedMsg{news, p}
	})
}

func (s Submitting) turn() tea.Cmd {
	news := s.news
	return tea.Tick(spinTime, func(time.Time) tea.Msg { return spunMsg{news} })
}

// Update shows progress and passes on how it ended.
func (s Submitting) Update(msg tea.Msg) (Screen, Intent, tea.Cmd) {
	switch msg := msg.(type) {
	case progressedMsg:
		if msg.of == s.news {
			s.progress, s.left = msg.progress, msg.progress.Wait
			return s, Intent{}, s.listen()
		}
	case spunMsg:
		if msg.of == s.news {
			s.spin++
			s.left = max(s.left-spinTime, 0)
			return s, Intent{}, s.turn()
		}
	case submittedMsg:
		if msg.of == s.news {
			return s, s.settle(msg), nil
		}
	case panickedMsg:
		return s, s.settle(submittedMsg{err: msg.err}), nil
	case tea.KeyMsg:
		if key.Matches(msg, s.keys.Cancel) {
			s.cancel()
			return s, Intent{Go: Back}, nil
		}
	}
	return s, Intent{}, nil
}

// Abandon ends the registration, for a screen that is left without its own key.
func (s Submitting) Abandon() { s.cancel() }

func (s Submitting) settle(msg submittedMsg) Intent {
	if msg.err != nil {
		return Intent{Go: Fail, Problem: registration.AsProblem(msg.err, s.sub.Reference)}
	}
	return Intent{Go: Succeed, Receipt: msg.receipt}
}

// Fit puts the screen into f.
func (s Submitting) Fit(f Frame) Screen {
	s.frame = f
	s.keys = submittingKeys{Cancel: binding(f.Words, "esc", "key.cancel", "esc")}
	return s
}

// View draws the spinner and what is being done.
func (s Submitting) View() string {
	f, t, words := s.frame, s.frame.Theme, s.frame.Words
	spinner := t.Glyphs.Spinner[s.spin%len(t.Glyphs.Spinner)]
	lines := []string{strings.TrimRight(f.heading(words.Text("submit.title"), ""), "\n"), ""}
	lines = append(lines, lipgloss.JoinHorizontal(lipgloss.Top, t.Accent.Render(spinner)+" ", t.Text.Wrap(s.doing(), f.Width-2)))
	if s.progress.Stage == registration.StageWaiting {
		lines = append(lines, "", f.paragraph(t.Faint, words.Text("submit.kept")))
	}
	return f.clip(strings.Join(lines, "\n"), 0)
}

func (s Submitting) doing() string {
	words := s.frame.Words
	switch s.progress.Stage {
	case registration.StageWaiting:
		return words.Text("submit.waiting."+string(s.progress.Because), seconds(s.left))
	case registration.StageChecking:
		return words.Text("submit.checking")
	case registration.StageCreating:
	}
	if s.progress.Attempt > 1 {
		return words.Text("submit.again", s.progress.Attempt)
	}
	return words.Text("submit.creating")
}

// seconds rounds d up to whole seconds, at least one.
func seconds(d time.Duration) int { return max(int((d+time.Second-1)/time.Second), 1) }

// ShortHelp returns the keys that work.
func (s Submitting) ShortHelp() []key.Binding { return []key.Binding{s.keys.Cancel} }

// FullHelp returns the keys that work.
func (s Submitting) FullHelp() [][]key.Binding { return [][]key.Binding{s.ShortHelp()} }
