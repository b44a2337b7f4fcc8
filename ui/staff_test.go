package ui_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"foyer/internal/registration"
)

// staffedDesk is a desk whose client acts for staff, of whom nobody is signed in.
func staffedDesk(t *testing.T) *desk {
	t.Helper()
	desk := newDesk(t)
	desk.front = newFront(registration.SignInPrompt{})
	return desk
}

func TestStaffOpenTheKioskAndAPersonRegisters(t *testing.T) {
	desk := staffedDesk(t)
	d := start(t, options(t, desk))
	d.until("This kiosk is closed")
	if n := len(desk.front.signIns()) + desk.reads(); n != 0 {
		t.Errorf("before anybody pressed a key, the tenant was asked %d times", n)
	}
	d.signIn(desk.front)
	d.until("Opened by Ann Lee")
	d.press(good + "<enter>")
	d.until("being created")
	desk.willCreate()
	d.until("You are registered")
}

func TestTheGreetingGoesOnByItself(t *testing.T) {
	desk := staffedDesk(t)
	d := start(t, options(t, desk))
	d.beginSignIn(desk.front, phonePrompt(d.clock), "W D J B")
	desk.front.willAdmit(ann())
	d.until("Signed in as Ann Lee")
	d.until("Press Enter to begin")
}

func TestWhoIsSignedInAlreadyFindsTheKioskOpen(t *testing.T) {
	desk := staffedDesk(t)
	desk.front.seat(ann())
	d := start(t, options(t, desk))
	d.until("Opened by Ann Lee")
	d.begin()
}

func TestWithoutADeskNothingOfStaffShows(t *testing.T) {
	d := start(t, options(t, newDesk(t)))
	d.until("Press Enter to begin")
	d.press("<f9>")
	if v := d.view(); strings.Contains(v, "f9") || strings.Contains(v, "Opened by") || !strings.Contains(v, "Press Enter to begin") {
		t.Errorf("a client that acts for itself shows:\n%s", v)
	}
}

func TestEachWayThatASignInEndsHasItsWords(t *testing.T) {
	tests := []struct {
		name string
		err  error
		says []string
	}{
		{"too late", registration.ErrSignInExpired, []string{"took too long", "Press Enter to get a new code"}},
		{"refused", fmt.Errorf("ask for a token: %w", registration.ErrSignInDenied), []string{"was refused", "ask whoever manages your account"}},
		{"no answer", &registration.Problem{Kind: registration.Unavailable, Reference: "7KQ4-M2XW"}, []string{"service does not answer", "Reference: 7KQ4-M2XW"}},
		{"set up wrongly", &registration.Problem{Kind: registration.Misconfigured, Staff: "Check auth.client_id."}, []string{"needs attention", "For staff: Check auth.client_id."}},
		{"unforeseen", errTest, []string{"Something unexpected", "Press Enter to try again"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			desk := staffedDesk(t)
			d := start(t, options(t, desk))
			d.beginSignIn(desk.front, phonePrompt(d.clock), "W D J B")
			desk.front.willSay(registration.SignInProgress{}, tt.err)
			for _, says := range tt.says {
				d.until(says)
			}
			d.press("<enter>")
			d.until("W D J B - M J H T")
			desk.front.willAdmit(ann())
			d.until("Signed in as Ann Lee")
			for i, ctx := range desk.front.signIns() {
				if ctx.Err() == nil {
					t.Errorf("sign-in %d is still under way", i)
				}
			}
		})
	}
}

func TestASignInThatCannotBeginSaysSo(t *testing.T) {
	desk := staffedDesk(t)
	desk.front.refusal = &registration.Problem{Kind: registration.Unavailable}
	d := start(t, options(t, desk))
	d.until("press Enter to sign in")
	d.press("<enter>")
	d.until("The sign-in service does not answer")
	desk.front.refusal = nil
	d.press("<back>")
	d.signIn(desk.front)
	d.until("Press Enter to begin")
}

func TestAPanicAtTheDeskIsATrouble(t *testing.T) {
	desk := staffedDesk(t)
	d := start(t, options(t, desk))
	d.beginSignIn(desk.front, phonePrompt(d.clock), "W D J B")
	desk.front.progress <- func() (registration.SignInProgress, error) { panic("at the desk") }
	d.until("Something unexpected")
}

func TestATenantThatAsksForPatienceIsSaid(t *testing.T) {
	desk := staffedDesk(t)
	d := start(t, options(t, desk))
	d.send(tea.WindowSizeMsg{Width: 40, Height: 24}) // one column
	d.beginSignIn(desk.front, phonePrompt(d.clock), "W D J B")
	d.until("Time left: 10:00")
	d.clock.pass()
	desk.front.willSay(registration.SignInProgress{Slower: 10 * time.Second}, nil)
	d.until("We look every 10 seconds now")
	d.until("Time left: 9:00")
	desk.front.willAdmit(ann())
	d.until("Signed in as Ann Lee")
}

func TestASignInThatIsGivenUpEndsAndItsNewsIsDropped(t *testing.T) {
	desk := staffedDesk(t)
	d := start(t, options(t, desk))
	d.beginSignIn(desk.front, phonePrompt(d.clock), "W D J B")
	asked, answered := make(chan struct{}), make(chan struct{})
	desk.front.progress <- func() (registration.SignInProgress, error) {
		close(asked)
		<-answered
		return registration.SignInProgress{Done: true, Operator: ann()}, nil
	}
	<-asked
	d.press("<back>")
	d.until("This kiosk is closed")
	if desk.front.signIns()[0].Err() == nil {
		t.Error("the sign-in is still under way")
	}
	d.press("<enter>")
	d.until("W D J B")
	close(answered)
	desk.front.willSay(registration.SignInProgress{Slower: 5 * time.Second}, nil)
	d.until("asks for a")
	if strings.Contains(d.view(), "Signed in") {
		t.Errorf("the news of the first sign-in ended the second:\n%s", d.view())
	}
	d.press("<leave><enter>")
	d.wait("the end", func() bool { return d.quit })
	if desk.front.signIns()[1].Err() == nil {
		t.Error("who left the kiosk left the sign-in under way")
	}
}

func TestABrowserSignInShowsEveryCharacterOfTheAddress(t *testing.T) {
	for _, size := range []tea.WindowSizeMsg{{Width: 40, Height: 12}, {Width: 80, Height: 24}, {Width: 200, Height: 50}} {
		desk := staffedDesk(t)
		d := start(t, options(t, desk))
		d.beginSignIn(desk.front, browserPrompt(d.clock, false), "in a browser on this computer")
		d.send(size)
		address := make(map[string]bool)
		for range 40 {
			for line := range strings.SplitSeq(d.view(), "\n") {
				address[strings.TrimSpace(strings.TrimRight(line, " ↑↓"))] = true
			}
			d.press("<down>")
		}
		rest := longURL
		for rest != "" {
			n := len(rest)
			for n > 0 && !address[rest[:n]] {
				n--
			}
			if n == 0 {
				t.Fatalf("at %dx%d nothing shows what begins with %q:\n%s", size.Width, size.Height, rest, d.view())
			}
			rest = rest[n:]
		}
	}
}

func TestThePictureHoldsTheCode(t *testing.T) {
	desk := staffedDesk(t)
	d := start(t, options(t, desk))
	d.beginSignIn(desk.front, phonePrompt(d.clock), "W D J B")
	if v := d.view(); !strings.Contains(v, "Scan the picture") || !strings.Contains(v, "▀") {
		t.Errorf("there is room for a picture, but:\n%s", v)
	}
	d.send(tea.WindowSizeMsg{Width: 40, Height: 12})
	if v := d.view(); strings.Contains(v, "picture") || strings.Contains(v, "▀") {
		t.Errorf("there is no room for a picture, but:\n%s", v)
	}
}

func TestASubmissionThatFindsNobodyOfTheStaffGoesOnAfterTheSignIn(t *testing.T) {
	desk := staffedDesk(t)
	d := start(t, options(t, desk))
	lapse(d, desk)
	d.until("Nothing you typed is lost")
	if v := d.view(); strings.Contains(v, "ann@example.com") || strings.Contains(v, "Ann\n") {
		t.Errorf("the closed screen shows what the person typed:\n%s", v)
	}
	d.signIn(desk.front)
	d.until("being created")
	desk.willCreate()
	d.until("You are registered")
	if subs := desk.submissions(); len(subs) != 2 || subs[0] != subs[1] {
		t.Errorf("there are %d submissions, which are to be two attempts of one", len(subs))
	}
}

func TestAfterALongWaitNothingIsSentUnasked(t *testing.T) {
	desk := staffedDesk(t)
	d := start(t, options(t, desk))
	lapse(d, desk)
	for range 6 {
		d.clock.pass()
	}
	d.signIn(desk.front)
	d.until("Is everything right?")
	if subs := desk.submissions(); len(subs) != 1 {
		t.Errorf("there are %d submissions, want none after the wait", len(subs)-1)
	}
	d.press("<enter>")
	desk.willCreate()
	d.until("You are registered")
}

func TestWhoComesLaterFindsNoAnswersBehindTheClosedScreen(t *testing.T) {
	desk := staffedDesk(t)
	o := options(t, desk)
	o.IdleTimeout, o.IdleWarning = 3*time.Second, 2*time.Second // a look every second
	d := start(t, o)
	lapse(d, desk)
	d.until("esc back")
	for range 6 {
		d.clock.pass()
	}
	d.wait("no way back", func() bool { return !strings.Contains(d.view(), "esc back") })
	d.press("<back>")
	d.until("staff sign-in needed")
	if v := d.view(); strings.Contains(v, "ann@example.com") {
		t.Errorf("the answers are shown to whoever comes:\n%s", v)
	}
	d.signIn(desk.front)
	d.until("ann@example.com")
}

func TestASignInThatIsGivenUpTooLateOpensTheKiosk(t *testing.T) {
	desk := staffedDesk(t)
	d := start(t, options(t, desk))
	d.beginSignIn(desk.front, phonePrompt(d.clock), "W D J B")
	desk.front.seat(ann()) // the tenant has said yes, and nobody has told the screen yet
	d.press("<back>")
	d.until("Opened by Ann Lee")
}

func TestFromTheClosedScreenAPersonCanGoBackToTheirAnswers(t *testing.T) {
	desk := staffedDesk(t)
	d := start(t, options(t, desk))
	lapse(d, desk)
	d.press("<enter>")
	d.until("W D J B")
	d.press("<back>")
	d.until("staff sign-in needed")
	d.press("<back>")
	d.until("Is everything right?")
	d.until("ann@example.com")
	d.press("<enter>")
	desk.lapse()
	d.until("staff sign-in needed")
}

func TestACodeThatFindsNobodyOfTheStaffCanBeGivenAgain(t *testing.T) {
	desk := staffedDesk(t)
	desk.form = formOf(t, coded(registration.New))
	d := start(t, options(t, desk))
	toDuty(d, desk)
	d.press(good + "<enter>")
	d.until("being created")
	desk.willWait(d.clock, "new")
	d.until("Type your code")
	p := staffProblem()
	desk.willTell(registration.Receipt{}, &p)
	d.press("471193<enter>")
	d.until("staff sign-in needed")
	if strings.Contains(d.view(), "4711") {
		t.Errorf("the closed screen shows the code:\n%s", d.view())
	}
	d.clock.pass()
	d.signIn(desk.front)
	d.until("The kiosk is open again")
	d.until("│ 4 ││ 7 ││ 1 ││ 1 ││ 9 ││ 3 │")
	d.until("another 9:00")
	said := desk.willTell(active(), nil)
	d.press("<enter>")
	d.until("You are registered")
	if got := <-said; got != "471193" {
		t.Errorf("the code %q was given back", got)
	}
}

func TestAFormThatFindsNobodyOfTheStaffIsReadAfterTheSignIn(t *testing.T) {
	desk := staffedDesk(t)
	desk.front.seat(ann())
	desk.opened = make(chan struct{})
	p := staffProblem()
	form := desk.form
	desk.form, desk.formErr = nil, &p
	d := start(t, options(t, desk))
	d.press("<enter>ann@example.com<enter>") // typed ahead
	close(desk.opened)
	d.until("staff sign-in needed")
	desk.form, desk.formErr = form, nil
	d.signIn(desk.front)
	d.until("Your details")
	d.until("ann@example.com")
}

func TestAnOldFailureDoesNotCloseTheKioskAgain(t *testing.T) {
	desk := staffedDesk(t)
	desk.front.seat(ann())
	p := staffProblem()
	form := desk.form
	desk.form, desk.formErr = nil, &p
	desk.opened = make(chan struct{})
	d := start(t, options(t, desk))
	d.press("<f9><enter>")
	d.until("This kiosk is closed")
	d.until("press Enter to sign in")
	close(desk.opened)
	late := <-d.msgs // of before the sign-in
	desk.form, desk.formErr = form, nil
	toDuty(d, desk)
	d.send(late)
	d.begin()
}

func TestOnTheWelcomeScreenTheKioskClosesByItself(t *testing.T) {
	desk := staffedDesk(t)
	o := options(t, desk)
	o.IdleTimeout, o.IdleWarning = 2*time.Second, time.Second
	d := start(t, o)
	toDuty(d, desk)
	d.send(<-d.msgs) // the form
	p := staffProblem()
	desk.formErr = &p
	desk.front.seat(registration.Operator{})
	d.clock.pass()
	d.until("This kiosk is closed")
	if strings.Contains(d.view(), "you typed") {
		t.Errorf("nobody is in the middle of anything, but:\n%s", d.view())
	}
}

func TestAfterAPersonTheKioskClosesWhenNobodyIsSignedIn(t *testing.T) {
	desk := staffedDesk(t)
	d := start(t, options(t, desk))
	toDuty(d, desk)
	d.press(good + "<enter>")
	d.until("being created")
	desk.willCreate()
	d.until("You are registered")
	desk.front.seat(registration.Operator{})
	d.until("enter finish")
	d.press("<enter>")
	d.until("This kiosk is closed")
}

func TestStaffSignOut(t *testing.T) {
	desk := staffedDesk(t)
	d := start(t, options(t, desk))
	toDuty(d, desk)
	d.until("f9 staff")
	d.press("<f9>")
	d.until("Signed in: Ann Lee")
	d.press("<back>")
	d.until("Press Enter to begin")
	d.press("<f9><enter>")
	d.until("press Enter to sign in")
	if _, ok := desk.front.Operator(); ok || strings.Contains(d.view(), "could not be told") {
		t.Errorf("signed in: %t\n%s", ok, d.view())
	}
	desk.front.untold = errTest
	toDuty(d, desk)
	d.press("<f9><enter>")
	d.until("the sign-in service could not be told")
	d.until("press Enter to sign in")
}

func TestTheKeyOfStaffWorksOnTheWelcomeScreenOnly(t *testing.T) {
	desk := staffedDesk(t)
	d := start(t, options(t, desk))
	toDuty(d, desk)
	d.begin()
	d.press("<f9>")
	if strings.Contains(d.view(), "Sign out?") || strings.Contains(d.view(), "f9") {
		t.Errorf("in the middle of a registration:\n%s", d.view())
	}
}

func TestWhileTheKioskIsClosedNobodyIsForgotten(t *testing.T) {
	desk := staffedDesk(t)
	o := options(t, desk)
	o.IdleTimeout, o.IdleWarning = 3*time.Second, 2*time.Second // a look every second
	d := start(t, o)
	lapse(d, desk)
	d.beginSignIn(desk.front, phonePrompt(d.clock), "W D J B")
	for left := 9; left > 5; left-- { // on the sign-in, minute by minute
		d.clock.pass()
		d.until(fmt.Sprintf("Time left: %d:00", left))
	}
	desk.front.willAdmit(ann())
	d.until("Signed in as Ann Lee")
	d.press("<enter>")
	d.until("being created")
	desk.willFail(registration.Problem{Kind: registration.Conflict, Field: "/identifiers/0"})
	d.until("Somebody is registered")
	d.clock.pass()
	d.until("Are you still there?") // whoever it is has come back
}

func TestAClosedKioskThatIsLeftAloneIsAsTheNextOneShouldFindIt(t *testing.T) {
	o := options(t, staffedDesk(t))
	o.IdleTimeout, o.IdleWarning = 2*time.Second, time.Second
	d := start(t, o)
	d.until("This kiosk is closed")
	d.press("<f2><f1>")
	d.until("im Namen von jemandem")
	d.press("<leave>")
	d.until("Das Programm verlassen?")
	d.clock.pass()
	d.until("This kiosk is closed")
}

func TestTheClosedScreensHaveHelpLanguageAndAWayOut(t *testing.T) {
	desk := staffedDesk(t)
	d := start(t, options(t, desk))
	d.press("<f1>")
	d.until("who signs in first")
	d.press("<back>")
	d.beginSignIn(desk.front, phonePrompt(d.clock), "W D J B")
	d.press("<f1>")
	d.until("never on this screen")
	d.press("<f2><back>")
	d.until("Anmeldung des Personals")
	d.press("<leave>")
	d.until("Das Programm verlassen?")
	d.press("<back>")
	d.until("Anmeldung des Personals")
	d.press("<leave><leave>")
	d.wait("the end", func() bool { return d.quit })
}

func TestWhatStaffAreCalledIsCleaned(t *testing.T) {
	desk := staffedDesk(t)
	desk.front.seat(registration.Operator{Subject: "s-1", Name: "Ann\x1b[2J\u202e Lee\r\n" + strings.Repeat("x", 500)})
	d := start(t, options(t, desk))
	d.until("Opened by Ann Lee")
	if v := d.model.View(); strings.ContainsAny(v, "\u202e\r") || strings.Contains(v, "\x1b[2J") || strings.Contains(v, "s-1") {
		t.Errorf("the screen has %q", v)
	}
}
