package field

import (
	"strings"
	"testing"

	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"

	"foyer/ui/theme"
)

// everyField is a field of each kind that holds much.
func everyField(t *testing.T, words Words) map[string]Field {
	t.Helper()
	const family = "👨\u200d👩\u200d👧"
	label, hint := Say{Text: strings.Repeat("長いラベル ", 9)}, Say{Text: "A hint"}
	typed := func(f Field, text string) Field { return f.Update(runes(text), words) }
	wide := named(strings.Repeat("字", 30), strings.Repeat("e\u0301", 60), family+" family", "short")
	of := func(c Choice) Field { return New(label, hint, true, c) }
	var countries []Option
	for _, code := range []string{"GB", "GS", "BA", "US", "UM", "DE"} {
		countries = append(countries, Option{Say: Say{Country: code}, Value: code})
	}
	return map[string]Field{
		"text":           NewText(label, hint, true, NewLine(strings.Repeat("wide 字", 20), 500, "")),
		"nothing chosen": of(wide),
		"wide names":     typed(of(wide), "字"),
		"accents":        typed(of(wide), "éé"+strings.Repeat("e", 50)),
		"emoji":          typed(of(wide), family),
		"many":           typed(of(NewOptions(many(1000), "")), "departement no. 9"),
		"countries":      typed(of(NewOptions(countries, "")), "un"),
		"south":          typed(of(NewOptions(countries, "")), "georgi"),
		"a switch":       typed(New(label, hint, true, NewSwitch("")), "n"),
		"an action":      NewAction(label, hint, wide),
		"a date begun":   New(label, hint, true, NewDate("1990-1")),
		"a date":         New(label, hint, true, NewDate("1990-12-31")),
		"a number":       New(label, hint, true, NewNumber(strings.Repeat("9", 400), false)),
		"lines":          New(label, hint, true, NewArea(strings.Repeat("字é"+family+"\n", 40)+"end", 4096)),
		"a long line":    New(label, hint, true, NewArea("a\n"+strings.Repeat("字é"+family, 40), 4096)),
	}
}

func TestNoFieldExceedsItsPlace(t *testing.T) {
	const most = 3 // the fourth line is the blank one after it
	terminals := []theme.Terminal{
		{Profile: colorprofile.ANSI256, Dark: true},
		{Profile: colorprofile.NoTTY, Charset: theme.ASCII},
		{Profile: colorprofile.ASCII, Charset: theme.Console},
	}
	for _, language := range []string{"en", "de"} {
		words := wordsOf(t, language)
		for name, f := range everyField(t, words) {
			for _, terminal := range terminals {
				th := theme.New(terminal)
				for width := 36; width <= 120; width++ {
					for _, focused := range []bool{false, true} {
						v := f.View(width, focused, words, th)
						if lipgloss.Width(v) > width || lipgloss.Height(v) != most {
							t.Fatalf("%s, %s, %d wide: %dx%d\n%s", language, name, width, lipgloss.Width(v), lipgloss.Height(v), v)
						}
					}
				}
			}
		}
	}
}

func TestASCIIStaysASCII(t *testing.T) {
	words, th := english(t), theme.New(theme.Terminal{Profile: colorprofile.NoTTY, Charset: theme.ASCII})
	f := New(Say{Text: "State"}, Say{}, true, named("Alabama", "Alaska", "Arizona", "Arkansas", "California")).Update(runes("ar"), words)
	for _, r := range ansi.Strip(f.View(60, true, words, th)) {
		if r > 0x7e {
			t.Errorf("%q is drawn on an ASCII terminal", r)
		}
	}
}

func TestARefusalHoldsOnce(t *testing.T) {
	words := english(t)
	f := New(Say{Text: "Born"}, Say{}, false, Date{}).Update(runes("31.12.1990"), words)
	if f = f.Insist(); f.Good() {
		t.Error("what was refused counts as no answer, and the person goes on")
	}
	th := theme.New(theme.Terminal{Profile: colorprofile.ASCII})
	if v := ansi.Strip(f.View(80, true, words, th)); !strings.Contains(v, "as year-month-day") {
		t.Errorf("it does not say why:\n%s", v)
	}
	if f = f.Insist(); !f.Good() {
		t.Error("a person who insists cannot go on")
	}
	f = f.Update(runes("x"), words).Insist().Update(runes("1"), words)
	if !f.Insist().Good() {
		t.Error("it holds although the last key was taken")
	}
}
