package sandbox

import (
	"net/http"
	"net/url"
	"strings"
)

// authorization is the authorization endpoint (RFC 6749, 3.1). It sends the browser on to a page of the sandbox, as
// the OAuth description has it; or back with an error, unless it is not known where that is.
func (t *Tenant) authorization(e *exchange) (reply, error) {
	query, err := url.ParseQuery(e.request.URL.RawQuery)
	if err != nil || repeats(query) {
		return reply{}, unauthorized("invalid_request", "The query is not in order, or a parameter is given more than once")
	}
	c, ok := t.client(query.Get("client_id"))
	if !ok {
		return reply{}, unauthorized("invalid_client", "There is no client with this client_id")
	}
	if !c.mayRedirect(query.Get("redirect_uri")) {
		return reply{}, unauthorized("invalid_request", "The redirect_uri is not registered")
	}
	a := authorization{
		client: c.ID, redirectURI: query.Get("redirect_uri"), state: query.Get("state"), nonce: query.Get("nonce"),
		challenge: query.Get("code_challenge"), jkt: query.Get("dpop_jkt"), issuer: t.issuer(e.request),
	}
	var refusal url.Values
	if a.scopes, refusal = c.authorizes(query); refusal != nil {
		return redirect(http.StatusFound, a.back(refusal)), nil
	}
	return redirect(http.StatusFound, origin(e.request)+controlAuthorizePath+t.signIns.wait(a, t.now())), nil
}

// authorizes returns the scopes that a request asks for, or what the client is told when it is not in order (RFC 6749,
// 4.1.2.1).
func (c Client) authorizes(query url.Values) (scopes []string, refusal url.Values) {
	switch {
	case !c.may(GrantAuthorizationCode):
		return nil, told("unauthorized_client", "The client is not registered for authorization_code")
	case query.Get("response_type") != "code":
		return nil, told("unsupported_response_type", "The response_type is not code")
	case query.Get("code_challenge_method") != "S256", !validChallenge.MatchString(query.Get("code_challenge")):
		return nil, told("invalid_request", "A code_challenge of the method S256 is required")
	}
	scopes, refused := c.staffGrants(query.Get("scope"))
	if refused != nil {
		return nil, told(refused.oauth, refused.message)
	}
	return scopes, nil
}

// told is an error as it is told to a client by way of the browser.
func told(code, description string) url.Values {
	return url.Values{"error": {code}, "error_description": {description}}
}

// unauthorized refuses an authorization request that cannot be answered at its client.
func unauthorized(code, description string) *httpError {
	r := oauthError(code, description)
	r.status = http.StatusUnauthorized
	return r
}

// back is the redirect URI with an answer, to which state and iss are added (RFC 9207, 2).
func (a authorization) back(answer url.Values) string {
	if a.state != "" {
		answer.Set("state", a.state)
	}
	answer.Set("iss", a.issuer)
	join := "?"
	if strings.Contains(a.redirectURI, "?") {
		join = "&"
	}
	return a.redirectURI + join + answer.Encode()
}

// redirect sends a browser on.
func redirect(status int, to string) reply {
	return reply{status: status, header: http.Header{"Location": {to}, "Cache-Control": {"no-store"}}}
}

// controlAuthorize answers GET and POST /sandbox/authorize/{id}: the page where staff sign in, and what they decided
// there.
func (t *Tenant) controlAuthorize(e *exchange, id string) (reply, error) {
	switch e.request.Method {
	case http.MethodGet:
		a, ok := t.signIns.find(id, t.now())
		if !ok {
			return t.staffReply(http.StatusNotFound, endedSignIn(), "")
		}
		return t.staffReply(http.StatusOK, askStaff(a.client, ""), a.redirectURI)
	case http.MethodPost:
		return t.decideSignIn(e, id)
	}
	return reply{}, notAllowed(http.MethodGet, http.MethodPost)
}

func (t *Tenant) decideSignIn(e *exchange, id string) (reply, error) {
	form, err := e.linkForm()
	if err != nil {
		return reply{}, err
	}
	m, known := memberByKey(form.Get("staff"))
	if !known && form.Get("staff") != refuseStaff {
		return t.staffReply(http.StatusUnprocessableEntity, staffView{Heading: "Nobody was chosen", Text: "Go back and choose who signs in."}, "")
	}
	a, code, ok := t.signIns.settle(id, m.subject, t.now())
	switch {
	case !ok:
		return t.staffReply(http.StatusNotFound, endedSignIn(), "")
	case code == "":
		return redirect(http.StatusSeeOther, a.back(told("access_denied", "Staff refused"))), nil
	}
	return redirect(http.StatusSeeOther, a.back(url.Values{"code": {code}})), nil
}
