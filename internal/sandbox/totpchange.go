package sandbox

import "net/http"

// A changeTOTP is ChangeTotpSecret of the API.
type changeTOTP struct {
	TOTP      string
	NewSecret string `json:"new_totp_secret"`
}

// changeTOTP changes a user's secret for who has a code of the old one (changeTotpSecret of the API).
func (t *Tenant) changeTOTP(e *exchange) (reply, error) {
	p, err := t.pool(e)
	if err != nil {
		return reply{}, err
	}
	var in changeTOTP
	if err := e.decode(&in); err != nil {
		return reply{}, err
	}
	if details := in.validate(); len(details) > 0 {
		return reply{}, unprocessable(details)
	}
	u, ok := p.user(e.params["userID"])
	if !ok {
		return reply{}, userNotFound()
	}
	if u.totp == "" {
		return reply{}, refuse(http.StatusUnprocessableEntity, "The user has no TOTP secret to change")
	}
	if err := e.unchanged(u); err != nil { // before the code is used up; update looks again
		return reply{}, err
	}
	ok, err = t.checkTOTP(u, in.TOTP)
	switch {
	case err != nil:
		return reply{}, err
	case !ok:
		return reply{}, wrongCode()
	}
	same := func(now *user) bool { return now.totp == u.totp }
	return reply{status: http.StatusNoContent}, t.setTOTP(e, p, u, totpSecret(in.NewSecret), same)
}

func (in changeTOTP) validate() flaws {
	details := flaws{}
	if in.TOTP == "" {
		details["/totp"] = "is required"
	}
	details.newSecret(in.NewSecret)
	return details
}

// newSecret notes a TOTP secret that is none, or absent.
func (f flaws) newSecret(secret string) {
	const field = "/new_totp_secret"
	if f.totp(field, secret); secret == "" {
		f[field] = "is required"
	}
}

// setTOTP gives u a secret if still, which runs under the pool's lock, sees nothing against it.
func (t *Tenant) setTOTP(e *exchange, p *pool, u *user, secret totpSecret, still func(*user) bool) error {
	now := t.now().UTC()
	_, err := p.update(u.ID, now, func(u *user) error {
		if err := e.unchanged(u); err != nil {
			return err
		}
		if !still(u) {
			return wrongCode()
		}
		u.setTOTP(secret, now)
		t.steps.forget(u.totpKey())
		return nil
	})
	return err
}
