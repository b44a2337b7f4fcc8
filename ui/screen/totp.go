package screen

import (
	"strings"
	"time"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"

	"foyer/internal/i18n"
	"foyer/internal/registration"
	"foyer/ui/field"
	"foyer/ui/wording"
)

// TOTP sets up an authenticator app: a QR code where it fits, the secret as text for those who cannot scan, and a code of the
// app that has to match before the person goes on.
type TOTP struct {
	frame     Frame
	form      *registration.Form
	draft     registration.Draft
	code      field.Code
	complaint field.Say
	now       func() time.Time
	picture   string // the QR code; "" where it does not fit
	beside    bool   // it stands beside the text, not above it
	keys      totpKeys
}

type totpKeys struct{ Next, Back key.Binding }

// NewTOTP returns the screen for draft, with a new secret unless it has a good one. Now is the clock that codes are held
// against.
func NewTOTP(form *registration.Form, draft registration.Draft, entry Entry, now func() time.Time) TOTP {
	t := TOTP{form: form, draft: draft, now: now, code: field.NewCode(registration.TOTPDigits)}
	if draft.TOTPSecret.IsZero() || !entry.Flaw.OK() {
		t.draft.TOTPSecret, t.draft.TOTPProven = registration.NewTOTPSecret(), false
	}
	if !entry.Flaw.OK() {
		t.complaint = field.Say{Key: "totp.rejected"}
	}
	return t
}

// Poster asks for all of the window, for the QR code.
func (t TOTP) Poster() {}

// Abandon forgets the secret, for a screen that is left without its own keys.
func (t TOTP) Abandon() { t.draft.TOTPSecret.Wipe() }

// Init does nothing.
func (t TOTP) Init() tea.Cmd { return nil }

// Update edits the code, and goes on when it matches.
func (t TOTP) Update(msg tea.Msg) (Screen, Intent, tea.Cmd) {
	k, ok := msg.(tea.KeyMsg)
	switch {
	case !ok:
	case key.Matches(k, t.keys.Next):
		return t.next()
	case key.Matches(k, t.keys.Back):
		return t, Intent{Go: Back, Draft: t.kept()}, nil
	default:
		t.code, t.complaint = t.code.Update(k)
	}
	return t, Intent{}, nil
}

// next goes on with a code that matches; one that matched before need not be typed again.
func (t TOTP) next() (Screen, Intent, tea.Cmd) {
	switch {
	case t.code.Value() == "" && t.draft.TOTPProven:
	case !t.code.Complete():
		t.complaint = field.Say{Key: "totp.incomplete", Args: []any{registration.TOTPDigits}}
		return t, Intent{}, nil
	case !registration.CheckTOTP(t.draft.TOTPSecret, t.code.Value(), t.now()):
		t.code, t.complaint = t.code.Refused(), field.Say{Key: "totp.wrong"}
		return t, Intent{}, nil
	}
	t.draft.TOTPProven = true
	return t, Intent{Go: Next, Draft: t.kept()}, nil
}

// kept is the draft with the secret: the app may have it already.
func (t TOTP) kept() *registration.Draft {
	draft := t.draft
	return &draft
}

// Fit puts the screen into f, with the QR code if there is room for it: beside the text, or else above it.
func (t TOTP) Fit(f Frame) Screen {
	t.frame, t.keys = f, newTOTPKeys(f.Words)
	t.picture, t.beside = f.picture(t.form.TOTPURI(t.draft, false).Reveal(), t.form.TOTPURI(t.draft, true).Reveal())
	return t
}

func newTOTPKeys(words *i18n.Words) totpKeys {
	return totpKeys{
		Next: binding(words, "enter", "key.next", "enter"),
		Back: binding(words, "esc", "key.back", "esc"),
	}
}

// View draws the QR code and the text with it.
func (t TOTP) View() string {
	f := t.frame
	switch {
	case t.picture == "":
		return f.clip(t.text(f.Width), f.Height) // the code at the end matters most
	case t.beside:
		left := lipgloss.Width(t.picture) + besideGap
		return besides(t.picture, t.text(f.Width-left), left)
	}
	return f.clip(t.picture+"\n"+t.text(f.Width), 0)
}

// text is what to do, in width cells.
func (t TOTP) text(width int) string {
	th, words := t.frame.Theme, t.frame.Words
	what, label := "totp.scan", "totp.key"
	if t.picture == "" {
		what, label = "totp.no_picture", "totp.key_only"
	}
	lines := []string{
		th.Heading.Wrap(words.Text("totp.title"), width), t.space() + th.Faint.Wrap(words.Text(what), width),
		t.space() + th.Label.Wrap(words.Text(label), width), th.LabelOn.Wrap(wording.Groups(t.draft.TOTPSecret.Reveal()), width),
		t.space() + th.Label.Wrap(words.Text("totp.code"), width),
		t.code.View(width, t.frame.Height >= roomy && t.beside == (t.picture != ""), true, th),
	}
	switch {
	case !t.complaint.Silent():
		lines = append(lines, th.Invalid.Wrap(th.Glyphs.Cross+" "+t.complaint.In(words), width))
	case t.draft.TOTPProven:
		lines = append(lines, th.Valid.Wrap(th.Glyphs.Tick+" "+words.Text("totp.proven"), width))
	}
	return strings.Join(lines, "\n")
}

// space is a blank line where there is room.
func (t TOTP) space() string {
	if t.frame.Height >= roomy {
		return "\n"
	}
	return ""
}

// ShortHelp returns the keys that work.
func (t TOTP) ShortHelp() []key.Binding { return []key.Binding{t.keys.Next, t.keys.Back} }

// FullHelp returns the keys that work.
func (t TOTP) FullHelp() [][]key.Binding { return [][]key.Binding{t.ShortHelp()} }
