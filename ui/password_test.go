package ui_test

import (
	"strings"
	"testing"
)

// toPassword leads to the password screen.
func toPassword(t *testing.T, desk *desk) *driver {
	t.Helper()
	d := start(t, options(t, desk))
	d.until("Press Enter")
	d.press(strings.Split(good, "correct")[0])
	d.until("Your password")
	return d
}

func TestAPasswordIsSuggested(t *testing.T) {
	desk := newDesk(t)
	d := toPassword(t, desk)
	d.press("mine<suggest>")
	d.until("A password for you")
	first := d.view()
	d.press("<suggest>")
	if d.view() == first {
		t.Error("another one is the same")
	}
	d.press("<tab>")
	d.until("tab one of words")
	d.press("<back>")
	d.until("The same password again")
	d.press("<show>")
	d.until("mine")
	d.press("<suggest>")
	var shown string
	for line := range strings.SplitSeq(d.view(), "\n") {
		if text := strings.TrimSpace(line); text != "" && !strings.Contains(line, "Step") && strings.Count(text, "-") >= 4 && !strings.Contains(text, "──") {
			shown = text
		}
	}
	d.press("<enter>")
	d.until("very strong")
	d.press("<enter>")
	d.until("Is everything right?")
	if shown == "" || strings.Contains(d.view(), shown) {
		t.Errorf("the suggestion %q is still shown:\n%s", shown, d.view())
	}
	d.press("<enter>")
	d.wait("the submission", func() bool { return len(desk.submissions()) == 1 })
	if got := desk.submissions()[0].Draft.Password.Reveal(); got != shown {
		t.Errorf("sent %q, but %q was shown", got, shown)
	}
}

func TestAPasswordThatManyUseIsRefused(t *testing.T) {
	d := toPassword(t, newDesk(t))
	d.press("qwerty123456")
	d.until("Many people use this password")
	d.press("<enter>")
	d.until("Your password")
	d.press("<clear>Ann@example.com1")
	d.until("one of your own answers")
}

func TestABreachedPasswordIsFoundAfterAPause(t *testing.T) {
	desk := newDesk(t)
	desk.breached = "correct horse 7 battery"
	d := toPassword(t, desk)
	d.press("correct horse 7 battery")
	d.until("known from a data breach")
	d.press("<enter>")
	d.until("known from a data breach")
	d.press(" staple<enter>correct horse 7 battery staple<enter>")
	d.until("Is everything right?")
}
