package clean_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/vt"

	"foyer/internal/clean"
)

// forbidden are the characters that no clean text has, told in other words than the sanitiser's.
func forbidden(r rune) bool {
	switch {
	case r < 0x20, r >= 0x7f && r <= 0x9f, r == 0xad, r == 0x34f, r == 0x61c:
	case r >= 0x200b && r <= 0x200f && r != 0x200c && r != 0x200d: // zero width, LRM, RLM
	case r >= 0x2028 && r <= 0x202e, r >= 0x2060 && r <= 0x206f:
	case r == 0x115f, r == 0x1160, r == 0x3164, r == 0xffa0, r == 0xfeff, r == 0x180e:
	case r >= 0xfff0 && r <= 0xfffc, r >= 0xe0000 && r <= 0xe00ff:
	case r >= 0xe000 && r <= 0xf8ff, r >= 0xf0000, r&0xfffe == 0xfffe, r >= 0xfdd0 && r <= 0xfdef:
	case r != ' ' && unicode.IsSpace(r), r == 0x2800:
	default:
		return false
	}
	return true
}

func seeds(f *testing.F) {
	f.Helper()
	for _, s := range []string{
		"a", "\x1b[31m", "\x1b]0;x\x07", "\u202e", "\xff\xfe", strings.Repeat("é", 99), "a\x1b\x1b[m[31m", "\u009d0;x\u009c", "👨\u200d👩\u200d👧x",
		"क्\u200dष", "\xc2\x1b[m\x9b31m", "東京 Tōkyō", "❤️1️⃣", "葛\U000e0100", "a\u0301\u0301\u200d\u0301b", "\U0001f1e9\U0001f1ea", "각\u1160",
	} {
		f.Add(s)
	}
}

func FuzzLine(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, s string) {
		for _, limit := range []int{0, 1, 5, 40, 1000} {
			got := clean.Line(s, limit)
			if n := utf8.RuneCountInString(got); n > limit || ansi.StringWidth(got) > limit || !utf8.ValidString(got) {
				t.Fatalf("Line(%+q, %d) = %+q: %d code points, %d cells", s, limit, got, n, ansi.StringWidth(got))
			}
			if again := clean.Line(got, limit); again != got {
				t.Fatalf("Line(%+q, %d) = %+q, and cleaned again %+q", s, limit, got, again)
			}
			if at := strings.IndexFunc(got, forbidden); at >= 0 {
				t.Fatalf("Line(%+q, %d) = %+q holds %+q", s, limit, got, got[at:])
			}
		}
	})
}

func FuzzText(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, s string) {
		got := clean.Text(s, 5, 40)
		if clean.Text(got, 5, 40) != got || strings.Count(got, "\n") >= 5 {
			t.Fatalf("Text(%+q) = %+q, and again %+q", s, got, clean.Text(got, 5, 40))
		}
		if at := strings.IndexFunc(got, func(r rune) bool { return r != '\n' && forbidden(r) }); at >= 0 {
			t.Fatalf("Text(%+q) = %+q holds %+q", s, got, got[at:])
		}
	})
}

// FuzzLineOnATerminal has an emulator that is not ours judge what Line lets through.
func FuzzLineOnATerminal(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, s string) {
		const limit = 60
		screen := vt.NewEmulator(limit+2, 3)
		defer func() { _ = screen.Close() }()
		told := false
		tell := func(string) { told = true }
		screen.SetCallbacks(vt.Callbacks{
			Bell: func() { told = true }, Title: tell, IconName: tell, AltScreen: func(bool) { told = true },
			CursorVisibility: func(bool) { told = true }, WorkingDirectory: tell,
		})
		line := clean.Line(s, limit)
		_, _ = screen.WriteString(line)
		at := screen.CursorPosition()
		if want := ansi.StringWidth(line); at.X != want || at.Y != 0 || told {
			t.Fatalf("Line(%+q) = %+q puts the cursor on %v, want column %d; told %t", s, line, at, want, told)
		}
		_, _ = screen.WriteString("\r\nx") // in the colours of before, and in one cell
		if cell := screen.CellAt(0, 1); cell == nil || cell.Content != "x" || !cell.Style.IsZero() {
			t.Fatalf("after Line(%+q) = %+q a letter is %+v", s, line, cell)
		}
	})
}
