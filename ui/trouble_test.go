package ui_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"foyer/internal/registration"
)

// A trouble is a problem at the end of a registration, and what a person has to find on the screen.
type trouble struct {
	name    string
	problem registration.Problem
	says    []string // title, what, and what to do
	keys    string   // of the screen, in the footer
	enter   string   // what is there after enter
	back    string   // and after esc
}

// Where the ways out lead.
const (
	toDetails = "Your details"
	toSecret  = "Your password"
	toReview  = "Is everything right?"
	toSubmit  = "being created"
	toWelcome = "Press Enter to begin"
)

func flawed(kind registration.ProblemKind, field string, rule registration.Rule) registration.Problem {
	return registration.Problem{Kind: kind, Field: field, Flaw: registration.Flaw{Rule: rule}}
}

// troubles are every row of the table of problems, with every flag that changes what is said or done.
func troubles() []trouble {
	type p = registration.Problem
	const email, name = "/identifiers/0", "/payload/given_name"
	again, fix := "enter try again · esc back", "enter put it right · esc back"
	return []trouble{
		{"an identifier that is taken", flawed(registration.Conflict, email, registration.RuleTaken), []string{"Somebody is registered with this already", "There is already an account with:", "ann@example.com", "just sign in", "use another one", "ask a member of staff"}, fix, toDetails, toReview},
		{"one that somebody began with", flawed(registration.Conflict, email, registration.RuleUnfinished), []string{"This was begun and not finished", "has not given the code back:", "ann@example.com", "ask a member of staff to finish it"}, fix, toDetails, toReview},
		{"a recorded key", flawed(registration.Conflict, "/recorded", registration.RuleRecorded), []string{"You are registered already", "SSH key that you connected with", "just sign in"}, "enter start over · esc back", toWelcome, toReview},
		{"an account without a receipt", p{Kind: registration.AlreadyDone}, []string{"You are registered already", "An earlier try had worked after all.", "You can sign in now."}, "enter start over · esc back", toWelcome, toReview},
		{"a refused password", flawed(registration.PasswordRejected, registration.PointerPassword, registration.RulePasswordReject), []string{"Please choose another password", "This password was not accepted.", "Press Enter to choose another one."}, fix, toSecret, toReview},
		{"a refused answer", flawed(registration.DetailsRejected, name, registration.RuleRejected), []string{"One answer was not accepted", "Please write it differently.", "Ann", "Press Enter to change it."}, fix, toDetails, toReview},
		{"a refused answer that nobody can name", flawed(registration.DetailsRejected, "", registration.RuleRejected), []string{"One answer was not accepted", "One of your answers was not accepted.", "look through your answers"}, fix, toReview, toReview},
		{"a refused answer that no question leads to", p{Kind: registration.DetailsRejected, Field: "/payload/nobody_asks"}, []string{"One of your answers was not accepted."}, fix, toReview, toReview},
		{"a refused code", p{Kind: registration.CodeRejected}, []string{"This code was not accepted", "too old, or was used before", "Press Enter"}, fix, toReview, toReview},
		{"a closed pool", p{Kind: registration.RegistrationClosed, Staff: "look here"}, []string{"Registration is closed", "Nobody can register here at the moment.", "Please ask a member of staff.", "For staff: look here"}, again, toSubmit, toReview},
		{"a busy tenant", p{Kind: registration.TooMany, RetryAfter: time.Minute}, []string{"The registration service is busy", "It is not your fault.", "Trying again by itself in 60 seconds.", "Nothing you typed is lost", "Enter tries at once"}, again, toSubmit, toReview},
		{"a busy tenant that takes some minutes", p{Kind: registration.TooMany, RetryAfter: 5 * time.Minute}, []string{"Trying again by itself in 5 minutes."}, again, toSubmit, toReview},
		{"a busy tenant that does not say how long", p{Kind: registration.TooMany}, []string{"Trying again by itself in "}, again, toSubmit, toReview},
		{"a busy tenant that takes an hour", p{Kind: registration.TooMany, RetryAfter: time.Hour}, []string{"The registration service is busy", "Please come back in 60 minutes, or try again with Enter."}, again, toSubmit, toReview},
		{"a busy tenant that takes a day", p{Kind: registration.TooMany, RetryAfter: 24 * time.Hour}, []string{"Please come back in 24 hours"}, again, toSubmit, toReview},
		{"too many codes", flawed(registration.TooMany, "", registration.RuleCodeTries), []string{"There were too many wrong codes", "Wait a little"}, again, toSubmit, toReview},
		{"no answer", p{Kind: registration.Unavailable}, []string{"The registration service does not answer", "It is not your fault.", "Trying again by itself in ", "Nothing you typed is lost"}, again, toSubmit, toReview},
		{"no answer for a while", p{Kind: registration.Unavailable, RetryAfter: 5 * time.Minute}, []string{"Trying again by itself in ", " minutes."}, again, toSubmit, toReview},
		{"no answer for an hour", p{Kind: registration.Unavailable, RetryAfter: time.Hour}, []string{"does not answer", "Please come back in 60 minutes"}, again, toSubmit, toReview},
		{"no answer, and perhaps an account", p{Kind: registration.Unavailable, Unclear: true}, []string{"does not answer", "It is not certain whether your account was created.", "does not register you twice."}, again, toSubmit, toReview},
		{"no answer, with an account", p{Kind: registration.Unavailable, Made: true}, []string{"does not answer", "Your account was created already; only the rest is missing."}, again, toSubmit, toReview},
		{"a wrong configuration", p{Kind: registration.Misconfigured, Staff: "grant the scope"}, []string{"This kiosk needs attention", "Registration is closed for the moment", "It is not your fault.", "Please ask a member of staff", "For staff: grant the scope"}, again, toSubmit, toReview},
		{"nobody of the staff, without a desk", p{Kind: registration.StaffSignIn}, []string{"Closed: staff sign-in needed", "Nothing you typed is lost.", "ask a member of staff to sign in"}, again, toSubmit, toReview},
		{"what nobody foresaw", p{Kind: registration.Unexpected, Unclear: true}, []string{"Something unexpected happened", "It is not your fault.", "Press Enter to try again.", "show this screen to a member of staff", "It is not certain"}, again, toSubmit, toReview},
		{"what nobody foresaw, with an account", p{Kind: registration.Unexpected, Made: true}, []string{"Your account was created already"}, again, toSubmit, toReview},
	}
}

func TestEachProblemHasItsScreenAndItsWaysOut(t *testing.T) {
	for _, tt := range troubles() {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d, desk := tt.meet(t)
			for _, says := range append(tt.says, "Reference: "+desk.submissions()[0].Reference) {
				d.until(says)
			}
			if !strings.Contains(d.view(), tt.keys) {
				t.Errorf("the keys are not %q:\n%s", tt.keys, d.view())
			}
			d.press("<f2>")
			for _, untold := range []string{"problem.", "flaw.", "%!", "Reference"} {
				if strings.Contains(d.view(), untold) {
					t.Errorf("in German the screen has %q:\n%s", untold, d.view())
				}
			}
			d.press("<f2><enter>")
			d.until(tt.enter)

			d, desk = tt.meet(t)
			d.press("<back>")
			d.until(tt.back)
			d.keeps(desk)
		})
	}
}

// meet leads a person to the problem.
func (tt trouble) meet(t *testing.T) (*driver, *desk) {
	t.Helper()
	desk := newDesk(t)
	d := start(t, options(t, desk))
	d.send(tea.WindowSizeMsg{Width: 100, Height: 30})
	d.until(toWelcome)
	d.press(good + "<enter>")
	d.until(toSubmit)
	desk.willFail(tt.problem)
	d.until(tt.says[0])
	return d, desk
}

// keeps expects that the review has the answers of good, and sends them again.
func (d *driver) keeps(desk *desk) {
	d.t.Helper()
	before := len(desk.submissions())
	d.until("ann@example.com")
	d.until("Ann")
	d.press("<enter>")
	d.wait("another attempt", func() bool { return len(desk.submissions()) > before })
	subs := desk.submissions()
	last := subs[len(subs)-1]
	if last != subs[0] || last.Draft.Password.Reveal() != "correct horse 7 battery" || last.Draft.Payload["given_name"] != "Ann" {
		d.t.Errorf("what is sent now is another submission, or has lost an answer: %+v", last.Draft)
	}
}

// TestNoProblemIsWithoutAScreen reads the kinds in the source: a new one has to be in the table.
func TestNoProblemIsWithoutAScreen(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "../internal/registration/problem.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var kinds []string
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if kind, ok := spec.Type.(*ast.Ident); ok && kind.Name == "ProblemKind" {
			for _, value := range spec.Values {
				if literal, ok := value.(*ast.BasicLit); ok {
					text, _ := strconv.Unquote(literal.Value)
					kinds = append(kinds, text)
				}
			}
		}
		return true
	})
	if len(kinds) < 10 {
		t.Fatalf("the source has only the kinds %q", kinds)
	}
	tested := make(map[string]bool)
	for _, tt := range troubles() {
		tested[string(tt.problem.Kind)] = true
	}
	for _, kind := range kinds {
		if !tested[kind] {
			t.Errorf("no screen is tested for %s", kind)
		}
	}
}
