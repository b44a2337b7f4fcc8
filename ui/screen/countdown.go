package screen

import (
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"foyer/ui/wording"
)

// A countdown counts whole seconds down for one screen.
type countdown struct {
	left int
	id   *int // tells this countdown's ticks from those of a screen that was left
}

type tickedMsg struct{ id *int }

// newCountdown returns a countdown of d, rounded up to seconds; 0 never ends.
func newCountdown(d time.Duration) countdown {
	c := countdown{id: new(int)}
	if d > 0 {
		c.left = wording.Seconds(d)
	}
	return c
}

// tick is the command for the next second; nil when there is nothing to count.
func (c countdown) tick() tea.Cmd {
	if c.left <= 0 {
		return nil
	}
	id := c.id
	return tea.Tick(time.Second, func(time.Time) tea.Msg { return tickedMsg{id} })
}

// update counts a second down. Over is true when that was the last.
func (c countdown) update(msg tickedMsg) (next countdown, over bool, cmd tea.Cmd) {
	if msg.id != c.id || c.left <= 0 {
		return c, false, nil
	}
	c.left--
	return c, c.left == 0, c.tick()
}
