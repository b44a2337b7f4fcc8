package registration_test

import (
	"bytes"
	"context"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"foyer/internal/registration"
)

func TestNothingIsSentForAPersonWhoHasLeft(t *testing.T) {
	o := &office{}
	v := enter(t, o, registration.Settings{Status: registration.Active, Identifiers: asked(registration.Email)}, "ann@example.com")
	v.sub.Wipe()
	v.says(v.register(), "unavailable")
	v.called()
}

// slowly makes every message take a second.
type slowly struct{ *office }

func (s slowly) SendActivation(ctx context.Context, id registration.UserID, m registration.ActivationMessage, k registration.Keys) error {
	time.Sleep(time.Second) //nolint:forbidigo // in a bubble of its own time
	return s.office.SendActivation(ctx, id, m, k)
}

func TestTwoAttemptsOfOneSubmissionSendOneCode(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := &office{}
		v := enter(t, o, withCode(), "ann@example.com")
		v.service.Activations = slowly{o}
		got := make(chan string, 2)
		for range 2 {
			go func() { got <- v.register() }()
		}
		v.says(<-got, "enter_code new")
		v.says(<-got, "enter_code new")
		v.called(`create new [{email ann@example.com}] verified="" password=true totp=false`, `send u1 ann@example.com registration code`)
	})
}

func TestARefusedCodeIsNotTriedAgainUnasked(t *testing.T) {
	for _, wait := range []time.Duration{0, 5 * time.Second, time.Minute} {
		synctest.Test(t, func(t *testing.T) {
			tries := registration.Problem{Kind: registration.TooMany, RetryAfter: wait, Flaw: registration.Flaw{Rule: registration.RuleCodeTries}}
			o := &office{fails: map[string][]registration.Problem{"activate": {tries}}}
			v := enter(t, o, withCode(), "ann@example.com")
			v.register()
			v.says(v.confirm("111111"), "too_many code_tries made")
		})
	}
}

func TestACodeThatWorkedIsNotCalledWrong(t *testing.T) {
	lost := registration.Problem{Kind: registration.Unavailable, Unclear: true}
	used := registration.Problem{Kind: registration.CodeRejected, Flaw: registration.Flaw{Rule: registration.RuleCodeWrong}}
	synctest.Test(t, func(t *testing.T) {
		o := &office{fails: map[string][]registration.Problem{"activate": {lost, used}}, found: registration.User{ID: "u1", Status: "active"}}
		v := enter(t, o, withCode(), "ann@example.com")
		v.register()
		v.says(v.confirm("111111"), "sign_in active") // lost, then refused since it was used, within one call
	})
}

func TestAfterAProofTheRegistrationGoesOn(t *testing.T) {
	before := registration.Settings{Status: registration.Active, Verification: registration.VerifyBefore, Identifiers: asked(registration.Email)}
	down := registration.Problem{Kind: registration.Unavailable}
	synctest.Test(t, func(t *testing.T) {
		o := &office{fails: map[string][]registration.Problem{"create": {down, down, down, down}}}
		v := enter(t, o, before, "ann@example.com")
		v.register()
		v.says(v.confirm("123456"), "unavailable")
		v.says(v.confirm("123456"), "sign_in active") // the code is used up, and not asked for again
	})
}

func TestWhatWasRegisteredFirstCountsAndIsSaid(t *testing.T) {
	self := registration.Settings{API: registration.SelfRegister, Verification: registration.VerifyCode, Identifiers: asked(registration.UID, registration.Email)}
	synctest.Test(t, func(t *testing.T) {
		o := &office{}
		v := enter(t, o, self, "ann7", "ann@exmaple.com")
		first := v.sub
		v.says(v.register(), "enter_code new")
		v.sub = first.Revise(v.draft("ann7", "ann@example.com"))
		v.says(v.register(), "details_rejected identifier_begun")
		v.sub = v.sub.Revise(v.draft("ann7", "ann@exmaple.com"))
		if v.sub != first {
			t.Error("the same answers are another submission")
		}
		v.says(v.register(), "enter_code new")
		v.sub = v.sub.Revise(v.draft("ann8", "ann@example.com"))
		v.says(v.register(), "enter_code new")
	})
}

func TestOurOwnHalfMadeUserIsNobodyElses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		uid := withCode()
		uid.Identifiers = asked(registration.UID, registration.Email)
		o := &office{fails: map[string][]registration.Problem{
			"withdraw": {{Kind: registration.Misconfigured}}, "create": {{}, {Kind: registration.Conflict, Field: "/identifiers/0"}},
		}}
		v := enter(t, o, uid, "ann", "ann@exmaple.com")
		v.register()
		o.found = registration.User{ID: "u1", Status: "new"}
		v.sub = v.sub.Revise(v.draft("ann", "ann@example.com"))
		v.says(v.register(), "enter_code new")
	})
}

func TestAReasonOfTheTenantIsNotBelievedOfASelfRegistration(t *testing.T) {
	self := withCode()
	self.API = registration.SelfRegister
	synctest.Test(t, func(t *testing.T) {
		used := registration.Problem{Kind: registration.CodeRejected, Flaw: registration.Flaw{Rule: registration.RuleCodeUsed}}
		v := enter(t, &office{fails: map[string][]registration.Problem{"activate": {used}}}, self, "ann@example.com")
		v.register()
		v.says(v.confirm("111111"), "code_rejected code_wrong made")
	})
}

func TestAnAddressThatWasVerifiedMeanwhile(t *testing.T) {
	active := registration.Settings{Status: registration.Active, Verification: registration.VerifyCode, Identifiers: asked(registration.Email)}
	synctest.Test(t, func(t *testing.T) {
		o := &office{
			fails: map[string][]registration.Problem{"request": {{}, {Kind: registration.Conflict}}},
			found: registration.User{ID: "u1", Status: "active", Verified: []string{"ann@example.com"}},
		}
		v := enter(t, o, active, "ann@example.com")
		v.register()
		v.says(v.resend(registration.AsCode), "sign_in active")
	})
}

func TestTheLogNamesTheOperator(t *testing.T) {
	for _, tt := range []struct {
		name  string
		fails map[string][]registration.Problem
		line  string
	}{
		{"of a registration", nil, "flow=create"},
		{"of a problem", map[string][]registration.Problem{"create": {{Kind: registration.Conflict}}}, "problem=conflict"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			v := enter(t, &office{fails: tt.fails}, registration.Settings{Status: registration.Active, Identifiers: asked(registration.Email)}, "ann@example.com")
			log := new(bytes.Buffer)
			v.service.Logger = slog.New(slog.NewTextHandler(log, nil))
			v.service.Operator = func() (registration.Operator, bool) {
				return registration.Operator{Subject: "s-1", Name: "Ann Lee"}, true
			}
			v.register()
			for line := range strings.Lines(log.String()) {
				if strings.Contains(line, tt.line) && strings.Contains(line, `operator=s-1 operator_name="Ann Lee"`) {
					return
				}
			}
			t.Errorf("the log has no line with %s and the operator:\n%s", tt.line, log)
		})
	}
}

func TestTheLogNamesTheSession(t *testing.T) {
	for _, tt := range []struct {
		name  string
		fails map[string][]registration.Problem
		lines []string
	}{
		{"of a registration", nil, []string{"flow=create"}},
		{"of a problem", map[string][]registration.Problem{"create": {{Kind: registration.Conflict}}}, []string{"problem=conflict"}},
		{"of another try", map[string][]registration.Problem{"create": {{Kind: registration.Unavailable}}}, []string{"will try again", "flow=create"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				v := enter(t, &office{fails: tt.fails}, registration.Settings{Status: registration.Active, Identifiers: asked(registration.Email)}, "ann@example.com")
				log := new(bytes.Buffer)
				v.service.Logger = slog.New(slog.NewTextHandler(log, nil))
				_, err := v.service.Register(registration.From(t.Context(), registration.Origin{Session: "s-1"}), v.form, v.sub, nil)
				reference := registration.ReferenceOf(err)
				if err == nil {
					reference = v.sub.Reference
				}
				for _, want := range tt.lines {
					found := slices.ContainsFunc(strings.Split(log.String(), "\n"), func(line string) bool {
						return strings.Contains(line, want) && strings.Contains(line, "session=s-1") && strings.Contains(line, "reference="+reference)
					})
					if !found {
						t.Errorf("the log has no line with %s, the session and the reference:\n%s", want, log)
					}
				}
			})
		})
	}
}
