package sandbox

import (
	"net/http"
	"strconv"
)

// A userID is UserID of the API.
type userID struct {
	ID string `json:"id"`
}

// register makes a user who registers themselves (selfRegisterUser of the API).
//
// Somebody's identifier or verified address, as identifier or as otp_address, is answered with that user's id, as if
// a user had been made: the same is judged, estimated and hashed for it, and dropped. Its owner is told by message;
// nothing of theirs changes. If-Match takes no part: there is nothing yet for it to match.
func (t *Tenant) register(e *exchange) (reply, error) {
	p, err := t.pool(e)
	if err != nil {
		return reply{}, err
	}
	in, d := registration{}, p.current()
	if err := e.decode(&in); err != nil {
		return reply{}, err
	}
	send, form, err := e.registerOptions()
	if err != nil {
		return reply{}, err
	}
	if !d.PublicRegistrationAllowed {
		return reply{}, refuse(http.StatusUnprocessableEntity, "Self-registration is not allowed in this pool")
	}
	if details := t.validateRegistration(in, d); len(details) > 0 {
		return reply{}, unprocessable(details)
	}
	u := t.newUser(in.newUser(d), d.ID)
	if in.Password != "" {
		if u.password, err = t.judge(e.request.Context(), in.Password, "/password", u.words(), d.PasswordPolicy); err != nil {
			return reply{}, err
		}
	}
	holders, err := p.join(u, in.texts()...)
	switch {
	case err != nil:
		return reply{}, err
	case len(holders) > 0:
		t.warnAll(d, holders)
		u = holders[0].user
	case send:
		t.tellNew(e, d, u, form)
	}
	return jsonReply(http.StatusCreated, userID{u.ID})
}

// warnAll tells everybody whose identifier or address was named.
func (t *Tenant) warnAll(d definition, holders []holder) {
	for _, h := range holders {
		t.warn(d, h.user, h.text)
	}
}

// tellNew sends the activation message to the address that was named for it, or else the identifier, which is the last
// address of a user who registered. Who has none gets none.
func (t *Tenant) tellNew(e *exchange, d definition, u *user, form codeForm) {
	if len(u.Addresses) == 0 {
		return
	}
	c := code{address: u.Addresses[len(u.Addresses)-1].Address, theirs: true}
	t.tell(e, d, MessageActivation, t.issue(d, u.ID, codeActivation, c), form)
}

// registerOptions reads the query of a self-registration.
func (e *exchange) registerOptions() (send bool, form codeForm, err error) {
	if form, err = e.codeForm(asLink); err != nil {
		return false, "", err
	}
	text := e.request.URL.Query().Get("send_activation_message")
	if text == "" {
		return true, form, nil
	}
	if send, err = strconv.ParseBool(text); err != nil {
		return false, "", refuse(http.StatusBadRequest, "send_activation_message is neither true nor false")
	}
	return send, form, nil
}
