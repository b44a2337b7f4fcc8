package field

import (
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"

	"foyer/ui/theme"
	"foyer/ui/wording"
)

func TestChoice(t *testing.T) {
	states := []string{"Alabama", "Alaska", "New Mexico", "New York", "Texas"}
	places := []string{"Équateur", "São Tomé", "Łódź", "Guinea-Bissau", "Côte d’Ivoire", "Equatorial Guinea", "Guinea", "Straße", "ａ wide one"}
	tests := []struct {
		name string
		of   []string
		keys string
		want string
		says string
	}{
		{"nothing chosen", states, "", "", ""},
		{"the first with the arrow", states, "<right>", "Alabama", ""},
		{"the first with the space bar", states, "<space>", "Alabama", ""},
		{"round to the last", states, "<left>", "Texas", ""},
		{"by its beginning", states, "t", "Texas", ""},
		{"by more of it, typed at once", states, "alas", "Alaska", ""},
		{"by more of it, letter by letter", states, "A<clear>Al<right><left>as", "Alaska", ""},
		{"with a space in it", states, "new<space>y", "New York", ""},
		{"by the beginning of another word", states, "york", "New York", ""},
		{"by what is within it", states, "xa", "Texas", ""},
		{"a word's beginning before what is within", states, "m", "New Mexico", ""},
		{"the next match", states, "new<right>", "New York", ""},
		{"round the matches", states, "new<right><right>", "New Mexico", ""},
		{"the last match", states, "new<pgdown>", "New York", ""},
		{"the first match", states, "new<end><home>", "New Mexico", ""},
		{"a letter that matches nothing changes nothing", states, "tq", "", "refused.choice"},
		{"what goes on wrongly changes nothing", states, "te<right>", "Texas", ""},
		{"nor does it afterwards", states, "te<end>xts", "Texas", "refused.choice"},
		{"a paste of a megabyte", states, "te<end>" + strings.Repeat("x", 1<<20), "Texas", "refused.long"},
		{"what cannot be read", states, "\ufffe", "", "refused.encoding"},
		{"a letter taken back", states, "alas<back>", "Alabama", ""},
		{"all taken back", states, "t<back>", "", ""},
		{"cleared", states, "tex<clear>", "", ""},
		{"a choice taken back", states, "<right><back>", "", ""},
		{"without accents", places, "equateur", "Équateur", ""},
		{"with accents in another form", places, "Sa\u0303o", "São Tomé", ""},
		{"with an accent typed after", places, "e<end>\u0301<home>", "Équateur", ""},
		{"a letter with a stroke", places, "lodz", "Łódź", ""},
		{"an apostrophe and no hyphen", places, "d'iv", "Côte d’Ivoire", ""},
		{"a space for the hyphen", places, "guinea b", "Guinea-Bissau", ""},
		{"the very name before a longer one", places, "guinea", "Guinea", ""},
		{"two letters for one", places, "strasse", "Straße", ""},
		{"wide letters", places, "a w", "ａ wide one", ""},
		{"nothing but an accent", places, "\u0301", "", "refused.choice"},
		{"yes", []string{"Yes", "No"}, "y", "Yes", ""},
		{"no after all", []string{"Yes", "No"}, "y<end><home>n", "No", ""},
		{"between two by the space bar", []string{"Yes", "No"}, "y<space>", "No", ""},
		{"of two only a beginning counts", []string{"NE", "WA"}, "new", "", "refused.choice"},
		{"the letter's own case", []string{"b", "a", "B", "A"}, "A", "A", ""},
	}
	words := english(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, said := give(t, named(tt.of...), tt.keys, words)
			if c.Value() != tt.want || said.Key != tt.says {
				t.Errorf("chosen %q, saying %q, want %q, %q", c.Value(), said.Key, tt.want, tt.says)
			}
		})
	}
}

func TestAChoiceForgetsWhatWasTypedWhenItIsLeft(t *testing.T) {
	c, _ := give(t, named("Alabama", "Alaska", "Texas"), "alas", english(t))
	c, said := give(t, c.Left(), "tex", english(t))
	if c.Value() != "Texas" || !said.Silent() {
		t.Errorf("after coming back %q is chosen, saying %+v, want Texas", c.Value(), said)
	}
}

func TestASwitchTakesTheLettersOfItsLanguage(t *testing.T) {
	tests := []struct{ language, keys, want string }{
		{"en", "y", "true"},
		{"en", "n", "false"},
		{"de", "j", "true"},
		{"de", "n", "false"},
		{"de", "Ja", "true"},
	}
	for _, tt := range tests {
		c, _ := give(t, NewSwitch(""), tt.keys, wordsOf(t, tt.language))
		if c.Value() != tt.want {
			t.Errorf("%s: %q chooses %q, want %q", tt.language, tt.keys, c.Value(), tt.want)
		}
	}
}

func TestCountriesGoByNameAndCode(t *testing.T) {
	var options []Option
	for _, code := range []string{"DK", "DE", "FR", "ES", "EE", "US"} {
		options = append(options, Option{Say: Say{Country: code}, Value: code})
	}
	tests := []struct{ language, keys, want string }{
		{"en", "germ", "DE"},
		{"de", "deutsch", "DE"},
		{"de", "span", "ES"},
		{"en", "us", "US"},
		{"en", "de", "DE"},
		{"en", "den", "DK"},
		{"en", "states", "US"},
	}
	for _, tt := range tests {
		c, _ := give(t, NewOptions(options, ""), tt.keys, wordsOf(t, tt.language))
		if c.Value() != tt.want {
			t.Errorf("%s: %q chooses %q, want %q", tt.language, tt.keys, c.Value(), tt.want)
		}
	}
	if got := (Say{Country: "DE"}).In(wordsOf(t, "de")); got != "Deutschland (DE)" {
		t.Errorf("DE in German is %q", got)
	}
	for code, want := range map[string]bool{"DE": true, "XK": true, "de": false, "ZQ": false, "USA": false, "": false} {
		if got := wording.IsCountry(code); got != want {
			t.Errorf("IsCountry(%q) = %v, want %v", code, got, want)
		}
	}
}

func TestAChoiceSpeaksAnotherLanguageAfterwards(t *testing.T) {
	c := NewOptions([]Option{{Say: Say{Country: "DE"}, Value: "DE"}, {Say: Say{Country: "FR"}, Value: "FR"}, {Say: Say{Country: "US"}, Value: "US"}}, "")
	c, _ = give(t, c, "united", english(t))
	c, said := give(t, c.Left(), "vereinigte", wordsOf(t, "de"))
	if c.Value() != "US" {
		t.Errorf("in German %q is chosen, saying %+v", c.Value(), said)
	}
}

func TestAChoiceShowsWhatMatches(t *testing.T) {
	th := theme.New(theme.Terminal{Profile: colorprofile.ASCII})
	words := english(t)
	c := named("Alabama", "Alaska", "California", "Colorado", "North Carolina")
	if note := c.Note(70, words, th); note != "" {
		t.Errorf("before anything is chosen the note is %q", note)
	}
	c, _ = give(t, c, "ca", words)
	if got, want := ansi.Strip(c.View(50, true, words, th)), "‹ California ›  ca  2 of 5"; got != want {
		t.Errorf("View = %q, want %q", got, want)
	}
	if got, want := ansi.Strip(c.Note(50, words, th)), "[California] · North Carolina"; got != want {
		t.Errorf("Note = %q, want %q", got, want)
	}
	c, _ = give(t, c, "<clear><right><right>", words)
	if got, want := ansi.Strip(c.Note(50, words, th)), "Alabama · [Alaska] · California …"; got != want {
		t.Errorf("Note = %q, want %q", got, want)
	}
	if got, want := ansi.Strip(c.Note(24, words, th)), "Alabama · [Alaska] …"; got != want {
		t.Errorf("Note = %q, want %q", got, want)
	}
}

// BenchmarkChoiceOfAThousand types a letter, takes it back, and draws, with a thousand options.
func BenchmarkChoiceOfAThousand(b *testing.B) {
	th := theme.New(theme.Terminal{Profile: colorprofile.ANSI256, Dark: true})
	words := english(b)
	keys := []tea.KeyMsg{runes("9"), press(tea.KeyBackspace)}
	f := New(Say{}, Say{}, true, NewOptions(many(1000), "")).Update(runes("de"), words)
	for i := 0; b.Loop(); i++ {
		f = f.Update(keys[i%2], words)
		_ = f.View(80, true, words, th)
	}
}

// BenchmarkFirstLetterOfAThousand types the first letter, which makes the index.
func BenchmarkFirstLetterOfAThousand(b *testing.B) {
	words := english(b)
	c := NewOptions(many(1000), "")
	for b.Loop() {
		_, _ = c.Update(runes("d"), words)
	}
}
