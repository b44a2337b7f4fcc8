package paint

import (
	"context"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"foyer/ui/theme"
)

// Wrap returns m for a program without a renderer (tea.WithoutRenderer): after each message p shows what m shows.
// tea.ClearScreen and tea.WindowSizeMsg do what they do with Bubble Tea's renderer; its other messages about the terminal do
// nothing. A panic of m passes on, after the terminal was cleared for what will be printed of it.
func Wrap(m tea.Model, p *Painter) tea.Model { return model{m, p} }

type model struct {
	shown   tea.Model
	painter *Painter
}

// Init begins m and shows its first frame.
func (m model) Init() tea.Cmd {
	cmd := m.shown.Init()
	m.painter.Paint(m.shown.View())
	return cmd
}

// Update passes msg on and shows what came of it.
func (m model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	settled := false
	defer func() {
		if !settled {
			m.leave()
		}
	}()
	if msg == tea.ClearScreen() {
		m.painter.Clear()
	}
	next, cmd := m.shown.Update(msg)
	if size, ok := msg.(tea.WindowSizeMsg); ok {
		m.painter.Resize(theme.Size{Width: size.Width, Height: size.Height})
	}
	m.painter.Paint(next.View())
	settled = true
	return model{next, m.painter}, cmd
}

// View is for a renderer, and there is none.
func (model) View() string { return "" }

// leave gives the terminal a moment to be cleared.
func (m model) leave() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_ = m.painter.Close(ctx) // there is a panic to tell of
}
