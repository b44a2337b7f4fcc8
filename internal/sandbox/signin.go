package sandbox

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
)

// A signIn is what somebody signs in with. It is no operation of a tenant but the sandbox's own, to see that what was
// registered works.
type signIn struct {
	Pool       string `json:"pool"`
	Identifier string `json:"identifier"` // or a verified address
	Password   string `json:"password"`
	TOTP       string `json:"totp"`
}

// A signInResult says what came of it; the id comes with resultSignedIn only.
type signInResult struct {
	Result string `json:"result"`
	UserID string `json:"user_id,omitempty"`
}

// The results of a sign-in, besides resultNoUser and resultIncorrect.
const (
	resultSignedIn  = "signed_in"
	resultNotActive = "not_active"
	resultWrongTOTP = "totp_incorrect"
)

// controlSignIn answers POST /sandbox/sign-in: an active user is signed in by every credential that they have. Five
// wrong ones within a minute close the user for a minute.
func (t *Tenant) controlSignIn(e *exchange) (reply, error) {
	if e.request.Method != http.MethodPost {
		return reply{}, notAllowed(http.MethodPost)
	}
	var in signIn
	decoder := json.NewDecoder(bytes.NewReader(e.body))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&in); err != nil {
		return reply{}, refuse(http.StatusBadRequest, "The request body is not a sign-in in JSON")
	}
	p, ok := t.pools[in.Pool]
	if !ok {
		return reply{}, refuse(http.StatusNotFound, "The pool could not be found")
	}
	u := p.resolve(subject{Identifier: in.Identifier})
	if u == nil {
		u = p.resolve(subject{Address: in.Identifier})
	}
	result, err := t.signIn(e.request.Context(), u, in)
	if err != nil {
		return reply{}, err
	}
	out := signInResult{Result: result}
	if result == resultSignedIn {
		out.UserID = u.ID
	}
	return jsonReply(http.StatusOK, out)
}

func (t *Tenant) signIn(ctx context.Context, u *user, in signIn) (result string, err error) {
	switch {
	case u == nil:
		return resultNoUser, nil
	case u.Status != statusActive:
		return resultNotActive, nil
	}
	if u.password != nil {
		if ok, err := t.checkPassword(ctx, u, in.Password); err != nil || !ok {
			return resultIncorrect, err
		}
	}
	if u.totp != "" {
		if ok, err := t.checkTOTP(u, in.TOTP); err != nil || !ok {
			return resultWrongTOTP, err
		}
	}
	return resultSignedIn, nil
}
