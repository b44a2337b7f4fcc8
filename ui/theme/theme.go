// Package theme dresses the screens: styles by role, glyphs, and the size classes of windows. A theme is made from the
// renderer of one session and belongs to it, as a thousand sessions with different terminals share one process.
package theme

import (
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/lipgloss"
)

// A Theme is the styles by role. Meaning never rests on a colour alone: a sign or a word goes with it.
type Theme struct {
	Title     lipgloss.Style // the name of the kiosk
	Heading   lipgloss.Style // of a screen
	Text      lipgloss.Style
	Faint     lipgloss.Style // hints, and what can be skipped
	Label     lipgloss.Style // of a field
	LabelOn   lipgloss.Style // of the field that has the cursor
	Accent    lipgloss.Style // what draws the eye: the bar beside the field, the filled part of the progress line
	Cursor    lipgloss.Style // the cell under the cursor
	Valid     lipgloss.Style
	Invalid   lipgloss.Style
	Warning   lipgloss.Style
	Banner    lipgloss.Style // the line that says that this is the sandbox
	Key       lipgloss.Style // a key in the help line
	Button    lipgloss.Style
	ButtonOn  lipgloss.Style
	Strengths [5]lipgloss.Style // by password strength, from any to very_strong
	Glyphs    Glyphs
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
}

// New returns the theme for terminal, from its renderer.
func New(t Terminal) Theme {
	r := t.Renderer()
	theme := plain(r)
	if t.Profile > colorprofile.ASCII {
		theme = theme.coloured()
	}
	theme.Glyphs = glyphs(t.Charset)
	if t.Profile <= colorprofile.NoTTY {
		theme.Glyphs.Cursor = "_"
	}
	return theme
}

// plain is the theme without colours.
func plain(r *lipgloss.Renderer) Theme {
	normal := r.NewStyle()
	bold := normal.Bold(true)
	t := Theme{
		Title: bold, Heading: bold, Text: normal, Faint: normal.Faint(true), Label: normal, LabelOn: bold, Accent: bold,
		Cursor: normal.Reverse(true), Valid: normal, Invalid: bold, Warning: bold, Banner: normal.Reverse(true),
		Key: bold, Button: normal, ButtonOn: normal.Reverse(true),
	}
	for i := range t.Strengths {
		t.Strengths[i] = bold
	}
	return t
}

// coloured adds the colours. Each is stated at every depth, since a reduced one may turn black, and for both backgrounds.
func (t Theme) coloured() Theme {
	blue := both("#7AA2F7", "111", "12", "#1D4ED8", "26", "4")
	green := both("#73C991", "114", "10", "#15803D", "28", "2")
	red := both("#FF7A85", "210", "9", "#B91C1C", "124", "1")
	amber := both("#E5B567", "179", "11", "#92580B", "94", "3")
	grey := both("#9AA5B8", "247", "7", "#57606F", "241", "0")
	t.Title, t.Accent = t.Title.Foreground(blue), t.Accent.Foreground(blue)
	t.LabelOn, t.Key = t.LabelOn.Foreground(blue), t.Key.Foreground(blue)
	t.Valid, t.Invalid, t.Warning = t.Valid.Foreground(green), t.Invalid.Foreground(red), t.Warning.Foreground(amber)
	t.Faint = t.Faint.Faint(false).Foreground(grey)
	t.Banner = t.Banner.Foreground(amber)
	t.ButtonOn = t.ButtonOn.Foreground(blue)
	for i, c := range []lipgloss.CompleteAdaptiveColor{red, red, amber, green, green} {
		t.Strengths[i] = t.Strengths[i].Foreground(c)
	}
	return t
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
			Spinner: []string{"|", "/", "-", "\\"},
		}
	case ASCII:
		return Glyphs{
			Tick: "+", Cross: "x", Open: "-", Bar: "|", BarOn: ">", LineDone: "=", LineRest: "-",
			MeterFull: "#", MeterEmpty: ".", Up: "^", Down: "v", Left: "<", Right: ">", Dot: "-", Mask: "*", Ellipsis: "~",
			Spinner: []string{"|", "/", "-", "\\"},
		}
	case Unicode:
	}
	return Glyphs{
		Tick: "✓", Cross: "✗", Open: "○", Bar: "│", BarOn: "┃", LineDone: "━", LineRest: "─",
		MeterFull: "█", MeterEmpty: "░", Up: "↑", Down: "↓", Left: "‹", Right: "›", Dot: "·", Mask: "•", Ellipsis: "…",
		Spinner: []string{"⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"},
	}
}
