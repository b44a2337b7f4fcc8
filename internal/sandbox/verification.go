package sandbox

import (
	"net/http"
)

// A completeVerification is CompleteAddressVerification of the API; a request for one has the address only.
type completeVerification struct{ Address, Code string }

// requestVerification sends a code to an unverified address of a user (requestAddressVerification of the API). When
// the address signs somebody else in, that user is told instead, and the answer is the same.
func (t *Tenant) requestVerification(e *exchange) (reply, error) {
	p, err := t.pool(e)
	if err != nil {
		return reply{}, err
	}
	form, err := e.codeForm(asCode)
	if err != nil {
		return reply{}, err
	}
	var in completeVerification
	if err := e.decode(&in); err != nil {
		return reply{}, err
	}
	u, a, err := p.unverified(e.params["userID"], in.Address)
	if err != nil {
		return reply{}, err
	}
	if other := p.other(u, a.Address); other != nil {
		t.warn(p.current(), other, a.Address)
	} else {
		s := subject{UserID: u.ID, Address: a.Address}
		t.sendCode(e, p, s, codeVerifyAddress, form)
	}
	return reply{status: http.StatusNoContent}, nil
}

// unverified returns the user with an id and the unverified address of theirs that text is.
func (p *pool) unverified(id, text string) (*user, address, error) {
	u, ok := p.user(id)
	if !ok {
		return nil, address{}, userNotFound()
	}
	if text == "" {
		return nil, address{}, unprocessable(flaws{"/address": "is required"})
	}
	i := u.address(text, p.current())
	switch {
	case i < 0:
		return nil, address{}, unprocessable(flaws{"/address": "is not an address of the user"})
	case u.Addresses[i].Verified:
		return nil, address{}, verifiedAlready()
	}
	return u, u.Addresses[i], nil
}

func verifiedAlready() *httpError {
	return refuse(http.StatusConflict, "The address is a verified one of the user already")
}

// completeVerification makes an address of a user a verified one (completeAddressVerification of the API).
func (t *Tenant) completeVerification(e *exchange) (reply, error) {
	p, err := t.pool(e)
	if err != nil {
		return reply{}, err
	}
	var in completeVerification
	if err := e.decode(&in); err != nil {
		return reply{}, err
	}
	if in.Code == "" {
		return reply{}, unprocessable(flaws{"/code": "is required"})
	}
	u, a, err := p.unverified(e.params["userID"], in.Address)
	if err != nil {
		return reply{}, err
	}
	fits := func(c code) bool { return c.address == a.Address }
	proof, err := t.prove(p, subject{UserID: u.ID}, codeVerifyAddress, in.Code, fits)
	if err != nil {
		return reply{}, err
	}
	return reply{status: http.StatusNoContent}, t.verifyAddress(e, p, proof)
}

// verifyAddress makes the address that a code was sent to a verified one, if it still is an unverified one of the user.
func (t *Tenant) verifyAddress(e *exchange, p *pool, proof proof) error {
	d, now := p.current(), t.now().UTC()
	_, err := p.update(proof.user.ID, now, func(u *user) error {
		if err := e.unchanged(u); err != nil {
			return err
		}
		i := u.address(proof.code.address, d)
		switch {
		case i < 0:
			return unprocessable(flaws{"/address": "is not an address of the user"})
		case u.Addresses[i].Verified:
			return verifiedAlready()
		case !t.redeem(proof):
			return wrongCode()
		}
		u.verify(proof.code.address, d, now)
		return nil
	})
	return err
}
