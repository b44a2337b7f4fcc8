package screen

import (
	"context"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"

	"foyer/internal/registration"
	"foyer/ui/field"
)

// Invitation asks for the code of an invitation, before there is anything else to see.
type Invitation struct {
	frame   Frame
	present func(code string) error
	cancel  context.CancelFunc
	field   field.Field
	stale   bool // the code was not taken: one that is pasted takes its place
	looking bool // whether the code is good
	keys    invitationKeys
}

type invitationKeys struct{ Enter key.Binding }

// presentedMsg says what came of a code.
type presentedMsg struct{ err error }

// NewInvitation returns the screen that shows codes to keeper, in a context below ctx.
func NewInvitation(ctx context.Context, keeper registration.Doorkeeper) Invitation {
	ctx, cancel := context.WithCancel(ctx)
	return Invitation{
		present: func(code string) error { return keeper.Present(ctx, code) }, cancel: cancel, field: codeField(),
	}
}

// longestTyped bounds what is typed for a code, in code points: its signs, with anything between them.
const longestTyped = 64

func codeField() field.Field {
	return field.NewAction(field.Say{Key: "invitation.label"}, field.Say{Key: "invitation.hint"}, field.NewLine("", longestTyped, "").Trimming().Upper())
}

// Looking reports whether a code is being looked up; what is typed meanwhile is for what comes after it.
func (i Invitation) Looking() bool { return i.looking }

// Abandon ends the looking-up, for a screen that is left.
func (i Invitation) Abandon() { i.cancel() }

// Init does nothing.
func (i Invitation) Init() tea.Cmd { return nil }

// Update edits the code, and shows it to the doorkeeper.
func (i Invitation) Update(msg tea.Msg) (Screen, Intent, tea.Cmd) {
	switch msg := msg.(type) {
	case presentedMsg:
		return i.answered(msg.err)
	case panickedMsg:
		return i.answered(msg.err)
	case tea.KeyMsg:
		switch {
		case i.looking:
		case key.Matches(msg, i.keys.Enter):
			return i.show()
		default:
			return i.edit(msg), Intent{}, nil
		}
	}
	return i, Intent{}, nil
}

// edit takes a key.
func (i Invitation) edit(k tea.KeyMsg) Invitation {
	const wholeCode = 16 // and not a few signs that were typed quickly
	if i.stale && len(k.Runes) >= wholeCode {
		i.field = codeField()
	}
	i.stale = false
	i.field = i.field.Update(k, i.frame.Words).Judge(field.Say{})
	return i
}

// show shows the doorkeeper the code.
func (i Invitation) show() (Screen, Intent, tea.Cmd) {
	code := i.field.Value()
	if strings.TrimSpace(code) == "" {
		return i.complain("invitation.empty"), Intent{Go: Decline}, nil
	}
	i.looking = true
	present := i.present
	return i.refit(), Intent{}, guard(func() tea.Msg { return presentedMsg{present(code)} })
}

// answered takes what the doorkeeper said.
func (i Invitation) answered(err error) (Screen, Intent, tea.Cmd) {
	i.looking = false
	if err == nil {
		return i, Intent{Go: Admit}, nil
	}
	r := registration.AsInvitationError(err)
	if r == registration.ErrCodeTries {
		return i, Intent{Go: TurnAway}, nil
	}
	return i.complain("invitation.no." + string(r)), Intent{Go: Decline}, nil
}

// complain says what is wrong with the code.
func (i Invitation) complain(key string) Invitation {
	i.field, i.stale = i.field.Judge(field.Say{Key: key}).Insist(), true
	return i.refit()
}

// Fit puts the screen into f.
func (i Invitation) Fit(f Frame) Screen {
	i.frame = f
	return i.refit()
}

// refit makes the keys that work now.
func (i Invitation) refit() Invitation {
	i.keys = invitationKeys{Enter: binding(i.frame.Words, "enter", "key.next", "enter")}
	i.keys.Enter.SetEnabled(!i.looking)
	return i
}

// View draws the code and what there is to say about it.
func (i Invitation) View() string {
	f, words := i.frame, i.frame.Words
	body := f.heading(words.Text("invitation.title"), words.Text("invitation.what"))
	body += i.field.View(f.Width, !i.looking, words, f.Theme)
	if i.looking {
		body = strings.TrimRight(body, "\n ") + "\n  " + f.Theme.Faint.Render(words.Text("opening"))
	}
	return f.clip(body, lipgloss.Height(body)) // the code and what is wrong with it, rather than the heading
}

// ShortHelp returns the keys that work.
func (i Invitation) ShortHelp() []key.Binding { return []key.Binding{i.keys.Enter} }

// FullHelp returns the keys that work.
func (i Invitation) FullHelp() [][]key.Binding { return [][]key.Binding{i.ShortHelp()} }
