package theme

import (
	"io"
	"strings"

	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/lipgloss"
	"github.com/muesli/termenv"
)

// A Terminal is what is known of a person's terminal. It is read from environment variables, never by asking the
// terminal: an answer may not come, and waiting for one swallows what was typed meanwhile.
type Terminal struct {
	Profile colorprofile.Profile
	Dark    bool // the background
	Charset Charset
	Controls
	Clipboard bool // it is known to let programs set its clipboard (OSC 52)
}

// A Charset says which signs a terminal can draw.
type Charset int

// The charsets, from the richest.
const (
	Unicode Charset = iota
	Console         // the Linux console: box drawing and a few signs
	ASCII
)

// Detect reads a terminal from environ ("NAME=value" lines). Background is auto, dark or light; auto believes COLORFGBG
// and is dark without it.
func Detect(environ []string, background string) Terminal {
	env := make(map[string]string, len(environ))
	for _, line := range environ {
		name, value, _ := strings.Cut(line, "=")
		env[name] = value
	}
	return Terminal{
		Profile: profile(env, environ), Dark: dark(env["COLORFGBG"], background), Charset: charset(env), Controls: controls(env["TERM"]),
		Clipboard: clipboard(env["TERM"]),
	}
}

func profile(env map[string]string, environ []string) colorprofile.Profile {
	p, kind := colorprofile.Env(environ), controls(env["TERM"])
	switch {
	case kind == Teletype:
		return colorprofile.NoTTY
	case p < colorprofile.ASCII, strings.HasPrefix(env["TERM"], "vt") && (kind == VT100 || kind == VT220):
		return colorprofile.ASCII // no colours, but every terminal can do bold and reverse
	}
	return p
}

// dark reads the background from COLORFGBG ("15;0"): 0 to 6 and 8 are dark.
func dark(colorfgbg, background string) bool {
	if background == "light" || background == "dark" {
		return background == "dark"
	}
	switch bg := colorfgbg[strings.LastIndex(colorfgbg, ";")+1:]; bg {
	case "7", "9", "10", "11", "12", "13", "14", "15":
		return false
	}
	return true
}

// charset reads the locale as setlocale(3) does. No locale at all is taken for UTF-8, as every terminal of today is.
func charset(env map[string]string) Charset {
	locale := env["LC_ALL"]
	if locale == "" {
		locale = env["LC_CTYPE"]
	}
	if locale == "" {
		locale = env["LANG"]
	}
	l := strings.ToLower(locale)
	switch {
	case controls(env["TERM"]) == Teletype, strings.HasPrefix(env["TERM"], "vt1"):
		return ASCII
	case locale != "" && !strings.Contains(l, "utf-8") && !strings.Contains(l, "utf8"):
		return ASCII
	case env["TERM"] == "linux":
		return Console
	}
	return Unicode
}

// Renderer returns a renderer for the terminal that asks it nothing.
func (t Terminal) Renderer() *lipgloss.Renderer {
	r := lipgloss.NewRenderer(io.Discard)
	r.SetHasDarkBackground(t.Dark)
	r.SetColorProfile(t.termenvProfile())
	return r
}

// termenvProfile is the profile in lipgloss's terms. Its Ascii drops bold and reverse too, which a terminal without
// colours still has, so that stands for none at all.
func (t Terminal) termenvProfile() termenv.Profile {
	switch t.Profile {
	case colorprofile.TrueColor:
		return termenv.TrueColor
	case colorprofile.ANSI256:
		return termenv.ANSI256
	case colorprofile.ANSI, colorprofile.ASCII:
		return termenv.ANSI
	case colorprofile.NoTTY, colorprofile.Unknown:
	}
	return termenv.Ascii
}
