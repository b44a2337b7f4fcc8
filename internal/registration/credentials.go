package registration

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"foyer/internal/password"
	"foyer/internal/secret"
)

// The authentication mechanisms of a pool, in the words of PoolResponse.
const (
	mechanismPassword = "password"
	mechanismTOTP     = "totp"
	mechanismOTP      = "otp"
	mechanismEmailOTP = "email_otp"
	mechanismSMSOTP   = "sms_otp"
)

// credentials says which of them a form asks for.
type credentials struct{ password, totp bool }

// decideCredentials reads off a pool what a person has to set up in order to sign in. A pool that names no mechanism is
// taken for one with passwords. The error says, for staff, why nobody could sign in.
func decideCredentials(pool Pool, settings Settings) (credentials, error) {
	if settings.invites() {
		return credentials{}, nil // set up where the invitation leads
	}
	first := pool.Mechanisms
	if len(first) == 0 {
		first = []string{mechanismPassword}
	}
	c := credentials{
		password: slices.Contains(first, mechanismPassword),
		totp:     slices.Contains(first, mechanismTOTP) || secondFactorNeedsTOTP(pool.SecondFactors, settings.Identifiers),
	}
	byCode := reachable(first, settings.Identifiers)
	if c.password || slices.Contains(first, mechanismTOTP) || byCode {
		return c, nil
	}
	if sendsCodes(first) {
		return c, fmt.Errorf("pool %s signs people in by a code sent to them (authentication_mechanisms: %s); ask for such an address: make it required in registration.identifiers",
			pool.ID, strings.Join(first, ", "))
	}
	return c, fmt.Errorf("pool %s lets nobody sign in with what can be set up at a terminal (authentication_mechanisms: %s)",
		pool.ID, strings.Join(first, ", "))
}

// Invitation returns the form by which the same person is invited instead, who then sets up what they sign in with where the
// invitation leads; ok is false where that would be another decision than the administrator's. They have taken it when people are
// created as new and become active by a link: an invitation is the same message with another mode (activation/send), and it
// leads to the same page. A person who would be active at once, or wait for somebody to enable them, is not invited past that.
// A form that invites already is its own.
func (f *Form) Invitation() (invitation *Form, ok bool) {
	s := f.settings
	switch {
	case s.invites():
		return f, true
	case s.API != CreateUser || s.Status != New || s.Verification != VerifyLink:
		return nil, false
	}
	copied := *f
	copied.settings.Mode, copied.credentials = ModeInvitation, credentials{}
	return &copied, true
}

// sendsCodes reports whether a person can sign in by a code that is sent to them.
func sendsCodes(mechanisms []string) bool {
	return slices.ContainsFunc(mechanisms, func(m string) bool {
		return m == mechanismOTP || m == mechanismEmailOTP || m == mechanismSMSOTP
	})
}

// reachable reports whether everybody has an address that one of the mechanisms sends a code to.
func reachable(mechanisms []string, identifiers []IdentifierSetting) bool {
	return slices.ContainsFunc(identifiers, func(i IdentifierSetting) bool {
		var fits []string
		switch i.Type {
		case Email:
			fits = []string{mechanismOTP, mechanismEmailOTP}
		case Mobile:
			fits = []string{mechanismOTP, mechanismSMSOTP}
		case UID, External:
		}
		return i.Required && slices.ContainsFunc(fits, func(m string) bool { return slices.Contains(mechanisms, m) })
	})
}

// secondFactorNeedsTOTP reports whether nobody could pass a second factor without TOTP.
func secondFactorNeedsTOTP(mechanisms []string, identifiers []IdentifierSetting) bool {
	return slices.Contains(mechanisms, mechanismTOTP) && !reachable(mechanisms, identifiers)
}

// Advice is what the pool's policy and codes could do better by NIST SP 800-63B-4 and OWASP ASVS 5.0; see password.Lints.
func (f *Form) Advice() []password.Lint {
	if !f.AsksPassword() {
		return nil
	}
	code := func(c CodeSetting) password.Code { return password.Code{Length: c.Length, TTL: c.TTL} }
	return password.Lints(f.Pool.PasswordPolicy, password.Lifetimes{
		SignIn: code(f.Pool.ChallengeCode), Activation: code(f.Pool.ActivationCode), Verification: code(f.Pool.AddressCode),
		Expiry: f.Pool.PasswordExpiry, History: f.Pool.PasswordHistory, SecondFactor: len(f.Pool.SecondFactors) > 0,
	})
}

// AsksPassword reports whether a person is asked for a password.
func (f *Form) AsksPassword() bool { return f.credentials.password }

// AsksTOTP reports whether a person sets up an authenticator app.
func (f *Form) AsksTOTP() bool { return f.credentials.totp }

// CheckPassword returns what d's password lacks by the pool's policy. It takes some 2 ms; see password.Judge.
func (f *Form) CheckPassword(d Draft) []password.Requirement {
	p := d.Password.Reveal()
	return f.Pool.PasswordPolicy.Check(p, password.Judge(p, d.Words()))
}

// shortestRandom is the length of a suggested password of characters, which grows where the policy asks for more.
const shortestRandom = 16

// SuggestPassword makes a password that the pool takes, of words or, when random is set, of characters. Ok is false when there is
// none. See password.Passphrase and password.Random.
func (f *Form) SuggestPassword(random bool) (suggested secret.Text, ok bool) {
	if random {
		return password.Random(f.Pool.PasswordPolicy, shortestRandom)
	}
	return password.Passphrase(f.Pool.PasswordPolicy)
}

// checkCredentials returns the first flaw of d's password or TOTP secret: one that is asked for and is not good, or one that
// nobody asks for.
func (f *Form) checkCredentials(d Draft) *Problem {
	if p := f.rejectPassword(d); p != nil {
		return p
	}
	switch {
	case f.AsksTOTP() == !d.TOTPSecret.IsZero():
	case f.AsksTOTP():
		return &Problem{Kind: DetailsRejected, Field: PointerTOTPSecret, Flaw: Flaw{Rule: RuleRequired}}
	default:
		return &Problem{Kind: DetailsRejected, Field: PointerTOTPSecret, Flaw: Flaw{Rule: RuleUnasked}}
	}
	if f.AsksTOTP() && !goodTOTPSecret(d.TOTPSecret) {
		return &Problem{Kind: DetailsRejected, Field: PointerTOTPSecret, Flaw: Flaw{Rule: RuleTOTPSecret}}
	}
	return nil
}

// rejectPassword is the flaw of d's password. Where one is asked for it may not be empty, whatever the policy says: nobody
// could sign in.
func (f *Form) rejectPassword(d Draft) *Problem {
	rejected := func(rule Rule) *Problem {
		return &Problem{Kind: PasswordRejected, Field: PointerPassword, Flaw: Flaw{Rule: rule}}
	}
	switch {
	case !f.AsksPassword() && d.Password.IsZero():
		return nil
	case !f.AsksPassword():
		return rejected(RuleUnasked)
	case d.Password.IsZero():
		return rejected(RuleRequired)
	}
	if lacking := f.CheckPassword(d); len(lacking) > 0 {
		return rejected(Rule(lacking[0].Rule))
	}
	if reason, blocked := f.blocklist.Blocks(d.Password.Reveal(), d.Words()); blocked {
		return rejected(ruleBlocked + Rule(reason))
	}
	return nil
}

// ruleBlocked begins the rules of the blocklist, which end with a password.Reason.
const ruleBlocked Rule = "blocked_"

// errNoAddress says that there is nowhere to send a message to. The configuration asks for an address, so that is our mistake.
var errNoAddress = errors.New("the draft has no address that a message could be sent to")

// newUser is what is created for d.
func (f *Form) newUser(d Draft, verified, mark string) NewUser {
	return NewUser{
		Status: f.settings.Status, Identifiers: d.identifiers(), Verified: verified, Password: d.Password, TOTPSecret: d.TOTPSecret,
		Payload: f.Payload(d), Metadata: f.metadata(mark),
	}
}
