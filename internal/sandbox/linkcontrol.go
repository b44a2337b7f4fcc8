package sandbox

import (
	"errors"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// mechanismPassword is the authentication mechanism of a pool whose users have passwords.
const mechanismPassword = "password"

// A link is one that leads somewhere.
type link struct {
	pool       *pool
	definition definition
	extended   string
	proof      proof
}

// controlLink answers GET and POST /sandbox/links/{pool}/{extended code}. GET shows a page and leaves the code good, so
// that a scanner of mail does not use it up; POST activates the user or verifies the address.
func (t *Tenant) controlLink(e *exchange, rest string) (reply, error) {
	get := e.request.Method == http.MethodGet
	if !get && e.request.Method != http.MethodPost {
		return reply{}, notAllowed(http.MethodGet, http.MethodPost)
	}
	id, extended, _ := strings.Cut(rest, "/")
	p, ok := t.pools[id]
	if !ok {
		return t.linkReply(http.StatusNotFound, deadLink())
	}
	l := link{pool: p, definition: p.current(), extended: extended}
	o, _ := ownerOf(id, extended)
	var err error
	if l.proof, err = t.prove(p, subject{}, o.kind, extended, anyCode); err != nil {
		return t.linkRefusal(deadLink(), err)
	}
	name := plain(l.definition.Name)
	if get {
		return t.linkReply(http.StatusOK, l.view(name))
	}
	if err := t.follow(e, l); err != nil {
		return t.linkRefusal(l.view(name), err)
	}
	return t.linkReply(http.StatusOK, l.done(name))
}

// asksPassword reports whether the user has to choose a password.
func (l link) asksPassword() bool {
	return l.proof.owner.kind == codeActivation && l.proof.user.password == nil &&
		slices.Contains(l.definition.AuthenticationMechanisms, mechanismPassword)
}

// follow does what the link is for.
func (t *Tenant) follow(e *exchange, l link) error {
	form, err := e.linkForm()
	if err != nil {
		return err
	}
	switch l.proof.owner.kind {
	case codeActivation:
		in := activation{Code: l.extended, Password: form.Get("password")}
		if in.Password == "" && l.asksPassword() {
			return unprocessable(flaws{"/password": "is required"})
		}
		_, err := t.activate(e, l.pool, subject{}, in)
		return err
	case codeVerifyAddress:
		return t.verifyAddress(e, l.pool, l.proof)
	case codeChallenge, codeAuthentication, codeResetPassword, codeResetTOTP, codeEnrollWebAuthn:
	}
	return refuse(http.StatusUnprocessableEntity, "The link is for another program")
}

// linkForm reads what the page's form sends; nothing at all is an empty form.
func (e *exchange) linkForm() (url.Values, error) {
	if len(e.body) == 0 {
		return url.Values{}, nil
	}
	kind, _, err := mime.ParseMediaType(e.request.Header.Get("Content-Type"))
	if err != nil || kind != "application/x-www-form-urlencoded" {
		return nil, refuse(http.StatusUnsupportedMediaType, "The request body must be application/x-www-form-urlencoded")
	}
	form, err := url.ParseQuery(string(e.body))
	if err != nil {
		return nil, refuse(http.StatusBadRequest, "The request body is not a form")
	}
	return form, nil
}

// linkRefusal is v with what was wrong, or the page of a dead link.
func (t *Tenant) linkRefusal(v linkView, err error) (reply, error) {
	var r *httpError
	if !errors.As(err, &r) {
		return reply{}, err
	}
	status := r.status
	switch r.status {
	case http.StatusUnauthorized:
		status, v = http.StatusNotFound, deadLink()
	case http.StatusTooManyRequests:
		v = linkView{Heading: "Too many tries", Text: "Wait a minute, then open the link again."}
	case http.StatusUnprocessableEntity:
		v.Wrong = r.message
		for _, field := range slices.Sorted(maps.Keys(r.details)) {
			v.Wrong = strings.TrimPrefix(field, "/") + " " + r.details[field]
		}
	default:
		v = linkView{Heading: "That did not work", Text: r.message + "."}
	}
	answer, err := t.linkReply(status, v)
	if err != nil {
		return reply{}, err
	}
	maps.Copy(answer.header, r.header)
	return answer, nil
}
