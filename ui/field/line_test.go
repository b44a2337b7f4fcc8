package field

import (
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"

	"foyer/internal/secret"
	"foyer/ui/theme"
)

func runes(s string) tea.KeyMsg { return tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(s)} }

func press(k tea.KeyType) tea.KeyMsg { return tea.KeyMsg{Type: k} }

func alt(r rune) tea.KeyMsg { return tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{r}, Alt: true} }

func TestLineEdits(t *testing.T) {
	const family = "👨‍👩‍👧"
	tests := []struct {
		name string
		keys []tea.KeyMsg
		want string
	}{
		{"typing", []tea.KeyMsg{runes("an"), runes("n")}, "ann"},
		{"a space", []tea.KeyMsg{runes("a"), {Type: tea.KeySpace, Runes: []rune{' '}}, runes("b")}, "a b"},
		{"in the middle", []tea.KeyMsg{runes("ac"), press(tea.KeyLeft), runes("b")}, "abc"},
		{"at the ends", []tea.KeyMsg{runes("b"), press(tea.KeyHome), runes("a"), press(tea.KeyEnd), runes("c")}, "abc"},
		{"backspace takes a whole emoji", []tea.KeyMsg{runes("a" + family), press(tea.KeyBackspace)}, "a"},
		{"delete takes a whole emoji", []tea.KeyMsg{runes(family + "a"), press(tea.KeyHome), press(tea.KeyDelete)}, "a"},
		{"the cursor steps over a whole emoji", []tea.KeyMsg{runes("a" + family + "c"), press(tea.KeyLeft), press(tea.KeyLeft), runes("b")}, "ab" + family + "c"},
		{"and back", []tea.KeyMsg{runes("a" + family + "c"), press(tea.KeyHome), press(tea.KeyRight), press(tea.KeyRight), runes("b")}, "a" + family + "bc"},
		{"an accent joins its letter", []tea.KeyMsg{runes("e"), runes("\u0301")}, "é"},
		{"a word back", []tea.KeyMsg{runes("ann lee"), alt('b'), runes("x")}, "ann xlee"},
		{"the line before the cursor", []tea.KeyMsg{runes("ann"), press(tea.KeyCtrlU), runes("b")}, "b"},
		{"another key with alt", []tea.KeyMsg{runes("a"), alt('q')}, "a"},
		{"a pasted line with its end", []tea.KeyMsg{{Type: tea.KeyRunes, Runes: []rune("ann\r\n"), Paste: true}}, "ann"},
		{"pasted lines", []tea.KeyMsg{{Type: tea.KeyRunes, Runes: []rune("a\tb\nc"), Paste: true}}, "a b c"},
		{"what cannot be seen", []tea.KeyMsg{runes("a\u202eb\x07")}, "ab"},
		{"more than fits is refused whole", []tea.KeyMsg{runes("a"), runes(strings.Repeat("b", 20))}, "a"},
		{"the clipboard of the machine is not pasted", []tea.KeyMsg{runes("a"), press(tea.KeyCtrlV)}, "a"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l := NewLine("", 20, "")
			for _, k := range tt.keys {
				l, _ = l.Update(k)
			}
			if got := l.Value(); got != tt.want {
				t.Errorf("the line holds %q, want %q", got, tt.want)
			}
		})
	}
}

func TestLineSaysWhyItRefuses(t *testing.T) {
	l, refusal := NewLine("", 3, "").Update(runes("abcd"))
	if refusal.Key != "refused.long" || l.Value() != "" {
		t.Errorf("too long a text: %+v, holding %q", refusal, l.Value())
	}
	s, refusal := NewSecret(secret.Text{}).Edit(runes("a\nb"))
	if refusal.Key != "refused.control" || s.Value() != "" {
		t.Errorf("a line break in a secret: %+v, holding %q", refusal, s.Value())
	}
}

func TestLineViewFitsItsWidth(t *testing.T) {
	th := theme.New(theme.Terminal{Profile: colorprofile.ANSI256, Dark: true})
	for _, text := range []string{"", "short", strings.Repeat("wide 字 ", 20), strings.Repeat("👨‍👩‍👧", 20), strings.Repeat("e\u0301\u0302", 50)} {
		for width := 4; width < 40; width++ {
			l := NewLine(text, 500, "a hint")
			for range 30 {
				if got := ansi.StringWidth(l.View(width, true, th)); got > width {
					t.Fatalf("%q in %d columns takes %d", text, width, got)
				}
				l, _ = l.Update(press(tea.KeyLeft))
			}
			if got := ansi.StringWidth(l.View(width, false, th)); got > width {
				t.Fatalf("%q in %d columns takes %d without the cursor", text, width, got)
			}
		}
	}
}

func TestASecretIsDrawnAsMasks(t *testing.T) {
	th := theme.New(theme.Terminal{Profile: colorprofile.ASCII})
	s := NewSecret(secret.New("hunter2"))
	if got := ansi.Strip(s.View(20, false, th)); got != "•••••••" {
		t.Errorf("hidden, it is drawn as %q", got)
	}
	if got := ansi.Strip(s.Show(true).View(20, false, th)); got != "hunter2" {
		t.Errorf("shown, it is drawn as %q", got)
	}
}

// named is a choice among options that are called what they are.
func named(names ...string) Choice {
	options := make([]Option, len(names))
	for i, name := range names {
		options[i] = Option{Say: Say{Text: name}, Value: name}
	}
	return NewOptions(options, "")
}
