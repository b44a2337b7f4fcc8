package lines_test

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"foyer/internal/registration"
	"foyer/ui"
	"foyer/ui/lines"
)

func TestEachProblemIsSaidWithItsWaysOut(t *testing.T) {
	taken := registration.Flaw{Rule: registration.RuleTaken}
	tests := []struct {
		name    string
		problem registration.Problem
		script  string
		why     ui.Reason
		people  int
	}{
		{
			"somebody else's address is changed, and everything else kept",
			registration.Problem{Kind: registration.Conflict, Field: "/identifiers/0", Flaw: taken},
			`
			Somebody is registered with this already
			There is already an account with:
			ann@example.com
			Your other answers are kept.
			Reference: 7KQ4-M2XW
			1: put it right
			2: back to my answers
			3: leave
			Enter alone means: put it right
			>
			This is registered already.
			Question 1 of 2, required: E-mail address
			You typed: ann@example.com
			>
			This is registered already.
			> bob@example.com
			Is everything right?
			1: E-mail address: bob@example.com
			2: First name: Ann
			>
			You are registered`, ui.Finished, 1,
		},
		{
			"one that somebody began with",
			registration.Problem{Kind: registration.Conflict, Field: "/identifiers/0", Flaw: registration.Flaw{Rule: registration.RuleUnfinished}},
			`
			This was begun and not finished
			> leave
			Leave the registration?
			> yes`, ui.Left, 0,
		},
		{
			"whoever does not leave after all hears it again",
			registration.Problem{Kind: registration.Conflict, Field: "/identifiers/0", Flaw: taken},
			`
			3: leave
			> 3
			> no
			Somebody is registered with this already
			> 2
			Is everything right?
			>
			You are registered`, ui.Finished, 1,
		},
		{
			"an earlier attempt had gone through",
			registration.Problem{Kind: registration.AlreadyDone, Receipt: new(done())},
			`
			You are registered already
			ann@example.com`, ui.Finished, 1,
		},
		{
			"an answer that the tenant refuses",
			registration.Problem{Kind: registration.DetailsRejected, Field: "/payload/given_name", Flaw: registration.Flaw{Rule: registration.RuleRejected}},
			`
			One answer was not accepted
			This was not accepted. Please write it differently.
			Ann
			>
			Question 2 of 2
			> Anna
			>
			You are registered`, ui.Finished, 1,
		},
		{
			"one that no question leads to",
			registration.Problem{Kind: registration.DetailsRejected, Field: "/payload/nobody/asks"},
			`
			One of your answers was not accepted.
			>
			Is everything right?
			>
			You are registered`, ui.Finished, 1,
		},
		{
			"no answer",
			registration.Problem{Kind: registration.Unavailable, Unclear: true},
			`
			The registration service does not answer
			Trying again by itself in
			Nothing you typed is lost
			It is not certain whether your account was created.
			1: try again
			>
			You are registered`, ui.Finished, 1,
		},
		{
			"a busy tenant goes on by itself",
			registration.Problem{Kind: registration.TooMany, RetryAfter: 30 * time.Second},
			`
			The registration service is busy
			Trying again by itself in 30 seconds.
			You are registered`, ui.Finished, 1,
		},
		{
			"or sooner",
			registration.Problem{Kind: registration.TooMany, RetryAfter: 4 * time.Minute},
			`
			Trying again by itself in 4 minutes.
			> try
			You are registered`, ui.Finished, 1,
		},
		{
			"one that asks for hours asks the person to come back",
			registration.Problem{Kind: registration.TooMany, RetryAfter: 24 * time.Hour},
			`
			Please come back in 24 hours, or try again with Enter.
			Are you still there?
			>
			>
			You are registered`, ui.Finished, 1,
		},
		{
			"a closed pool",
			registration.Problem{Kind: registration.RegistrationClosed},
			`
			Registration is closed
			> 2
			Is everything right?
			> !leave
			> yes`, ui.Left, 0,
		},
		{
			"a wrong configuration is none of the person's business",
			registration.Problem{Kind: registration.Misconfigured, Staff: "grant the scope"},
			`
			This kiosk needs attention
			tell them the reference
			Reference: 7KQ4-M2XW
			1: try again
			>
			You are registered`, ui.Finished, 1,
		},
		{
			"nobody of the staff is signed in",
			registration.Problem{Kind: registration.StaffSignIn},
			`
			Closed: staff sign-in needed
			>
			You are registered`, ui.Finished, 1,
		},
		{
			"something unexpected, with half an account",
			registration.Problem{Kind: registration.Unexpected, Made: true},
			`
			Something unexpected happened
			Your account was created already; only the rest is missing.
			> <
			Is everything right?
			> !leave
			> ja`, ui.Left, 0,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				o := newOffice(t)
				o.answers = []answer{{problem: &tt.problem}}
				p := meet(t, o, nil)
				p.goes(answers + "\n>\nYour account is being created\n" + tt.script)
				p.ends(tt.why, tt.people)
			})
		})
	}
}

func TestAPasswordThatTheTenantRefusesIsChosenAnew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		o.form = formOf(t, plainSchema, registration.Settings{})
		o.answers = []answer{{problem: &registration.Problem{
			Kind: registration.PasswordRejected, Field: registration.PointerPassword, Flaw: registration.Flaw{Rule: registration.RulePasswordReject},
		}}}
		p := meet(t, o, terminal)
		p.goes(`
			> ann@example.com
			> Ann
			> {password}
			> {password}
			Is everything right?
			>
			Please choose another password
			>
			This password was not accepted.
			Question 3 of 3
			>
			Please fill this in.
			> another horse 7 battery
			> another horse 7 battery
			Is everything right?
			>
			You are registered`)
		p.ends(ui.Finished, 1)
		if got := o.last().Password.Reveal(); got != "another horse 7 battery" {
			t.Error("it is not the password that was chosen then")
		}
	})
}

// wrong is a code that is refused for a reason.
func wrong(rule registration.Rule) *registration.Problem {
	return &registration.Problem{Kind: registration.CodeRejected, Flaw: registration.Flaw{Rule: rule}}
}

func TestACodeIsAskedFor(t *testing.T) {
	tests := []struct {
		name    string
		status  string
		answers []answer // after the receipt
		script  string
		said    []string
		why     ui.Reason
		people  int
	}{
		{"and is right", "new", nil, `
			Type your code
			It works for another 10 minutes.
			The code has 6 characters.
			!again: sends another code
			!address: sends the code to another address
			!link: sends a link instead
			!later: leaves it for now
			> 471 193
			Checking your code
			You are registered`, []string{"471193"}, ui.Finished, 1},
		{
			"and is wrong, too old, and used", "new",
			[]answer{{problem: wrong(registration.RuleCodeWrong)}, {problem: wrong(registration.RuleCodeExpired)}, {problem: wrong(registration.RuleCodeUsed)}},
			`
			> 111111
			This is not the code that we sent you last.
			> 222222
			This code is too old. Have another one sent.
			> 333333
			This code was used already.
			> ?
			We sent you a message with a code.
			Type your code
			> 444444
			You are registered`,
			[]string{"111111", "222222", "333333", "444444"},
			ui.Finished, 1,
		},
		{
			"and too many are wrong", "new",
			[]answer{{problem: &registration.Problem{Kind: registration.TooMany, RetryAfter: 30 * time.Second, Flaw: registration.Flaw{Rule: registration.RuleCodeTries}}}},
			`
			> 111111
			You can go on in 30 seconds.
			> 222222
			You can go on in
			Are you still there?
			> 333333
			You are registered`,
			[]string{"111111", "333333"},
			ui.Finished, 1,
		},
		{"and another one is sent, after a pause", "new", []answer{{receipt: coded("new")}}, `
			> !again
			Another code can be sent in 30 seconds.
			Are you still there?
			>
			Nothing was forgotten.
			> !neu
			Sending you a message
			Another code went to ann@example.com.
			Type your code
			> 444444
			You are registered`, []string{"code", "444444"}, ui.Finished, 1},
		{
			"and a link is wanted instead", "new",
			[]answer{{receipt: registration.Receipt{Status: "new", Next: registration.NextFollowLink, Address: "ann@example.com", Reference: "7KQ4-M2XW"}}},
			`
			> !link
			Almost done
			Open the link in it`,
			[]string{"link"},
			ui.Finished, 1,
		},
		{
			"and no answer comes", "new",
			[]answer{{problem: &registration.Problem{Kind: registration.Unavailable, Unclear: true}}, {problem: &registration.Problem{Kind: registration.Misconfigured}}},
			`
			> 111111
			Please try the same code again. Reference: 7KQ4-M2XW
			> 111111
			This kiosk needs attention
			>
			You are registered`,
			[]string{"111111", "111111"},
			ui.Finished, 1,
		},
		{"and the address was another", "", nil, `
			> !adresse
			Question 1 of 2
			> <
			Type your code
			> !address
			> bob@example.com
			Is everything right?
			1: E-mail address: bob@example.com
			>
			You are registered`, nil, ui.Finished, 1},
		{"and the answers were wrong", "", nil, `
			> <
			Is everything right?
			>
			You are registered`, nil, ui.Finished, 1},
		{"and there is nothing to leave for later before there is an account", "", nil, `
			> !later
			There is no command !later here.
			> !leave
			There is no account yet.
			> yes`, nil, ui.Left, 0},
		{"and is left for later", "new", nil, `
			> <
			Leave it for now?
			Your account was started, but it cannot be used
			> no
			Type your code
			> !spaeter
			> yes
			Not finished yet`, nil, ui.Finished, 1},
		{"and nobody types it", "active", nil, `
			Type your code
			Are you still there?
			Only your address is not confirmed yet.`, nil, ui.Idle, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				o := newOffice(t)
				s := registration.Settings{Status: registration.UserStatus(tt.status), Verification: registration.VerifyCode}
				if tt.status == "" {
					s = registration.Settings{Status: registration.Active, Verification: registration.VerifyBefore}
				}
				o.form = formOf(t, plainSchema, s, "email_otp")
				o.answers = append([]answer{{receipt: coded(tt.status)}}, tt.answers...)
				p := meet(t, o, nil)
				p.goes(answers + "\n>\n" + tt.script)
				p.ends(tt.why, tt.people)
				if !slices.Equal(o.said, tt.said) {
					t.Errorf("the service heard %q, want %q", o.said, tt.said)
				}
			})
		})
	}
}

func TestAnAuthenticatorAppIsSetUpAnewWhenItsKeyIsRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		o.form = formOf(t, plainSchema, registration.Settings{}, "totp")
		o.answers = []answer{{problem: &registration.Problem{Kind: registration.DetailsRejected, Field: registration.PointerTOTPSecret, Flaw: registration.Flaw{Rule: registration.RuleRejected}}}}
		p := meet(t, o, nil) // a key is no password: it is only of use with a telephone
		app := func() {
			p.hears("The key:")
			p.hears("Then type")
			p.types("12\n")
			p.hears("Type all 6 digits.")
			p.types(p.app() + "\n")
			p.hears("The app is set up.")
		}
		p.goes("> ann@example.com\n> Ann\nQuestion 3 of 3, required: The code that the app shows")
		app()
		p.goes("3: Authenticator app: set up\n> 3\nThe app is set up already.\n>\nIs everything right?\n>\nOne answer was not accepted\n>\nThe key was not accepted. Here is a new one")
		app()
		p.goes("Is everything right?\n>\nYou are registered")
		p.ends(ui.Finished, 1)
	})
}

func TestStaffSignInWhereTheyHaveTo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o, f := newOffice(t), &front{}
		o.answers = []answer{{problem: &registration.Problem{Kind: registration.StaffSignIn}}}
		p := meet(t, o, func(o *ui.Options, l *lines.Line) {
			local(o, l)
			o.Desk = f
		})
		p.goes(`
			This kiosk is closed. A member of staff has to sign in.
			>
			Staff sign-in
			open this address:
			https://example.com/device
			type this code:
			ABCD-EFGH
			Waiting for you
			The sign-in was refused
			This kiosk is closed.
			>
			ABCD-EFGH`)
		p.types("\x03") // not now
		p.goes(`
			This kiosk is closed.
			>
			Signed in as Bea
			Opened by Bea
			Press Enter to begin
			> !staff
			Sign out?
			> no
			Press Enter to begin
			>` + answers)
		f.leave()
		p.goes(`
			>
			Closed: staff sign-in needed
			Nothing you typed is lost.
			>
			Signed in as Bea
			You are registered
			>
			Press Enter to begin
			> !staff
			> yes
			Signing you out
			This kiosk is closed.`)
		p.types("\x03")
		p.hears("Leave the kiosk?")
		p.types("\x03")
		p.ends(ui.Left, 1)
	})
}
