package ui_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"foyer/internal/registration"
)

// coded are the settings of a way in with a code, for a user in a state.
func coded(status registration.UserStatus) registration.Settings {
	return registration.Settings{Status: status, Verification: registration.VerifyCode}
}

// toVerify leads to the verify screen of a user in a state.
func toVerify(t *testing.T, desk *desk, status string, mail ...string) (*driver, registration.Receipt) {
	t.Helper()
	settings := coded(registration.UserStatus(status))
	if status == "" {
		settings = registration.Settings{Status: registration.Active, Verification: registration.VerifyBefore}
	}
	desk.form = formOf(t, settings)
	o := options(t, desk)
	if len(mail) > 0 {
		o.Mailbox = func(address string) []string { return append([]string{"To " + address}, mail...) }
	}
	d := start(t, o)
	d.until("Press Enter")
	d.press(good + "<enter>")
	d.until("being created")
	r := desk.willWait(d.clock, status)
	d.until("Type your code")
	return d, r
}

// willTell answers the next code, or the next wish for a message.
func (d *desk) willTell(r registration.Receipt, p *registration.Problem) chan string {
	said := make(chan string, 1)
	d.codes <- func(text string) (registration.Receipt, error) {
		said <- text
		if p != nil {
			return registration.Receipt{}, p
		}
		return r, nil
	}
	return said
}

func active() registration.Receipt {
	return registration.Receipt{UserID: "u1", Status: "active", Next: registration.NextSignIn, Reference: "7KQ4-M2XW"}
}

func wrongCode(rule registration.Rule) *registration.Problem {
	return &registration.Problem{Kind: registration.CodeRejected, Flaw: registration.Flaw{Rule: rule}}
}

func TestACodeIsTypedAndThePersonIsRegistered(t *testing.T) {
	desk := newDesk(t)
	d, _ := toVerify(t, desk, "new")
	d.until("Step 4 of 4")
	d.until("ann@example.com")
	d.until("The code works for another 10:00")
	said := desk.willTell(active(), nil)
	d.press("471193<enter>")
	d.until("You are registered")
	if got := <-said; got != "471193" {
		t.Errorf("the code %q was given back", got)
	}
}

func TestAWrongCodeKeepsThePlace(t *testing.T) {
	desk := newDesk(t)
	d, _ := toVerify(t, desk, "new")
	desk.willTell(registration.Receipt{}, wrongCode(registration.RuleCodeWrong))
	d.press("471193<enter>")
	d.until("not the code that we sent you last")
	d.until("│ 4 ││ 7 ││ 1 ││ 1 ││ 9 ││ 3 │")
	said := desk.willTell(active(), nil)
	d.press("<left>4<enter>") // the last one put right
	d.until("You are registered")
	if got := <-said; got != "471194" {
		t.Errorf("the code %q was given back", got)
	}
}

func TestEachRefusalOfACodeHasItsWords(t *testing.T) {
	tests := []struct {
		problem registration.Problem
		says    string
	}{
		{*wrongCode(registration.RuleCodeWrong), "not the code that we sent you last"},
		{*wrongCode(registration.RuleCodeExpired), "This code is too old"},
		{*wrongCode(registration.RuleCodeUsed), "used already"},
		{registration.Problem{Kind: registration.CodeRejected}, "wrong, too old, or was used before"},
		{registration.Problem{Kind: registration.TooMany, RetryAfter: time.Minute, Flaw: registration.Flaw{Rule: registration.RuleCodeTries}}, "You can go on in 60 seconds"},
		{registration.Problem{Kind: registration.Unavailable, Reference: "7KQ4-M2XW"}, "Nothing is lost"},
		{registration.Problem{Kind: registration.Unavailable, Unclear: true}, "try the same code again"},
		{registration.Problem{Kind: registration.Misconfigured, Made: true}, "needs attention"},
		{registration.Problem{Kind: registration.Conflict}, "Somebody is registered with this already"},
	}
	for _, tt := range tests {
		t.Run(tt.says, func(t *testing.T) {
			desk := newDesk(t)
			d, _ := toVerify(t, desk, "new")
			desk.willTell(registration.Receipt{}, &tt.problem)
			d.press("471193<enter>")
			d.until(tt.says)
		})
	}
}

func TestAfterTooManyCodesNoneIsTakenForAWhile(t *testing.T) {
	desk := newDesk(t)
	d, _ := toVerify(t, desk, "new")
	tries := registration.Problem{Kind: registration.TooMany, RetryAfter: 30 * time.Second, Flaw: registration.Flaw{Rule: registration.RuleCodeTries}}
	desk.willTell(registration.Receipt{}, &tries)
	d.press("471193<enter>")
	d.until("You can go on in 30 seconds")
	said := desk.willTell(active(), nil)
	d.press("111111<enter>")
	select {
	case <-said:
		t.Fatal("a code was sent although none is taken")
	default:
	}
	d.clock.pass()
	d.wait("the end of the wait", func() bool { return !strings.Contains(d.view(), "You can go on") })
	d.press("<enter>")
	d.until("You are registered")
}

func TestAnotherCodeIsSentOnlyWhenAskedFor(t *testing.T) {
	desk := newDesk(t)
	d, r := toVerify(t, desk, "new")
	d.press("12<down><enter>") // too early
	d.until("(in 30 seconds)")
	d.clock.pass()
	d.wait("the end of the wait", func() bool { return !strings.Contains(d.view(), "(in ") })
	d.until("The earlier code stops working then")
	fresh := r
	challenge := *r.Challenge
	challenge.Expires = d.clock.Now().Add(10 * time.Minute)
	fresh.Challenge = &challenge
	said := desk.willTell(fresh, nil)
	d.press("<enter>")
	d.until("Another code went to ann@example.com")
	d.until("(in 30 seconds)")
	if got := <-said; got != "code" || strings.Contains(d.view(), "│ 1 │") {
		t.Errorf("asked for a %s; the old digits may still stand there:\n%s", got, d.view())
	}
}

func TestThePersonMayFinishElsewhere(t *testing.T) {
	desk := newDesk(t)
	d, r := toVerify(t, desk, "new")
	r.Challenge, r.Next, r.Address = nil, registration.NextFollowLink, "ann@example.com"
	said := desk.willTell(r, nil)
	d.press("<up><enter>")
	d.until("Almost done")
	d.until("Open the link in it")
	if got := <-said; got != "link" {
		t.Errorf("asked for a %s", got)
	}
}

func TestTheAddressCanBeChanged(t *testing.T) {
	desk := newDesk(t)
	d, _ := toVerify(t, desk, "new")
	d.press("<down><down><enter>")
	d.until("Your details")
	d.press("<clear>bob@example.com<enter>")
	d.until("Is everything right?")
	d.press("<enter>")
	d.wait("another submission", func() bool { return len(desk.submissions()) == 2 })
	if subs := desk.submissions(); subs[0] == subs[1] || subs[1].Draft.Identifiers[0].Identifier != "bob@example.com" {
		t.Errorf("sent %+v", subs[1].Draft)
	}
}

func TestAnAddressThatIsNotChangedAfterAll(t *testing.T) {
	desk := newDesk(t)
	d, _ := toVerify(t, desk, "new")
	d.press("<down><down><enter>")
	d.until("Your details")
	d.press("<back>")
	d.until("Type your code")
	if n := len(desk.submissions()); n != 1 {
		t.Errorf("there are %d submissions", n)
	}
}

func TestLeavingSaysWhatBecomesOfTheAccount(t *testing.T) {
	tests := []struct{ status, says, then, leave string }{
		{"new", "cannot be used before you give the code", "Not finished yet", "cannot be used before"},
		{"active", "Only your address is not confirmed", "address ann@example.com is not confirmed yet", "Only your address"},
	}
	for _, tt := range tests {
		t.Run(tt.status, func(t *testing.T) {
			d, _ := toVerify(t, newDesk(t), tt.status)
			d.press("12<back>")
			d.until(tt.says)
			d.press("<back>")
			d.until("│ 1 ││ 2 │")
			d.press("<leave>")
			d.until(tt.leave)
			d.press("<back><back><enter>")
			d.until(tt.then)
			d.until("enter finish")
			d.press("<enter>")
			d.until("Press Enter to begin") // room for the next person
		})
	}
	d, _ := toVerify(t, newDesk(t), "")
	d.press("<leave>")
	d.until("There is no account yet")
	d.press("<back><back>")
	d.until("Is everything right?") // nothing exists yet, so esc is just back
}

func TestTheMailboxOfThePracticeTenant(t *testing.T) {
	d, _ := toVerify(t, newDesk(t), "new", "Your code is 471193.")
	d.until("SANDBOX MAILBOX")
	d.until("To ann@example.com")
	for _, width := range []int{80, 60, 40} {
		d.send(tea.WindowSizeMsg{Width: width, Height: 30})
		d.until("471193")
	}
	d, _ = toVerify(t, newDesk(t), "new")
	if strings.Contains(d.view(), "MAILBOX") {
		t.Error("there is a mailbox at a tenant's")
	}
}

func TestWhoWaitsForAMessageIsNotHurried(t *testing.T) {
	tests := []struct {
		name    string
		minutes int
		warned  bool
	}{{"far longer than the other screens wait", 2, false}, {"longer than a message takes", 6, true}}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			desk := newDesk(t)
			desk.form = formOf(t, coded(registration.New))
			o := options(t, desk)
			o.IdleTimeout, o.IdleWarning = 3*time.Second, 2*time.Second // the first look is after a second
			d := start(t, o)
			d.until("Press Enter")
			d.press(good + "<enter>")
			desk.willWait(d.clock, "new")
			d.until("Type your code")
			for range tt.minutes {
				d.clock.pass()
			}
			if tt.warned {
				d.until("Are you still there?")
				return
			}
			d.until("another 8:00")
			d.clock.pass()
			d.until("another 7:00")
			if strings.Contains(d.view(), "still there") {
				t.Errorf("the person is hurried:\n%s", d.view())
			}
		})
	}
}

func TestAProblemAfterTheCodeLeadsBackToTheReview(t *testing.T) {
	for _, keys := range []string{"<enter>", "<back>"} {
		desk := newDesk(t)
		d, _ := toVerify(t, desk, "")
		desk.willTell(registration.Receipt{}, &registration.Problem{Kind: registration.DetailsRejected})
		d.press("471193<enter>")
		d.until("One answer was not accepted")
		d.press(keys)
		d.until("Is everything right?")
		if n := len(desk.submissions()); n != 1 {
			t.Errorf("after %s there are %d submissions: it was sent again unasked", keys, n)
		}
	}
}

func TestTheFooterOffersOnlyWhatWorks(t *testing.T) {
	d, _ := toVerify(t, newDesk(t), "new")
	d.until("enter choose")
	d.press("<down>")
	d.until("› Send another code (in 30 seconds)")
	if strings.Contains(d.view(), "enter choose") {
		t.Errorf("the footer offers what does not work yet:\n%s", d.view())
	}
}

func TestAnUnsureMessageIsNotPraised(t *testing.T) {
	desk := newDesk(t)
	d, r := toVerify(t, desk, "new")
	d.clock.pass()
	d.wait("the offer of another code", func() bool { return !strings.Contains(d.view(), "(in ") })
	challenge := *r.Challenge
	challenge.Unsure, r.Challenge = true, &challenge
	desk.willTell(r, nil)
	d.press("<down><enter>")
	d.until("It is not certain that the message went out")
	if strings.Contains(d.view(), "Another code went") {
		t.Errorf("it is said to be sent as well:\n%s", d.view())
	}
}

func TestAfterAFailedMessageThePersonIsToldOfTheirAccount(t *testing.T) {
	desk := newDesk(t)
	desk.form = formOf(t, coded(registration.New))
	d := start(t, options(t, desk))
	d.until("Press Enter")
	d.press(good + "<enter>")
	desk.willFail(registration.Problem{Kind: registration.Unavailable, Made: true})
	d.until("only the rest is missing")
}

func TestACodeRunsOut(t *testing.T) {
	d, _ := toVerify(t, newDesk(t), "new")
	for range 11 {
		d.clock.pass()
	}
	d.until("too old now")
}

func TestNoIdIsShown(t *testing.T) {
	desk := newDesk(t)
	d, r := toVerify(t, desk, "new")
	desk.willTell(active(), nil)
	seen := d.view()
	d.press("471193<enter>")
	d.until("You are registered")
	if id := regexp.MustCompile(`\bu1\b`); id.MatchString(seen + d.view()) {
		t.Errorf("the id %s is on a screen", r.UserID)
	}
}
