package sandbox

import (
	"bytes"
	"net/http"
)

// A requestActivation is RequestActivation of the API: where to send an activation code, or what it is for.
type requestActivation struct {
	Address    string
	Identifier string // the older name of Address, which it overrides
}

// requestActivation reads the body, which may be left out, and returns the pool that it is for.
func (t *Tenant) requestActivation(e *exchange) (p *pool, address string, err error) {
	if p, err = t.pool(e); err != nil {
		return nil, "", err
	}
	var in requestActivation
	if len(bytes.TrimSpace(e.body)) > 0 {
		err = e.decode(&in)
	}
	if in.Identifier != "" {
		in.Address = in.Identifier
	}
	return p, in.Address, err
}

// sendActivation sends an activation message (selfSendActivationMessage of the API). Whether there is such a user,
// whether it is a new one, and whose the address is, the answer does not tell.
func (t *Tenant) sendActivation(e *exchange) (reply, error) {
	p, text, err := t.requestActivation(e)
	if err != nil {
		return reply{}, err
	}
	form, err := e.codeForm(asLink)
	if err != nil {
		return reply{}, err
	}
	kind, err := e.activationMode()
	if err != nil {
		return reply{}, err
	}
	if u, ok := p.user(e.params["userID"]); ok && u.Status == statusNew {
		t.sendActivationTo(e, p, u, text, kind, form)
	}
	return reply{status: http.StatusNoContent}, nil
}

// sendActivationTo sends a code of u to text, which need not be an address of theirs yet, or else to the only one they
// have. Somebody else whom the address signs in is told instead, and the code sent before stays good.
func (t *Tenant) sendActivationTo(e *exchange, p *pool, u *user, text, kind string, form codeForm) {
	d := p.current()
	if text == "" && len(u.Addresses) == 1 {
		text = u.Addresses[0].Address
	}
	if !isAddress(text) {
		return
	}
	if other := p.other(u, text); other != nil {
		t.warn(d, other, text)
		return
	}
	c := code{address: text, theirs: u.address(text, d) >= 0, invitation: kind == MessageInvitation}
	t.tell(e, d, kind, t.issue(d, u.ID, codeActivation, c), form)
}

// A codeID is CodeID of the API.
type codeID struct {
	ID string `json:"code_id"`
}

// generateActivation makes an activation code that nobody is sent, and answers its id (generateActivationCode of the
// API, which is deprecated). The address follows the rules of codes of the type activation.
func (t *Tenant) generateActivation(e *exchange) (reply, error) {
	p, text, err := t.requestActivation(e)
	if err != nil {
		return reply{}, err
	}
	s := subject{UserID: e.params["userID"], Address: text}
	out, err := t.generate(p, s, codeActivation)
	if err != nil {
		return reply{}, err
	}
	return jsonReply(http.StatusCreated, codeID{out.id})
}

// activationMode reads mode, and returns the kind of message that it asks for.
func (e *exchange) activationMode() (kind string, err error) {
	switch e.request.URL.Query().Get("mode") {
	case "", "registration":
		return MessageActivation, nil
	case "invitation":
		return MessageInvitation, nil
	}
	return "", refuse(http.StatusBadRequest, "mode is neither registration nor invitation")
}
