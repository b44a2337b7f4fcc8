package screen

import (
	"slices"
	"strings"

	"github.com/charmbracelet/lipgloss"

	"foyer/internal/clean"
	"foyer/ui/theme"
	"foyer/ui/wording"
)

// View draws the boxes, what there is to say about them, and what can be done.
func (v Verify) View() string {
	f, words := v.frame, v.frame.Words
	body := f.heading(words.Text("verify.title"), "")
	body = strings.TrimRight(body, "\n") + "\n" + f.paragraph(f.Theme.Text, v.what()) + "\n" + v.space()
	left := f
	mailbox := v.mailbox()
	beside := mailbox != "" && f.Width >= wideEnough
	if beside {
		left.Width = f.Width - mailboxWidth - 2
	}
	lower, at := v.lower(left)
	at += lipgloss.Height(body) - 1
	switch {
	case beside:
		body += besides(lower, mailbox, left.Width+2)
	case mailbox != "" && f.Height >= roomy:
		body += lower + "\n" + v.space() + mailbox
	default:
		body += lower
	}
	return f.clip(strings.TrimRight(body, "\n"), at)
}

// Widths of the mailbox beside the boxes, in cells.
const (
	wideEnough   = 70
	mailboxWidth = 30
)

// what says where the code went, and whether that is certain.
func (v Verify) what() string {
	c, words := v.receipt.Challenge, v.frame.Words
	text := words.Text("verify.what."+string(c.Medium), v.address())
	if c.Unsure {
		text += " " + words.Text("verify.unsure")
	}
	return text
}

// lower is the boxes and the actions, in the width of f, and the line that the cursor is on.
func (v Verify) lower(f Frame) (text string, at int) {
	boxes := v.code.View(f.Width, f.Height >= roomy, v.at == 0 && !v.task.running(), f.Theme)
	lines := boxes + "\n" + v.remark(f) + "\n" + v.space()
	if mail := v.mailbox(); mail != "" && f.Height < roomy { // else it is in nobody's sight
		lines += mail + "\n"
	}
	if v.task.running() {
		return lines + v.task.view(f), 0
	}
	for i, action := range v.actions() {
		if i == v.at && i > 0 {
			at = strings.Count(lines, "\n")
		}
		lines += v.row(f, action, i == v.at) + "\n"
	}
	return strings.TrimRight(lines, "\n"), at
}

// remark is the lines below the boxes: a complaint or what went well, and how long the code lasts.
func (v Verify) remark(f Frame) string {
	lines := []string{v.said(f), v.lasts(f)}
	lines = slices.DeleteFunc(lines, func(line string) bool { return line == "" })
	if f.Height < roomy && len(lines) > 1 {
		lines = lines[:1]
	}
	return strings.Join(lines, "\n")
}

// said is a complaint, or what went well last.
func (v Verify) said(f Frame) string {
	t, words := f.Theme, f.Words
	complaint := v.complaint
	if v.now.Before(v.closed) {
		complaint = wording.InAWhile("verify.closed", v.closed.Sub(v.now))
	}
	switch {
	case !complaint.Silent():
		return t.Invalid.Wrap(t.Glyphs.Cross+" "+complaint.In(words), f.Width)
	case !v.good.Silent():
		return t.Valid.Wrap(t.Glyphs.Tick+" "+v.good.In(words), f.Width)
	}
	return ""
}

// lasts is how long the code lasts; "" when nobody knows.
func (v Verify) lasts(f Frame) string {
	expires := v.receipt.Challenge.Expires
	left := expires.Sub(v.now)
	switch {
	case expires.IsZero():
		return ""
	case left <= 0:
		return f.Theme.Warning.Wrap(f.Words.Text("verify.expired"), f.Width)
	}
	return f.Theme.Faint.Wrap(f.Words.Text("verify.lasts", wording.Seconds(left)/60, wording.Seconds(left)%60), f.Width)
}

// row is one action, marked when the cursor is on it.
func (v Verify) row(f Frame, a verifyAction, on bool) string {
	t, words := f.Theme, f.Words
	say, remark := a.say.In(words), a.remark.In(words)
	mark, style := "  ", t.Text
	switch {
	case on:
		mark, style = t.Accent.Render(t.Glyphs.Right)+" ", t.LabelOn
	case !a.enabled:
		style = t.Faint
	}
	text := style.Render(say)
	switch {
	case !a.enabled && remark != "":
		return mark + style.Wrap(say+" "+remark, f.Width-2)
	case on && remark != "":
		return mark + style.Wrap(say, f.Width-2) + "\n  " + indented(t.Faint, remark, f.Width-2)
	}
	return mark + text
}

// indented wraps text below a mark of two cells.
func indented(style theme.Style, text string, width int) string {
	return strings.ReplaceAll(style.Wrap(text, width), "\n", "\n  ")
}

// space is a blank line where there is room.
func (v Verify) space() string {
	if v.frame.Height >= roomy {
		return "\n"
	}
	return ""
}

// mailbox is the practice tenant's mailbox; "" when there is none.
func (v Verify) mailbox() string {
	f, t := v.frame, v.frame.Theme
	if v.visit.Mailbox == nil {
		return ""
	}
	width := min(mailboxWidth, f.Width)
	lines := []string{t.Banner.Render(" " + f.Words.Text("mailbox.title") + " ")}
	if len(v.mail) == 0 {
		lines = append(lines, t.Faint.Wrap(f.Words.Text("mailbox.empty"), width))
	}
	for _, line := range v.mail {
		lines = append(lines, t.Text.Wrap(clean.Line(line, longestMail), width))
	}
	return strings.Join(lines, "\n")
}

// longestMail bounds a line of a message, in code points.
const longestMail = 200

// besides puts right beside left, from column at on.
func besides(left, right string, at int) string {
	a, b := strings.Split(left, "\n"), strings.Split(right, "\n")
	lines := make([]string, max(len(a), len(b)))
	for i := range lines {
		if i < len(a) {
			lines[i] = a[i]
		}
		if i < len(b) {
			lines[i] += strings.Repeat(" ", max(at-lipgloss.Width(lines[i]), 0)) + b[i]
		}
	}
	return strings.Join(lines, "\n")
}
