package sandbox

import (
	"errors"
	"net/http"
)

// A proof is a right code, whose it is, and that user.
type proof struct {
	owner owner
	code  code
	user  *user
}

// prove compares what somebody gives as a code with the good codes of the user that s names, or that an extended code
// names when s names none. Those that do not fit count as wrong ones.
//
// Five wrong tries within a minute close the user to this kind of code for a minute, and likewise who is no user, so
// that the answers do not tell the two apart. A right code leaves the count as it is until it is redeemed: looking
// at a code of one's own gives no more guesses at another.
func (t *Tenant) prove(p *pool, s subject, kind codeKind, given string, fits func(code) bool) (proof, error) {
	d := p.current()
	u, o := p.resolve(s), owner{pool: d.ID, kind: kind}
	if s == (subject{}) {
		named, ok := ownerOf(d.ID, given)
		if !ok || named.kind != kind {
			return proof{}, wrongCode() // there is nobody to count it for, and 128 bits are not guessed
		}
		s.UserID = named.user
		u = p.resolve(s)
	}
	tries := t.strangers
	if o.user = s.stranger(d); u != nil {
		tries, o.user = t.tries, u.ID
	}
	var found code
	ok, wait := tries.guess(o.key(), func() (ok bool) {
		found, ok = t.codes.find(o, given, fits)
		return ok
	})
	switch {
	case wait > 0:
		return proof{}, tooMany(wait)
	case !ok || u == nil:
		return proof{}, wrongCode()
	}
	return proof{o, found, u}, nil
}

// anyCode takes every code.
func anyCode(code) bool { return true }

// redeem takes the code out of use and forgets wrong guesses; false says that somebody else was quicker.
func (t *Tenant) redeem(p proof) bool {
	if !t.codes.spend(p.owner, p.code.id) {
		return false
	}
	t.tries.right(p.owner.key())
	return true
}

// wrongCode is the one answer to a code that is wrong, has expired, was used or voided, or whose user is not there or
// not in the state for it. As it is not about the access token it has no WWW-Authenticate header.
func wrongCode() *httpError {
	return refuse(http.StatusUnauthorized, "The code is wrong or no longer good")
}

// asWrongCode hides in that answer that somebody has the address, or that the user is gone.
func asWrongCode(err error) error {
	var r *httpError
	if errors.As(err, &r) && (r.status == http.StatusConflict || r.status == http.StatusNotFound) {
		return wrongCode()
	}
	return err
}
