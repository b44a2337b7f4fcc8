package lines_test

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"foyer/internal/registration"
	"foyer/ui"
	"foyer/ui/lines"
	"foyer/ui/theme"
)

func TestAPersonIsRegisteredInLines(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := meet(t, newOffice(t), nil)
		p.goes(answers + `
			1: E-mail address: ann@example.com
			2: First name: Ann
			>
			You are registered
			ann@example.com
			You can sign in right away.
			Reference: 7KQ4-M2XW`)
		p.ends(ui.Finished, 1)
	})
}

func TestEverythingIsHeardInItsOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := meet(t, newOffice(t), nil)
		p.types("ann@example.com\nAnn\n\n")
		p.ends(ui.Finished, 1)
		want := `Welcome
Create your account here. It takes about two minutes.
Tell us who you are
Check your answers, and you are done
At every question you can type ? for help, < to go back, and !leave to leave.
Auf Deutsch: Tippen Sie !sprache

Question 1 of 2, required: E-mail address
You sign in with it. For example ann@example.com

Question 2 of 2, required: First name

Is everything right?
1: E-mail address: ann@example.com
2: First name: Ann
Press Enter to register, or type the number of an answer to change it.

Your account is being created…

You are registered
Your account was created. You sign in with:
ann@example.com
You can sign in right away.
Reference: 7KQ4-M2XW
`
		if got := p.out.String(); got != want {
			t.Errorf("heard:\n%s\nwant:\n%s", got, want)
		}
	})
}

func TestWhereThereIsOnlyASCIINothingElseIsSaid(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		p := meet(t, o, func(o *ui.Options, l *lines.Line) {
			terminal(o, l)
			o.Language, o.Terminal = "de", theme.Detect([]string{"TERM=xterm", "LC_ALL=C"}, "auto")
		})
		p.goes(`
			Bei jeder Frage koennen Sie
			> anna@example.com
			> Zoë Çelik 王` + "\x7f\x7f\x7f" + `
			Zoe
			2: First name: Zoe Celi
			>
			Sie sind registriert`)
		p.ends(ui.Finished, 1)
		if i := strings.IndexFunc(p.out.String(), func(r rune) bool { return r > '~' }); i >= 0 {
			t.Errorf("it says %q", p.out.String()[i:])
		}
		if got := o.last().Payload["given_name"]; got != "Zoë Çeli" {
			t.Errorf("the name is %q, want it as it was typed", got)
		}
	})
}

func TestWhatWorksAtEveryQuestion(t *testing.T) {
	tests := []struct{ name, script string }{
		{"help explains, and asks again", `
			> ?
			Help
			Type each answer and press Enter.
			?: help
			!leave: leave
			!sprache: die Fragen auf Deutsch
			put a backslash before it
			Question 1 of 2`},
		{"back from the first question says so", `
			> <
			This is the first question.
			Question 1 of 2`},
		{"back keeps what was answered", `
			> ann@example.com
			Question 2 of 2
			> <
			Question 1 of 2
			Your answer so far: ann@example.com. Enter alone keeps it.
			>
			Question 2 of 2`},
		{"another language asks the same again", `
			> !language
			Frage 1 von 2, nötig: E-Mail-Adresse
			> !language
			Question 1 of 2`},
		{"the words of the other language are understood", `
			> !SPRACHE
			Frage 1 von 2`},
		{"a command that there is none of is no answer", `
			> !foo
			There is no command !foo here.
			Question 1 of 2`},
		{"whoever stays is asked again", `
			> !leave
			Leave the registration?
			Type yes or no.
			> n
			Question 1 of 2`},
		{"what is neither yes nor no is asked again", `
			> !leave
			> perhaps
			Type yes or no.
			> no
			Question 1 of 2`},
		{"a backslash makes an answer of a command", `
			> ann@example.com
			> \?
			2: First name: ?`},
		{"and of what looks like one", `
			> ann@example.com
			> \!leave
			2: First name: !leave`},
		{"and of itself", `
			> ann@example.com
			> \\?
			2: First name: \?`},
		{"elsewhere it is what it is", `
			> ann@example.com
			> a\b ? < !leave
			2: First name: a\b ? < !leave`},
		{"an error is said, and the question again", `
			> ann
			An e-mail address has one @
			Question 1 of 2
			You typed: ann
			>
			An e-mail address has one @`},
		{"a refused answer is none that enter keeps, after help, another language or a way back", `
			> nope
			An e-mail address has one @
			> ?
			Question 1 of 2
			You typed: nope
			> !language
			Frage 1 von 2
			Sie haben getippt: nope
			> !language
			You typed: nope
			> <
			Start over?
			>
			You typed: nope
			> ann@example.com
			> <
			Your answer so far: ann@example.com. Enter alone keeps it.`},
		{"a character that cannot be read is refused", "\n> \xff\xfe@example.com\n" + `
			A character of that could not be read.
			Question 1 of 2`},
		{"what is too long is refused", `
			> ` + strings.Repeat("a", 600) + `
			at most 512 characters
			Question 1 of 2`},
		{"an answer is changed by its number", answers + `
			> 2
			Your answer so far: Ann. Enter alone keeps it.
			> Anna
			2: First name: Anna`},
		{"or by what it is called", answers + `
			> first
			Your answer so far: Ann.
			> <
			Is everything right?
			2: First name: Ann`},
		{"a number that there is none of is no answer", answers + `
			> 3
			Type a number from 1 to 2
			Is everything right?`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := meet(t, newOffice(t), nil)
				p.goes("Question 1 of 2\n" + strings.TrimPrefix(strings.TrimSpace(tt.script), "Question 1 of 2, required: E-mail address"))
				p.types("\n!leave\nyes\n")
				p.ends(ui.Left, 0)
			})
		})
	}
}

func TestWhoeverLeavesIsAskedOnce(t *testing.T) {
	tests := []struct{ name, keys string }{
		{"by the command", "!leave\ryes\r"},
		{"by the command, twice", "!leave\r!leave\r"},
		{"by ctrl+c, twice", "\x03\x03"},
		{"by ctrl+c in the middle of an answer", "ann@\x03yes\r"},
		{"by ctrl+d", "\x04\x04"},
		{"by ctrl+c behind answers, which go with it", "ann@example.com\rAnn\r\r\x03yes\r"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := meet(t, newOffice(t), terminal)
				p.hears("Question 1 of 2")
				p.types(tt.keys)
				p.hears("Leave the registration?")
				p.ends(ui.Left, 0)
			})
		})
	}
}

func TestCtrlCOvertakesWhatIsStillToBeAnswered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := meet(t, newOffice(t), terminal)
		p.hears("Question 1 of 2")
		const most = 2000
		p.types(strings.Repeat("?\r", most)) // more than is answered at once
		p.types("\x03yes\r")
		p.hears("Leave the registration?")
		p.ends(ui.Left, 0)
		if n := strings.Count(p.out.String(), "Question 1 of 2"); n > most/2 {
			t.Errorf("%d of %d were answered before", n, most)
		}
	})
}

func TestAPasswordIsAskedOnATerminalAndNeverSaid(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		o.form, o.breached = formOf(t, plainSchema, registration.Settings{}), "known horse 7 from a breach"
		p := meet(t, o, terminal)
		p.goes(`
			> ann@example.com
			> Ann
			Question 3 of 3, required: Password
			It needs:
			at least 8 characters
			1 digit
			strength: fair or better
			What you type is not shown
			> ?
			You type it twice
			Everything else is taken as your password, just as you type it.
			Question 3 of 3
			> horse
			The password is too short.
			The password needs more digits.
			The password is too easy to guess.
			Question 3 of 3
			> ann@example.com
			That is one of your own answers.
			> known horse 7 from a breach
			known from a data breach
			> horse` + "\x01" + ` with a control
			There is a control character in that.
			> {password}
			Strength of this password: very strong.
			The same password again
			> another horse
			The two passwords are not the same.
			Question 3 of 3
			> {password}
			> {password}
			3: Password: chosen
			> 3
			You have chosen a password already. Enter alone keeps it.
			>
			Is everything right?
			>
			You are registered`)
		p.ends(ui.Finished, 1)
		if got := o.last().Password.Reveal(); got != marker {
			t.Errorf("the password is another one of %d characters", len(got))
		}
	})
}

func TestAPasswordIsSuggested(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		o.form = formOf(t, plainSchema, registration.Settings{})
		p := meet(t, o, terminal)
		p.goes(`
			> ann@example.com
			> Ann
			Type !suggest to have one made for you.
			> !suggest
			It is strong, and only for you:
			1: use it
			> one of characters
			3: one of words
			> another
			> 4
			Question 3 of 3
			> !suggest
			It is strong, and only for you:
			>
			Is everything right?
			>
			You are registered`)
		p.ends(ui.Finished, 1)
		suggested := o.last().Password.Reveal()
		if suggested == "" || strings.Count(p.out.String(), suggested) != 1 {
			t.Errorf("the password that was taken was said %d times, want once", strings.Count(p.out.String(), suggested))
		}
	})
}

func TestWithoutATerminalNoPasswordIsAsked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		o.form = formOf(t, plainSchema, registration.Settings{})
		p := meet(t, o, nil)
		<-p.over
		if !errors.Is(p.err, lines.ErrNoTerminal) || p.out.String() != "" {
			t.Errorf("Show() = %v, heard %q, want ErrNoTerminal and nothing", p.err, p.out)
		}
	})
}

func TestWhenNothingMoreComesThatIsTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		p := meet(t, o, nil)
		p.types("ann@example.com\nAnn") // the last line has no end, and is one
		_ = p.in.Close()
		p.hears("2: First name: Ann")
		p.hears("Nothing more came from you, so this ends here.")
		p.ends(ui.Cut, 0)
		if len(o.drafts) > 0 {
			t.Error("something was sent")
		}
	})
}

func TestWhoeverTypesNothingIsWarned(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := meet(t, newOffice(t), terminal)
		p.hears("Question 1 of 2")
		p.types("ann@exam")
		p.hears("Are you still there?")
		p.hears("will be forgotten in 20 seconds. Press Enter to stay.\r\nann@exam")
		p.types("ple.com\r")
		p.hears("Question 2 of 2")
		p.hears("Are you still there?")
		p.ends(ui.Idle, 0)
	})
}

func TestEnterAfterAWarningIsNoAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := meet(t, newOffice(t), terminal)
		p.goes(answers + `
			Are you still there?
			>
			Nothing was forgotten.`)
		if len(p.office.drafts) > 0 {
			t.Fatal("who is still there is registered by saying so")
		}
		p.types("2")
		p.hears("Are you still there?")
		p.types("\r")
		p.hears("Nothing was forgotten. Go on with your answer; a question mark alone says the question again.\r\n2")
		p.goes(`
			>
			Question 2 of 2
			Are you still there?`)
		p.types("Anna\r\r") // an answer is one
		p.ends(ui.Finished, 1)
		if got := p.office.last().Payload["given_name"]; got != "Anna" {
			t.Errorf("the name is %q", got)
		}
	})
}

func TestBackFromTheReviewIsTheLastQuestion(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := meet(t, newOffice(t), nil)
		p.goes(answers + `
			> <
			Question 2 of 2, required: First name
			Your answer so far: Ann.
			> Anna
			2: First name: Anna`)
	})
}

func TestAHouseSpeaksItsLanguageToWhoComesNext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := meet(t, newOffice(t), local)
		p.goes(`
			Press Enter to begin
			> !sprache
			Mit der Eingabetaste beginnen
			Welcome
			Press Enter to begin
			>
			Question 1 of 2`)
	})
}

func TestANoticeIsSaidOrEndsWhatHasNotBegun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := meet(t, newOffice(t), nil)
		p.hears("Question 1 of 2")
		synctest.Wait()
		p.notice <- time.Minute
		p.ends(ui.Closed, 0)
	})
	synctest.Test(t, func(t *testing.T) {
		p := meet(t, newOffice(t), terminal)
		p.goes(`
			Question 1 of 2
			> ann@example.com
			Question 2 of 2`)
		p.types("An")
		synctest.Wait()
		p.notice <- time.Minute
		p.hears("Please finish: 1 minute left.\r\nAn")
		p.types("n\r\r")
		p.ends(ui.Finished, 1)
	})
}

func TestTheEndOfTheSessionIsTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := meet(t, newOffice(t), terminal)
		p.hears("Question 1 of 2")
		p.types("ann")
		p.hears("ann")
		p.stop()
		p.ends(ui.Cut, 0)
		if !strings.HasSuffix(p.out.String(), "ann\r\n") {
			t.Errorf("the last line does not end: %q", p.out)
		}
	})
}

func TestAPanicEndsTheSessionAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		o.form = formOf(t, plainSchema, registration.Settings{Status: registration.New, Verification: registration.VerifyCode}, "email_otp")
		o.answers = []answer{{receipt: coded("new")}}
		p := meet(t, o, func(o *ui.Options, _ *lines.Line) { o.Mailbox = func(string) []string { panic(marker) } })
		p.types("ann@example.com\nAnn\n\n")
		<-p.over
		var panicked *ui.PanicError
		if !errors.As(p.err, &panicked) || strings.Contains(p.err.Error()+string(panicked.Stack), "horse") {
			t.Errorf("Show() = %v, want a PanicError without what was typed", p.err)
		}
	})
	synctest.Test(t, func(t *testing.T) { // in a call it is a problem like others
		o := newOffice(t)
		o.answers = []answer{{panics: true}}
		p := meet(t, o, nil)
		p.goes(answers + `
			>
			Something unexpected happened
			1: try again
			>
			You are registered`)
		p.ends(ui.Finished, 1)
	})
}

func TestWaitingIsStopped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		o.answers = []answer{{hold: true}}
		p := meet(t, o, terminal)
		p.goes(answers + `
			>
			Your account is being created
			Ctrl+C stops the waiting.`)
		p.types("\x03")
		p.goes(`
			You do not wait any longer.
			Is everything right?
			>
			You are registered`)
		p.ends(ui.Finished, 1)
	})
}

func TestTheKioskIsForOnePersonAfterTheOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		o.form = formOf(t, plainSchema, registration.Settings{})
		p := meet(t, o, local)
		for range 2 {
			p.goes(`
				Press Enter to begin
				>
				> ann@example.com
				> Ann
				> {password}
				> {password}
				Is everything right?
				>
				You are registered
				It ends by itself in 20 seconds.`)
			p.hears(wipe)
		}
		p.goes(`
			Press Enter to begin
			> !sprache
			Mit der Eingabetaste beginnen
			>
			Frage 1 von 3
			> bob@example.com
			Frage 2 von 3
			Sind Sie noch da?
			Welcome
			Press Enter to begin
			>
			Question 1 of 3
			> <
			Press Enter to begin`)
		p.types("\x03\x03")
		p.ends(ui.Left, 2)
	})
}
