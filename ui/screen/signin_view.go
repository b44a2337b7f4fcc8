package screen

import (
	"strings"

	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"

	"foyer/internal/clean"
	"foyer/ui/theme"
	"foyer/ui/wording"
)

// Bounds of what the tenant has shown, in code points.
const (
	longestURL  = 8192
	longestCode = 64
)

// addresses are what the QR code may hold, the best first.
func (s SigningIn) addresses() []string {
	url := clean.Line(s.prompt.URL, longestURL)
	if s.prompt.CompleteURL != "" {
		return []string{clean.Line(s.prompt.CompleteURL, longestURL), url}
	}
	return []string{url}
}

// column is the part of the frame that the text stands in.
func (s SigningIn) column() Frame {
	f := s.frame
	switch {
	case s.picture == "":
	case s.beside:
		f.Width -= lipgloss.Width(s.picture) + besideGap
	default:
		f.Height -= lipgloss.Height(s.picture)
	}
	return f
}

// View draws the QR code and the text with it.
func (s SigningIn) View() string {
	text := s.page.view(s.column(), s.text())
	switch {
	case s.picture == "":
		return text
	case s.beside:
		return besides(s.picture, text, lipgloss.Width(s.picture)+besideGap)
	}
	return s.picture + "\n" + text
}

// text is what to do, in the column.
func (s SigningIn) text() string {
	f, t, words := s.column(), s.frame.Theme, s.frame.Words
	lines := []string{f.paragraph(t.Heading, words.Text("sign_in.title"))}
	if f.Height >= roomy {
		lines = append(lines, "")
	}
	switch {
	case s.signIn == nil:
		lines = append(lines, f.paragraph(t.Faint, words.Text("opening")))
	case s.prompt.UserCode != "":
		lines = append(lines, s.phone(f)...)
	default:
		lines = append(lines, s.browser(f)...)
	}
	return strings.Join(lines, "\n")
}

// phone is the lines for a code that is typed elsewhere. The code comes before what is only good to know.
func (s SigningIn) phone(f Frame) []string {
	t, words := f.Theme, f.Words
	what := "sign_in.phone"
	if s.picture != "" {
		what = "sign_in.phone.picture"
	}
	return append([]string{
		f.paragraph(t.Text, words.Text(what)), address(f, t.LabelOn, s.prompt.URL),
		f.paragraph(t.Text, words.Text("sign_in.code")), large(f, clean.Line(s.prompt.UserCode, longestCode)),
	}, s.waiting(f, "sign_in.waiting.phone")...)
}

// browser is the lines for a sign-in on this machine. The address comes last: it may need a screen of its own.
func (s SigningIn) browser(f Frame) []string {
	t, words := f.Theme, f.Words
	what, style := "sign_in.browser", t.LabelOn
	switch {
	case s.prompt.Opened:
		what, style = "sign_in.opened", t.Text
	case s.picture != "":
		what = "sign_in.browser.picture"
	}
	lines := append([]string{f.paragraph(t.Text, words.Text(what))}, s.waiting(f, "sign_in.waiting.browser")...)
	switch {
	case s.prompt.Opened:
		lines = append(lines, "", f.paragraph(t.Faint, words.Text("sign_in.not_opened")))
	case f.Height >= roomy:
		lines = append(lines, "")
	}
	return append(lines, address(f, style, s.prompt.URL))
}

// waiting is the lines on what is waited for and how long.
func (s SigningIn) waiting(f Frame, what string) []string {
	t, words := f.Theme, f.Words
	var lines []string
	if f.Height >= roomy {
		lines = append(lines, "")
	}
	lines = append(lines, f.paragraph(t.Faint, words.Text(what)))
	if left := s.prompt.Expires.Sub(s.at); !s.prompt.Expires.IsZero() {
		whole := max(int(left.Seconds()), 0)
		lines = append(lines, f.paragraph(t.Faint, words.Text("sign_in.lasts", whole/60, whole%60)))
	}
	if s.slower > 0 {
		lines = append(lines, f.paragraph(t.Faint, words.Text("sign_in.slower", wording.Seconds(s.slower))))
	}
	return lines
}

// address draws a URL in full: it is broken only where a line ends, and the marks of a page that scrolls have their own cells,
// so that no character is lost to somebody who copies it off the screen.
func address(f Frame, style theme.Style, url string) string {
	const marks = 2
	lines := strings.Split(ansi.Hardwrap(clean.Line(url, longestURL), max(f.Width-marks, 1), true), "\n")
	for i, line := range lines {
		lines[i] = style.Render(line)
	}
	return strings.Join(lines, "\n")
}

// large draws a code with a space after each sign, in a box where there is room.
func large(f Frame, code string) string {
	t, b := f.Theme, f.Theme.Glyphs.Box
	spaced := strings.Join(strings.Split(code, ""), " ")
	width := ansi.StringWidth(spaced)
	switch {
	case width > f.Width-2:
		return address(f, t.LabelOn, code)
	case f.Height < roomy || width > f.Width-4:
		return " " + t.LabelOn.Render(spaced)
	}
	line := strings.Repeat(b.Line, width+2)
	return t.Accent.Render(b.TopLeft+line+b.TopRight) + "\n" +
		t.Accent.Render(b.Side) + " " + t.LabelOn.Render(spaced) + " " + t.Accent.Render(b.Side) + "\n" +
		t.Accent.Render(b.BottomLeft+line+b.BottomRight)
}
