package ui_test

import (
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"foyer/internal/registration"
)

func TestAPersonRegisters(t *testing.T) {
	desk := newDesk(t)
	d := start(t, options(t, desk))
	d.until("Press Enter to begin")
	d.press("<enter>")
	d.until("Your details")
	d.press("ann@example.com<enter><enter>Ann<enter><enter><enter><enter><enter>")
	d.until("Your password")
	d.press("correct horse 7 battery")
	d.until("very strong")
	d.press("<enter>correct horse 7 battery<enter>")
	d.until("Is everything right?")
	d.press("<enter>")
	d.until("Your account is being created")
	desk.willCreate()
	d.until("You are registered")
	d.until(desk.submissions()[0].Reference)
	sent := desk.submissions()[0].Draft
	if sent.Password.Reveal() != "correct horse 7 battery" || sent.Payload["given_name"] != "Ann" || len(sent.Payload) != 1 {
		t.Errorf("sent %+v with password %q", sent, sent.Password.Reveal())
	}
	d.press("<enter>")
	if strings.Contains(d.view(), "Press Enter to begin") {
		t.Error("a second quick enter took the good news away")
	}
	d.until("enter finish")
	d.press("<enter>")
	d.until("Press Enter to begin")
}

func TestTypeAheadLandsWhereItBelongs(t *testing.T) {
	desk := newDesk(t)
	desk.opened = make(chan struct{})
	d := start(t, options(t, desk))
	d.press(good + "<enter>") // before the form is there
	if !strings.Contains(d.view(), "One moment") {
		t.Fatalf("without a form:\n%s", d.view())
	}
	close(desk.opened)
	d.until("Your account is being created")
	desk.willCreate()
	d.until("You are registered")
}

func TestAConflictKeepsEverythingAndLeadsToTheAnswer(t *testing.T) {
	desk := newDesk(t)
	d := start(t, options(t, desk))
	d.until("Press Enter")
	d.press(good + "<enter>")
	desk.willFail(registration.Problem{Kind: registration.Conflict, Field: "/identifiers/0", Flaw: registration.Flaw{Rule: registration.RuleTaken}})
	d.until("Somebody is registered with this already")
	d.until("ann@example.com")
	d.press("<enter>")
	d.until("This is registered already")
	d.press("<enter>")
	if !strings.Contains(d.view(), "Your details") {
		t.Fatalf("enter accepted the same address again:\n%s", d.view())
	}
	d.press("<clear>bob@example.com<enter>")
	d.until("Is everything right?")
	d.press("<enter>")
	desk.willCreate()
	d.until("You are registered")
	subs := desk.submissions()
	if len(subs) != 2 || subs[1].Draft.Password.Reveal() != "correct horse 7 battery" || subs[1].Draft.Payload["given_name"] != "Ann" {
		t.Errorf("%d submissions, the last %+v: the other answers were not kept", len(subs), subs[len(subs)-1].Draft)
	}
}

func TestTheReviewLeadsToAnyAnswerAndBack(t *testing.T) {
	d := start(t, options(t, newDesk(t)))
	d.until("Press Enter")
	d.press(good)
	d.until("Is everything right?")
	d.press("<up><up><up><up><up><up>") // from the button over password and news to the first name
	d.press("<enter>")
	d.until("Your details")
	d.press("abella<enter>")
	d.until("Is everything right?")
	d.until("Annabella")
}

func TestEscapeDuringSubmissionKeepsTheSubmission(t *testing.T) {
	desk := newDesk(t)
	d := start(t, options(t, desk))
	d.until("Press Enter")
	d.press(good + "<enter>")
	d.until("being created")
	d.press("<back>")
	d.until("Is everything right?")
	d.press("<enter>")
	d.wait("a second attempt", func() bool { return len(desk.submissions()) == 2 })
	if subs := desk.submissions(); subs[0] != subs[1] {
		t.Error("the same draft was sent as another submission, with another idempotency key")
	}
}

func TestWaitingIsShown(t *testing.T) {
	desk := newDesk(t)
	d := start(t, options(t, desk))
	d.until("Press Enter")
	d.press(good + "<enter>")
	d.until("being created")
	desk.notices <- registration.Progress{Stage: registration.StageWaiting, Attempt: 1, Wait: 7 * time.Second, Because: registration.Unavailable}
	d.until("Trying again in 7 seconds")
	desk.notices <- registration.Progress{Stage: registration.StageCreating, Attempt: 2}
	d.until("attempt 2")
	desk.willCreate()
	d.until("You are registered")
}

func TestAnEarlierAttemptThatWorkedIsSaid(t *testing.T) {
	desk := newDesk(t)
	d := start(t, options(t, desk))
	d.until("Press Enter")
	d.press(good + "<enter>")
	desk.willFail(registration.Problem{Kind: registration.AlreadyDone, Receipt: &registration.Receipt{UserID: "u1", Next: registration.NextSignIn, At: d.clock.Now()}})
	d.until("You are registered already")
	d.until("This was already done at 03:04. You sign in with the password you chose then, and with: ann@example.com")
}

func TestATextThatIsCalledLikeAKeyIsText(t *testing.T) {
	for _, name := range []string{"up", "down", "tab", "enter", "esc", "f1", "f2", "ctrl+c", "left", "backspace"} {
		d := start(t, options(t, newDesk(t)))
		d.begin()
		d.press("ann@example.com<enter><enter>" + name + "<tab>")
		if !strings.Contains(d.view(), "│ "+name) {
			t.Errorf("%q was taken for a key:\n%s", name, d.view())
		}
	}
}

func TestComplaintsComeLateAndPraiseEarly(t *testing.T) {
	d := start(t, options(t, newDesk(t)))
	d.begin()
	d.press("ann")
	if strings.Contains(d.view(), "has one @") {
		t.Errorf("it complains while the person types:\n%s", d.view())
	}
	d.press("<tab>")
	if !strings.Contains(d.view(), "has one @") {
		t.Errorf("it does not complain when the person has left:\n%s", d.view())
	}
	d.press("<up>@example.com")
	if strings.Contains(d.view(), "has one @") {
		t.Errorf("it still complains about a good address:\n%s", d.view())
	}
	d.press("<clear>x<back>")
	d.until("Start over?") // moving back from an invalid field
}

func TestGoingBackToTheWelcomeForgetsOnlyWhenAsked(t *testing.T) {
	d := start(t, options(t, newDesk(t)))
	d.begin()
	d.press("<back>") // nothing was typed
	d.until("Press Enter to begin")
	d.press("<enter>ann@example.com<back>")
	d.until("Start over?")
	d.press("<back>")
	d.until("┃ ann@example.com")
	d.press("<back><enter>")
	d.until("Press Enter to begin")
	d.press("<enter>")
	d.until("Your details")
	if strings.Contains(d.view(), "┃ ann") {
		t.Errorf("the next person sees:\n%s", d.view())
	}
}

func TestAKeyThatIsHeldDoesNotTakeTheGoodNewsAway(t *testing.T) {
	desk := newDesk(t)
	d := start(t, options(t, desk))
	d.until("Press Enter")
	d.press(good + "<enter>")
	desk.willCreate()
	d.until("You are registered")
	for _, left := range []string{"in 19 seconds", "in 18 seconds"} {
		d.press("<enter>")
		d.until(left)
	}
	d.press("<enter>")
	d.until("in 17 seconds")
	d.until("enter finish") // a second without a key
}

func TestPasswordsThatDifferAreRefused(t *testing.T) {
	d := start(t, options(t, newDesk(t)))
	d.until("Press Enter")
	d.press(strings.TrimSuffix(good, "<enter>") + "x<enter>")
	d.until("not the same")
	if strings.Contains(d.view(), "correct horse") {
		t.Errorf("the password can be read:\n%s", d.view())
	}
	d.press("<show>")
	d.until("correct horse 7 batteryx")
}

func TestAPasteThatWouldBeChangedIsRefusedAloud(t *testing.T) {
	d := start(t, options(t, newDesk(t)))
	d.until("Press Enter")
	d.press("<enter>ann@example.com<enter><enter>Ann<enter><enter><enter><enter><enter>")
	d.until("Your password")
	d.send(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("s3cret\n"), Paste: true})
	d.until("line break")
	d.send(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(strings.Repeat("x", 1<<20)), Paste: true})
	d.until("too long to be taken")
}

func TestLeavingAsksFirst(t *testing.T) {
	d := start(t, options(t, newDesk(t)))
	d.until("Press Enter")
	d.press("<enter>ann<leave>")
	d.until("Leave the registration?")
	d.press("<back>")
	d.until("┃ ann")
	d.press("<leave><leave>")
	d.wait("the end", func() bool { return d.quit })
}

func TestHelpAndLanguage(t *testing.T) {
	d := start(t, options(t, newDesk(t)))
	d.begin()
	d.press("ann<f1>")
	d.until("A tick says that an answer is good")
	d.press("<f2>")
	d.until("Ein Haken")
	d.press("<back>")
	d.until("E-Mail-Adresse")
	d.until("ann")
}

func TestAnAbandonedDraftIsForgotten(t *testing.T) {
	o := options(t, newDesk(t))
	o.IdleTimeout, o.IdleWarning = 2*time.Second, time.Second
	d := start(t, o)
	d.begin()
	d.press("ann@example.com")
	d.clock.pass()
	d.until("Are you still there?")
	d.press("<tab>")
	d.until("ann@example.com") // any key stays
	d.clock.pass()
	d.until("Are you still there?")
	d.until("Press Enter to begin")
	d.press("<enter>")
	d.until("Your details")
	if strings.Contains(d.view(), "┃ ann") || strings.Contains(d.view(), "> ann") {
		t.Errorf("the next person sees:\n%s", d.view())
	}
}

func TestAPasswordThatWasTypedOnceIsNotRegistered(t *testing.T) {
	desk := newDesk(t)
	d := start(t, options(t, desk))
	d.until("Press Enter")
	d.press(good + "<up><enter>") // from the review to the password
	d.until("The same password again")
	d.press("oops<back>")
	d.until("Is everything right?")
	d.press("<enter>")
	d.wait("the submission", func() bool { return len(desk.submissions()) == 1 })
	if got := desk.submissions()[0].Draft.Password.Reveal(); got != "correct horse 7 battery" {
		t.Errorf("the password %q was sent, which was typed once", got)
	}
}

func TestAnOptionalIdentifierThatIsAskedFirstMayStayEmpty(t *testing.T) {
	desk := newDesk(t)
	form, err := registration.NewForm(desk.form.Pool, nil, nil, registration.Settings{
		Status: registration.Active, Identifiers: []registration.IdentifierSetting{{Type: registration.UID}, {Type: registration.Email, Required: true}},
	})
	if err != nil {
		t.Fatal(err)
	}
	desk.form = form
	d := start(t, options(t, desk))
	d.until("Press Enter")
	d.press("<enter><enter>ann@example.com<enter>")
	d.until("Your password")
}

func TestNothingOfAPersonIsKept(t *testing.T) {
	desk := newDesk(t)
	d := start(t, options(t, desk))
	d.until("Press Enter")
	d.press(good + "<enter>")
	desk.willCreate()
	d.until("You are registered")
	sent := desk.submissions()[0]
	d.until("enter finish")
	d.press("<enter>")
	d.until("Press Enter to begin")
	if !sent.Draft.Password.IsZero() {
		t.Error("the password outlives its person")
	}
	d.press("<enter>")
	d.until("Your details")
	if strings.Contains(d.view(), "ann@example.com_") || strings.Contains(d.view(), "Ann\n") {
		t.Errorf("the next person sees:\n%s", d.view())
	}
}

func TestTheWarningEndsAlsoWhenItIsLongerThanTheQuiet(t *testing.T) {
	o := options(t, newDesk(t))
	o.IdleTimeout, o.IdleWarning = 3*time.Second, 2*time.Second
	d := start(t, o)
	d.begin()
	d.press("ann@example.com")
	d.clock.pass()
	d.until("Are you still there?")
	d.until("Press Enter to begin")
}

func TestWhoIsAwayOnTheFirstScreenLeavesNothingOpen(t *testing.T) {
	o := options(t, newDesk(t))
	o.IdleTimeout, o.IdleWarning = 2*time.Second, time.Second
	d := start(t, o)
	d.until("Press Enter to begin")
	d.press("<f2><leave>")
	d.until("verlassen?")
	d.clock.pass()
	d.until("Press Enter to begin")
}

func TestAnOldTroubleIsNotShownAgain(t *testing.T) {
	desk := newDesk(t)
	desk.closes(registration.Problem{Kind: registration.Unavailable})
	d := start(t, options(t, desk))
	d.send(<-d.msgs) // the failed reading
	desk.opens()
	d.press("<enter>")
	d.begin()
}

func TestTypeAheadDoesNotAnswerAQuestion(t *testing.T) {
	desk := newDesk(t)
	desk.opened = make(chan struct{})
	d := start(t, options(t, desk))
	d.press("<enter>ann@example.com<enter><leave>")
	d.until("Leave the registration?")
	close(desk.opened)
	d.send(<-d.msgs) // the form
	d.until("Leave the registration?")
	if d.quit {
		t.Error("what was typed before left the kiosk")
	}
}

func TestOneAnswerMayAskForAnother(t *testing.T) {
	desk := newDesk(t)
	form, err := registration.NewForm(desk.form.Pool, []byte(`{"properties": {"a": {"type": "string"}, "b": {"type": "string"}}, "dependentRequired": {"a": ["b"]}}`), nil,
		registration.Settings{Status: registration.Active, Identifiers: []registration.IdentifierSetting{{Type: registration.Email, Required: true}}})
	if err != nil {
		t.Fatal(err)
	}
	desk.form = form
	d := start(t, options(t, desk))
	d.begin()
	d.press("ann@example.com<enter>x<enter><enter>")
	d.until("Please fill this in")
	d.press("<up><clear><enter><enter>")
	d.until("Your password")
}
