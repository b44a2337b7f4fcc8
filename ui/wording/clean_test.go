package wording_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"foyer/internal/clean"
	"foyer/internal/registration"
	"foyer/ui/wording"
)

// TestNothingOfTheTenantIsSaidUncleaned has everything poisoned that a form, a receipt or a problem says in the tenant's words.
func TestNothingOfTheTenantIsSaidUncleaned(t *testing.T) {
	const bad = "\x1b[53mQ\u009b53m\u202eQ\x7f\u200b"
	texts := map[string]string{"": bad, "de": bad}
	q := registration.Question{
		Label: bad, Labels: texts, Heading: bad, Headings: texts, Help: bad, Helps: texts, Placeholders: texts, Example: bad, Default: bad,
		Options: []registration.Option{{Value: bad, Label: bad}},
	}
	ids := []registration.Identifier{{Type: registration.Email, Identifier: bad}}
	unhelped, dated, unanswered := q, q, q
	unhelped.Help, unhelped.Helps = "", nil
	dated.Kind, dated.Widget = registration.Text, registration.WidgetDate
	unanswered.Options = nil
	said := []any{
		wording.HintOf(unhelped), wording.HintOf(dated), wording.AnswerOf(registration.Draft{}, q, nil), wording.AnswerOf(registration.Draft{}, unanswered, nil),
		wording.Groups(bad), wording.OfFlaw(registration.Flaw{Rule: "max_length", Arg: bad}),
	}
	for _, kind := range []registration.Kind{registration.Text, registration.Choice, registration.Shape} {
		q.Kind = kind
		said = append(said, wording.LabelOf(q), wording.HeadingOf(q), wording.PlaceholderOf(q), wording.HintOf(q))
		for _, o := range wording.OptionsOf(q) {
			said = append(said, o.Say)
		}
	}
	for _, r := range []registration.Receipt{
		{Address: bad, Next: registration.NextEnterCode, Status: string(registration.New)},
		{Identifiers: ids, Status: "active"},
		{Status: "active"},
		{Address: bad, Next: registration.NextVerifyAddress, Status: "active"},
		{Address: bad, Next: registration.NextEnterCode, Status: "active"},
	} {
		said = append(said, wording.OfReceipt(registration.Draft{Identifiers: ids}, r, false, time.Time{}))
	}
	said = append(said, wording.ForStaff(&registration.Problem{Kind: registration.Misconfigured, Staff: bad}))
	for _, s := range said {
		if text := fmt.Sprintf("%v", s); strings.ContainsFunc(text, func(r rune) bool { return !clean.Visible(r) }) {
			t.Errorf("%T says %+q", s, text)
		}
	}
}
