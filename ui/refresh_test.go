package ui_test

import (
	"strings"
	"testing"

	"foyer/internal/registration"
)

func TestARefusalByAnotherSchemaAsksForWhatIsNewAndKeepsTheAnswers(t *testing.T) {
	desk := newDesk(t)
	d := start(t, options(t, desk))
	d.until("Press Enter")
	d.press(good + "<enter>")
	d.until("being created")
	other, err := registration.NewForm(desk.form.Pool, []byte(strings.Replace(schema, `"required": ["given_name"]`, `"required": ["given_name", "zip"]`, 1)), nil, desk.form.Settings())
	if err != nil {
		t.Fatal(err)
	}
	desk.form = other
	desk.willFail(registration.Problem{Kind: registration.DetailsRejected, Field: "/payload/zip", Flaw: registration.Flaw{Rule: registration.RuleRequired}})
	d.until("One answer was not accepted")
	d.send(<-d.msgs) // the form, as it is now
	d.press("<enter>")
	d.until("ZIP code")
	d.press("12345<enter>")
	d.until("Is everything right?")
	d.until("ann@example.com")
	d.press("<enter>")
	d.wait("another submission", func() bool { return len(desk.submissions()) == 2 })
	if sent := desk.submissions()[1].Draft; sent.Payload["zip"] != "12345" || sent.Payload["given_name"] != "Ann" || sent.Password.IsZero() {
		t.Errorf("sent %v", sent.Payload)
	}
}
