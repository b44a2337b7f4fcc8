package field

import tea "github.com/charmbracelet/bubbletea"

// Paste is the key that types text at once.
func Paste(text string) tea.KeyMsg {
	return tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(text), Paste: true}
}

// Typed is what an empty field holds after text was typed into it at once and the person went on, and why it took nothing of it,
// if it did not. Words are those of the person.
func (f Field) Typed(text string, words Words) (value string, refusal Say) {
	f = f.Update(Paste(text), words)
	return f.input.left().value(), f.refusal
}

// Find returns the options that a person can mean by text, the best first: those that are called so, or else those that have it
// in their names, and between two those that begin with it. Words are those in which a person types the name.
func Find(options []Option, text string, words Words) []int {
	return index{}.of(options, words).means(text, len(options) <= fewOptions)
}

// means returns the options that find does, without the others where some are called by text.
func (x index) means(text string, beginnings bool) []int {
	found := x.find(text, beginnings)
	called := 0
	for called < len(found) && x.names[found[called]].rank(text, fold(text)) <= rankEqual {
		called++
	}
	if called > 0 {
		return found[:called]
	}
	return found
}
