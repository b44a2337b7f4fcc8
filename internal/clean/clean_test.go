package clean_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"foyer/internal/clean"
)

func TestLine(t *testing.T) {
	tests := []struct {
		name  string
		give  string
		limit int
		want  string
	}{
		{"plain text stays", "Ann O'Brien-Łącka", 80, "Ann O'Brien-Łącka"},
		{"a colour sequence goes", "a\x1b[31mred\x1b[0m", 80, "ared"},
		{"a title sequence goes", "a\x1b]0;pwned\x07b", 80, "ab"},
		{"a clipboard sequence goes", "a\x1b]52;c;cGF5bG9hZA==\x1b\\b", 80, "ab"},
		{"C1 controls go", "a\u009b31mb", 80, "a31mb"},
		{"line breaks become spaces", "a\r\nb\tc", 80, "a b c"},
		{"bidi controls go", "a\u202egnp.exe", 80, "agnp.exe"},
		{"a zero-width space goes", "a\u200bb", 80, "ab"},
		{"tag characters go", "a\U000e0041b", 80, "ab"},
		{"an emoji with joiners stays whole", "👨‍👩‍👧", 80, "👨‍👩‍👧"},
		{"invalid UTF-8 is marked", "a\xffb", 80, "a\ufffdb"},
		{"a long text ends in an ellipsis", "abcdef", 4, "abc…"},
		{"a text of just the limit stays", "abcd", 4, "abcd"},
		{"nothing stays nothing", "", 4, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := clean.Line(tt.give, tt.limit); got != tt.want {
				t.Errorf("Line(%q, %d) = %q, want %q", tt.give, tt.limit, got, tt.want)
			}
		})
	}
}

func FuzzLine(f *testing.F) {
	for _, s := range []string{"a", "\x1b[31m", "\x1b]0;x\x07", "\u202e", "\xff\xfe", strings.Repeat("é", 99)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := clean.Line(s, 40)
		if n := utf8.RuneCountInString(got); n > 40 || !utf8.ValidString(got) {
			t.Fatalf("Line(%q) = %q: %d runes, valid %v", s, got, n, utf8.ValidString(got))
		}
		for _, r := range got {
			if unicode.IsControl(r) || !clean.Visible(r) {
				t.Fatalf("Line(%q) = %q holds %U", s, got, r)
			}
		}
	})
}
