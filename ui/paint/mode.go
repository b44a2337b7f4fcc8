package paint

import (
	"strings"

	"foyer/ui/theme"
)

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
	ignoreMouse              = "\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l"
	emptyClipboard           = "\x1b]52;c;\x1b\\" // and what is marked with the mouse
)

// modes are how a kind of terminal is set up and left.
type modes struct {
	begin, leave string
	mouse        string // has it no longer sent
	forget       string // what scrolled off
	attributes   attributes
}

func modesOf(c theme.Controls) modes {
	const all = ^attributes(0)
	switch c {
	case theme.LinuxConsole:
		return modes{hideCursor, showCursor, "", forgetScrolled, all}
	case theme.VT220:
		return modes{hideCursor, showCursor, "", "", bold | underline | blink | reverse}
	case theme.VT100:
		return modes{"", "", "", "", bold | underline | blink | reverse}
	case theme.Modern, theme.Teletype:
	}
	return modes{enterScreen + hideCursor + markPastes, leavePastes + showCursor + leaveScreen, ignoreMouse, forgetScrolled, all}
}

// end clears the terminal and leaves it, also what else a person may have left on one that is public.
func (m modes) end(public, clipboard bool) string {
	if public {
		return clearAll + m.leave + m.remainders(clipboard)
	}
	return clearAll + m.leave
}

// renew leaves a public terminal after a person, and sets it up for the next: nothing is relied on.
func (m modes) renew(clipboard bool) string { return m.end(true, clipboard) + m.begin }

// remainders clears what is not on the screen: what scrolled off it, and the clipboard.
func (m modes) remainders(clipboard bool) string {
	if clipboard {
		return m.mouse + m.forget + emptyClipboard
	}
	return m.mouse + m.forget
}

// Wipe is the sequence that clears what people leave on a terminal that is everybody's, and that was not set up by a Painter; "" for
// one that knows no sequences.
func Wipe(t theme.Terminal) string {
	if t.Controls == theme.Teletype {
		return ""
	}
	m := modesOf(t.Controls)
	return clearAll + strings.ReplaceAll(m.leave, leaveScreen, "") + m.remainders(t.Clipboard)
}
