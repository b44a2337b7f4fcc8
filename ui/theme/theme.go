// Package theme dresses the screens: styles by role, glyphs, and the size classes of windows. A theme is made from the
// renderer of one session and belongs to it, as a thousand sessions with different terminals share one process.
package theme

import (
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/lipgloss"
)

// A Theme is the styles by role. Meaning never rests on a colour alone: a sign or a word goes with it. It does not change, and
// its copies share what it is made of, since every screen, field and frame has one.
type Theme struct{ *roles }

type roles struct {
	Title     Style // the name of the kiosk
	Heading   Style // of a screen
	Text      Style
	Faint     Style // hints, and what can be skipped
	Label     Style // of a field
	LabelOn   Style // of the field that has the cursor
	Accent    Style // what draws the eye: the bar beside the field, the filled part of the progress line
	Cursor    Style // the cell under the cursor
	Valid     Style
	Invalid   Style
	Success   Style // the heading of good news
	Trouble   Style // the heading of bad news
	Warning   Style
	Banner    Style // the line that says that this is the sandbox
	Key       Style // a key in the help line
	Button    Style
	ButtonOn  Style
	Strengths [5]Style // by password strength, from any to very_strong
	Paper     Style    // black on white whatever the background, for a picture that a camera reads
	Glyphs    Glyphs

	// Negative says that Paper has no colours of its own and the background is dark: what is to be light has to be drawn.
	Negative bool
}

// Glyphs are the signs that a terminal can draw.
type Glyphs struct {
	Tick, Cross, Open          string // a rule that is met, broken, not met yet
	Bar, BarOn                 string // beside a field, without and with the cursor
	LineDone, LineRest         string // of the progress line
	MeterFull, MeterEmpty      string
	Up, Down, Left, Right, Dot string
	Mask                       string // for a hidden character
	Cursor                     string // where reverse video is not to be had; else ""
	Ellipsis                   string
	Spinner                    []string
	Box                        Box
	Half                       Half
}

// A Box is the signs of a frame around something.
type Box struct{ TopLeft, TopRight, BottomLeft, BottomRight, Line, Side string }

// A Half is the signs that fill the upper, the lower and both halves of a cell; empty where there are none.
type Half struct{ Upper, Lower, Full string }

// New returns the theme for terminal.
func New(t Terminal) Theme {
	theme := dress(t.Renderer(), palette(t.Profile > colorprofile.ASCII))
	theme.Glyphs = glyphs(t.Charset)
	theme.Negative = t.Profile <= colorprofile.ASCII && t.Dark
	if t.Profile <= colorprofile.NoTTY {
		theme.Glyphs.Cursor = "_"
	}
	return theme
}

// colours are the palette, each for what it says.
type colours struct{ accent, good, bad, warn, faint, ink, paper lipgloss.TerminalColor }

// palette states each colour at every depth, since a reduced one may turn black, and for both backgrounds.
func palette(coloured bool) colours {
	none := lipgloss.NoColor{}
	if !coloured {
		return colours{none, none, none, none, none, none, none}
	}
	return colours{
		accent: both("#7AA2F7", "111", "12", "#1D4ED8", "26", "4"),
		good:   both("#73C991", "114", "10", "#15803D", "28", "2"),
		bad:    both("#FF7A85", "210", "9", "#B91C1C", "124", "1"),
		warn:   both("#E5B567", "179", "11", "#92580B", "94", "3"),
		faint:  both("#9AA5B8", "247", "7", "#57606F", "241", "8"),
		ink:    lipgloss.CompleteColor{TrueColor: "#000000", ANSI256: "16", ANSI: "0"},
		paper:  lipgloss.CompleteColor{TrueColor: "#FFFFFF", ANSI256: "231", ANSI: "7"}, // not 15: some consoles have 8 backgrounds
	}
}

// dress makes the styles from a session's renderer.
func dress(r *lipgloss.Renderer, c colours) Theme {
	normal := r.NewStyle()
	bold, reverse := normal.Bold(true), normal.Reverse(true)
	faint := normal.Foreground(c.faint)
	if _, colourless := c.faint.(lipgloss.NoColor); colourless {
		faint = normal.Faint(true)
	}
	t := roles{
		Title: newStyle(bold.Foreground(c.accent)), Heading: newStyle(bold), Text: newStyle(normal), Faint: newStyle(faint),
		Label: newStyle(normal), LabelOn: newStyle(bold.Foreground(c.accent)), Accent: newStyle(bold.Foreground(c.accent)),
		Cursor: newStyle(reverse), Valid: newStyle(normal.Foreground(c.good)), Invalid: newStyle(normal.Foreground(c.bad)),
		Success: newStyle(bold.Foreground(c.good)), Trouble: newStyle(bold.Foreground(c.bad)), Warning: newStyle(bold.Foreground(c.warn)),
		Banner: newStyle(reverse.Foreground(c.warn)), Key: newStyle(bold.Foreground(c.accent)),
		Paper: newStyle(normal.Foreground(c.ink).Background(c.paper)), Button: newStyle(normal), ButtonOn: newStyle(reverse.Foreground(c.accent)),
	}
	for i, colour := range []lipgloss.TerminalColor{c.bad, c.bad, c.warn, c.good, c.good} {
		t.Strengths[i] = newStyle(bold.Foreground(colour))
	}
	return Theme{&t}
}

// both is a colour for dark and for light backgrounds, at each depth.
func both(darkTrue, dark256, dark16, lightTrue, light256, light16 string) lipgloss.CompleteAdaptiveColor {
	return lipgloss.CompleteAdaptiveColor{
		Dark:  lipgloss.CompleteColor{TrueColor: darkTrue, ANSI256: dark256, ANSI: dark16},
		Light: lipgloss.CompleteColor{TrueColor: lightTrue, ANSI256: light256, ANSI: light16},
	}
}

func glyphs(c Charset) Glyphs {
	switch c {
	case Console:
		return Glyphs{
			Tick: "√", Cross: "x", Open: "·", Bar: "│", BarOn: "█", LineDone: "█", LineRest: "─",
			MeterFull: "█", MeterEmpty: "░", Up: "^", Down: "v", Left: "<", Right: ">", Dot: "·", Mask: "*", Ellipsis: "~",
			Spinner: []string{"|", "/", "-", "\\"}, Box: lines(), Half: halves(),
		}
	case ASCII:
		return Glyphs{
			Tick: "+", Cross: "x", Open: "-", Bar: "|", BarOn: ">", LineDone: "=", LineRest: "-",
			MeterFull: "#", MeterEmpty: ".", Up: "^", Down: "v", Left: "<", Right: ">", Dot: "-", Mask: "*", Ellipsis: "~",
			Spinner: []string{"|", "/", "-", "\\"}, Box: Box{"+", "+", "+", "+", "-", "|"},
		}
	case Unicode:
	}
	return Glyphs{
		Tick: "✓", Cross: "✗", Open: "○", Bar: "│", BarOn: "┃", LineDone: "━", LineRest: "─",
		MeterFull: "━", MeterEmpty: "─", Up: "↑", Down: "↓", Left: "‹", Right: "›", Dot: "·", Mask: "•", Ellipsis: "…",
		Spinner: []string{"⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"}, Box: lines(), Half: halves(),
	}
}

func lines() Box { return Box{"┌", "┐", "└", "┘", "─", "│"} }

func halves() Half { return Half{"▀", "▄", "█"} }
