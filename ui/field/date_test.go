package field

import (
	"strings"
	"testing"

	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"

	"foyer/ui/theme"
)

func TestDate(t *testing.T) {
	tests := []struct {
		name string
		from string
		keys string
		want string
		says string
	}{
		{"digits alone", "", "19901231", "1990-12-31", ""},
		{"digit by digit", "", "1<end>9<end>9<end>0<end>1<end>2<end>3<end>1", "1990-12-31", ""},
		{"with hyphens", "", "1990-12-31", "1990-12-31", ""},
		{"hyphen by hyphen", "", "1990<end>-<end>12<end>-<end>31", "1990-12-31", ""},
		{"with slashes", "", "1990/12/31", "1990-12-31", ""},
		{"with points", "", "1990.12.31", "1990-12-31", ""},
		{"with spaces", "", "1990<space>12<space>31", "1990-12-31", ""},
		{"single digits", "", "1990-1-5", "1990-01-05", ""},
		{"a day that goes on", "", "1990-1-3<end>1", "1990-01-31", ""},
		{"wide digits", "", "１９９０１２３１", "1990-12-31", ""},
		{"pasted with white space", "", " 1990-12-31\n", "1990-12-31", ""},
		{"pasted over another", "1990-12-31", "2001-02-03", "2001-02-03", ""},
		{"incomplete", "", "1990-1", "1990-1", ""},
		{"no day of the calendar", "", "1990-02-31", "1990-02-31", ""},
		{"the German order", "", "31.12.1990", "", "refused.date"},
		{"the American order", "", "12/31/1990", "", "refused.date"},
		{"the German order in single keys", "", "3<end>1<end>.", "31", "refused.date"},
		{"a year of two digits", "", "90-12-31", "", "refused.date"},
		{"letters", "", "1990-Dec", "", "refused.date"},
		{"more than a date", "", "199012311", "", "refused.date"},
		{"a paste of a megabyte", "1990-12-31", strings.Repeat("1", 1<<20), "1990-12-31", "refused.date"},
		{"what cannot be read", "1990", "\ufffe", "1990", "refused.date"},
		{"no hyphen first", "", "-", "", "refused.date"},
		{"backspace", "1990-12-31", "<back>0", "1990-12-30", ""},
		{"backspace over a hyphen at the end", "1990-", "<back><back>1", "1991", ""},
		{"backspace over a hyphen within", "1990-12-31", "<left><left><back><back>0", "1990-10-31", ""},
		{"delete within", "1990-12-31", "<home><del>2", "2990-12-31", ""},
		{"over it from the beginning", "1990-12-31", "<home>2001<end><home>", "2001-12-31", ""},
		{"all over it from the beginning", "1990-12-31", "<home>20010203", "2001-02-03", ""},
		{"all over it with hyphens, key by key", "1990-12-31", "<home>2001<left><right>-<left><right>02", "2001-02-31", ""},
		{"cleared", "1990-12-31", "<clear>", "", ""},
		{"the day up", "1990-12-31", "<up>", "1991-01-01", ""},
		{"the day down", "1990-03-01", "<down>", "1990-02-28", ""},
		{"the day by plus and minus", "1990-12-30", "+<end>+<end>-", "1990-12-31", ""},
		{"the month up", "1990-12-31", "<left><left><left><up>", "1991-01-31", ""},
		{"the month up to a shorter one", "1990-01-31", "<left><left><left><up>", "1990-02-28", ""},
		{"the month down", "1990-01-31", "<left><left><left><down>", "1989-12-31", ""},
		{"the year up", "2024-02-29", "<home><up>", "2025-02-28", ""},
		{"the year down", "2024-02-29", "<home><down><down><down><down>", "2020-02-28", ""},
		{"the last year", "9999-12-31", "<up>", "9999-12-31", ""},
		{"the last month", "9999-12-31", "<left><left><left><up>", "9999-12-31", ""},
		{"the first year", "0001-01-01", "<home><down>", "0001-01-01", ""},
		{"the first day", "0001-01-01", "<down>", "0001-01-01", ""},
		{"stepping completes", "", "<up>", "2000-01-01", ""},
		{"stepping completes what there is", "1990-1", "<up>", "1990-01-01", ""},
		{"stepping puts the impossible right", "1990-02-31", "<up>", "1990-02-28", ""},
		{"something else", "yesterday", "", "", ""},
	}
	words := english(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d, said := give(t, NewDate(tt.from), tt.keys, words)
			if d.Value() != tt.want || said.Key != tt.says {
				t.Errorf("it holds %q, saying %q, want %q, %q", d.Value(), said.Key, tt.want, tt.says)
			}
		})
	}
}

func TestADateIsWrittenOutWhenItIsLeft(t *testing.T) {
	for give, want := range map[string]string{"1990-1-5": "1990-01-05", "1990-1": "1990-1", "-1": "-1"} {
		if got := NewDate(give).Left().text; got != want {
			t.Errorf("%s is left as %q, want %q", give, got, want)
		}
	}
}

func TestADateShowsItsFormAndItsWords(t *testing.T) {
	th := theme.New(theme.Terminal{Profile: colorprofile.ASCII})
	tests := []struct{ language, from, view, note string }{
		{"en", "", "", ""},
		{"en", "1990-1", "1990-1", "1990-1M-DD"},
		{"en", "1990-12-31", "1990-12-31", "31 December 1990"},
		{"de", "1990-", "1990-", "1990-MM-TT"},
		{"de", "1990-03-01", "1990-03-01", "1. März 1990"},
		{"de", "1990-02-31", "1990-02-31", "1990-02-31"},
	}
	for _, tt := range tests {
		words := wordsOf(t, tt.language)
		for _, focused := range []bool{false, true} {
			if got := strings.TrimSpace(ansi.Strip(NewDate(tt.from).View(30, focused, words, th))); got != tt.view {
				t.Errorf("%s: %q is drawn as %q, want %q", tt.language, tt.from, got, tt.view)
			}
		}
		if got := ansi.Strip(NewDate(tt.from).Note(30, words, th)); got != tt.note {
			t.Errorf("%s: %q is noted as %q, want %q", tt.language, tt.from, got, tt.note)
		}
	}
}

// FuzzDate holds that no keys bring a date out of its form.
func FuzzDate(f *testing.F) {
	f.Add("19901231", []byte{0, 1, 2, 3, 4, 5, 6, 7})
	f.Add("1990-1-5", []byte{4, 4, 2, 2, 3, 3, 5, 6})
	words := english(f)
	th := theme.New(theme.Terminal{Profile: colorprofile.ASCII})
	f.Fuzz(func(t *testing.T, text string, keys []byte) {
		named := []string{"<left>", "<right>", "<back>", "<del>", "<home>", "<up>", "<down>", "<end>"}
		d := Date{}
		for i, r := range text {
			d, _ = d.Update(runes(string(r)), words)
			if i < len(keys) {
				d, _ = give(t, d, named[int(keys[i])%len(named)], words)
			}
			if !dateBegun.MatchString(d.text) || d.at < 0 || d.at > len(d.text) {
				t.Fatalf("after %q it holds %q at %d", text[:i], d.text, d.at)
			}
			_ = d.View(20, true, words, th)
		}
	})
}
