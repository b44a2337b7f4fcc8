package paint

import "foyer/ui/theme"

// Sequences that every terminal knows that has any (ECMA-48, and DEC's manual of the VT100).
const (
	resetStyle   = "\x1b[m"
	clearAll     = resetStyle + "\x1b[H\x1b[2J"
	clearToRight = "\x1b[K"
	clearBelow   = "\x1b[J"
)

// Private modes, as terminfo has them for some terminals.
const (
	hideCursor, showCursor   = "\x1b[?25l", "\x1b[?25h"
	enterScreen, leaveScreen = "\x1b[?1049h", "\x1b[?1049l"
	markPastes, leavePastes  = "\x1b[?2004h", "\x1b[?2004l"
	forgetScrolled           = "\x1b[3J"
)

// modes are how a kind of terminal is set up and left.
type modes struct {
	begin, leave string
	forget       string // what scrolled off
	attributes   attributes
}

func modesOf(c theme.Controls) modes {
	const all = ^attributes(0)
	switch c {
	case theme.LinuxConsole:
		return modes{hideCursor, showCursor, forgetScrolled, all}
	case theme.VT220:
		return modes{hideCursor, showCursor, "", bold | underline | blink | reverse}
	case theme.VT100:
		return modes{"", "", "", bold | underline | blink | reverse}
	case theme.Modern, theme.Teletype:
	}
	return modes{enterScreen + hideCursor + markPastes, leavePastes + showCursor + leaveScreen, forgetScrolled, all}
}

// end clears the terminal and leaves it, also what scrolled off when the terminal is public.
func (m modes) end(public bool) string {
	if public {
		return clearAll + m.leave + m.forget
	}
	return clearAll + m.leave
}
