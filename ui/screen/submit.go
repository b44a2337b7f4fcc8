package screen

import (
	"context"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"foyer/internal/registration"
)

// A Registrar registers a person.
type Registrar interface {
	Register(ctx context.Context, form *registration.Form, sub *registration.Submission, notify func(registration.Progress)) (registration.Receipt, error)
}

// Submitting sends the draft and shows what is being done. Esc gives up waiting; nothing typed is lost.
type Submitting struct {
	frame     Frame
	reference string
	task      task
	keys      submittingKeys
}

type submittingKeys struct{ Cancel key.Binding }

// NewSubmitting returns the screen that registers sub by r, in a context below ctx.
func NewSubmitting(ctx context.Context, r Registrar, form *registration.Form, sub *registration.Submission) Submitting {
	return Submitting{
		reference: sub.Reference,
		task: newTask(ctx, registration.StageCreating, func(ctx context.Context, notify func(registration.Progress)) (registration.Receipt, error) {
			return r.Register(ctx, form, sub, notify)
		}),
	}
}

// Init starts the registration.
func (s Submitting) Init() tea.Cmd { return s.task.start() }

// Update shows progress and passes on how it ended.
func (s Submitting) Update(msg tea.Msg) (Screen, Intent, tea.Cmd) {
	if k, ok := msg.(tea.KeyMsg); ok {
		if key.Matches(k, s.keys.Cancel) {
			s.task.cancel()
			return s, Intent{Go: Back}, nil
		}
		return s, Intent{}, nil
	}
	next, ended, over, cmd := s.task.update(msg)
	s.task = next
	if over {
		return s, s.settle(ended), nil
	}
	return s, Intent{}, cmd
}

// Abandon ends the registration, for a screen that is left without its own key.
func (s Submitting) Abandon() { s.task.cancel() }

func (s Submitting) settle(ended endedMsg) Intent {
	if ended.err != nil {
		return Intent{Go: Fail, Problem: registration.AsProblem(ended.err, s.reference)}
	}
	return Intent{Go: Succeed, Receipt: ended.receipt}
}

// Fit puts the screen into f.
func (s Submitting) Fit(f Frame) Screen {
	s.frame = f
	s.keys = submittingKeys{Cancel: binding(f.Words, "esc", "key.cancel", "esc")}
	return s
}

// View draws the spinner and what is being done.
func (s Submitting) View() string {
	f, words := s.frame, s.frame.Words
	lines := []string{strings.TrimRight(f.heading(words.Text("submit.title"), ""), "\n"), "", s.task.view(f)}
	if s.task.progress.Stage == registration.StageWaiting {
		lines = append(lines, "", f.paragraph(f.Theme.Faint, words.Text("submit.kept")))
	}
	return f.clip(strings.Join(lines, "\n"), 0)
}

// ShortHelp returns the keys that work.
func (s Submitting) ShortHelp() []key.Binding { return []key.Binding{s.keys.Cancel} }

// FullHelp returns the keys that work.
func (s Submitting) FullHelp() [][]key.Binding { return [][]key.Binding{s.ShortHelp()} }
