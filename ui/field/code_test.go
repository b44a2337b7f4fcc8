package field_test

import (
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/lipgloss"

	"foyer/ui/field"
	"foyer/ui/theme"
)

// typed gives keys to a code: text between angle brackets is a key, all else is typed at once.
func typed(c field.Code, text string) (field.Code, field.Say) {
	named := map[string]tea.KeyType{"left": tea.KeyLeft, "right": tea.KeyRight, "del": tea.KeyBackspace, "home": tea.KeyHome, "ahead": tea.KeyDelete, "clear": tea.KeyCtrlU}
	var said field.Say
	for text != "" {
		before, rest, found := strings.Cut(text, "<")
		if before != "" {
			c, said = c.Update(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(before), Paste: len(before) > 1})
		}
		if !found {
			break
		}
		name, after, _ := strings.Cut(rest, ">")
		if name == "refuse" {
			c = c.Refused()
		} else {
			c, said = c.Update(tea.KeyMsg{Type: named[name]})
		}
		text = after
	}
	return c, said
}

func TestCode(t *testing.T) {
	tests := []struct {
		name   string
		length int
		give   string
		want   string
		says   string
	}{
		{"typed", 6, "1<right>2<right>3", "123", ""},
		{"pasted, which fills all", 6, "471193", "471193", ""},
		{"pasted in groups", 6, "471 193\n", "471193", ""},
		{"pasted with the words around it", 6, "Your code is 471193. Do not share it!", "471193", ""},
		{"letters count", 8, "AB12-cd34", "AB12cd34", ""},
		{"one too many is refused aloud", 6, "471193<right>7", "471193", "refused.code"},
		{"a longer paste is refused aloud", 6, "4711934711", "", "refused.code"},
		{"a pasted code takes the place of another", 6, "12<left>471193", "471193", ""},
		{"a refused one is put right at its place", 6, "471193<refuse><left><left>8", "471183", ""},
		{"what is typed after a refusal starts over", 6, "471193<refuse>5", "5", ""},
		{"rubbed out", 6, "4711<del><del>", "47", ""},
		{"rubbed out in the middle", 6, "471193<home><right><del>", "71193", ""},
		{"cleared", 6, "4711<clear>", "", ""},
		{"nothing to rub out", 6, "<del><left>", "", ""},
		{"of a length that nobody knows", 0, "47119355", "47119355", ""},
		{"of a length that nobody knows, with the words around it", 0, "Your code is 123456", "123456", ""},
		{"of a length that nobody knows, in groups", 0, "123 456", "123456", ""},
		{"rubbed out ahead", 6, "4711<home><ahead>", "711", ""},
		{"far too long", 0, strings.Repeat("1", 17), "", "refused.code"},
		{"digits of double width", 6, "４７１１９３", "471193", ""},
		{"letters of double width have no place", 6, "字1", "1", ""},
		{"signs are passed over", 6, "+-! ", "", ""},
		{"a megabyte", 6, strings.Repeat("9", 1<<20), "", "refused.code"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, said := typed(field.NewCode(tt.length), tt.give)
			if c.Value() != tt.want || said.Key != tt.says {
				t.Errorf("after %.40q it holds %q and says %q, want %q and %q", tt.give, c.Value(), said.Key, tt.want, tt.says)
			}
			if complete := tt.want != "" && (tt.length == 0 || len(tt.want) == tt.length); c.Complete() != complete {
				t.Errorf("Complete() = %t with %q of %d", c.Complete(), c.Value(), tt.length)
			}
		})
	}
}

func TestCodeFitsItsWidth(t *testing.T) {
	th := theme.New(theme.Terminal{Profile: colorprofile.NoTTY})
	for _, length := range []int{0, 4, 6, 8, 12, 16} {
		for width := 20; width < 90; width++ {
			for _, tall := range []bool{true, false} {
				c, _ := typed(field.NewCode(length), "471")
				v := c.View(width, tall, true, th)
				if lipgloss.Width(v) > width || lipgloss.Height(v) > 3 || !tall && lipgloss.Height(v) > 1 {
					t.Fatalf("%d boxes in %d cells are %dx%d:\n%s", length, width, lipgloss.Width(v), lipgloss.Height(v), v)
				}
			}
		}
	}
}
