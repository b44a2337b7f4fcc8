package registration_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"foyer/internal/registration"
)

// A notebook is a journal in memory, which writes down what it is told.
type notebook struct {
	intents map[string]registration.Intent // by reference
	told    []string
	fails   error
}

func (l *notebook) Keep(_ context.Context, i registration.Intent) error {
	if l.fails != nil {
		return l.fails
	}
	if l.intents == nil {
		l.intents = make(map[string]registration.Intent)
	}
	l.told = append(l.told, string(i.State))
	if before, ok := l.intents[i.Reference]; ok {
		i.Identifiers = before.Identifiers
	}
	l.intents[i.Reference] = i
	return nil
}

func (l *notebook) Find(_ context.Context, id registration.Identifier) ([]registration.Intent, error) {
	var found []registration.Intent
	for _, i := range l.intents {
		if slices.Contains(i.Identifiers, id) {
			found = append(found, i)
		}
	}
	return found, l.fails
}

func simple() registration.Settings {
	return registration.Settings{Status: registration.Active, Mark: true, Identifiers: asked(registration.Email)}
}

func lost(n int) []registration.Problem {
	return slices.Repeat([]registration.Problem{{Kind: registration.Unavailable, Unclear: true}}, n)
}

func creating(fails ...registration.Problem) map[string][]registration.Problem {
	return map[string][]registration.Problem{"create": fails}
}

const createAnn = `create active [{email ann@example.com}] verified="" password=true totp=false`

func TestAKeyIsUsedNoLongerThanTheTenantRemembersIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := &office{fails: creating(lost(4)...)}
		v := enter(t, o, simple(), "ann@example.com")
		v.says(v.register(), "unavailable unclear")
		first := o.keys["create"]
		time.Sleep(30 * time.Second) //nolint:forbidigo // in a bubble of its own time
		o.fails = creating(registration.Problem{Kind: registration.Misconfigured})
		v.register()
		if o.keys["create"] != first {
			t.Error("within the minute, the key changed")
		}
		time.Sleep(30 * time.Second) //nolint:forbidigo // likewise
		o.calls = nil
		v.says(v.register(), "sign_in active")
		v.called("find ann@example.com", createAnn)
		if again := o.keys["create"]; again.Idempotency == first.Idempotency || again.Correlation != first.Correlation {
			t.Errorf("after the minute the keys are %v, before %v: want another key of one intent", again, first)
		}
	})
}

func TestAfterTheMinuteTheLookUpDecides(t *testing.T) {
	other := registration.User{ID: "u9", Status: "active", Mark: "foyer-OTHER"}
	tests := map[string]struct {
		found func(v *visit) registration.User
		blind bool // it cannot be looked up
		want  string
		calls []string
	}{
		"it was ours": {
			func(v *visit) registration.User {
				return registration.User{ID: "u1", Status: "active", Mark: v.office.keys["create"].Correlation}
			},
			false, "sign_in active",
			[]string{"find ann@example.com"},
		},
		"it is somebody else's": {func(*visit) registration.User { return other }, false, "conflict identifier_taken", []string{"find ann@example.com", "find ann@example.com"}},
		"nobody has it":         {func(*visit) registration.User { return registration.User{} }, false, "sign_in active", []string{"find ann@example.com", createAnn}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				o := &office{fails: creating(lost(4)...)}
				v := enter(t, o, simple(), "ann@example.com")
				v.register()
				time.Sleep(time.Minute) //nolint:forbidigo // in a bubble of its own time
				o.found, o.calls = tt.found(v), nil
				v.says(v.register(), tt.want)
				v.called(tt.calls...)
			})
		})
	}
}

func TestARefusalAfterADoubtIsNoAnswer(t *testing.T) {
	busy := registration.Problem{Kind: registration.TooMany, RetryAfter: time.Hour}
	synctest.Test(t, func(t *testing.T) {
		o := &office{fails: creating(append(lost(1), busy)...)}
		v := enter(t, o, simple(), "ann@example.com")
		v.says(v.register(), "too_many unclear") // nobody was found, and the first attempt may still be on its way
		o.found = registration.User{ID: "u1", Status: "active", Mark: o.keys["create"].Correlation}
		o.fails = creating(busy)
		v.says(v.register(), "sign_in active")
	})
}

func TestAUserOfAnEarlierDraftIsTakenBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := &office{fails: creating(lost(4)...)}
		v := enter(t, o, simple(), "ann@exmaple.com")
		v.register()
		o.found = registration.User{ID: "u7", Status: "active", Mark: o.keys["create"].Correlation}
		o.calls = nil
		v.sub = v.sub.Revise(v.draft("ann@example.com"))
		v.says(v.register(), "sign_in active")
		v.called("find ann@exmaple.com", "withdraw u7", createAnn)
	})
}

func TestTheJournalTellsAPersonOfThemselves(t *testing.T) {
	conflict := registration.Problem{Kind: registration.Conflict}
	for name, tt := range map[string]struct {
		told    bool
		later   time.Duration // when somebody comes with the same answers
		mark    bool          // the tenant keeps it
		address string
		want    string
	}{
		"who was cut off":                          {false, time.Hour, true, "ann@example.com", "already_done"},
		"who was cut off, where nothing is marked": {false, time.Hour, false, "ann@example.com", "already_done"},
		"who was told":                             {true, time.Hour, true, "ann@example.com", "conflict identifier_taken"},
		"who is somebody else":                     {false, time.Hour, true, "bob@example.com", "conflict identifier_taken"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				settings, j := simple(), &notebook{}
				settings.Mark = tt.mark
				o := &office{}
				v := enter(t, o, settings, "ann@example.com")
				v.service.Journal = j
				v.says(v.register(), "sign_in active")
				made := registration.User{ID: "u1", Status: "active", CreatedAt: time.Now(), Identifiers: []registration.Identifier{{Type: registration.Email, Identifier: tt.address}}}
				if tt.mark {
					made.Mark = o.keys["create"].Correlation
				}
				if tt.told {
					v.sub.Told(t.Context())
				}
				time.Sleep(tt.later) //nolint:forbidigo // in a bubble of its own time
				o.found, o.fails = made, creating(conflict, conflict)
				v.sub = registration.NewSubmission(v.draft(tt.address))
				v.says(v.register(), tt.want)
				v.sub.Told(t.Context()) // from now on, it is a conflict
				v.sub = registration.NewSubmission(v.draft(tt.address))
				v.says(v.register(), "conflict identifier_taken")
			})
		})
	}
}

func TestWhatTheJournalIsTold(t *testing.T) {
	tests := map[string]struct {
		fails []registration.Problem
		told  bool
		want  string
	}{
		"a registration":               {nil, true, "[sent told]"},
		"one that nobody has seen":     {nil, false, "[sent]"},
		"a refusal":                    {[]registration.Problem{{Kind: registration.Misconfigured}}, true, "[sent refused]"},
		"a doubt stays one":            {lost(4), true, "[sent]"},
		"a retry is no other intent":   {lost(1), true, "[sent told]"},
		"a conflict with another user": {[]registration.Problem{{Kind: registration.Conflict}}, true, "[sent refused]"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				j := &notebook{}
				v := enter(t, &office{fails: creating(tt.fails...)}, simple(), "ann@example.com")
				v.service.Journal = j
				v.register()
				if tt.told {
					v.sub.Told(t.Context())
				}
				if got := fmt.Sprint(j.told); got != tt.want {
					t.Errorf("the journal was told %s, want %s", got, tt.want)
				}
			})
		})
	}
}

func TestPeopleAreRegisteredWithoutAJournalThatCanBeWritten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := enter(t, &office{}, simple(), "ann@example.com")
		v.service.Journal = &notebook{fails: errors.New("disk full")}
		v.says(v.register(), "sign_in active")
		v.sub.Told(t.Context())
	})
}

func TestAConflictThatCannotBeLookedUpMayBeWithOneself(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := enter(t, &office{}, simple(), "ann@example.com")
		v.service.Journal = &notebook{}
		v.says(v.register(), "sign_in active") // and the process ends
		v.office.blind = &registration.Problem{Kind: registration.Unavailable}
		v.office.fails = creating(registration.Problem{Kind: registration.Conflict})
		v.sub = registration.NewSubmission(v.draft("ann@example.com"))
		v.says(v.register(), "unavailable unclear")
	})
}

func TestWhoHasGivenTheCodeBackIsThrough(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		settings := simple()
		settings.Verification = registration.VerifyCode
		v := enter(t, &office{}, settings, "ann@example.com")
		v.service.Journal = &notebook{}
		v.says(v.register(), "enter_code active")
		v.office.found = registration.User{
			ID: "u1", Status: "active", Mark: v.office.keys["create"].Correlation, Verified: []string{"ann@example.com"},
			Identifiers: []registration.Identifier{{Type: registration.Email, Identifier: "ann@example.com"}},
		}
		v.office.fails, v.office.calls = creating(registration.Problem{Kind: registration.Conflict}), nil
		v.sub = registration.NewSubmission(v.draft("ann@example.com"))
		v.says(v.register(), "already_done")
		v.called(createAnn, "find ann@example.com")
	})
}

func TestWhatBecomesOfTheUserOfAnEarlierDraft(t *testing.T) {
	tests := map[string]struct {
		withdraw registration.Problem
		want     string
	}{
		"one who is in use is the person's":                 {registration.Problem{Kind: registration.Conflict, Cause: registration.ErrInUse}, "already_done"},
		"while the tenant is in trouble, no other is made":  {registration.Problem{Kind: registration.Unavailable}, "unavailable unclear"},
		"one that may not be taken back is left for staff":  {registration.Problem{Kind: registration.Misconfigured}, "enter_code new"},
		"one who is taken back makes room for another user": {registration.Problem{}, "enter_code new"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				v := enter(t, &office{}, withCode(), "ann@exmaple.com")
				v.says(v.register(), "enter_code new")
				v.office.fails = map[string][]registration.Problem{"withdraw": {tt.withdraw}}
				v.sub = v.sub.Revise(v.draft("ann@example.com"))
				v.says(v.register(), tt.want)
			})
		})
	}
}

func TestADoubtAboutASelfRegistrationStays(t *testing.T) {
	self := registration.Settings{API: registration.SelfRegister, Identifiers: asked(registration.Email)}
	busy := registration.Problem{Kind: registration.TooMany, RetryAfter: time.Hour}
	synctest.Test(t, func(t *testing.T) {
		o := &office{fails: map[string][]registration.Problem{"self_register": append(lost(1), busy, busy)}}
		v := enter(t, o, self, "ann@example.com")
		v.says(v.register(), "too_many unclear")
		first := o.keys["self_register"].Idempotency
		time.Sleep(time.Minute) //nolint:forbidigo // in a bubble of its own time
		v.says(v.register(), "too_many unclear")
		if again := o.keys["self_register"].Idempotency; again == first {
			t.Error("a key was used after the tenant has forgotten it")
		}
		v.says(v.register(), "wait new")
	})
}

func TestAJournalKnowsWhenAnIntentIsSentAnew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		settings, j := simple(), &notebook{}
		settings.Mark = false
		v := enter(t, &office{fails: creating(lost(4)...)}, settings, "ann@example.com")
		v.service.Journal = j
		v.says(v.register(), "unavailable unclear")
		time.Sleep(19 * time.Minute)           //nolint:forbidigo // in a bubble of its own time
		v.says(v.register(), "sign_in active") // and the process ends
		v.office.found = registration.User{
			ID: "u1", Status: "active", CreatedAt: time.Now(), Identifiers: []registration.Identifier{{Type: registration.Email, Identifier: "ann@example.com"}},
		}
		v.office.fails = creating(registration.Problem{Kind: registration.Conflict})
		v.sub = registration.NewSubmission(v.draft("ann@example.com"))
		v.says(v.register(), "already_done")
	})
}

func TestAnAddressThatWasVerifiedByARepetition(t *testing.T) {
	settings := simple()
	settings.Verification = registration.VerifyCode
	for name, tt := range map[string]struct {
		found registration.User
		want  string
	}{
		"is verified":           {registration.User{ID: "u1", Status: "active", Verified: []string{"ann@example.com"}}, "sign_in active"},
		"is not known to be so": {registration.User{}, "unavailable made unclear"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				o := &office{fails: map[string][]registration.Problem{"complete": {{Kind: registration.Conflict}}}}
				v := enter(t, o, settings, "ann@example.com")
				v.says(v.register(), "enter_code active")
				o.found = tt.found
				v.says(v.confirm("123456"), tt.want)
			})
		})
	}
}

func TestAnAddressThatIsVerifiedBeforeItsCodeIsSent(t *testing.T) {
	settings := simple()
	settings.Verification = registration.VerifyCode
	synctest.Test(t, func(t *testing.T) {
		o := &office{
			fails: map[string][]registration.Problem{"request": {{Kind: registration.Conflict}}},
			found: registration.User{ID: "u1", Status: "active", Verified: []string{"ann@example.com"}},
		}
		v := enter(t, o, settings, "ann@example.com")
		v.says(v.register(), "sign_in active")
	})
}

func TestWhoGivesTheSameAnswersHasNothingTakenFromThePerson(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := enter(t, &office{}, withCode(), "ann@example.com")
		v.service.Journal = &notebook{}
		v.says(v.register(), "enter_code new") // Ann looks for the code
		v.office.found = registration.User{
			ID: "u1", Status: "new", CreatedAt: time.Now(), Mark: v.office.keys["create"].Correlation,
			Identifiers: []registration.Identifier{{Type: registration.Email, Identifier: "ann@example.com"}},
		}
		v.office.fails, v.office.calls = creating(registration.Problem{Kind: registration.Conflict}), nil
		v.sub = registration.NewSubmission(v.draft("ann@example.com")) // somebody else, or she herself
		v.says(v.register(), "enter_code new")
		v.sub = v.sub.Revise(v.draft("mallory@example.com"))
		v.says(v.register(), "enter_code new")
		v.called(
			`create new [{email ann@example.com}] verified="" password=true totp=false`, "find ann@example.com",
			`create new [{email mallory@example.com}] verified="" password=true totp=false`, "send u1 mallory@example.com registration code",
		) // no code of hers is voided, and nothing is withdrawn
	})
}

func TestAUserWithOurMarkIsOurs(t *testing.T) {
	conflict := registration.Problem{Kind: registration.Conflict}
	synctest.Test(t, func(t *testing.T) {
		o := &office{fails: creating(append(lost(4), conflict)...)}
		v := enter(t, o, simple(), "ann@example.com")
		v.says(v.register(), "unavailable unclear")
		time.Sleep(time.Minute) //nolint:forbidigo // in a bubble of its own time: the key lapses
		v.office.late = &registration.User{ID: "u1", Status: "active", Mark: o.keys["create"].Correlation}
		v.says(v.register(), "already_done") // the first attempt came through when the last one was sent
	})
}

func TestARefusalOfARepetitionMayBeForTheFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := &office{fails: creating(append(lost(1), registration.Problem{Kind: registration.Conflict})...)}
		v := enter(t, o, simple(), "ann@example.com")
		v.says(v.register(), "unavailable unclear") // nobody is found yet
	})
}

func TestNothingElseIsMadeWhileADraftMayBecomeAUser(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := &office{fails: creating(lost(4)...)}
		v := enter(t, o, simple(), "ann@exmaple.com")
		v.says(v.register(), "unavailable unclear")
		v.sub = v.sub.Revise(v.draft("ann@example.com"))
		o.calls = nil
		v.says(v.register(), "unavailable unclear")
		v.called("find ann@exmaple.com")
		time.Sleep(time.Minute) //nolint:forbidigo // in a bubble of its own time
		v.says(v.register(), "sign_in active")
	})
}
