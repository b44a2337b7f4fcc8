package lines_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"foyer/internal/registration"
	"foyer/ui"
	"foyer/ui/lines"
)

// silent are so many problems of a tenant that does not answer.
func silent(times int) []error {
	all := make([]error, times)
	for i := range all {
		all[i] = &registration.Problem{Kind: registration.Unavailable, Reference: "7KQ4-M2XW", Staff: "no route to 10.0.0.1"}
	}
	return all
}

// elsewhere is a terminal that somebody is at over SSH.
func elsewhere(o *ui.Options, l *lines.Line) {
	terminal(o, l)
	o.Remote = true
}

func TestWhoComesWhileNobodyCanRegisterIsToldOnceAndGoesOnByItself(t *testing.T) {
	for name, line := range map[string]func(*ui.Options, *lines.Line){"at a terminal": elsewhere, "without one": nil} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				o := newOffice(t)
				o.formErr = silent(9)
				p := meet(t, o, line)
				p.goes(`
					We will be back soon
					Nobody can register here at the moment
					This opens by itself
					Reference: 7KQ4-M2XW
					Welcome
					Question 1 of 2
					> !leave
					> yes`)
				p.ends(ui.Left, 0)
				if n := strings.Count(p.out.String(), "back soon"); n != 1 {
					t.Errorf("it was said %d times:\n%s", n, p.out)
				}
				if strings.Contains(p.out.String(), "10.0.0.1") {
					t.Error("what is for staff is told elsewhere")
				}
			})
		})
	}
}

func TestKeysAreNotKeptWhileNobodyCanRegisterButWholeAnswersAre(t *testing.T) {
	tests := map[string]struct {
		line  func(*ui.Options, *lines.Line)
		first string // what is heard after the first question
	}{
		"keys at a terminal":          {elsewhere, "Are you still there?"},
		"answers from somewhere else": {nil, "Question 2 of 2"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				o := newOffice(t)
				o.formErr = silent(3)
				p := meet(t, o, tt.line)
				p.hears("back soon")
				p.types("ann@example.com\r")
				p.hears("Question 1 of 2")
				p.hears(tt.first)
			})
		})
	}
}

func TestWhoIsToldThatNobodyCanRegisterCanAskAtOnceAndInTheirLanguage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		o.formErr = []error{&registration.Problem{Kind: registration.Misconfigured, Staff: "grant the scope"}}
		p := meet(t, o, local)
		p.goes(`
			This kiosk needs attention
			Registration is closed for the moment
			as soon as it is put right
			For staff: grant the scope
			Enter alone tries at once.
			> ?
			There is nothing to type here yet.
			> !sprache
			Dieses Gerät braucht Hilfe
			>`)
		before := time.Now()
		p.hears("Willkommen")
		if took := time.Since(before); took > time.Second {
			t.Errorf("it took %s", took)
		}
	})
}

func TestWhoHasLeftWhileNobodyCanRegisterIsNotWaitedFor(t *testing.T) {
	for name, line := range map[string]func(*ui.Options, *lines.Line){"at a terminal": elsewhere, "without one": nil} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				o := newOffice(t)
				o.formErr = silent(1000)
				begun := time.Now()
				p := meet(t, o, line)
				p.ends(ui.Idle, 0)
				if took := time.Since(begun); took < 10*time.Minute || took > 14*time.Minute {
					t.Errorf("it ends after %s", took)
				}
			})
		})
	}
}

func TestAKioskInLinesClosesAndOpensOvernight(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		p := meet(t, o, local)
		p.goes(`
			Press Enter to begin
			> !sprache
			Eingabetaste`)
		o.mu.Lock()
		o.formErr = silent(200)
		o.mu.Unlock()
		p.hears("For staff: no route to 10.0.0.1") // in the language of the house
		p.at = len(p.out.String())
		for range 20 {
			<-time.After(time.Hour)
		}
		p.goes(`
			Press Enter to begin
			>` + answers + `
			>
			You are registered`)
	})
}

func TestWhatTheTenantDoesNotAnswerIsTriedAgainByItself(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		for range 6 {
			o.answers = append(o.answers, answer{problem: &registration.Problem{Kind: registration.Unavailable}})
		}
		p := meet(t, o, nil)
		p.goes(answers + "\n>")
		for range 6 {
			p.hears("Trying again by itself in")
		}
		p.hears("You are registered")
		p.ends(ui.Finished, 1)
	})
}

func TestWhatWasSentInOneGoIsTriedAgainByItself(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		for range 3 {
			o.answers = append(o.answers, answer{problem: &registration.Problem{Kind: registration.Unavailable}})
		}
		p := meet(t, o, nil)
		p.types("ann@example.com\nAnn\n\n")
		if err := p.in.Close(); err != nil {
			t.Fatal(err)
		}
		p.ends(ui.Finished, 1)
	})
}

func TestNothingIsSentForWhoHasLeft(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		for range 100 {
			o.answers = append(o.answers, answer{problem: &registration.Problem{Kind: registration.Unavailable}})
		}
		p := meet(t, o, nil)
		p.goes(answers + "\n>")
		begun := time.Now()
		p.hears("Wait a moment and press Enter to try again")
		if took := time.Since(begun); took < 10*time.Minute || took > 12*time.Minute {
			t.Errorf("it was tried for %s", took)
		}
		p.ends(ui.Idle, 0)
	})
}

func TestWhoGoesBackIsNotTakenOnByItself(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		o.answers = []answer{{problem: &registration.Problem{Kind: registration.Unavailable}}}
		p := meet(t, o, nil)
		p.goes(answers + `
			>
			Trying again by itself in
			Enter alone means
			> <
			Is everything right?
			1: E-mail address: ann@example.com
			2: First name: Ann
			Are you still there?`)
		if n := len(o.drafts); n != 1 {
			t.Errorf("it was sent %d times", n)
		}
	})
}
