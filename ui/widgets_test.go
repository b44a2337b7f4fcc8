package ui_test

import (
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/google/go-cmp/cmp"

	"foyer/internal/password"
	"foyer/internal/registration"
)

// widgetSchema asks for something with each widget.
const widgetSchema = `{"type": "object", "properties": {
	"state": {"type": "string", "enum": ["Alabama", "Alaska", "California", "North Carolina", "Texas"]},
	"country": {"type": "string", "enum": ["AT", "CH", "DE", "US"]},
	"birthdate": {"type": "string", "format": "date"},
	"notes": {"type": "string", "maxLength": 500},
	"work_email": {"type": "string"},
	"phone": {"type": "string"},
	"postal_code": {"type": "string"},
	"height": {"type": "number"},
	"visits": {"type": "integer"},
	"news": {"type": "boolean"}
}, "required": ["state", "country", "birthdate", "notes", "work_email", "phone", "postal_code", "height", "visits", "news"]}`

// widgetDesk is a desk with a form of every widget.
func widgetDesk(tb testing.TB) *desk {
	tb.Helper()
	pool := registration.Pool{ID: "customers", PasswordPolicy: password.Policy{MinLength: 8}}
	form, err := registration.NewForm(pool, []byte(widgetSchema), nil, registration.Settings{
		Status: registration.Active, Country: "US", Identifiers: []registration.IdentifierSetting{{Type: registration.Email, Required: true}},
	})
	if err != nil {
		tb.Fatal(err)
	}
	d := newDesk(tb)
	d.form = form
	return d
}

// paste pastes text.
func (d *driver) paste(text string) {
	d.send(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(text), Paste: true})
}

func TestEveryWidgetTakesItsAnswer(t *testing.T) {
	desk := widgetDesk(t)
	d := start(t, options(t, desk))
	d.begin()
	d.press("ann@example.com<enter>calif<enter>germ<enter>19901231<enter>")
	d.paste("one\r\ntwo")
	d.send(tea.KeyMsg{Type: tea.KeyEnter, Alt: true})
	d.press("three<enter>")
	d.paste(" ann@work.example\n")
	d.press("<enter>+1 555<enter>sw1a 1aa<enter>1.75<enter>3<enter>y<enter>")
	d.press("correct horse 7 battery<enter>correct horse 7 battery<enter>")
	d.until("Is everything right?")
	d.press("<enter>")
	desk.willCreate()
	d.until("You are registered")
	want := map[string]any{
		"state": "California", "country": "DE", "birthdate": "1990-12-31", "notes": "one\ntwo\nthree", "work_email": "ann@work.example",
		"phone": "+1 555", "postal_code": "SW1A 1AA", "height": "1.75", "visits": "3", "news": true,
	}
	sent := desk.submissions()[0].Draft.Payload
	for _, name := range []string{"height", "visits"} {
		if n, ok := sent[name].(interface{ String() string }); ok {
			sent[name] = n.String()
		}
	}
	if diff := cmp.Diff(want, sent); diff != "" {
		t.Errorf("sent, -want +got:\n%s", diff)
	}
}

func TestEveryWidgetSaysWhatItRefuses(t *testing.T) {
	d := start(t, options(t, widgetDesk(t)))
	d.begin()
	d.press("ann@example.com<enter>")
	steps := []struct{ wrong, says, right, shows string }{
		{"xyz", "Nothing in the list has that in it", "ca", "ca 2 of 5"},
		{"france", "Nothing in the list has that in it", "de", "Germany (DE)"},
		{"31.12.1990", "Write a day of the calendar", "19901231", "31 December 1990"},
		{strings.Repeat("x", 5000), "That is too long", "one", "one"},
		{strings.Repeat("x", 1<<20), "That is too long", "ann@work.example", "ann@work.example"},
		{strings.Repeat("1", 1<<20), "That is too long", "555", "555"},
		{strings.Repeat("1", 1<<20), "That is too long", "sw1a", "SW1A"},
		{"1,75", "Write a number", "1.75", "1.75"},
		{"1.5", "Write a whole number", "2", "2"},
		{"maybe", "Nothing in the list has that in it", "y", "Yes"},
	}
	for _, s := range steps {
		d.paste(s.wrong)
		d.until(s.says)
		d.press("<enter>") // stays: what was meant is not there
		d.until(s.says)
		d.press(s.right)
		d.until(s.shows)
		d.press("<enter>")
	}
	d.until("Your password")
}

func TestAWidgetKeepsItsWindow(t *testing.T) {
	d := start(t, options(t, widgetDesk(t)))
	d.begin()
	for _, keys := range []string{"ann@example.com<enter>", "ca<right>", "<enter>united", "<enter>1990", "1231", "<enter>"} {
		d.press(keys)
		d.fits(t)
	}
	d.paste(strings.Repeat("字 line\n", 30))
	d.fits(t)
	d.press("<f2>")
	d.fits(t)
}
