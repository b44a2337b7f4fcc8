package field

import (
	"strings"
	"testing"

	"github.com/charmbracelet/colorprofile"

	"foyer/ui/theme"
)

func TestAPlaceholderIsShownInTheLanguageWhileNothingIsTyped(t *testing.T) {
	th := theme.New(theme.Terminal{Profile: colorprofile.NoTTY})
	say := Say{Texts: map[string]string{"en": "such as 7", "de": "etwa 7"}}
	fields := map[string]func(value string) Field{
		"a line":        func(value string) Field { return NewText(Say{}, Say{}, true, NewLine(value, 9, "")) },
		"a number":      func(value string) Field { return New(Say{}, Say{}, true, NewNumber(value, true)) },
		"several lines": func(value string) Field { return New(Say{}, Say{}, true, NewArea(value, 9)) },
	}
	for name, field := range fields {
		for tag, want := range say.Texts {
			if view := field("").WithPlaceholder(say).View(40, false, wordsOf(t, tag), th); !strings.Contains(view, want) {
				t.Errorf("%s shows no %q in\n%s", name, want, view)
			}
			if view := field("1").WithPlaceholder(say).View(40, false, wordsOf(t, tag), th); strings.Contains(view, want) {
				t.Errorf("%s with an answer shows %q in\n%s", name, want, view)
			}
		}
	}
	if view := New(Say{}, Say{}, true, NewSwitch("")).WithPlaceholder(say).View(40, false, english(t), th); strings.Contains(view, "such as 7") {
		t.Errorf("a switch shows a placeholder in\n%s", view)
	}
}

func TestSay(t *testing.T) {
	tests := []struct {
		name, tag string
		give      Say
		want      string
	}{
		{"a text by language", "de", Say{Text: "Name", Texts: map[string]string{"de": "Vorname"}}, "Vorname"},
		{"none for the language", "en", Say{Text: "Name", Texts: map[string]string{"de": "Vorname"}}, "Name"},
		{"one for all others", "en", Say{Text: "Name", Texts: map[string]string{"de": "Vorname", "": "First name"}}, "First name"},
		{"before a key", "de", Say{Key: "switch.no", Texts: map[string]string{"": "x"}}, "x"},
		{"as an argument", "de", Say{Key: "more.first", Args: []any{Say{Texts: map[string]string{"de": "Kinder"}}}}, "Gibt es etwas hinzuzufügen: Kinder?"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.give.In(wordsOf(t, tt.tag)); got != tt.want {
				t.Errorf("In(%s) = %q, want %q", tt.tag, got, tt.want)
			}
		})
	}
}
