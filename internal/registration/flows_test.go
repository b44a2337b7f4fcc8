package registration_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"foyer/internal/registration"
	"foyer/internal/secret"
)

// An office is a tenant that writes down what it is asked to do, and fails as it is told.
type office struct {
	pool  registration.Pool
	calls []string
	fails map[string][]registration.Problem // by the first word of a call; each once, in order
	found registration.User                 // what look-ups find; without an id they find nobody
	blind *registration.Problem             // why nobody can be looked up; nil when they can
	late  *registration.User                // found once somebody was created or refused
	keys  map[string]registration.Keys      // of the last call, by its first word
}

// do writes a call down and returns how it ends.
func (o *office) do(keys registration.Keys, name, format string, args ...any) error {
	o.calls = append(o.calls, name+fmt.Sprintf(format, args...))
	if o.keys == nil {
		o.keys = map[string]registration.Keys{}
	}
	o.keys[name] = keys
	if list := o.fails[name]; len(list) > 0 {
		o.fails[name] = list[1:]
		if list[0].Kind != "" {
			return &list[0]
		}
	}
	return nil
}

func (o *office) Pool(context.Context) (registration.Pool, error) { return o.pool, nil }

func (o *office) Schema(context.Context, registration.SchemaID) (json.RawMessage, error) {
	return json.RawMessage(`{}`), nil
}

func (o *office) CreateUser(_ context.Context, u registration.NewUser, k registration.Keys) (registration.User, error) {
	if o.late != nil {
		o.found, o.late = *o.late, nil
	}
	err := o.do(k, "create", " %s %v verified=%q password=%t totp=%t", u.Status, u.Identifiers, u.Verified, !u.Password.IsZero(), !u.TOTPSecret.IsZero())
	return registration.User{ID: "u1", Status: string(u.Status), Identifiers: u.Identifiers}, err
}

func (o *office) FindUser(_ context.Context, id registration.Identifier, k registration.Keys) (registration.User, error) {
	err := o.do(k, "find", " %s", id.Identifier)
	if o.blind != nil {
		return registration.User{}, o.blind
	}
	if err != nil || o.found.ID == "" {
		return registration.User{}, registration.ErrNoUser
	}
	return o.found, nil
}

func (o *office) WithdrawUser(_ context.Context, made registration.Receipt, k registration.Keys) error {
	return o.do(k, "withdraw", " %s", made.UserID)
}

func (o *office) SelfRegister(_ context.Context, w registration.SelfRegistration, k registration.Keys) (registration.UserID, error) {
	return "u1", o.do(k, "self_register", " %s otp_address=%q message=%q password=%t", w.Identifier, w.OTPAddress, w.Message, !w.Password.IsZero())
}

func (o *office) SendActivation(_ context.Context, id registration.UserID, m registration.ActivationMessage, k registration.Keys) error {
	return o.do(k, "send", " %s %s %s %s", id, m.Address, m.Mode, m.As)
}

func (o *office) Activate(_ context.Context, a registration.Activated, k registration.Keys) (registration.User, error) {
	err := o.do(k, "activate", " %s %s otp_address=%q", a.UserID, a.Code.Reveal(), a.OTPAddress)
	return registration.User{ID: a.UserID, Status: "active"}, err
}

func (o *office) RequestVerification(_ context.Context, id registration.UserID, to string, as registration.CodeType, k registration.Keys) error {
	return o.do(k, "request", " %s %s %s", id, to, as)
}

func (o *office) CompleteVerification(_ context.Context, id registration.UserID, to string, code secret.Text, k registration.Keys) error {
	return o.do(k, "complete", " %s %s %s", id, to, code.Reveal())
}

func (o *office) SendProof(_ context.Context, to registration.Identifier, _ string) (registration.TransientOTP, error) {
	return registration.TransientOTP{ID: "o1", State: "s1", TTL: 5 * time.Minute}, o.do(registration.Keys{}, "prove", " %s", to.Identifier)
}

func (o *office) CheckProof(_ context.Context, to registration.Identifier, p registration.Proof) error {
	return o.do(registration.Keys{}, "check", " %s %s %s", to.Identifier, p.ID, p.Code.Reveal())
}

func (o *office) service(s registration.Settings) *registration.Service {
	return &registration.Service{
		Pools: o, Users: o, SelfRegistration: o, Activations: o, Verifications: o, Proofs: o, Settings: s, Logger: slog.New(slog.DiscardHandler),
	}
}

// A visit is one person's way through an office.
type visit struct {
	t       *testing.T
	office  *office
	service *registration.Service
	form    *registration.Form
	sub     *registration.Submission
}

// enter begins a visit of somebody with these identifiers, in the order that the settings ask for.
func enter(t *testing.T, o *office, s registration.Settings, identifiers ...string) *visit {
	t.Helper()
	o.pool.PublicRegistrationAllowed = true
	o.pool.ActivationCode = registration.CodeSetting{Length: 6, TTL: 10 * time.Minute}
	v := &visit{t: t, office: o, service: o.service(s)}
	form, err := registration.NewForm(o.pool, nil, nil, s)
	if err != nil {
		t.Fatal(err)
	}
	v.form = form
	v.sub = registration.NewSubmission(v.draft(identifiers...))
	return v
}

func (v *visit) draft(identifiers ...string) registration.Draft {
	var d registration.Draft
	for i, id := range identifiers {
		d = d.With(v.form.Questions(d)[i], id)
	}
	if v.form.AsksPassword() {
		d.Password = secret.New("correct horse battery")
	}
	return d
}

// register, confirm and resend return what comes next, or the kind of the problem and its rule.
func (v *visit) register() string {
	return outcome(v.service.Register(v.t.Context(), v.form, v.sub, nil))
}

func (v *visit) confirm(code string) string {
	return outcome(v.service.Confirm(v.t.Context(), v.form, v.sub, secret.New(code), nil))
}

func (v *visit) resend(as registration.CodeType) string {
	return outcome(v.service.Resend(v.t.Context(), v.form, v.sub, as, nil))
}

func outcome(r registration.Receipt, err error) string {
	if p := registration.AsProblem(err, ""); p != nil {
		text := string(p.Kind)
		if p.Flaw.Rule != "" {
			text += " " + string(p.Flaw.Rule)
		}
		if p.Made {
			text += " made"
		}
		if p.Unclear {
			text += " unclear"
		}
		return text
	}
	return string(r.Next) + " " + r.Status
}

func (v *visit) says(got, want string) {
	v.t.Helper()
	if got != want {
		v.t.Errorf("got %q, want %q; calls: %q", got, want, v.office.calls)
	}
}

func (v *visit) called(want ...string) {
	v.t.Helper()
	if diff := cmp.Diff(want, v.office.calls); diff != "" {
		v.t.Errorf("calls, -want +got:\n%s", diff)
	}
}

func asked(types ...registration.IdentifierType) []registration.IdentifierSetting {
	var all []registration.IdentifierSetting
	for _, t := range types {
		all = append(all, registration.IdentifierSetting{Type: t, Required: true})
	}
	return all
}

func TestFlows(t *testing.T) {
	type settings = registration.Settings
	const ann = "ann@example.com"
	tests := []struct {
		name     string
		settings settings
		give     []string
		do       func(v *visit)
		calls    []string
	}{
		{
			"self-registration with a code",
			settings{API: registration.SelfRegister, Verification: registration.VerifyCode, Identifiers: asked(registration.Email)},
			[]string{ann},
			func(v *visit) {
				v.says(v.register(), "enter_code new")
				v.says(v.register(), "enter_code new") // sends nothing again
				v.says(v.confirm("123456"), "sign_in active")
			},
			[]string{`self_register ann@example.com otp_address="" message="code" password=true`, `activate u1 123456 otp_address=""`},
		},
		{
			"self-registration with a user name and an address of another type",
			settings{API: registration.SelfRegister, Verification: registration.VerifyCode, Identifiers: asked(registration.UID, registration.Email)},
			[]string{"ann", ann},
			func(v *visit) {
				v.says(v.register(), "enter_code new")
				v.says(v.resend(registration.AsCode), "enter_code new")
				v.says(v.confirm("123456"), "sign_in active")
			},
			[]string{
				`self_register ann otp_address="ann@example.com" message="code" password=true`,
				`send u1 ann@example.com registration code`, `activate u1 123456 otp_address="ann@example.com"`,
			},
		},
		{
			"self-registration with a link",
			settings{API: registration.SelfRegister, Verification: registration.VerifyLink, Identifiers: asked(registration.Email)},
			[]string{ann},
			func(v *visit) { v.says(v.register(), "follow_link new") },
			[]string{`self_register ann@example.com otp_address="" message="link" password=true`},
		},
		{
			"self-registration without a message",
			settings{API: registration.SelfRegister, Identifiers: asked(registration.UID)},
			[]string{"ann"},
			func(v *visit) { v.says(v.register(), "wait new") },
			[]string{`self_register ann otp_address="" message="" password=true`},
		},
		{
			"an active user whose address is verified afterwards",
			settings{Status: registration.Active, Verification: registration.VerifyCode, Identifiers: asked(registration.Email)},
			[]string{ann},
			func(v *visit) {
				v.says(v.register(), "enter_code active")
				v.says(v.confirm("123456"), "sign_in active")
			},
			[]string{
				`create active [{email ann@example.com}] verified="" password=true totp=false`,
				`request u1 ann@example.com code`, `complete u1 ann@example.com 123456`,
			},
		},
		{
			"an active user whose address is verified by a link",
			settings{Status: registration.Active, Verification: registration.VerifyLink, Identifiers: asked(registration.Email)},
			[]string{ann},
			func(v *visit) { v.says(v.register(), "verify_address active") },
			[]string{`create active [{email ann@example.com}] verified="" password=true totp=false`, `request u1 ann@example.com link`},
		},
		{
			"a new user who would rather finish elsewhere",
			settings{Status: registration.New, Verification: registration.VerifyCode, Identifiers: asked(registration.Mobile)},
			[]string{"+447400123456"},
			func(v *visit) {
				v.says(v.register(), "enter_code new")
				v.says(v.resend(registration.AsLink), "follow_link new")
			},
			[]string{
				`create new [{mobile +447400123456}] verified="" password=true totp=false`,
				`send u1 +447400123456 registration code`, `send u1 +447400123456 registration link`,
			},
		},
		{
			"an invitation",
			settings{Status: registration.New, Mode: registration.ModeInvitation, Verification: registration.VerifyLink, Identifiers: asked(registration.Email)},
			[]string{ann},
			func(v *visit) { v.says(v.register(), "set_password new") },
			[]string{`create new [{email ann@example.com}] verified="" password=false totp=false`, `send u1 ann@example.com invitation link`},
		},
		{
			"an address that is proven first",
			settings{Status: registration.Active, Verification: registration.VerifyBefore, Identifiers: asked(registration.Email)},
			[]string{ann},
			func(v *visit) {
				v.says(v.register(), "enter_code ")
				v.says(v.confirm("123456"), "sign_in active")
			},
			[]string{`prove ann@example.com`, `check ann@example.com o1 123456`, `create active [{email ann@example.com}] verified="ann@example.com" password=true totp=false`},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				v := enter(t, &office{}, tt.settings, tt.give...)
				tt.do(v)
				v.called(tt.calls...)
			})
		})
	}
}

// code is the setting of a new user with a code.
func withCode() registration.Settings {
	return registration.Settings{Status: registration.New, Verification: registration.VerifyCode, Identifiers: asked(registration.Email)}
}

func TestACodeThatIsRefused(t *testing.T) {
	wrong := registration.Problem{Kind: registration.CodeRejected, Flaw: registration.Flaw{Rule: registration.RuleCodeWrong}}
	lost := registration.Problem{Kind: registration.Unavailable, Unclear: true}
	self := withCode()
	self.API = registration.SelfRegister
	active := registration.User{ID: "u1", Status: "active"}
	tests := []struct {
		name     string
		settings registration.Settings
		fails    []registration.Problem
		found    registration.User
		wait     time.Duration
		codes    []string
		want     string
	}{
		{"is wrong, and the next is right", withCode(), []registration.Problem{wrong}, registration.User{}, 0, []string{"111111", "222222"}, "sign_in active"},
		{"is wrong", withCode(), []registration.Problem{wrong}, registration.User{}, 0, []string{"111111"}, "code_rejected code_wrong made"},
		{"came too late", withCode(), []registration.Problem{wrong}, registration.User{}, 11 * time.Minute, []string{"111111"}, "code_rejected code_expired made"},
		{"had worked, as the look-up says", withCode(), []registration.Problem{lost, lost, lost, lost}, active, 0, []string{"111111"}, "sign_in active"},
		{"may have worked, and nobody knows", withCode(), []registration.Problem{lost, lost, lost, lost}, registration.User{}, 0, []string{"111111"}, "unavailable made unclear"},
		{"was used by the try before", self, []registration.Problem{lost, lost, lost, lost, wrong}, active, 0, []string{"111111", "111111"}, "code_rejected code_used made"},
		{
			"is one too many", withCode(),
			[]registration.Problem{{Kind: registration.TooMany, RetryAfter: time.Minute, Flaw: registration.Flaw{Rule: registration.RuleCodeTries}}},
			registration.User{},
			0,
			[]string{"111111"},
			"too_many code_tries made",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				o := &office{fails: map[string][]registration.Problem{"activate": tt.fails}, found: tt.found}
				v := enter(t, o, tt.settings, "ann@example.com")
				v.says(v.register(), "enter_code new")
				<-time.After(tt.wait)
				var got string
				for _, code := range tt.codes {
					got = v.confirm(code)
				}
				v.says(got, tt.want)
			})
		})
	}
}

func TestOneCodeHasOneKey(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		lost := registration.Problem{Kind: registration.Unavailable, Unclear: true}
		o := &office{fails: map[string][]registration.Problem{"activate": {lost, lost, lost, lost}}}
		v := enter(t, o, withCode(), "ann@example.com")
		v.register()
		v.confirm("111111")
		first := o.keys["activate"]
		v.confirm("111111")
		if o.keys["activate"] != first {
			t.Error("the same code was sent with another key: the tenant would count it twice")
		}
		v.says(v.register(), "sign_in active")
		v = enter(t, o, withCode(), "ann@example.com")
		v.register()
		o.fails["activate"] = []registration.Problem{{Kind: registration.CodeRejected}}
		v.confirm("111111")
		first = o.keys["activate"]
		v.confirm("222222")
		if o.keys["activate"] == first {
			t.Error("another code was sent with the same key: the tenant would repeat its first answer")
		}
	})
}

func TestTheMessageIsNotSentTwiceUnasked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := &office{fails: map[string][]registration.Problem{"send": {{Kind: registration.Misconfigured}}}}
		v := enter(t, o, withCode(), "ann@example.com")
		v.says(v.register(), "misconfigured made")
		v.says(v.register(), "enter_code new") // goes on where it stopped
		v.says(v.register(), "enter_code new")
		v.called(`create new [{email ann@example.com}] verified="" password=true totp=false`,
			`send u1 ann@example.com registration code`, `send u1 ann@example.com registration code`)
	})
}

func TestAMessageThatMayHaveGoneOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		lost := registration.Problem{Kind: registration.Unavailable, Unclear: true}
		o := &office{fails: map[string][]registration.Problem{"send": {lost, lost, lost, lost}}}
		v := enter(t, o, withCode(), "ann@example.com")
		r, err := v.service.Register(t.Context(), v.form, v.sub, nil)
		if err != nil || r.Challenge == nil || !r.Challenge.Unsure {
			t.Errorf("Register = %+v, %v, want a challenge that is unsure", r, err)
		}
		v.says(v.confirm("111111"), "sign_in active")
	})
}

func TestAnotherAddressTakesTheHalfMadeUserBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := &office{}
		v := enter(t, o, withCode(), "ann@exmaple.com")
		v.says(v.register(), "enter_code new")
		v.sub = v.sub.Revise(v.draft("ann@example.com"))
		v.says(v.register(), "enter_code new")
		v.called(
			`create new [{email ann@exmaple.com}] verified="" password=true totp=false`, `send u1 ann@exmaple.com registration code`,
			`withdraw u1`,
			`create new [{email ann@example.com}] verified="" password=true totp=false`, `send u1 ann@example.com registration code`,
		)
	})
}

func TestAnotherAddressOfASelfRegistrationTakesNobodyBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		self := withCode()
		self.API = registration.SelfRegister
		o := &office{}
		v := enter(t, o, self, "ann@exmaple.com")
		v.register()
		v.sub = v.sub.Revise(v.draft("ann@example.com"))
		v.register()
		for _, call := range o.calls {
			if call == "withdraw u1" {
				t.Error("a user who may be another person's was taken back")
			}
		}
	})
}

func TestAProofIsKept(t *testing.T) {
	before := registration.Settings{Status: registration.Active, Verification: registration.VerifyBefore, Identifiers: asked(registration.UID, registration.Email)}
	synctest.Test(t, func(t *testing.T) {
		o := &office{fails: map[string][]registration.Problem{"create": {{Kind: registration.Conflict, Field: "/identifiers/0"}}}}
		v := enter(t, o, before, "ann", "ann@example.com")
		v.says(v.register(), "enter_code ")
		v.says(v.confirm("123456"), "conflict identifier_taken")
		v.sub = v.sub.Revise(v.draft("ann2", "ann@example.com"))
		v.says(v.register(), "sign_in active")
		v.called(
			`prove ann@example.com`, `check ann@example.com o1 123456`,
			`create active [{uid ann} {email ann@example.com}] verified="ann@example.com" password=true totp=false`, `find ann`, `find ann@example.com`,
			`create active [{uid ann2} {email ann@example.com}] verified="ann@example.com" password=true totp=false`,
		)
	})
}

func TestAChangedDraftWaitsForTheSameProof(t *testing.T) {
	before := registration.Settings{Status: registration.Active, Verification: registration.VerifyBefore, Identifiers: asked(registration.UID, registration.Email)}
	synctest.Test(t, func(t *testing.T) {
		o := &office{}
		v := enter(t, o, before, "ann", "ann@example.com")
		v.register()
		v.sub = v.sub.Revise(v.draft("ann2", "ann@example.com"))
		v.says(v.register(), "enter_code ")
		v.called(`prove ann@example.com`)
		v.sub = v.sub.Revise(v.draft("ann2", "bob@example.com"))
		v.says(v.register(), "enter_code ")
		v.called(`prove ann@example.com`, `prove bob@example.com`)
	})
}

func TestADraftBringsItsProofAlong(t *testing.T) {
	before := registration.Settings{Status: registration.Active, Verification: registration.VerifyBefore, Identifiers: asked(registration.Email)}
	synctest.Test(t, func(t *testing.T) {
		v := enter(t, &office{}, before, "ann@example.com")
		d := v.draft("ann@example.com")
		d.Proof = &registration.Proof{TransientOTP: registration.TransientOTP{ID: "o9", State: "s9"}, Code: secret.New("654321")}
		v.sub = registration.NewSubmission(d)
		v.says(v.register(), "sign_in active")
		v.called(`check ann@example.com o9 654321`, `create active [{email ann@example.com}] verified="ann@example.com" password=true totp=false`)
	})
}

func TestASelfRegistrationThatWasClosedMeanwhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		self := withCode()
		self.API = registration.SelfRegister
		o := &office{fails: map[string][]registration.Problem{"self_register": {{Kind: registration.DetailsRejected}}}}
		v := enter(t, o, self, "ann@example.com")
		o.pool.PublicRegistrationAllowed = false
		v.says(v.register(), "registration_closed")
	})
}

func TestThePoolIsClosedToThoseWhoRegisterThemselves(t *testing.T) {
	self := withCode()
	self.API = registration.SelfRegister
	_, err := (&office{}).service(self).Form(t.Context())
	if p := registration.AsProblem(err, ""); p == nil || p.Kind != registration.RegistrationClosed || p.Staff == "" {
		t.Errorf("Form = %v, want registration closed with a word for staff", err)
	}
	if _, err := (&office{}).service(withCode()).Form(t.Context()); err != nil {
		t.Errorf("Form of people who are created = %v, want a form all the same", err)
	}
}

func TestActivateWithoutScreens(t *testing.T) {
	give := registration.Activated{UserID: "u7", Code: secret.New("123456"), OTPAddress: "ann@example.com"}
	for name, tt := range map[string]struct {
		settings registration.Settings
		call     string
	}{
		"a new user":     {withCode(), `activate u7 123456 otp_address="ann@example.com"`},
		"an active user": {registration.Settings{Status: registration.Active, Verification: registration.VerifyCode}, `complete u7 ann@example.com 123456`},
	} {
		t.Run(name, func(t *testing.T) {
			o := &office{}
			r, err := o.service(tt.settings).Activate(t.Context(), give)
			if err != nil || r.UserID != "u7" || r.Status != "active" || r.Next != registration.NextSignIn {
				t.Errorf("Activate = %+v, %v", r, err)
			}
			if diff := cmp.Diff([]string{tt.call}, o.calls); diff != "" {
				t.Errorf("calls, -want +got:\n%s", diff)
			}
		})
	}
}
