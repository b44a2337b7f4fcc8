package sandbox

import "net/http"

// requestOTP sends a challenge code (requestOTPChallenge of the API). Whether there is such a user, and whether the
// address is theirs, the answer does not tell.
func (t *Tenant) requestOTP(e *exchange) (reply, error) {
	p, err := t.pool(e)
	if err != nil {
		return reply{}, err
	}
	var in subject
	if err := e.decode(&in); err != nil {
		return reply{}, err
	}
	if in == (subject{}) {
		return reply{}, unprocessable(flaws{"/address": "is required, or else userID or identifier"})
	}
	t.sendCode(e, p, in, codeChallenge, asCode)
	return reply{status: http.StatusNoContent}, nil
}

// sendCode sends a code to the address that s means, if there is one.
func (t *Tenant) sendCode(e *exchange, p *pool, s subject, kind codeKind, form codeForm) {
	u, a, ok := p.addressee(s)
	if !ok {
		return
	}
	d := p.current()
	t.tell(e, d, string(kind), t.issue(d, u.ID, kind, code{address: a.Address, theirs: true}), form)
}

// A verifyCode is VerifyOTP or BaseVerifyOTP of the API: a code and the user by id or identifier, or an extended code.
type verifyCode struct {
	ID         string `json:"id"` // the older name of UserID, which it overrides; VerifyOTP only
	UserID     string `json:"userID"`
	Identifier string `json:"identifier"`
	Code       string `json:"code"`
}

// verifyCode reads the body, in which the code is required, and returns the pool that it is for.
func (t *Tenant) verifyCode(e *exchange) (*pool, verifyCode, error) {
	var in verifyCode
	p, err := t.pool(e)
	if err != nil {
		return nil, in, err
	}
	if err := e.decode(&in); err != nil {
		return nil, in, err
	}
	if in.Code == "" {
		return nil, in, unprocessable(flaws{"/code": "is required"})
	}
	return p, in, nil
}

// verifyOTP takes a challenge code (verifyOTP of the API).
func (t *Tenant) verifyOTP(e *exchange) (reply, error) {
	return t.takeCode(e, codeChallenge, func(in verifyCode) string {
		if in.ID != "" {
			return in.ID
		}
		return in.UserID
	})
}

// verifyAuthenticationCode takes an authentication code (verifyAuthenticationCode of the API).
func (t *Tenant) verifyAuthenticationCode(e *exchange) (reply, error) {
	return t.takeCode(e, codeAuthentication, func(in verifyCode) string { return in.UserID })
}

// takeCode takes a right code out of use and answers whose it was.
func (t *Tenant) takeCode(e *exchange, kind codeKind, idOf func(verifyCode) string) (reply, error) {
	p, in, err := t.verifyCode(e)
	if err != nil {
		return reply{}, err
	}
	proof, err := t.prove(p, subject{UserID: idOf(in), Identifier: in.Identifier}, kind, in.Code, anyCode)
	if err != nil {
		return reply{}, err
	}
	if !t.redeem(proof) {
		return reply{}, wrongCode()
	}
	return jsonReply(http.StatusOK, userID{proof.user.ID})
}

// An inspection is InspectOTPUserOperationalData of the API.
type inspection struct {
	UserID      string   `json:"user_id"`
	PasswordSet bool     `json:"password_set"`
	CodeType    codeKind `json:"code_type"`
}

// inspectOTP says whose an extended code is, and leaves it good (inspectOTP of the API).
func (t *Tenant) inspectOTP(e *exchange) (reply, error) {
	p, in, err := t.verifyCode(e)
	if err != nil {
		return reply{}, err
	}
	o, _ := ownerOf(p.current().ID, in.Code)
	proof, err := t.prove(p, subject{}, o.kind, in.Code, anyCode)
	if err != nil {
		return reply{}, err
	}
	return jsonReply(http.StatusOK, inspection{proof.user.ID, proof.user.password != nil, o.kind})
}
