package field

import (
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"

	"foyer/ui/theme"
)

func TestArea(t *testing.T) {
	tests := []struct {
		name string
		from string
		keys string
		want string
		says string
	}{
		{"one line", "", "ann", "ann", ""},
		{"a break", "", "a<break>b", "a\nb", ""},
		{"a break within", "ab", "<left><break>", "a\nb", ""},
		{"pasted lines", "", "a\nb\r\nc\rd", "a\nb\nc\nd", ""},
		{"pasted within", "[]", "<left>a\nb", "[a\nb]", ""},
		{"backspace over a break", "a\nb", "<home><back>x", "axb", ""},
		{"backspace at the very beginning", "a\nb", "<pgup><home><back>x", "xa\nb", ""},
		{"delete over a break", "a\nb", "<pgup><del>x", "axb", ""},
		{"delete at the very end", "a\nb", "<del>x", "a\nbx", ""},
		{"left over a break", "a\nb", "<left><left>x", "ax\nb", ""},
		{"right over a break", "a\nb", "<pgup><right>x", "a\nxb", ""},
		{"right at the very end", "a\nb", "<right>x", "a\nbx", ""},
		{"up and down", "a\nb\nc", "<up><up><up>x<down>y", "ax\nby\nc", ""},
		{"tabs and what cannot be seen", "", "a\tb\u202e\nc", "a b\nc", ""},
		{"an accent after a break", "e", "\u0301", "é", ""},
		{"more than fits, breaks counted", "", "abcdefghi\njk\n", "", "refused.long"},
		{"as much as fits", "", "abcdefghi\njk", "abcdefghi\njk", ""},
		{"a break that does not fit", "abcdefghi\njk", "<break>", "abcdefghi\njk", "refused.long"},
		{"a paste of a megabyte", "a", strings.Repeat("x\n", 1<<19), "a", "refused.long"},
		{"what cannot be read", "a", "\ufffe", "a", "refused.encoding"},
		{"lines of old", "a\r\nb", "", "a\nb", ""},
	}
	words := english(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a, said := give(t, NewArea(tt.from, 12), tt.keys, words)
			if a.Value() != tt.want || said.Key != tt.says {
				t.Errorf("it holds %q, saying %q, want %q, %q", a.Value(), said.Key, tt.want, tt.says)
			}
		})
	}
}

func TestAnAreaIsAValue(t *testing.T) {
	words := english(t)
	a, _ := give(t, NewArea("", 100), "a\nb\nc<up>", words)
	b, _ := give(t, a, "<up>x<down><down><break>y", words)
	c, _ := give(t, a, "<back><back>z<break>w", words)
	if a.Value() != "a\nb\nc" || b.Value() != "ax\nb\nc\ny" || c.Value() != "az\nw\nc" {
		t.Errorf("one text holds %q, what was made of it %q and %q", a.Value(), b.Value(), c.Value())
	}
}

func TestAnAreaSaysWhichLineItShows(t *testing.T) {
	th := theme.New(theme.Terminal{Profile: colorprofile.ASCII})
	words := english(t)
	a, _ := give(t, NewArea("", 100), "\none\ntwo<up>", words)
	if got := strings.Join(strings.Fields(ansi.Strip(a.View(30, true, words, th))), " "); got != "one line 2 of 3" {
		t.Errorf("with the cursor: %q", got)
	}
	if got := ansi.Strip(a.View(30, false, words, th)); got != "one  3 lines" {
		t.Errorf("without: %q", got)
	}
	if got := ansi.Strip(NewArea("one", 100).View(30, false, words, th)); got != "one" {
		t.Errorf("a single line: %q", got)
	}
}

func TestALineTidiesWhatIsPasted(t *testing.T) {
	paste := tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(" a b\n"), Paste: true}
	tests := []struct {
		name string
		of   Line
		msg  tea.KeyMsg
		want string
	}{
		{"an address", NewLine("", 20, "").Trimming(), paste, "a b"},
		{"a space that is typed", NewLine("", 20, "").Trimming(), tea.KeyMsg{Type: tea.KeySpace, Runes: []rune{' '}}, " "},
		{"a postal code", NewLine("", 20, "").Trimming().Upper(), paste, "A B"},
		{"a letter of one", NewLine("sw1a", 20, "").Upper(), runes("é"), "sw1aÉ"},
		{"anything else", NewLine("", 20, ""), paste, " a b"},
	}
	for _, tt := range tests {
		if l, _ := tt.of.Update(tt.msg); l.Value() != tt.want {
			t.Errorf("%s holds %q, want %q", tt.name, l.Value(), tt.want)
		}
	}
}
