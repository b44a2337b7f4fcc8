package paint_test

import (
	"strings"
	"testing"
	"testing/synctest"

	"foyer/ui/paint"
	"foyer/ui/theme"
)

// scrolled is what the emulator remembers of what is no longer on its screen. It remembers a screen that is cleared, as some
// terminals do.
func (s *screen) scrolled() string {
	var all strings.Builder
	for y := range s.emu.ScrollbackLen() {
		for x := range s.emu.Width() {
			if c := s.emu.ScrollbackCellAt(x, y); c != nil {
				all.WriteString(c.Content)
			}
		}
	}
	return all.String()
}

func TestNothingOfAPersonIsLeftForTheNext(t *testing.T) {
	for name, controls := range map[string]theme.Controls{"a modern terminal": theme.Modern, "the Linux console": theme.LinuxConsole} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newScreen(t, 40, 3, paint.Options{Controls: controls, Public: true})
				s.show("ann@example.com\nMarker")
				s.resize(40, 4) // which has the screen cleared
				s.show("ann@example.com\nMarker 2")
				if controls == theme.LinuxConsole && !strings.Contains(s.scrolled(), "ann@example.com") {
					t.Fatalf("the terminal remembers %q, and so proves nothing", s.scrolled())
				}
				_, _ = s.emu.WriteString("\x1b[?1000h\x1b[?2004l\x1b[?25h") // somebody else's
				s.paint.Clear()
				sent := s.show("Welcome")
				if got := strings.TrimSpace(s.emu.String()) + s.scrolled(); got != "Welcome" {
					t.Errorf("there is %q", got)
				}
				if modern := controls == theme.Modern; s.emu.IsAltScreen() != modern || strings.Contains(sent, "\x1b[?1000l") != modern || strings.Contains(sent, "\x1b[?2004h") != modern {
					t.Errorf("on another screen: %t, and sent was %q", s.emu.IsAltScreen(), sent)
				}
				if err := s.paint.Close(t.Context()); err != nil || strings.TrimSpace(s.emu.String())+s.scrolled() != "" {
					t.Errorf("in the end there is %q, %q, %v", s.emu.String(), s.scrolled(), err)
				}
			})
		})
	}
}

func TestClearOnATerminalOfOnesOwnLeavesItsHistory(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newScreen(t, 40, 3, paint.Options{Clipboard: true})
		s.show("a")
		s.paint.Clear()
		if got := s.show("b"); strings.Contains(got, "\x1b[3J") || strings.Contains(got, "\x1b]52") {
			t.Errorf("sent is %q", got)
		}
	})
}

func TestATerminalThatOthersUsedIsClearedFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newScreen(t, 40, 3, paint.Options{Controls: theme.LinuxConsole, Public: true})
		_, _ = s.emu.WriteString("ann@example.com\x1b[2J")
		s.paint.Clear()
		s.show("Welcome")
		if got := strings.TrimSpace(s.emu.String()) + s.scrolled(); got != "Welcome" {
			t.Errorf("there is %q", got)
		}
	})
}

func TestWipeIsWhatATerminalKnows(t *testing.T) {
	const clear = "\x1b[m\x1b[H\x1b[2J"
	tests := []struct {
		name     string
		terminal theme.Terminal
		want     string
	}{
		{"a modern one", theme.Terminal{}, clear + "\x1b[?2004l\x1b[?25h\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[3J"},
		{"one with a clipboard", theme.Terminal{Clipboard: true}, clear + "\x1b[?2004l\x1b[?25h\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[3J\x1b]52;c;\x1b\\"},
		{"the Linux console", theme.Terminal{Controls: theme.LinuxConsole}, clear + "\x1b[?25h\x1b[3J"},
		{"a VT220", theme.Terminal{Controls: theme.VT220}, clear + "\x1b[?25h"},
		{"a teletype", theme.Terminal{Controls: theme.Teletype}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := paint.Wipe(tt.terminal); got != tt.want {
				t.Errorf("Wipe(%+v) = %q, want %q", tt.terminal, got, tt.want)
			}
		})
	}
}
