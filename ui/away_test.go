package ui_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"foyer/ui"
)

// TestWhoeverGoesAwayIsWarnedAndForgottenOnEveryScreen goes to each screen with answers, in a locked kiosk, and then touches no key.
func TestWhoeverGoesAwayIsWarnedAndForgottenOnEveryScreen(t *testing.T) {
	answering := []string{
		"details", "details-invalid", "password", "review", "help", "later", "verify", "verify-wrong", "totp", "totp-wrong", "conflict",
		"unavailable", "misconfigured",
	}
	scenes := allScenes()
	for _, name := range answering {
		for _, asks := range []string{"", "<f1>", "<leave>"} {
			t.Run(name+asks, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					desk := deskOf(t, name)
					o := options(t, desk)
					o.Terminal, o.Lock, o.Now = colourless(), &gate{}, time.Now
					gone := make(chan struct{}, 8)
					o.Forgotten = func() { gone <- struct{}{} }
					d := &driver{t: t, msgs: make(chan tea.Msg, 1024), clock: &clock{now: time.Now()}, patience: 20 * time.Minute}
					model := ui.New(t.Context(), o)
					d.model = model
					d.exec(model.Init())
					scenes[name](d, desk)
					d.press(asks)
					d.passes("Are you still there?")
					if !strings.Contains(d.view(), "forgotten in 20 seconds") {
						t.Errorf("the warning has no countdown:\n%s", d.view())
					}
					d.passes("Press Enter to begin")
					<-gone
					for _, sub := range desk.submissions() {
						if !sub.Draft.Password.IsZero() {
							t.Error("the password that was sent is not wiped")
						}
					}
					<-time.After(time.Hour) // what still counts has counted then
				})
			})
		}
	}
}

// passes lets time pass until the screen shows text.
func (d *driver) passes(text string) {
	for !strings.Contains(d.view(), text) {
		d.send(<-d.msgs)
	}
}
