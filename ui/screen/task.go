package screen

import (
	"context"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"

	"foyer/internal/registration"
	"foyer/ui/wording"
)

// A task is work for a person that is under way, and what is known of how it goes. The zero task is none.
type task struct {
	progress registration.Progress
	left     time.Duration // before the next attempt
	spin     int

	run    func() tea.Msg // the work itself
	news   chan registration.Progress
	cancel context.CancelFunc
}

// The messages of one task; each carries its channel, so that those of a task that was left drop.
type (
	endedMsg struct {
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

// patience is how long a task may take before it is given up; the service's own budget is shorter.
const patience = 2 * time.Minute

// spinTime is how often the spinner turns, while it is shown.
const spinTime = 100 * time.Millisecond

// A taskWork is what a task does, in its own context; notify is told how it goes.
type taskWork func(ctx context.Context, notify func(registration.Progress)) (registration.Receipt, error)

// newTask returns a task that does work in a context below ctx, and begins with stage.
func newTask(ctx context.Context, stage registration.Stage, work taskWork) task {
	ctx, cancel := context.WithTimeout(ctx, patience)
	news := make(chan registration.Progress, 1)
	t := task{news: news, cancel: cancel, progress: registration.Progress{Stage: stage}}
	t.run = func() tea.Msg {
		defer cancel()
		defer close(news) // ends listen
		receipt, err := work(ctx, func(p registration.Progress) {
			select {
			case news <- p:
			case <-ctx.Done():
			}
		})
		return endedMsg{news, receipt, err}
	}
	return t
}

// running reports whether there is a task.
func (t task) running() bool { return t.news != nil }

// start begins the work.
func (t task) start() tea.Cmd { return tea.Batch(guard(t.run), t.listen(), t.turn()) }

// listen waits for news of the work, and ends with it.
func (t task) listen() tea.Cmd {
	news := t.news
	return guard(func() tea.Msg {
		p, ok := <-news
		if !ok {
			return nil
		}
		return progressedMsg{news, p}
	})
}

func (t task) turn() tea.Cmd {
	news := t.news
	return tea.Tick(spinTime, func(time.Time) tea.Msg { return spunMsg{news} })
}

// update takes the messages of the task. Over is true when it has ended, as ended says.
func (t task) update(msg tea.Msg) (next task, ended endedMsg, over bool, cmd tea.Cmd) {
	switch msg := msg.(type) {
	case progressedMsg:
		if msg.of == t.news {
			t.progress, t.left = msg.progress, msg.progress.Wait
			return t, endedMsg{}, false, t.listen()
		}
	case spunMsg:
		if msg.of == t.news {
			t.spin++
			t.left = max(t.left-spinTime, 0)
			return t, endedMsg{}, false, t.turn()
		}
	case endedMsg:
		return t, msg, msg.of == t.news, nil
	case panickedMsg:
		return t, endedMsg{err: msg.err}, t.running(), nil
	}
	return t, endedMsg{}, false, nil
}

// view draws the spinner and what is being done.
func (t task) view(f Frame) string {
	spinner := f.Theme.Glyphs.Spinner[t.spin%len(f.Theme.Glyphs.Spinner)]
	return lipgloss.JoinHorizontal(lipgloss.Top, f.Theme.Accent.Render(spinner)+" ", f.Theme.Text.Wrap(t.doing(f), f.Width-2))
}

func (t task) doing(f Frame) string { return wording.OfProgress(t.progress, t.left).In(f.Words) }
