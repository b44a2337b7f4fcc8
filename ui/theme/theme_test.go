package theme

import (
	"strings"
	"testing"

	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"
)

func TestDetect(t *testing.T) {
	tests := []struct {
		name       string
		environ    []string
		background string
		want       Terminal
	}{
		{"a modern terminal", []string{"TERM=xterm-256color", "COLORTERM=truecolor", "LANG=en_US.UTF-8"}, "auto", Terminal{colorprofile.TrueColor, true, Unicode, Modern, true}},
		{"256 colours", []string{"TERM=xterm-256color"}, "auto", Terminal{colorprofile.ANSI256, true, Unicode, Modern, true}},
		{"the Linux console", []string{"TERM=linux", "LANG=C.UTF-8"}, "auto", Terminal{colorprofile.ANSI, true, Console, LinuxConsole, false}},
		{"no colour wanted", []string{"TERM=xterm-256color", "NO_COLOR=1"}, "auto", Terminal{colorprofile.ASCII, true, Unicode, Modern, true}},
		{"a terminal that can do nothing", []string{"TERM=dumb"}, "auto", Terminal{colorprofile.NoTTY, true, ASCII, Teletype, false}},
		{"an old terminal", []string{"TERM=vt100"}, "auto", Terminal{colorprofile.ASCII, true, ASCII, VT100, false}},
		{"a VT320 with 132 columns", []string{"TERM=vt320-w"}, "auto", Terminal{colorprofile.ASCII, true, Unicode, VT220, false}},
		{"a terminal of GNOME", []string{"TERM=vte-256color"}, "auto", Terminal{colorprofile.ANSI256, true, Unicode, Modern, false}},
		{"a VT52, which has sequences of its own", []string{"TERM=vt52"}, "auto", Terminal{colorprofile.NoTTY, true, ASCII, Teletype, false}},
		{"nothing known", nil, "auto", Terminal{colorprofile.ASCII, true, Unicode, Modern, false}},
		{"a locale without UTF-8", []string{"TERM=xterm", "LC_ALL=C", "LANG=en_US.UTF-8"}, "auto", Terminal{colorprofile.ANSI, true, ASCII, Modern, true}},
		{"a light background, as the terminal says", []string{"TERM=xterm", "COLORFGBG=0;15"}, "auto", Terminal{colorprofile.ANSI, false, Unicode, Modern, true}},
		{"a light background, as the administrator says", []string{"TERM=xterm", "COLORFGBG=15;0"}, "light", Terminal{colorprofile.ANSI, false, Unicode, Modern, true}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := Detect(tt.environ, tt.background); got != tt.want {
				t.Errorf("Detect(%v, %s) = %+v, want %+v", tt.environ, tt.background, got, tt.want)
			}
		})
	}
}

func TestColoursAreStatedAtEachDepth(t *testing.T) {
	tests := map[colorprofile.Profile]string{
		colorprofile.TrueColor: "38;2;", colorprofile.ANSI256: "38;5;210", colorprofile.ANSI: "91",
	}
	for profile, want := range tests {
		if got := New(Terminal{Profile: profile, Dark: true}).Invalid.Render("no"); !strings.Contains(got, want) || ansi.Strip(got) != "no" {
			t.Errorf("at %v a complaint is drawn as %q, want %s in it", profile, got, want)
		}
	}
}

func TestWithoutColourTheCursorIsStillSeen(t *testing.T) {
	th := New(Terminal{Profile: colorprofile.ASCII})
	if got := th.Cursor.Render(" "); !strings.Contains(got, "\x1b[7m") {
		t.Errorf("the cursor is drawn as %q, want it reversed", got)
	}
	if got := th.Invalid.Render("no") + th.Strengths[0].Render("x") + th.Banner.Render("x"); strings.Contains(got, "[3") || strings.Contains(got, ";3") {
		t.Errorf("there are colours in %q", got)
	}
	if th := New(Terminal{Profile: colorprofile.NoTTY}); th.Cursor.Render("x") != "x" || th.Glyphs.Cursor == "" {
		t.Error("a terminal without attributes has no sign for the cursor")
	}
}

func TestEveryCharsetHasEverySign(t *testing.T) {
	for _, c := range []Charset{Unicode, Console, ASCII} {
		g := glyphs(c)
		for i, sign := range []string{
			g.Tick, g.Cross, g.Open, g.Bar, g.BarOn, g.LineDone, g.LineRest, g.MeterFull, g.MeterEmpty, g.Up, g.Down, g.Left,
			g.Right, g.Dot, g.Mask, g.Ellipsis, g.Spinner[0],
		} {
			if ansi.StringWidth(sign) != 1 || c == ASCII && sign[0] > '~' {
				t.Errorf("charset %d: sign %d is %q", c, i, sign)
			}
		}
	}
}

func TestWrap(t *testing.T) {
	s := New(Terminal{Profile: colorprofile.ANSI, Dark: true}).Invalid
	for _, line := range strings.Split(s.Wrap("a longer line of text", 8), "\n") {
		if ansi.StringWidth(line) > 8 || !strings.HasPrefix(line, "\x1b[") || !strings.HasSuffix(line, "m") {
			t.Errorf("a wrapped line is %q", line)
		}
	}
}

func TestClamp(t *testing.T) {
	if got := (Size{1<<32 - 1, -1}).Clamp(); got.Width > 500 || got.Height != 0 {
		t.Errorf("Clamp = %+v", got)
	}
}
