package ui

import (
	"strings"

	"github.com/charmbracelet/bubbles/key"
	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"

	"foyer/internal/clean"
	"foyer/ui/screen"
	"foyer/ui/theme"
)

// frame is the part of the window that belongs to s.
func (m Model) frame(s screen.Screen) screen.Frame {
	content := m.content(s)
	return screen.Frame{
		Width: content.Width - 2*margin(content, s), Height: max(content.Height-m.around(s), 1),
		Theme: m.theme, Words: m.words,
	}
}

// content is the part of the window that is drawn in.
func (m Model) content(s screen.Screen) theme.Size {
	if poster(s) {
		return m.size.Poster()
	}
	return m.size.Content()
}

// margin is the cells that stay empty at either side.
func margin(content theme.Size, s screen.Screen) int {
	if content.Width < 60 || poster(s) {
		return 1
	}
	return 3
}

// around is the lines that header and footer take around s.
func (m Model) around(s screen.Screen) int {
	lines := m.footerHeight(s)
	if m.options.Sandbox {
		lines++
	}
	if m.notice() != "" {
		lines++
	}
	if poster(s) {
		return lines
	}
	if !m.size.Short() {
		lines++ // a blank one above the screen
	}
	return lines + 2 // title and progress line
}

// poster reports whether s is to have all the window that it can.
func poster(s screen.Screen) bool {
	_, ok := s.(screen.Poster)
	return ok
}

// View draws the window: header, screen, footer.
func (m Model) View() string {
	if m.size.TooSmall() {
		return m.tooSmall()
	}
	active := m.active
	if m.over != nil {
		active = m.over
	}
	if m.top != nil {
		active = m.top
	}
	content, f := m.content(active), m.frame(active)
	lines := m.banner(f)
	if !poster(active) {
		lines = append(lines, m.header(f)...)
	}
	if !m.size.Short() && !poster(active) {
		lines = append(lines, "")
	}
	body := strings.Split(active.View(), "\n")
	lines = append(lines, body...)
	for range f.Height - len(body) {
		lines = append(lines, "")
	}
	lines = append(lines, m.help(active, f.Width)...)
	left := strings.Repeat(" ", margin(content, active)+(m.size.Width-content.Width)/2)
	top := strings.Repeat("\n", (m.size.Height-content.Height)/2)
	return top + left + strings.Join(lines, "\n"+left)
}

// tooSmall asks for a larger window, in whatever there is of it.
func (m Model) tooSmall() string {
	text := ansi.Wrap(m.words.Text("app.too_small", theme.MinWidth, theme.MinHeight), max(m.size.Width, 1), "")
	lines := strings.Split(text, "\n")
	return strings.Join(lines[:min(len(lines), max(m.size.Height, 1))], "\n")
}

// banner says that this is practice, if it is, and that the session is about to end, if it is.
func (m Model) banner(f screen.Frame) []string {
	var lines []string
	if m.options.Sandbox {
		lines = append(lines, m.theme.Banner.Render(ansi.Truncate(" "+m.words.Text("app.sandbox")+" ", f.Width, m.theme.Glyphs.Ellipsis)))
	}
	if notice := m.notice(); notice != "" {
		lines = append(lines, m.theme.Warning.Render(ansi.Truncate(notice, f.Width, m.theme.Glyphs.Ellipsis)))
	}
	return lines
}

// header is the title with the step, and the progress line.
func (m Model) header(f screen.Frame) []string {
	done, all := m.progress()
	title, right := clean.Line(m.options.Title, f.Width/2), ""
	if title == "" {
		title = m.words.Text("app.title")
	}
	if done > 0 {
		right = m.words.Text("app.step", done, all)
	}
	gap := strings.Repeat(" ", max(f.Width-lipgloss.Width(title)-lipgloss.Width(right), 1))
	full := f.Width * m.filled(done) / max(all, 1)
	line := m.theme.Accent.Render(strings.Repeat(m.theme.Glyphs.LineDone, full)) +
		m.theme.Faint.Render(strings.Repeat(m.theme.Glyphs.LineRest, f.Width-full))
	return []string{m.theme.Title.Render(title) + gap + m.theme.Faint.Render(right), line}
}

// progress says which of the counted steps this is; 0 on a screen that is none of them.
func (m Model) progress() (this, all int) {
	for i, s := range m.steps {
		if !s.counted {
			continue
		}
		all++
		if i == m.at && m.name == s.name {
			this = all
		}
	}
	return this, all
}

// filled is how many steps the progress line shows as done.
func (m Model) filled(this int) int {
	if _, all := m.progress(); m.name == nameDone {
		return all
	}
	if this > 0 {
		return this
	}
	for _, s := range m.steps[:m.at] {
		if s.counted {
			this++
		}
	}
	return this
}

// footerHeight is the lines for the keys of s: two, where there is room for them.
func (m Model) footerHeight(s screen.Screen) int {
	if m.size.Height < roomForKeys || poster(s) {
		return 1
	}
	return 2
}

// roomForKeys is the height of a window from which two lines go to the keys.
const roomForKeys = 15

// help is the lines of keys, the last of them at the bottom. They are made from the key map of the screen on top, so that
// they show what works and no more.
func (m Model) help(active screen.Screen, width int) []string {
	bindings := append(active.ShortHelp(), m.everywhere()...)
	lines := make([]string, m.footerHeight(active))
	line, rest := m.helpLine(bindings, width)
	if len(lines) > 1 && len(rest) > 0 {
		lines[0] = line
		line, _ = m.helpLine(rest, width)
	}
	lines[len(lines)-1] = line
	return lines
}

// everywhere are the keys that work beside those of the screen on top.
func (m Model) everywhere() []key.Binding {
	if m.top != nil {
		return []key.Binding{m.keys.Language}
	}
	switch m.over.(type) {
	case nil:
		return m.keys.all()
	case screen.Idle: // any key will do
		return nil
	case screen.Leaving: // which ctrl+c is an answer to, unless staff is asked first
		if m.options.Lock == nil {
			return []key.Binding{m.keys.Language}
		}
	}
	return []key.Binding{m.keys.Language, m.keys.Leave}
}

// helpLine is a line of as many enabled bindings as fit, and the rest.
func (m Model) helpLine(bindings []key.Binding, width int) (line string, rest []key.Binding) {
	var b strings.Builder
	between, used := " "+m.theme.Glyphs.Dot+" ", 0
	for i, binding := range bindings {
		if !binding.Enabled() {
			continue
		}
		h := binding.Help()
		need := ansi.StringWidth(h.Key) + 1 + ansi.StringWidth(h.Desc)
		if used > 0 {
			need += ansi.StringWidth(between)
		}
		if used+need > width {
			return b.String(), bindings[i:]
		}
		if used > 0 {
			b.WriteString(m.theme.Faint.Render(between))
		}
		b.WriteString(m.theme.Key.Render(h.Key) + " " + m.theme.Faint.Render(h.Desc))
		used += need
	}
	return b.String(), nil
}
