package screen

import (
	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"foyer/internal/i18n"
	"foyer/internal/registration"
	"foyer/internal/secret"
)

// A suggestion is a password that was made for the person and is shown once, over the password screen. The zero suggestion is
// none.
type suggestion struct {
	form   *registration.Form
	text   secret.Text
	random bool // characters instead of words
	none   bool // the policy takes no password that could be suggested
	keys   suggestionKeys
}

type suggestionKeys struct{ Use, Another, Other, Back key.Binding }

// suggest makes a suggestion that meets the policy of form.
func suggest(form *registration.Form, random bool, words *i18n.Words) suggestion {
	s := suggestion{form: form, random: random}
	var ok bool
	s.text, ok = form.SuggestPassword(random)
	s.none = !ok
	s.keys = s.speak(words)
	return s
}

// open reports whether a suggestion is shown.
func (s suggestion) open() bool { return s.none || !s.text.IsZero() }

func newSuggestionKeys(words *i18n.Words, random bool) suggestionKeys {
	other := "key.characters"
	if random {
		other = "key.words"
	}
	return suggestionKeys{
		Use:     binding(words, "enter", "key.use", "enter"),
		Another: binding(words, "ctrl+g", "key.another", "ctrl+g"),
		Other:   binding(words, "tab", other, "tab"),
		Back:    binding(words, "esc", "key.own", "esc"),
	}
}

// speak returns the keys in words.
func (s suggestion) speak(words *i18n.Words) suggestionKeys {
	keys := newSuggestionKeys(words, s.random)
	keys.Use.SetEnabled(!s.none)
	keys.Another.SetEnabled(!s.none)
	keys.Other.SetEnabled(!s.none)
	return keys
}

// update acts on a key; used is true when the person takes the suggestion.
func (s suggestion) update(k tea.KeyMsg, words *i18n.Words) (next suggestion, used bool) {
	switch {
	case key.Matches(k, s.keys.Use):
		return s, true
	case key.Matches(k, s.keys.Another):
		s.text.Wipe()
		return suggest(s.form, s.random, words), false
	case key.Matches(k, s.keys.Other):
		s.text.Wipe()
		return suggest(s.form, !s.random, words), false
	case key.Matches(k, s.keys.Back):
		s.text.Wipe()
		return suggestion{}, false
	}
	return s, false
}

// view draws the suggestion, which is never cut: somebody writes it down.
func (s suggestion) view(f Frame) string {
	t, words := f.Theme, f.Words
	body := f.heading(words.Text("suggest.title"), "")
	if s.none {
		return f.clip(body+f.paragraph(t.Text, words.Text("suggest.none")), 0)
	}
	body += f.paragraph(t.Text, words.Text("suggest.what")) + "\n\n"
	body += f.paragraph(t.LabelOn, s.text.Reveal()) + "\n\n"
	return f.clip(body+f.paragraph(t.Faint, words.Text("suggest.once")), 0)
}

// help are the keys that work.
func (s suggestion) help() []key.Binding {
	return []key.Binding{s.keys.Use, s.keys.Another, s.keys.Other, s.keys.Back}
}
