package field

import (
	"fmt"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"

	"foyer/internal/i18n"
)

// english are the words of the catalogue.
func english(tb testing.TB) Words {
	tb.Helper()
	return wordsOf(tb, "en")
}

func wordsOf(tb testing.TB, tag string) Words {
	tb.Helper()
	c, err := i18n.Load()
	if err != nil {
		tb.Fatal(err)
	}
	return c.Words(tag)
}

// give gives keys to an editor, and returns it with what it said to the last one. Text between angle brackets is a key; all
// else is typed at once.
func give[T editor[T]](tb testing.TB, e T, text string, words Words) (given T, said Say) {
	tb.Helper()
	named := map[string]tea.KeyMsg{
		"left": press(tea.KeyLeft), "right": press(tea.KeyRight), "pgup": press(tea.KeyPgUp), "pgdown": press(tea.KeyPgDown),
		"home": press(tea.KeyHome), "end": press(tea.KeyEnd), "back": press(tea.KeyBackspace), "del": press(tea.KeyDelete),
		"clear": press(tea.KeyCtrlU), "up": press(tea.KeyCtrlUp), "down": press(tea.KeyCtrlDown),
		"break": {Type: tea.KeyEnter, Alt: true}, "space": {Type: tea.KeySpace, Runes: []rune{' '}},
	}
	for text != "" {
		before, rest, found := strings.Cut(text, "<")
		if before != "" {
			e, said = e.Update(runes(before), words)
		}
		if !found {
			break
		}
		name, after, _ := strings.Cut(rest, ">")
		k, ok := named[name]
		if !ok {
			tb.Fatalf("no key is called %q", name)
		}
		e, said = e.Update(k, words)
		text = after
	}
	return e, said
}

// many are options called by their number.
func many(n int) []Option {
	options := make([]Option, n)
	for i := range options {
		options[i] = Option{Say: Say{Text: fmt.Sprintf("Département no. %d of many", i)}, Value: fmt.Sprint(i)}
	}
	return options
}
