package clean_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"foyer/internal/clean"
)

func TestLine(t *testing.T) {
	marks := strings.Repeat("\u0301", 100)
	tests := []struct {
		name  string
		give  string
		limit int
		want  string
	}{
		{"plain text stays", "Ann O'Brien-Łącka", 80, "Ann O'Brien-Łącka"},
		{"nothing stays nothing", "", 4, ""},

		{"a colour sequence goes", "a\x1b[31mred\x1b[0m", 80, "ared"},
		{"a control within a sequence is part of it", "a\x1b[3\a1mb", 80, "ab"},
		{"what breaks a sequence off is shown", "a\x1b[3\x18b\x1b[1éc", 80, "abéc"},
		{"a sequence that nothing ends goes", "a\x1b[12;", 80, "a"},
		{"a title that BEL ends goes", "a\x1b]0;pwned\x07b", 80, "ab"},
		{"a clipboard that ST ends goes", "a\x1b]52;c;cGF5bG9hZA==\x1b\\b", 80, "ab"},
		{"a string that C1 ends goes", "a\x1b]0;x\u009cb", 80, "ab"},
		{"a title that nothing ends goes", "a\x1b]0;pwned", 80, "a"},
		{"a title that another sequence breaks off goes", "a\x1b]0;pw\x1b[1mb", 80, "ab"},
		{"a title that CAN breaks off goes", "a\x1b]0;pw\x18b", 80, "ab"},
		{"DCS, SOS, PM and APC go", "a\x1bPq\x1b\\b\x1bXx\x1b\\c\x1b^x\x1b\\d\x1b_x\x1b\\e", 80, "abcde"},
		{"a character set goes", "a\x1b(0b\x1b#8c\x1bcd", 80, "abcd"},
		{"an escape at the end goes", "a\x1b", 80, "a"},
		{"what is left of two sequences is none", "a\x1b\x1b[31m[31mb", 80, "a[31mb"},
		{"what is left of two halves is none", "a\x1b\u200b[31mb", 80, "a[31mb"},

		{"C1 controls go", "a\u0080b\u009f", 80, "ab"},
		{"a sequence that C1 begins goes", "a\u009b31mb\u009d0;x\ac", 80, "abc"},
		{"what follows C1 that begins nothing stays", "a\u009d0;x", 80, "a0;x"},
		{"C1 as a byte is no text", "a\x9b31mb", 80, "a\ufffd31mb"},
		{"halves of C1 do not become one", "a\xc2\x1b[m\x9b31mb", 80, "a\ufffd\ufffd31mb"},
		{"DEL and backspaces go", "a\x7f\b\b\bb\x00", 80, "ab"},

		{"line breaks become spaces", "a\r\nb\tc\u0085d\u2028e\vf", 80, "a b c d e f"},
		{"spaces of all kinds become one", " a\u00a0\u3000\u2003\u2800b\u205f ", 80, "a b"},
		{"bidi controls go", "a\u202egnp.exe\u2066\u2069\u200e\u200f\u061c", 80, "agnp.exe"},
		{"zero widths go", "a\u200bb\u2060c\ufeffd\u00ade\u034ff\u180eg", 80, "abcdefg"},
		{"tag characters go", "a\U000e0041\U000e007fb", 80, "ab"},
		{"fillers go", "a\u115f\u1160\u3164\uffa0b", 80, "ab"},
		{"annotations and objects go", "a\ufff9b\ufffac\ufffbd\ufffce", 80, "abcde"},
		{"noncharacters and private use go", "a\ufdd0\ufffe\U0001ffff\ue000\U000f0000b", 80, "ab"},
		{"invalid UTF-8 is marked", "a\xffb", 80, "a\ufffdb"},

		{"an emoji with joiners stays whole", "👨‍👩‍👧", 80, "👨‍👩‍👧"},
		{"a joiner between letters stays", "می\u200cخواهم क्\u200dष", 80, "می\u200cخواهم क्\u200dष"},
		{"a joiner at an end goes", "\u200da\u200d b\u200c", 80, "a b"},
		{"joiners between others go, and all but one", "1\u200d2 a\u200d\u200c\u200db", 80, "12 a\u200db"},
		{"a choice of how an emoji looks stays", "❤️ 1️⃣", 80, "❤️ 1️⃣"},
		{"other variation selectors go", "a\ufe0f\ufe00b\U000e0100 \ufe0f❤\ufe0f\ufe0f", 80, "ab ❤\ufe0f"},
		{"a variant of an ideograph stays", "葛\U000e0100城", 80, "葛\U000e0100城"},
		{"marks that letters have stay", "Nguyễn שָׁ", 80, "Nguyễn שָׁ"},
		{"marks that are piled up are bounded", "a" + marks + "b", 80, "a" + marks[:16] + "b"},
		{"marks on nothing go", "\u0301a \u0301b", 80, "a b"},

		{"a long text ends in an ellipsis", "abcdef", 4, "abc…"},
		{"a text of just the limit stays", "abcd", 4, "abcd"},
		{"wide characters count twice", "東京都庁", 6, "東京…"},
		{"a character is not cut in two", "ab👨‍👩‍👧c", 5, "ab…"},
		{"no space stands before an ellipsis", "ab cd", 4, "ab…"},
		{"there may be room for nothing", "ab", 0, ""},
		{"much that goes hides that there is more", strings.Repeat("\u200b", 100) + "a", 4, "…"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := clean.Line(tt.give, tt.limit); got != tt.want {
				t.Errorf("Line(%+q, %d) = %+q, want %+q", tt.give, tt.limit, got, tt.want)
			}
		})
	}
}

func TestText(t *testing.T) {
	tests := []struct {
		name string
		give string
		want string
	}{
		{"lines stay lines", "a b\nc\r\nd\n", "a b\nc\nd"},
		{"empty ones go", "\n\na\n \u200b\nb", "a\nb"},
		{"what nothing ends ends with the line", "a\x1b]0;x\nb", "a\nb"},
		{"long lines are cut", "abcdefghi\nb", "abcdefg…\nb"},
		{"many are cut", "a\nb\nc\nd\ne", "a\nb\nc\n…"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := clean.Text(tt.give, 4, 8); got != tt.want {
				t.Errorf("Text(%+q) = %+q, want %+q", tt.give, got, tt.want)
			}
		})
	}
}

func TestKeysStayAsTheyWereTypedButForWhatNobodySees(t *testing.T) {
	const give, want = " a  b\u200b\u202e\tc می\u200c\x1b[1m\r", " a  b c می\u200c[1m "
	if got := clean.Keys(give); got != want {
		t.Errorf("Keys(%+q) = %+q, want %+q", give, got, want)
	}
}

func TestJSONSaysTheSameWithoutWhatATerminalObeys(t *testing.T) {
	const bad = "\x1b]0;x\a\u009b31m\u202e\x7f\n\u200d\U000e0041é"
	var b bytes.Buffer
	if err := json.NewEncoder(clean.JSON(&b)).Encode(bad); err != nil {
		t.Fatal(err)
	}
	if got, want := b.String(), `"\u001b]0;x\u0007\u009b31m\u202e\u007f\n\u200d\udb40\udc41é"`+"\n"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	var back string
	if err := json.Unmarshal(b.Bytes(), &back); err != nil || back != bad {
		t.Errorf("it comes back as %+q, %v", back, err)
	}
}
