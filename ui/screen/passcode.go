package screen

import (
	"context"
	"strings"
	"time"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"

	"foyer/internal/secret"
	"foyer/ui/field"
	"foyer/ui/wording"
)

// A Lock keeps those in the kiosk who do not know the passcode of staff. It outlives the screens, and is safe for concurrent use.
type Lock interface {
	// Try tries a passcode, which it does not keep, and may take its time. When it was wrong, wait is how long no other is tried.
	Try(ctx context.Context, passcode secret.Text) (opened bool, wait time.Duration)
	// Wait is how long no passcode is tried; 0 when one can be.
	Wait() time.Duration
}

// PasscodePatience is how long nobody may touch a key while the passcode is asked: then whoever was there goes on.
const PasscodePatience = 30 * time.Second

// Passcode asks staff for the passcode, over whatever is shown, which goes on below.
type Passcode struct {
	frame   Frame
	ctx     context.Context // of the session
	lock    Lock
	id      *int // tells the tries of this screen from those of one that was left
	code    field.Secret
	refusal field.Say // why the last key was refused
	wrong   bool      // the last passcode was
	trying  bool
	wait    countdown // until a passcode is tried
	closes  countdown // when nobody touches a key
	keys    passcodeKeys
}

type passcodeKeys struct{ Enter, Back key.Binding }

// triedMsg says what came of a passcode.
type triedMsg struct {
	id     *int
	opened bool
	wait   time.Duration
}

// NewPasscode returns the question for the passcode that opens lock, which is tried below ctx. It leads to Leave, or Back.
func NewPasscode(ctx context.Context, lock Lock) Passcode {
	return Passcode{
		ctx: ctx, lock: lock, id: new(int), code: field.NewSecret(secret.Text{}),
		wait: newCountdown(lock.Wait()), closes: newCountdown(PasscodePatience),
	}
}

// Init starts the countdowns.
func (p Passcode) Init() tea.Cmd { return tea.Batch(p.wait.tick(), p.closes.tick()) }

// Update edits the passcode and tries it.
func (p Passcode) Update(msg tea.Msg) (Screen, Intent, tea.Cmd) {
	switch msg := msg.(type) {
	case triedMsg:
		if msg.id == p.id {
			return p.tried(msg)
		}
	case tickedMsg:
		return p.ticked(msg)
	case tea.KeyMsg:
		if !p.trying {
			return p.press(msg)
		}
	}
	return p, Intent{}, nil
}

// press takes a key, after which there is all the time again that there is.
func (p Passcode) press(k tea.KeyMsg) (Screen, Intent, tea.Cmd) {
	p.closes = newCountdown(PasscodePatience)
	switch {
	case key.Matches(k, p.keys.Back):
		return p, Intent{Go: Back}, nil
	case key.Matches(k, p.keys.Enter):
		next, cmd := p.try()
		return next.refit(), Intent{}, tea.Batch(cmd, p.closes.tick())
	}
	p.wrong = false
	p.code, p.refusal = p.code.Edit(k)
	return p.refit(), Intent{}, p.closes.tick()
}

// try is the command that tries what was typed.
func (p Passcode) try() (Passcode, tea.Cmd) {
	p.trying = true
	ctx, lock, id, passcode := p.ctx, p.lock, p.id, secret.New(p.code.Value())
	p.code, p.refusal = field.NewSecret(secret.Text{}), field.Say{}
	return p, func() tea.Msg { // a panic here is the end of the session, and the kiosk stays locked
		defer passcode.Wipe()
		opened, wait := lock.Try(ctx, passcode)
		return triedMsg{id, opened, wait}
	}
}

// tried takes what came of a passcode.
func (p Passcode) tried(msg triedMsg) (Screen, Intent, tea.Cmd) {
	p.trying = false
	if msg.opened {
		return p, Intent{Go: Leave}, nil
	}
	p.wrong, p.wait, p.closes = true, newCountdown(msg.wait), newCountdown(PasscodePatience)
	return p.refit(), Intent{}, tea.Batch(p.wait.tick(), p.closes.tick())
}

// ticked counts the seconds.
func (p Passcode) ticked(msg tickedMsg) (Screen, Intent, tea.Cmd) {
	wait, _, waits := p.wait.update(msg)
	closes, over, closing := p.closes.update(msg)
	p.wait, p.closes = wait, closes
	if over && !p.trying {
		return p, Intent{Go: Back}, nil
	}
	return p.refit(), Intent{}, tea.Batch(waits, closing)
}

// Fit puts the screen into f.
func (p Passcode) Fit(f Frame) Screen {
	p.frame = f
	return p.refit()
}

// refit makes the keys that work now.
func (p Passcode) refit() Passcode {
	p.keys = passcodeKeys{
		Enter: binding(p.frame.Words, "enter", "key.leave", "enter"),
		Back:  binding(p.frame.Words, "esc", "key.back", "esc"),
	}
	p.keys.Enter.SetEnabled(!p.trying && p.wait.left == 0 && p.code.Value() != "")
	p.keys.Back.SetEnabled(!p.trying)
	return p
}

// View draws what was typed as masks, and what there is to say about it.
func (p Passcode) View() string {
	f, t, words := p.frame, p.frame.Theme, p.frame.Words
	body := f.heading(words.Text("passcode.title"), words.Text("passcode.what"))
	body += t.LabelOn.Render(words.Text("passcode.label")) + "\n"
	body += t.Accent.Render(t.Glyphs.BarOn) + " " + p.code.View(f.Width-2, !p.trying, t) + "\n"
	body += p.remark() + "\n\n" + f.paragraph(t.Faint, words.Text("passcode.closes", p.closes.left))
	return f.clip(strings.TrimRight(body, "\n"), lipgloss.Height(body))
}

// remark is what there is to say about the passcode.
func (p Passcode) remark() string {
	f, t := p.frame, p.frame.Theme
	switch say := p.remarks(); {
	case say.Silent():
		return ""
	case p.trying:
		return f.paragraph(t.Faint, say.In(f.Words))
	default:
		return f.paragraph(t.Invalid, t.Glyphs.Cross+" "+say.In(f.Words))
	}
}

func (p Passcode) remarks() wording.Say {
	switch {
	case p.trying:
		return wording.Say{Key: "passcode.trying"}
	case p.wrong && p.wait.left > 0:
		return wording.Say{Key: "passcode.wrong_wait", Args: []any{p.wait.left}}
	case p.wait.left > 0:
		return wording.Say{Key: "passcode.wait", Args: []any{p.wait.left}}
	case p.wrong:
		return wording.Say{Key: "passcode.wrong"}
	}
	return p.refusal
}

// ShortHelp returns the keys that work.
func (p Passcode) ShortHelp() []key.Binding { return []key.Binding{p.keys.Enter, p.keys.Back} }

// FullHelp returns the keys that work.
func (p Passcode) FullHelp() [][]key.Binding { return [][]key.Binding{p.ShortHelp()} }
