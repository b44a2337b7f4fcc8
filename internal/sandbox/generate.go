package sandbox

import (
	"encoding/json"
	"net/http"
	"slices"
)

// A codeRequest is RequestCode of the API, or RequestCodeForUser, which names the user as well.
type codeRequest struct {
	subject

	Type     codeKind
	Metadata json.RawMessage // checked for its type and dropped
}

// issuedCodes are Codes of the API.
type issuedCodes struct {
	Code         string `json:"code"`
	ExtendedCode string `json:"extended_code"`
}

// generateCode makes a code of the user in the path (generateCode of the API). Nobody is sent it. The description
// does not say what identifier is for, so it is not heeded.
func (t *Tenant) generateCode(e *exchange) (reply, error) {
	return t.generateFor(e, func(in codeRequest) (subject, error) {
		return subject{UserID: e.params["userID"], Address: in.Address}, nil
	})
}

// generateUserCode makes a code of the user in the body (generateCodeForUser of the API).
func (t *Tenant) generateUserCode(e *exchange) (reply, error) {
	return t.generateFor(e, func(in codeRequest) (subject, error) {
		byAddress := in.Address != "" && slices.Contains([]codeKind{codeResetPassword, codeChallenge}, in.Type)
		if in.UserID == "" && in.Identifier == "" && !byAddress {
			return subject{}, unprocessable(flaws{"/userID": "is required, or else identifier"})
		}
		return in.subject, nil
	})
}

func (t *Tenant) generateFor(e *exchange, subjectOf func(codeRequest) (subject, error)) (reply, error) {
	p, err := t.pool(e)
	if err != nil {
		return reply{}, err
	}
	var in codeRequest
	if err := e.decode(&in); err != nil {
		return reply{}, err
	}
	if details := in.validate(); len(details) > 0 {
		return reply{}, unprocessable(details)
	}
	s, err := subjectOf(in)
	if err != nil {
		return reply{}, err
	}
	out, err := t.generate(p, s, in.Type)
	if err != nil {
		return reply{}, err
	}
	return jsonReply(http.StatusCreated, issuedCodes{out.digits, out.extended})
}

func (in codeRequest) validate() flaws {
	details := flaws{}
	var names []string
	for _, kind := range kinds() {
		names = append(names, string(kind))
	}
	details.choice("/type", string(in.Type), names...)
	if string(in.Metadata) != "null" {
		details.object("/metadata", in.Metadata)
	}
	return details
}

// generate makes a code of the user that s names.
func (t *Tenant) generate(p *pool, s subject, kind codeKind) (issued, error) {
	u := p.resolve(s)
	if u == nil {
		return issued{}, userNotFound()
	}
	c, flaw := p.codeFor(u, s, kind)
	if flaw != "" {
		return issued{}, unprocessable(flaws{"/address": flaw})
	}
	return t.issue(p.current(), u.ID, kind, c), nil
}

// codeFor chooses the address of a code by the rules of its kind ("Generate code of a specific type" of the API), or
// says what is wrong with it.
func (p *pool) codeFor(u *user, s subject, kind codeKind) (c code, flaw string) {
	_, a, found := p.addressee(subject{UserID: u.ID, Address: s.Address})
	switch {
	case s.Address != "" && !found:
		return c, "is not an address of the user"
	case s.Address == "" && kind == codeVerifyAddress:
		return c, "is required"
	case !found && kind == codeActivation:
		return c, "is required, as the user has not just one"
	case !found, s.Address == "" && kind != codeActivation:
		return code{}, ""
	case kind == codeVerifyAddress && a.Verified:
		return c, "is verified already"
	case kind == codeVerifyAddress && p.other(u, a.Address) != nil:
		return c, "is somebody else's"
	}
	return code{address: a.Address, theirs: true}, ""
}
