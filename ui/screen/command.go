package screen

import (
	"fmt"

	tea "github.com/charmbracelet/bubbletea"
)

// A panickedMsg says that a command failed in a way that nobody foresaw.
type panickedMsg struct{ err error }

// guard makes a command of work, which must take copies: it runs on its own goroutine. A panic within becomes a message,
// since Bubble Tea would end the program or, in a server, every session.
func guard(work func() tea.Msg) tea.Cmd {
	return func() (msg tea.Msg) {
		defer func() {
			if r := recover(); r != nil {
				msg = panickedMsg{fmt.Errorf("panic in a command: %v", r)}
			}
		}()
		return work()
	}
}
