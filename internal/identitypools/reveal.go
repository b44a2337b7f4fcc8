package identitypools

// The types below marshal with their secrets. They live for the making of one request body, and are made here only.

// revealed is body as it is sent.
func revealed(body any) any {
	switch b := body.(type) {
	case NewUser:
		return revealUser(b)
	case SelfRegisterUser:
		return revealedSelf{b, b.Password.Reveal(), b.TOTPSecret.Reveal()}
	case ActivateSelfRegisteredUser:
		return revealedActivation{b, b.Code.Reveal(), b.Password.Reveal()}
	case CompleteAddressVerification:
		return revealedCompletion{b, b.Code.Reveal()}
	case TransientOTPRequest:
		return revealedTransient{b, b.OTP.Reveal()}
	}
	return body
}

// The members that are named again go before those of the embedded type.
type (
	revealedUser struct {
		NewUser

		Credentials []revealedCredential `json:"credentials,omitempty"`
	}
	revealedCredential struct {
		Type       string `json:"type"`
		Password   string `json:"password,omitempty"`
		TOTPSecret string `json:"totp_secret,omitempty"`
	}
	revealedSelf struct {
		SelfRegisterUser

		Password   string `json:"password,omitempty"`
		TOTPSecret string `json:"totp_secret,omitempty"`
	}
	revealedActivation struct {
		ActivateSelfRegisteredUser

		Code     string `json:"code"`
		Password string `json:"password,omitempty"`
	}
	revealedCompletion struct {
		CompleteAddressVerification

		Code string `json:"code"`
	}
	revealedTransient struct {
		TransientOTPRequest

		OTP string `json:"otp,omitempty"`
	}
)

func revealUser(user NewUser) revealedUser {
	r := revealedUser{NewUser: user}
	for _, c := range user.Credentials {
		r.Credentials = append(r.Credentials, revealedCredential{c.Type, c.Password.Reveal(), c.TOTPSecret.Reveal()})
	}
	return r
}
