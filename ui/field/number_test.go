package field

import (
	"strings"
	"testing"
)

func TestNumber(t *testing.T) {
	nines := strings.Repeat("9", longestNumber)
	tests := []struct {
		name     string
		language string
		whole    bool
		from     string
		keys     string
		want     string
		says     string
	}{
		{"digits", "en", false, "", "42", "42", ""},
		{"a minus and a point", "en", false, "", "-<end>1.<end>5", "-1.5", ""},
		{"a typographic minus", "en", false, "", "\u22121", "-1", ""},
		{"a minus put in front", "en", false, "15", "<home>-", "-15", ""},
		{"a minus within", "en", false, "15", "-", "15", "refused.number"},
		{"two minuses", "en", false, "-15", "<home>-", "-15", "refused.number"},
		{"a second point", "en", false, "1.5", ".", "1.5", "refused.number"},
		{"a German comma", "de", false, "", "1,5", "1.5", ""},
		{"a German comma after a point", "de", false, "", "1.000,5", "", "refused.number"},
		{"an English comma", "en", false, "", "1,000", "", "refused.number"},
		{"a point first", "en", false, "", ".5", "0.5", ""},
		{"a point after the minus", "en", false, "-", ".5", "-0.5", ""},
		{"a comma first", "de", false, "", ",", "0.", ""},
		{"letters", "en", false, "1", "2a", "1", "refused.number"},
		{"an exponent", "en", false, "1", "e9", "1", "refused.number"},
		{"grouped by spaces", "en", false, "", " 1\u202f000 ", "1000", ""},
		{"wide digits", "en", false, "", "４２", "42", ""},
		{"a point in a whole number", "en", true, "4", ".", "4", "refused.integer"},
		{"letters in a whole number", "en", true, "4", "x", "4", "refused.integer"},
		{"a whole number below zero", "en", true, "", "-4", "-4", ""},
		{"a paste of a megabyte", "en", true, "4", strings.Repeat("1", 1<<20), "4", "refused.long"},
		{"what cannot be read", "en", false, "4", "\ufffe", "4", "refused.number"},
		{"backspace", "en", false, "42", "<back>", "4", ""},
		{"up", "en", true, "9", "<up>", "10", ""},
		{"down below zero", "en", true, "", "<down>", "-1", ""},
		{"up with a fraction", "en", false, "-0.25", "<up>", "0.75", ""},
		{"up from a minus", "en", false, "-", "<up>", "1", ""},
		{"up from a point", "en", false, "1.", "<up>", "2", ""},
		{"up beyond the bound", "en", true, nines, "<up>", nines, ""},
		{"up from an exponent", "en", false, "1e999999999", "<up>", "1e999999999", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			n, said := give(t, NewNumber(tt.from, tt.whole), tt.keys, wordsOf(t, tt.language))
			if n.Value() != tt.want || said.Key != tt.says {
				t.Errorf("it holds %q, saying %q, want %q, %q", n.Value(), said.Key, tt.want, tt.says)
			}
		})
	}
}
