package screen

import (
	"strings"
	"time"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"foyer/internal/clean"
	"foyer/internal/registration"
)

// Done says what was created and what comes next, and makes room for the next person by itself.
type Done struct {
	frame   Frame
	names   []string // what the person signs in with
	receipt registration.Receipt
	already bool // an earlier attempt had gone through
	timer   countdown
	seen    bool // it stood for a second without a key, so that a key that is held or pressed twice does not take it away unread
	pressed bool // a key came since the last second
	keys    doneKeys
}

type doneKeys struct{ Finish key.Binding }

// NewDone returns the last screen of a registration, which stays for timeout. Already says that an earlier attempt had done
// the work.
func NewDone(draft registration.Draft, receipt registration.Receipt, already bool, timeout time.Duration) Done {
	d := Done{receipt: receipt, already: already, timer: newCountdown(timeout)}
	identifiers := receipt.Identifiers
	if len(identifiers) == 0 {
		identifiers = draft.Identifiers
	}
	for _, id := range identifiers {
		if id.Identifier != "" {
			d.names = append(d.names, clean.Line(id.Identifier, longestLabel))
		}
	}
	return d
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
	title, style := t.Glyphs.Tick+" "+words.Text(d.title()), t.Success
	if !d.registered() {
		title, style = words.Text(d.title()), t.Warning
	}
	lines := []string{f.paragraph(style, title), "", f.paragraph(t.Text, words.Text(d.what())), ""}
	for _, name := range d.shown() {
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

// registered reports whether the account is there for good, and is not waiting for a message to be followed.
func (d Done) registered() bool {
	return d.receipt.Status != string(registration.New) || d.receipt.Next == registration.NextWait
}

func (d Done) title() string {
	switch {
	case d.already:
		return "done.already.title"
	case d.registered():
		return "done.title"
	case d.receipt.Next == registration.NextEnterCode:
		return "done.unfinished.title"
	}
	return "done.almost.title"
}

func (d Done) what() string {
	switch {
	case d.already:
		return "done.already.what"
	case d.registered():
		return "done.what"
	}
	return "done.sent." + string(d.receipt.Next)
}

// shown is what the sentence of what leads to: the names to sign in with, or where the message went.
func (d Done) shown() []string {
	if d.registered() {
		return d.names
	}
	return []string{clean.Line(d.receipt.Address, longestLabel)}
}

// next is what the person does now.
func (d Done) next() string {
	words, address := d.frame.Words, clean.Line(d.receipt.Address, longestLabel)
	first := words.Text("done.next." + string(registration.NextSignIn))
	if d.receipt.Status != string(registration.Active) {
		first = words.Text("done.next." + string(registration.NextWait))
	}
	switch next := d.receipt.Next; {
	case next == registration.NextVerifyAddress:
		return first + " " + words.Text("done.next.verify_address", address)
	case next == registration.NextEnterCode && d.registered(): // left with the address not verified
		return first + " " + words.Text("done.next.unverified", address)
	default:
		return words.Text("done.next." + string(next))
	}
}

// ShortHelp returns the keys that work.
func (d Done) ShortHelp() []key.Binding { return []key.Binding{d.keys.Finish} }

// FullHelp returns the keys that work.
func (d Done) FullHelp() [][]key.Binding { return [][]key.Binding{d.ShortHelp()} }
