package lines_test

import (
	"errors"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"foyer/internal/registration"
	"foyer/ui"
	"foyer/ui/lines"
)

// TestWhateverIsTypedOnlyLinesComeBack types at random, with and without a terminal, into a form of many kinds of questions and a
// service that fails in many ways: nothing panics, and nothing that controls a terminal is said, whoever wrote it.
func TestWhateverIsTypedOnlyLinesComeBack(t *testing.T) {
	const schema = `{"type": "object", "description": "Form\u001b[31m\u202e", "properties": {
		"name": {"type": "string", "title": "Name\u001b]0;x\u0007"}, "born": {"type": "string", "format": "date"}, "size": {"enum": ["S\u001b[2J", "M", "L"]},
		"why": {"type": "string", "maxLength": 900}, "tags": {"type": "array", "items": {"type": "string"}}, "news": {"type": "boolean"}}, "required": ["name"]}`
	pieces := []string{
		"ann@example.com", "ann\x1b[31m", "?", "<", "!leave", "no", "yes", "!language", "!sprache", "!suggest", "!empty", "!foo", "1", "2", "9", "", "", "", "", ".", "\x1b[A\x1b", "\x00\x01\x7f\x9b31m",
		"\xff\xfe", "1990-12-31", "L", marker, marker, "e\u0301\b", "\u202eabc", strings.Repeat("x", 5000), "\x03", "\x04", "\x15", "471193", "!again", "!address", "!later", "\r\n", "\n\n",
	}
	for seed := range uint64(150) {
		t.Run(strconv.FormatUint(seed, 10), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := rand.New(rand.NewPCG(seed, 1))
				o := newOffice(t)
				settings := registration.Settings{
					Status: registration.New, Verification: registration.VerifyCode,
					Fields: map[string]registration.FieldSetting{"/why": {Widget: registration.WidgetMultiline}},
				}
				mechanism := []string{"email_otp", "password", "totp"}[r.IntN(3)]
				o.form = formOf(t, schema, settings, mechanism)
				kinds := []registration.ProblemKind{registration.Conflict, registration.Unavailable, registration.CodeRejected, registration.TooMany, registration.Unexpected, registration.DetailsRejected}
				for range 30 {
					problem := registration.Problem{Kind: kinds[r.IntN(len(kinds))], Field: "/payload/name", Staff: "\x1b[1mstaff", RetryAfter: time.Second}
					o.answers = append(o.answers, []answer{{problem: &problem}, {receipt: coded("new")}, {receipt: done()}}[r.IntN(3)])
				}
				withTerminal := r.IntN(2) == 0
				p := meet(t, o, func(o *ui.Options, l *lines.Line) {
					if withTerminal {
						terminal(o, l)
					}
					o.Mailbox = func(string) []string { return []string{"code\x1b[5m 471193\x07"} }
				})
				for range 60 {
					p.types(pieces[r.IntN(len(pieces))] + []string{"\r", "\n", "\r\n"}[r.IntN(3)])
				}
				_ = p.in.Close()
				<-p.over
				if p.err != nil && !errors.Is(p.err, lines.ErrNoTerminal) {
					t.Errorf("Show() = %v", p.err)
				}
				if all := takenBack.ReplaceAllString(p.out.String(), ""); control.MatchString(all) {
					t.Errorf("heard %q", all)
				}
			})
		})
	}
}
