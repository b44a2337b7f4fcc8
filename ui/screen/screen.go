// Package screen is the screens of the kiosk, one a file. A screen is a value that knows the form, the draft and the words,
// and nothing of the others: it returns an Intent, and the root model acts on it.
package screen

import (
	"strings"

	"github.com/charmbracelet/bubbles/help"
	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"

	"foyer/internal/i18n"
	"foyer/internal/registration"
	"foyer/ui/theme"
)

// A Screen is one step as the root model sees it. It is a value: Update returns the next one.
type Screen interface {
	help.KeyMap // the bindings that work now; the footer shows these and no others
	Init() tea.Cmd
	Update(tea.Msg) (Screen, Intent, tea.Cmd)
	Fit(Frame) Screen // before the first View, and whenever the frame changes
	View() string     // at most the frame's width and height; the same value gives the same text
}

// A Poster is a screen that shows more than a window has room for beside the root's own lines: it is given all but the
// banner and one line of keys.
type Poster interface {
	Screen
	Poster()
}

// An Abandoner has work under way that ends with its person.
type Abandoner interface{ Abandon() }

// A Frame is what a screen is drawn in: its inner size in cells, header and footer already taken off, and the session's
// theme and words.
type Frame struct {
	Width, Height int
	Theme         theme.Theme
	Words         *i18n.Words
}

// A Move is where a screen asks the root to go.
type Move int

// The moves.
const (
	Stay      Move = iota
	Next           // to the step after this one, or back to the review when it was left to change an answer
	Back           // to the step before
	Jump           // to the step that asks Intent.At
	Submit         // to the submission, again with the same one if the draft is the same
	Succeed        // to the end, with Intent.Receipt
	Fail           // to the problem screen, with Intent.Problem
	Restart        // to the first step, with nothing left of this person
	Conclude       // likewise, since the person is done or gone: a session for one person ends
	Postpone       // to the question whether to leave with the code outstanding
	Leave          // out of the program
	Introduce      // on, as somebody else than who was recognised
	Reopen         // to the first screen, if the tenant answers by now

	AskStaff    // to the question whether the member of staff who is signed in signs out
	BeginSignIn // to the sign-in of a member of staff
	GreetStaff  // to the greeting of Intent.Operator, who signed in
	MissSignIn  // to the screen that says with Intent.Problem why nobody signed in
	SignOut     // to the closed kiosk, while the member of staff is signed out
	Close       // to the closed kiosk; Intent.Problem is why the tenant could not be told of a sign-out
	Open        // to where the kiosk was closed, now that somebody is signed in

	Admit    // to the first step: the invitation is good
	Decline  // nowhere, and what was typed ahead was for what would have come
	TurnAway // out of the program: too many codes were not those of an invitation
)

// An Intent is what a screen asks of the root. It is returned, not sent: keys typed meanwhile overtake a message. Draft is
// meant whenever Go is not Stay, by the screens that edit it.
type Intent struct {
	Go       Move
	Draft    *registration.Draft
	At       string // JSON Pointer (RFC 6901) into the draft
	Problem  *registration.Problem
	Receipt  registration.Receipt
	Operator registration.Operator
}

// binding returns an enabled binding whose help is the text under what.
func binding(words *i18n.Words, shown, what string, keys ...string) key.Binding {
	return key.NewBinding(key.WithKeys(keys...), key.WithHelp(shown, words.Text(what)))
}

// paragraph wraps text to the frame in style.
func (f Frame) paragraph(style theme.Style, text string) string {
	return style.Wrap(text, f.Width)
}

// heading is the title of a screen with a line of explanation below it, and a blank one where there is room.
func (f Frame) heading(title, explanation string) string {
	lines := []string{f.paragraph(f.Theme.Heading, title)}
	if explanation != "" && f.Height >= roomy {
		lines = append(lines, f.paragraph(f.Theme.Faint, explanation))
	}
	if f.Height >= roomy {
		lines = append(lines, "")
	}
	return strings.Join(lines, "\n") + "\n"
}

// roomy is the height from which a screen does not have to save lines.
const roomy = 14

// button draws what enter does, marked when it has the cursor.
func (f Frame) button(text string, on bool) string {
	if on {
		return f.Theme.ButtonOn.Render(" " + f.Theme.Glyphs.Right + " " + text + " ")
	}
	return f.Theme.Button.Render("   " + text + " ")
}

// clip keeps the lines of text that fit the frame, those around line at when they do not all fit. Marks at the right say
// that there is more above or below.
func (f Frame) clip(text string, at int) string {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	if len(lines) <= f.Height {
		return strings.Join(lines, "\n")
	}
	from := min(max(at-f.Height/2, 0), len(lines)-f.Height)
	shown := lines[from : from+f.Height]
	if from > 0 {
		shown[0] = f.mark(shown[0], f.Theme.Glyphs.Up)
	}
	if from+f.Height < len(lines) {
		shown[f.Height-1] = f.mark(shown[f.Height-1], f.Theme.Glyphs.Down)
	}
	return strings.Join(shown, "\n")
}

// mark puts sign at the right end of line, over what stands there.
func (f Frame) mark(line, sign string) string {
	line = ansi.Truncate(line, f.Width-2, "")
	return line + strings.Repeat(" ", max(f.Width-1-lipgloss.Width(line), 0)) + f.Theme.Key.Render(sign)
}
