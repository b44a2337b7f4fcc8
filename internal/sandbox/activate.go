package sandbox

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

// An activation is ActivateSelfRegisteredUser of the API.
type activation struct {
	Code       string
	OTPAddress string `json:"otp_address"` // when given, the one that the code was sent to
	Password   string
	TOTPSecret string            `json:"totp_secret"`
	WebAuthn   []json.RawMessage `json:"webauthn"`
}

// activateUser activates the user in the path by a code (activateSelfRegisteredUser of the API).
func (t *Tenant) activateUser(e *exchange) (reply, error) {
	return t.activateSubject(e, subject{UserID: e.params["userID"]})
}

// activateByCode activates the user in an extended code (activateSelfRegisteredUserUsingExtendedCode of the API).
func (t *Tenant) activateByCode(e *exchange) (reply, error) { return t.activateSubject(e, subject{}) }

func (t *Tenant) activateSubject(e *exchange, s subject) (reply, error) {
	p, err := t.pool(e)
	if err != nil {
		return reply{}, err
	}
	var in activation
	if err := e.decode(&in); err != nil {
		return reply{}, err
	}
	if details := in.validate(); len(details) > 0 {
		return reply{}, unprocessable(details)
	}
	u, err := t.activate(e, p, s, in)
	if err != nil {
		return reply{}, err
	}
	return resourceReply(http.StatusCreated, u)
}

// validate returns what is wrong with an activation, whoever it is for.
func (in activation) validate() flaws {
	details := flaws{}
	if in.Code == "" {
		details["/code"] = "is required"
	}
	details.totp("/totp_secret", in.TOTPSecret)
	if len(in.WebAuthn) > longestList {
		details["/webauthn"] = fmt.Sprintf("must have at most %d members", longestList)
	}
	return details
}

// activate makes a new user an active one who can be reached, and signed in, by the address that the code was sent to.
// Everything that is wrong with the code, its user and its address gets one answer. A refused password leaves the code
// good.
func (t *Tenant) activate(e *exchange, p *pool, s subject, in activation) (*user, error) {
	d := p.current()
	proof, err := t.prove(p, s, codeActivation, in.Code, func(c code) bool {
		return in.OTPAddress == "" || d.normal(in.OTPAddress) == d.normal(c.address)
	})
	if err != nil {
		return nil, err
	}
	if err := in.allowed(proof.user, proof.code, d); err != nil { // before the costly part; update looks again
		return nil, err
	}
	var hash *passwordHash
	if in.Password != "" {
		hash, err = t.judge(e.request.Context(), in.Password, "/password", proof.user.words(), d.PasswordPolicy)
		if err != nil {
			return nil, err
		}
	}
	now := t.now().UTC()
	u, err := p.update(proof.user.ID, now, func(u *user) error {
		if err := e.unchanged(u); err != nil {
			return err
		}
		if err := in.allowed(u, proof.code, d); err != nil {
			return err
		}
		if !t.redeem(proof) {
			return wrongCode()
		}
		in.apply(u, hash, now)
		u.verify(proof.code.address, d, now)
		u.identify(proof.code.address, d, now)
		return nil
	})
	return u, asWrongCode(err)
}

// allowed reports what keeps u from being activated by a right code. That activation "fails if address where OTP was
// sent still belongs to this user" is a slip of the description for one that no longer does; one that never did is
// added.
func (in activation) allowed(u *user, c code, d definition) error {
	gone := c.theirs && u.address(c.address, d) < 0
	if u.Status != statusNew || gone {
		return wrongCode()
	}
	details := flaws{}
	if in.Password != "" && u.password != nil {
		details["/password"] = "is set already"
	}
	if in.TOTPSecret != "" && u.totp != "" {
		details["/totp_secret"] = "is set already"
	}
	if len(details) > 0 {
		return unprocessable(details)
	}
	return nil
}

// apply makes u active, with the credentials that came along.
func (in activation) apply(u *user, hash *passwordHash, now time.Time) {
	u.Status = statusActive
	if hash != nil {
		u.password = hash
		u.setCredential(newCredential{Type: credentialPassword}, now)
	}
	if in.TOTPSecret != "" {
		u.setTOTP(totpSecret(in.TOTPSecret), now)
	}
	if len(in.WebAuthn) > 0 {
		u.setCredential(newCredential{Type: credentialWebAuthn}, now)
	}
}
