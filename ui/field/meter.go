package field

import (
	"strings"

	"github.com/charmbracelet/lipgloss"

	"foyer/internal/password"
	"foyer/ui/theme"
)

// Meter draws a password's strength as five steps on the policy's own scale, with the required level marked below. It is
// two lines of at most width cells.
func Meter(e password.Estimate, typed bool, required password.Strength, width int, words Words, th theme.Theme) string {
	const steps = int(password.VeryStrong) + 1
	step := min(max((width-18)/steps-1, 2), 6) // 18: the longest name of a level, and a space
	reached := 0
	if typed {
		reached = int(e.Strength) + 1
	}
	style := th.Strengths[e.Strength]
	bar := style.Render(strings.Repeat(strings.Repeat(th.Glyphs.MeterFull, step)+" ", reached)) +
		th.Faint.Render(strings.Repeat(strings.Repeat(th.Glyphs.MeterEmpty, step)+" ", steps-reached))
	name := ""
	if typed {
		name = style.Render(words.Text("strength." + e.Strength.String()))
	}
	if required == password.Any {
		return bar + name + "\n"
	}
	mark := th.Glyphs.Up + " " + words.Text("strength.needed", words.Text("strength."+required.String()))
	if typed && e.Strength >= required {
		mark = th.Glyphs.Up + " " + words.Text("strength.reached")
	}
	indent := strings.Repeat(" ", int(required)*(step+1))
	if room := width - lipgloss.Width(mark); len(indent) > room {
		indent = indent[:max(room, 0)]
	}
	return bar + name + "\n" + th.Faint.Render(indent+mark)
}
