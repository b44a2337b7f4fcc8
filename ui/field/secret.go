package field

import (
	tea "github.com/charmbracelet/bubbletea"

	"foyer/internal/password"
	"foyer/internal/secret"
	"foyer/ui/theme"
)

// A Secret edits a password. It changes nothing that is typed or pasted but its Unicode form, and refuses aloud what it
// does not take.
type Secret struct{ line Line }

// NewSecret returns a hidden secret that holds value.
func NewSecret(value secret.Text) Secret {
	line := NewLine(value.Reveal(), password.MaxLength, "")
	line.secret, line.hidden = true, true
	return Secret{line}
}

// Value returns the secret, normalised.
func (s Secret) Value() string { return password.Normalize(s.line.Value()) }

// Show returns s drawn as text or as masks.
func (s Secret) Show(shown bool) Secret {
	s.line.hidden = !shown
	return s
}

// Edit handles a key. What it returns besides is why it refused something, if it did.
func (s Secret) Edit(msg tea.KeyMsg) (Secret, Say) {
	line, refusal := s.line.Update(msg)
	return Secret{line}, refusal
}

// View draws the secret in width cells.
func (s Secret) View(width int, focused bool, th theme.Theme) string {
	return s.line.View(width, focused, th)
}
