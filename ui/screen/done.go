package screen

import (
	"strings"
	"time"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"foyer/internal/registration"
	"foyer/ui/wording"
)

// Done says what was created and what comes next, and makes room for the next person by itself.
type Done struct {
	frame   Frame
	said    wording.Done
	receipt registration.Receipt
	timer   countdown
	seen    bool // it stood for a second without a key, so that a key that is held or pressed twice does not take it away unread
	pressed bool // a key came since the last second
	keys    doneKeys
}

type doneKeys struct{ Finish key.Binding }

// NewDone returns the last screen of a registration, of whose receipt said is said, and which stays for timeout.
func NewDone(said wording.Done, receipt registration.Receipt, timeout time.Duration) Done {
	return Done{said: said, receipt: receipt, timer: newCountdown(timeout)}
}

// Init starts the countdown.
func (d Done) Init() tea.Cmd { return d.timer.tick() }

// Update waits for enter or for the end of the countdown.
func (d Done) Update(msg tea.Msg) (Screen, Intent, tea.Cmd) {
	switch msg := msg.(type) {
	case tickedMsg:
		timer, over, cmd := d.timer.update(msg)
		d.timer = timer
		d.seen, d.pressed = d.seen || !d.pressed, false
		d.keys.Finish.SetEnabled(d.seen)
		if over {
			return d, Intent{Go: Conclude}, nil
		}
		return d, Intent{}, cmd
	case tea.KeyMsg:
		if key.Matches(msg, d.keys.Finish) {
			return d, Intent{Go: Conclude}, nil
		}
		d.pressed = true
	}
	return d, Intent{}, nil
}

// Fit puts the screen into f.
func (d Done) Fit(f Frame) Screen {
	d.frame = f
	d.keys = doneKeys{Finish: binding(f.Words, "enter", "key.finish", "enter")}
	d.keys.Finish.SetEnabled(d.seen)
	return d
}

// View draws the screen.
func (d Done) View() string {
	f, t, words := d.frame, d.frame.Theme, d.frame.Words
	title, style := t.Glyphs.Tick+" "+d.said.Title.In(words), t.Success
	if !d.said.Registered {
		title, style = d.said.Title.In(words), t.Warning
	}
	lines := []string{f.paragraph(style, title), "", f.paragraph(t.Text, d.said.What.In(words)), ""}
	for _, name := range d.said.Shown {
		lines = append(lines, "  "+t.LabelOn.Render(ansi.Truncate(name, f.Width-2, t.Glyphs.Ellipsis)))
	}
	lines = append(lines, "", f.paragraph(t.Text, d.next()))
	if f.Height >= roomy {
		lines = append(lines, "")
	}
	lines = append(lines, f.paragraph(t.Faint, words.Text("reference", d.receipt.Reference)))
	if d.timer.left > 0 {
		lines = append(lines, f.paragraph(t.Faint, words.Text("done.countdown", d.timer.left)))
	}
	return f.clip(strings.Join(lines, "\n"), 0)
}

// next is what the person does now.
func (d Done) next() string {
	var all []string
	for _, say := range d.said.Next {
		all = append(all, say.In(d.frame.Words))
	}
	return strings.Join(all, " ")
}

// ShortHelp returns the keys that work.
func (d Done) ShortHelp() []key.Binding { return []key.Binding{d.keys.Finish} }

// FullHelp returns the keys that work.
func (d Done) FullHelp() [][]key.Binding { return [][]key.Binding{d.ShortHelp()} }
