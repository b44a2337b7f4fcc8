package ui_test

import (
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/google/go-cmp/cmp"

	"foyer/internal/registration"
)

// fieldsDesk is a desk whose form is as an administrator wants it.
func fieldsDesk(t *testing.T) *desk {
	t.Helper()
	first := 1
	desk := newDesk(t)
	desk.form = formOf(t, registration.Settings{Status: registration.Active, Fields: map[string]registration.FieldSetting{
		"/given_name": {
			Label:       registration.Texts{"en": "What we call you", "de": "Wie wir Sie nennen"},
			Help:        registration.Texts{"en": "As on your badge", "de": "Wie auf dem Ausweis"},
			Placeholder: registration.Texts{"en": "Robin, say", "de": "Etwa Robin"},
		},
		"/zip":    {Order: &first, Prefill: registration.Preset{Text: "10001"}},
		"/visits": {Hidden: true, Default: registration.Preset{Text: "1"}},
		"/state":  {Label: registration.Texts{"": "Home state"}, Default: registration.Preset{Text: "Texas"}},
	}})
	return desk
}

func TestFieldsAreAskedAsTheAdministratorWantsInTheLanguageOfThePerson(t *testing.T) {
	d := start(t, options(t, fieldsDesk(t)))
	d.send(tea.WindowSizeMsg{Width: 80, Height: 50})
	d.begin()
	d.press("ann@example.com<enter><enter>")
	d.until("ZIP code")
	if zip, name := strings.Index(d.view(), "ZIP code"), strings.Index(d.view(), "What we call you"); zip < 0 || name < zip {
		t.Errorf("the ZIP code is not asked before the name:\n%s", d.view())
	}
	d.until("10001")
	d.press("<enter>")
	for _, text := range []string{"What we call you", "As on your badge", "Robin, say"} {
		d.until(text)
	}
	d.press("<f2>")
	for _, text := range []string{"Wie wir Sie nennen", "Wie auf dem Ausweis", "Etwa Robin", "Home state"} {
		d.until(text)
	}
	d.press("R")
	if strings.Contains(d.view(), "Etwa Robin") {
		t.Errorf("the placeholder stays while something is typed:\n%s", d.view())
	}
	if strings.Contains(d.view(), "Visits") {
		t.Errorf("what is hidden is asked:\n%s", d.view())
	}
}

func TestWhatTheAdministratorSaysIsSubmitted(t *testing.T) {
	const password = "correct horse 7 battery<enter>correct horse 7 battery<enter>"
	tests := []struct {
		name, keys string
		want       map[string]any
	}{
		{"what is prefilled, default and hidden", "<enter>Ann<enter><enter><enter>", map[string]any{"given_name": "Ann", "zip": "10001", "state": "Texas", "visits": "1"}},
		{"what a person makes of it", "<clear>20002<enter>Ann<enter><right><enter><enter>", map[string]any{"given_name": "Ann", "zip": "20002", "state": "Alabama", "visits": "1"}},
		{"what is cleared stays empty", "<clear><enter>Ann<enter><enter><enter>", map[string]any{"given_name": "Ann", "state": "Texas", "visits": "1"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			desk := fieldsDesk(t)
			d := start(t, options(t, desk))
			d.until("Press Enter")
			d.press("<enter>ann@example.com<enter><enter>" + tt.keys + password)
			d.until("Is everything right?")
			if state := tt.want["state"].(string); !strings.Contains(d.view(), state) {
				t.Errorf("the review does not show what is sent as the state, %s:\n%s", state, d.view())
			}
			d.press("<enter>")
			d.wait("the submission", func() bool { return len(desk.submissions()) == 1 })
			sent := make(map[string]any)
			for name, value := range desk.form.Payload(desk.submissions()[0].Draft) {
				sent[name] = value
				if number, ok := value.(interface{ String() string }); ok {
					sent[name] = number.String()
				}
			}
			if diff := cmp.Diff(tt.want, sent); diff != "" {
				t.Errorf("submitted, -want +got:\n%s", diff)
			}
		})
	}
}

func TestEveryPersonBeginsWithWhatIsPrefilled(t *testing.T) {
	d := start(t, options(t, fieldsDesk(t)))
	d.begin()
	d.press("<back>") // nothing was typed, so nothing is asked
	d.until("Press Enter to begin")
	d.press("<enter>")
	d.until("10001")
	d.press("<tab><tab><clear>20002<back>")
	d.until("Start over?")
	d.press("<enter>")
	d.until("Press Enter to begin")
	d.press("<enter>")
	d.until("10001")
	if strings.Contains(d.view(), "20002") {
		t.Errorf("the next person finds an answer of this one:\n%s", d.view())
	}
}
