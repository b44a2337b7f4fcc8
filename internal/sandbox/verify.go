package sandbox

import (
	"context"
	"net/http"
)

// A verifyRequest is VerifyPassword of the API: a password, and the user by identifier or by id.
type verifyRequest struct {
	ID         string `json:"id"` // the older name of UserID, which it overrides
	UserID     string `json:"userID"`
	Identifier string `json:"identifier"`
	Password   string `json:"password"`
}

// A verifyResult is VerifyPasswordResponseDataV2 of the API; the first version has no result.
type verifyResult struct {
	ID     string `json:"id"` // empty when no user was found
	State  string `json:"state"`
	Result string `json:"result,omitempty"`
}

// The results of a password check.
const (
	resultCorrect    = "password_correct"
	resultIncorrect  = "password_incorrect"
	resultNoPassword = "no_password"
	resultNoUser     = "user_not_found"
)

// verifyPassword checks a password (verifyPassword of the API): 200 says that it is right, 401 that it is not.
func (t *Tenant) verifyPassword(e *exchange) (reply, error) {
	result, err := t.verify(e)
	if err != nil {
		return reply{}, err
	}
	if result.Result != resultCorrect {
		return reply{}, refuse(http.StatusUnauthorized, "The user or the password is not right")
	}
	result.Result = ""
	return jsonReply(http.StatusOK, result)
}

// verifyPasswordV2 checks a password (verifyPasswordV2 of the API) and says in every case what came of it.
func (t *Tenant) verifyPasswordV2(e *exchange) (reply, error) {
	result, err := t.verify(e)
	if err != nil {
		return reply{}, err
	}
	return jsonReply(http.StatusOK, result)
}

// verify checks a password. Five wrong ones within a minute close the user's check for a minute.
func (t *Tenant) verify(e *exchange) (verifyResult, error) {
	u, in, err := t.suspect(e)
	switch {
	case err != nil:
		return verifyResult{}, err
	case u == nil:
		return verifyResult{State: stateValid, Result: resultNoUser}, nil
	case u.password == nil:
		return verifyResult{ID: u.ID, State: stateValid, Result: resultNoPassword}, nil
	}
	ok, err := t.checkPassword(e.request.Context(), u, in.Password)
	if err != nil {
		return verifyResult{}, err
	}
	result := resultIncorrect
	if ok {
		result = resultCorrect
	}
	return verifyResult{ID: u.ID, State: u.passwordState(), Result: result}, nil
}

// checkPassword compares a password with the user's, which is there.
func (t *Tenant) checkPassword(ctx context.Context, u *user, password string) (ok bool, err error) {
	key := u.PoolID + "/" + u.ID
	if wait := t.guesses.closed(key); wait > 0 {
		return false, tooMany(wait)
	}
	release, err := t.hasher.begin(ctx)
	if err != nil {
		return false, err
	}
	defer release()
	if !u.password.matches(password) {
		t.guesses.wrong(key)
		return false, nil
	}
	t.guesses.right(key)
	return true, nil
}

// suspect reads the request and finds its user; nil when there is none.
func (t *Tenant) suspect(e *exchange) (*user, verifyRequest, error) {
	p, err := t.pool(e)
	if err != nil {
		return nil, verifyRequest{}, err
	}
	var in verifyRequest
	if err := e.decode(&in); err != nil {
		return nil, in, err
	}
	if in.ID != "" {
		in.UserID = in.ID
	}
	details := flaws{}
	if in.Password == "" {
		details["/password"] = "is required"
	}
	if in.UserID == "" && in.Identifier == "" {
		details["/identifier"] = "is required, or else userID"
	}
	if len(details) > 0 {
		return nil, in, unprocessable(details)
	}
	u, ok := p.user(in.UserID)
	if in.UserID == "" {
		u, ok = p.claimant(byIdentifier, in.Identifier)
	}
	if !ok {
		return nil, in, nil
	}
	return u, in, nil
}

// passwordState is the state of the user's password.
func (u *user) passwordState() string {
	for _, c := range u.Credentials {
		if c.Type == credentialPassword {
			return c.State
		}
	}
	return stateValid
}
