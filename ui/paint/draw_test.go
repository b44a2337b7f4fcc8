package paint_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/synctest"

	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/vt"

	"foyer/ui/paint"
	"foyer/ui/theme"
)

// A screen is a terminal emulator that a painter draws on.
type screen struct {
	tb    testing.TB
	emu   *vt.Emulator
	sent  strings.Builder
	paint *paint.Painter
}

// newScreen returns a screen of width and height; within a bubble of synctest only.
func newScreen(tb testing.TB, width, height int, o paint.Options) *screen {
	tb.Helper()
	s := &screen{tb: tb, emu: vt.NewEmulator(width, height)}
	o.Size = theme.Size{Width: width, Height: height}
	s.paint = paint.New(s, o)
	return s
}

// Write shows and records what the painter sends.
func (s *screen) Write(p []byte) (int, error) {
	s.sent.Write(p)
	return s.emu.Write(p)
}

// show paints frame and returns what was sent for it.
func (s *screen) show(frame string) string {
	s.tb.Helper()
	s.sent.Reset()
	s.paint.Paint(frame)
	synctest.Wait()
	return s.sent.String()
}

func (s *screen) resize(width, height int) {
	s.emu.Resize(width, height)
	s.paint.Resize(theme.Size{Width: width, Height: height})
}

// differs describes how what is seen of the cells differs from another screen; "" when it does not.
func (s *screen) differs(other *screen) string {
	s.tb.Helper()
	var all strings.Builder
	for y := range s.emu.Height() {
		for x := range s.emu.Width() {
			if got, want := seen(s.emu.CellAt(x, y)), seen(other.emu.CellAt(x, y)); !got.Equal(&want) {
				fmt.Fprintf(&all, "row %d, column %d is %+v, want %+v\n", y, x, got, want)
			}
		}
	}
	return all.String()
}

// seen is what is seen of a cell.
func seen(c *uv.Cell) uv.Cell {
	if c == nil {
		return uv.Cell{}
	}
	s := *c
	if s.Content == " " && s.Style.Attrs&(uv.AttrReverse|uv.AttrStrikethrough) == 0 && s.Style.Underline == 0 {
		s.Style.Fg, s.Style.Attrs = nil, 0
	}
	return s
}

// plainly draws frame on a new terminal as it is, without a painter.
func plainly(tb testing.TB, width, height int, frame string) *screen {
	tb.Helper()
	s := &screen{tb: tb, emu: vt.NewEmulator(width, height)}
	for y, line := range strings.Split(frame, "\n") {
		if y < height {
			_, _ = fmt.Fprintf(s.emu, "\x1b[m\x1b[%dH%s", y+1, line)
		}
	}
	return s
}

func TestAFrameIsDrawnOverAnother(t *testing.T) {
	tests := []struct {
		name     string
		was, is  string
		wantSent string
	}{
		{"the same", "abc", "abc", ""},
		{"a letter at the end", "abc", "abcd", "\x1b[1;4Hd"},
		{"a letter in the middle", "name: ann lee", "name: ana lee", "\x1b[1;9Ha"},
		{"a letter before a cursor", "ann\x1b[7m \x1b[m", "anna\x1b[7m \x1b[m", "\x1b[1;4Ha\x1b[7m \x1b[m"},
		{"two letters far from each other", "a23456789b", "b23456789c", "\x1b[1Hb\x1b[8Cc"},
		{"two letters near each other", "a23b", "b23c", "\x1b[1Hb23c"},
		{"the end goes", "a longer line", "a", "\x1b[1;3H\x1b[K"},
		{"two letters go", "abc", "a", "\x1b[1;2H  "},
		{"the middle goes", "ab   cd   ef", "ab        ef", "\x1b[1;6H  "},
		{"the lines below go", "a\nb\nc\nd", "a", "\x1b[2H\x1b[J"},
		{"the line below goes", "a\nb", "a", "\x1b[2H "},
		{"a colour", "\x1b[31mab\x1b[m", "\x1b[32mab\x1b[m", "\x1b[1H\x1b[32mab\x1b[m"},
		{"a colour more", "\x1b[1mab\x1b[m", "\x1b[1;38;5;114mab\x1b[0m", "\x1b[1H\x1b[1;38;5;114mab\x1b[m"},
		{"a colour that was said otherwise", "\x1b[1m\x1b[31mab\x1b[0m", "\x1b[1;31mab\x1b[m", ""},
		{"a colour of nothing", "a b", "a\x1b[1;31m \x1b[mb", ""},
		{"words in a colour", "", "\x1b[1mab cd\x1b[m", "\x1b[1H\x1b[1mab cd\x1b[m"},
		{"a wide character", "ab", "漢", "\x1b[1H漢"},
		{"half of a wide character", "漢字", "x 字", "\x1b[1Hx "},
		{"an accent", "e", "e\u0301", "\x1b[1He\u0301"},
		{"a direct colour", "a", "\x1b[38:2::1:2:3;48;2;4;5;6ma", "\x1b[1H\x1b[38;2;1;2;3;48;2;4;5;6ma\x1b[m"},
		{"a bright colour", "a", "\x1b[91;102ma", "\x1b[1H\x1b[91;102ma\x1b[m"},
		{"a sequence that is no style", "a", "\x1b[2Ja\x1b]0;title\x07\x1bc\x9b5n", ""},
		{"a control character", "ab", "a\x07\r\tb\u009b", ""},
		{"text that is no UTF-8", "ab", "a\xff\xc3b", ""},
		{"a style that its line leaves open", "a\nb", "\x1b[1ma\nb", "\x1b[1H\x1b[1ma\x1b[m"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newScreen(t, 20, 5, paint.Options{})
				s.show(tt.was)
				if got := s.show(tt.is); got != tt.wantSent {
					t.Errorf("%q over %q is sent as %q, want %q", tt.is, tt.was, got, tt.wantSent)
				}
				s.same(tt.is)
			})
		})
	}
}

// same compares the screen with one on which frame alone was painted.
func (s *screen) same(frame string) {
	s.tb.Helper()
	fresh := newScreen(s.tb, s.emu.Width(), s.emu.Height(), paint.Options{})
	fresh.show(frame)
	if diff := s.differs(fresh); diff != "" {
		s.tb.Fatalf("%q, drawn over others, differs from itself drawn alone:\n%s", frame, diff)
	}
}

// TestAnySequenceOfFramesEndsInTheLast draws frames over each other and compares with the last one, printed as it is.
func TestAnySequenceOfFramesEndsInTheLast(t *testing.T) {
	for seed := range uint64(12) {
		synctest.Test(t, func(t *testing.T) {
			random := rand.New(rand.NewPCG(seed, 5))
			width, height := 12, 4
			s := newScreen(t, width, height, paint.Options{})
			frame := ""
			for range 50 {
				if random.IntN(10) == 0 {
					width, height = 1+random.IntN(30), 1+random.IntN(8)
					s.resize(width, height)
				}
				frame = next(random, frame, width, height)
				s.show(frame)
				if diff := s.differs(plainly(t, width, height, frame)); diff != "" {
					t.Fatalf("seed %d: %q, drawn over others, differs from itself printed:\n%s", seed, frame, diff)
				}
			}
		})
	}
}

// next is a frame that fits, alike to the one before in some lines.
func next(random *rand.Rand, before string, width, height int) string {
	old := strings.Split(before, "\n")
	var lines []string
	for y := range random.IntN(height + 1) {
		if y < len(old) && random.IntN(2) == 0 {
			lines = append(lines, cut(old[y], width))
			continue
		}
		lines = append(lines, cut(randomLine(random), random.IntN(width+1)))
	}
	return strings.Join(lines, "\n")
}

// cut is what fits of line into width columns.
func cut(line string, width int) string { return ansi.Truncate(line, width, "") }

func randomLine(random *rand.Rand) string {
	pieces := []string{
		"a", "b", " ", "  ", "      ", "word", "漢", "字", "é", "e\u0301", "│", "━", "👍", "👩‍🚀", "❤️", "🇩🇪", "क्षि",
		"\x1b[m", "\x1b[1m", "\x1b[7m", "\x1b[4m", "\x1b[31m", "\x1b[42m", "\x1b[38;5;114m", "\x1b[48;2;1;2;3m", "\x1b[22m", "\x1b[0;9m", "\x1b[39;49m",
	}
	var b strings.Builder
	for range random.IntN(16) {
		b.WriteString(pieces[random.IntN(len(pieces))])
	}
	return b.String() + "\x1b[m"
}

func TestWhatIsSentForAFrameIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newScreen(t, 500, 200, paint.Options{})
		frame := strings.TrimSuffix(strings.Repeat(strings.Repeat("x", 1000)+"\n", 1000), "\n")
		if got := len(s.show(frame)); got > 500*200+200*8+64 {
			t.Errorf("%d bytes are sent for a window of 100,000 cells", got)
		}
	})
}

func FuzzFrames(f *testing.F) {
	f.Add("a\nb", "a\n\x1b[1mc", uint8(10), uint8(2))
	f.Add("漢字", "x漢", uint8(3), uint8(1))
	f.Add("\x1b[38;2;1;2;3mx", "\x1b[4:0;38:5:7mx\x1b[", uint8(4), uint8(1))
	f.Fuzz(func(t *testing.T, first, second string, width, height uint8) {
		synctest.Test(t, func(t *testing.T) {
			s := newScreen(t, 1+int(width)%80, 1+int(height)%24, paint.Options{})
			s.show(first)
			if sent := s.show(second); first == second && sent != "" {
				t.Errorf("%q is sent for a frame that is there already", sent)
			}
			s.same(second)
			if sent := s.show(second + "\n"); sent != "" {
				t.Errorf("%q is sent for a line feed at the end", sent)
			}
			if err := s.paint.Close(context.Background()); err != nil {
				t.Error(err)
			}
			if left := strings.TrimSpace(s.emu.String()); left != "" || s.emu.IsAltScreen() {
				t.Errorf("in the end there is %q", left)
			}
		})
	})
}
