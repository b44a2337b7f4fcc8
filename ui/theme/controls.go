package theme

import (
	"slices"
	"strings"
)

// Controls says which control sequences a terminal knows, as far as terminfo(5) tells by its name.
type Controls int

// The kinds of terminal. All but the last move the cursor and clear as a VT100 does.
const (
	Modern       Controls = iota // also has a second screen, hides the cursor and marks what is pasted
	LinuxConsole                 // also hides the cursor and forgets what scrolled off
	VT220                        // also hides the cursor
	VT100
	Teletype // knows none
)

// controls reads the kind from TERM. A name that nobody knows is taken for a modern terminal, as nearly all of today are.
func controls(term string) Controls {
	switch name, _, _ := strings.Cut(term, "-"); {
	case name == "dumb", name == "vt52":
		return Teletype
	case name == "linux":
		return LinuxConsole
	case strings.HasPrefix(name, "vt1"), name == "ansi", name == "pcansi":
		return VT100
	case len(name) > 2 && name[:2] == "vt" && name[2] >= '2' && name[2] <= '5':
		return VT220
	}
	return Modern
}

// clipboard reports whether terminals of this name let programs set their clipboard, or at least read past the sequence for it
// (OSC 52, in xterm's control sequences).
func clipboard(term string) bool {
	name, _, _ := strings.Cut(term, "-")
	return slices.Contains([]string{"xterm", "tmux", "kitty", "foot", "alacritty", "wezterm", "ghostty", "contour", "iterm2"}, name)
}
