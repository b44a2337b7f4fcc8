package screen

import (
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"foyer/internal/secret"
	"foyer/ui/field"
)

// The messages of a look-up in breaches.
type (
	pausedMsg   struct{ pause int } // nothing was typed for a while
	lookedUpMsg struct {
		of       secret.Text
		breached bool
	}
)

// typingPause is how long nothing is typed before a password is looked up.
const typingPause = 600 * time.Millisecond

// pauses waits for a pause in the typing; nil when nothing is to be looked up.
func (p Password) pauses() tea.Cmd {
	if p.lookup == nil {
		return nil
	}
	pause := p.pause
	return tea.Tick(typingPause, func(time.Time) tea.Msg { return pausedMsg{pause} })
}

// lookUp looks up the password as it stands, after the last pause only and off the keys' path.
func (p Password) lookUp(msg pausedMsg) tea.Cmd {
	if msg.pause != p.pause || p.password.Value() == "" {
		return nil
	}
	ctx, lookup, text := p.ctx, p.lookup, secret.New(p.password.Value())
	return guard(func() tea.Msg { return lookedUpMsg{text, lookup.Breached(ctx, text)} })
}

// found takes what a look-up came to; one of a password that was changed meanwhile does not count.
func (p Password) found(msg lookedUpMsg) Password {
	if !msg.breached || !msg.of.Equal(secret.New(p.password.Value())) {
		msg.of.Wipe()
		return p
	}
	p.breached.Wipe()
	p.breached, p.rejected = msg.of, field.Say{Key: "flaw.breached"}
	return p
}

// knownBreached reports whether the password as it stands was found in a breach.
func (p Password) knownBreached() bool {
	return !p.breached.IsZero() && p.breached.Equal(secret.New(p.password.Value()))
}

// pressSuggestion gives a key to the suggestion; one that is taken stands in both inputs.
func (p Password) pressSuggestion(k tea.KeyMsg) Password {
	next, used := p.suggested.update(k, p.frame.Words)
	if !used {
		p.suggested = next
		return p
	}
	p.password = p.password.Replace(next.text)
	p.again = field.NewSecret(next.text).Show(p.shown)
	p.complaint, p.rejected, p.repeating = field.Say{}, field.Say{}, true
	next.text.Wipe()
	p.suggested = suggestion{}
	return p
}

// Abandon forgets what is held beside the draft, for a screen that is left without its own keys.
func (p Password) Abandon() {
	p.breached.Wipe()
	p.suggested.text.Wipe()
}
