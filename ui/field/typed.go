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

// Find returns the options that a person can mean by text, the best first: those that are called so, or else the one that begins
// with it, or else all that have it in their names. Beginnings is for options of which nothing but the beginning is typed, such as
// yes and no. Words are those in which a person types the name.
func Find(options []Option, text string, words Words, beginnings bool) []int {
	x := index{}.of(options, words)
	found := x.find(text, beginnings)
	upTo := func(worst int) []int {
		n := 0
		for n < len(found) && x.names[found[n]].rank(text, fold(text)) <= worst {
			n++
		}
		return found[:n]
	}
	if called := upTo(rankEqual); len(called) > 0 {
		return called
	}
	if begun := upTo(rankBeginning); len(begun) == 1 {
		return begun
	}
	return found
}
