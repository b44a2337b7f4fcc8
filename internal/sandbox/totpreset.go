package sandbox

import "net/http"

// requestTOTPReset sends a code to set a TOTP secret with (requestResetTotp of the API), the first too. Whether there
// is such a user, and whether the address is theirs, the answer does not tell.
func (t *Tenant) requestTOTPReset(e *exchange) (reply, error) {
	p, err := t.pool(e)
	if err != nil {
		return reply{}, err
	}
	form, err := e.codeForm(asLink)
	if err != nil {
		return reply{}, err
	}
	var in subject
	if err := e.decode(&in); err != nil {
		return reply{}, err
	}
	details := flaws{}
	if in.Address == "" {
		details["/address"] = "is required"
	}
	if in.UserID != "" && in.Identifier != "" {
		details["/identifier"] = "is not to be given with userID"
	}
	if len(details) > 0 {
		return reply{}, unprocessable(details)
	}
	t.sendCode(e, p, in, codeResetTOTP, form)
	return reply{status: http.StatusNoContent}, nil
}

// A completeTOTPReset is CompleteResetTotp of the API: a code and the user by id, identifier or verified address, or an
// extended code.
type completeTOTPReset struct {
	subject

	Code      string
	NewSecret string `json:"new_totp_secret"`
}

// completeTOTPReset sets a user's TOTP secret (completeResetTotp of the API).
func (t *Tenant) completeTOTPReset(e *exchange) (reply, error) {
	p, err := t.pool(e)
	if err != nil {
		return reply{}, err
	}
	var in completeTOTPReset
	if err := e.decode(&in); err != nil {
		return reply{}, err
	}
	details := flaws{}
	if in.Code == "" {
		details["/code"] = "is required"
	}
	details.newSecret(in.NewSecret)
	if len(details) > 0 {
		return reply{}, unprocessable(details)
	}
	proof, err := t.prove(p, in.subject, codeResetTOTP, in.Code, anyCode)
	if err != nil {
		return reply{}, err
	}
	redeem := func(*user) bool { return t.redeem(proof) }
	err = t.setTOTP(e, p, proof.user, totpSecret(in.NewSecret), redeem)
	return reply{status: http.StatusNoContent}, asWrongCode(err)
}
