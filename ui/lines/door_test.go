package lines_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"

	"foyer/internal/registration"
	"foyer/ui"
	"foyer/ui/lines"
)

// A keeper takes the code "GOOD", and ends the session at the third that is not.
type keeper struct {
	tries int
	taken bool
}

func (k *keeper) Taken() bool { return k.taken }

func (k *keeper) Present(_ context.Context, code string) error {
	switch k.tries++; {
	case code == "GOOD":
		return nil
	case code == "SLIP":
		return registration.ErrCodeMistyped
	case code == "BOOM":
		panic("the store is on fire")
	case k.tries >= 3:
		return registration.ErrCodeTries
	}
	return registration.ErrCodeRefused
}

// invited asks for invitations, of an office where nobody may be heard of before.
func invited(o *ui.Options, _ *lines.Line) { o.Doorkeeper = &keeper{} }

func TestAnInvitationIsAskedForFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := meet(t, newOffice(t), invited)
		p.goes(`
			Registration by invitation
			Type the code that you were given
			>
			Type the code that you were given.
			> ?
			Only people with an invitation register here.
			> <
			This is the first question.
			> SLIP
			has a slip in it
			> GOOD
			Welcome` + answers + `
			>
			You are registered`)
		p.ends(ui.Finished, 1)
		if n := strings.Count(p.out.String(), "This is the first question."); n != 1 {
			t.Errorf("it says %d times that there is nothing to go back to", n)
		}
	})
}

func TestWhatCanBeTypedIsSaidOnceAtTheDoor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := meet(t, newOffice(t), invited)
		p.goes(`
			At every question you can type ?
			> SLIP
			Registration by invitation
			> !language
			Registrierung auf Einladung
			> SLIP
			Registrierung auf Einladung
			> !language
			Registration by invitation`)
		if all := p.out.String(); strings.Count(all, "!leave") != 2 || strings.Count(all, "!ende") != 1 {
			t.Errorf("it is said too often, or too rarely, what can be typed:\n%s", all)
		}
	})
}

func TestWithoutAnInvitationASessionEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := meet(t, newOffice(t), invited)
		p.goes(`
			> BOOM
			Codes cannot be checked at the moment
			> WRONG
			This code cannot be used now
			> WRONG`)
		p.ends(ui.Barred, 0)
	})
}

func TestAStartOverKeepsTheInvitation(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := meet(t, newOffice(t), invited)
		p.goes(`
			> GOOD
			Question 1 of 2
			> ann@example.com
			> <
			> <
			Start over?
			> yes
			Welcome` + answers)
	})
}

// TestAnInvitationIsForOneAccount starts over when an account is there that waits for its code.
func TestAnInvitationIsForOneAccount(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		o.form = formOf(t, plainSchema, registration.Settings{Status: registration.New, Verification: registration.VerifyCode}, "email_otp")
		o.answers = []answer{{receipt: coded("new")}}
		p := meet(t, o, invited)
		p.goes(`
			> GOOD` + answers + `
			>
			Type your code
			> !address
			Question 1 of 2
			> bob@example.com
			Is everything right?
			> <
			Question 2 of 2
			> <
			Question 1 of 2
			> <
			Start over?
			> yes`)
		p.ends(ui.Left, 0)
	})
}

// TestAnInvitationThatMayBeUsedIsForNobodyElse starts over after a call that nobody knows the outcome of.
func TestAnInvitationThatMayBeUsedIsForNobodyElse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		o.answers = []answer{{problem: &registration.Problem{Kind: registration.Unavailable, Unclear: true}}}
		p := meet(t, o, func(o *ui.Options, _ *lines.Line) { o.Doorkeeper = &keeper{taken: true} })
		p.goes(`
			> GOOD` + answers + `
			>
			It is not certain whether your account was created.
			> 2
			Is everything right?
			> <
			> <
			> <
			Start over?
			your invitation counts as used
			> yes`)
		p.ends(ui.Left, 0)
	})
}

// recorded records a key of whoever comes.
func recorded(o *ui.Options, _ *lines.Line) {
	o.Recorded = registration.Identifier{Type: registration.External, Identifier: "SHA256:key"}
}

func TestWhatIsRecordedIsSaidAndSent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := meet(t, newOffice(t), recorded)
		p.goes(answers + `
			Your SSH key is recorded, too: SHA256:key
			>
			You are registered`)
		p.ends(ui.Finished, 1)
		if got := p.office.drafts[0].Recorded.Identifier; got != "SHA256:key" {
			t.Errorf("recorded: %q", got)
		}
	})
}

func TestWhoIsRecognisedLeavesOrRegistersSomebodyElse(t *testing.T) {
	tests := map[string]struct {
		script     string
		why        ui.Reason
		registered int
	}{
		"no":  {"> no", ui.Left, 0},
		"yes": {"> yes" + answers + "\n>\nYou are registered", ui.Finished, 1},
		"yes, for good": {`> yes
			Question 1 of 2
			> bob@example.com
			> <
			> <
			> yes
			Welcome
			Question 1 of 2
			> ann@example.com
			> Ann
			>
			You are registered`, ui.Finished, 1},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				office := newOffice(t)
				office.known = true
				p := meet(t, office, recorded)
				p.goes(`
					You are registered already
					on 2 January 2026.
					Do you want to register somebody else all the same?
					` + tt.script)
				p.ends(tt.why, tt.registered)
				for _, d := range office.drafts {
					if d.Recorded != (registration.Identifier{}) {
						t.Errorf("recorded of somebody else: %v", d.Recorded)
					}
				}
			})
		})
	}
}
