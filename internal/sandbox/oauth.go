package sandbox

import (
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// A tokenResponse is the TokenResponse of the OAuth description. The token type is in lower case, as tenants write it.
type tokenResponse struct {
	AccessToken string `json:"access_token"`
	TokenType   string `json:"token_type"`
	ExpiresIn   int64  `json:"expires_in"` // seconds
	Scope       string `json:"scope"`
}

// token is the token endpoint (RFC 6749, 3.2) for the grant client_credentials.
func (t *Tenant) token(e *exchange) (reply, error) {
	form, err := e.form()
	if err != nil {
		return reply{}, err
	}
	c, err := t.authenticate(e.request, form)
	if err != nil {
		return reply{}, err
	}
	switch form.Get("grant_type") {
	case "":
		return reply{}, oauthError("invalid_request", "The parameter grant_type is missing")
	case "client_credentials":
	default:
		return reply{}, oauthError("unsupported_grant_type", "The sandbox grants client_credentials only")
	}
	scopes, err := c.grants(form.Get("scope"))
	if err != nil {
		return reply{}, err
	}
	scopes = slices.DeleteFunc(scopes, func(s string) bool { return s == e.fault.StripScope })
	return t.grantToken(grant{c.ID, scopes})
}

// grantToken answers with a new token, which no cache may keep (RFC 6749, 5.1).
func (t *Tenant) grantToken(g grant) (reply, error) {
	answer, err := jsonReply(http.StatusOK, tokenResponse{
		AccessToken: t.tokens.issue(g),
		TokenType:   "bearer",
		ExpiresIn:   int64(t.tokens.ttl.Seconds()),
		Scope:       strings.Join(g.scopes, " "),
	})
	return answer.with("Cache-Control", "no-store").with("Pragma", "no-cache"), err
}

// form reads the body's parameters. None may be given twice (RFC 6749, 3.2); those in the query do not count.
func (e *exchange) form() (url.Values, error) {
	kind, _, err := mime.ParseMediaType(e.request.Header.Get("Content-Type"))
	if err != nil || kind != "application/x-www-form-urlencoded" {
		return nil, oauthError("invalid_request", "The request body must be application/x-www-form-urlencoded")
	}
	form, err := url.ParseQuery(string(e.body))
	if err != nil {
		return nil, oauthError("invalid_request", "The request body is not a form")
	}
	for _, values := range form {
		if len(values) > 1 {
			return nil, oauthError("invalid_request", "A parameter is given more than once")
		}
	}
	return form, nil
}

// grants returns the scopes of a request: the asked ones without repetition, or all that the client has.
func (c Client) grants(asked string) ([]string, error) {
	scopes := []string{}
	for _, s := range strings.Fields(asked) {
		if !slices.Contains(c.Scopes, s) {
			return nil, oauthError("invalid_scope", "The client may not ask for one of these scopes")
		}
		if !slices.Contains(scopes, s) {
			scopes = append(scopes, s)
		}
	}
	if len(scopes) == 0 {
		scopes = slices.Clone(c.Scopes)
	}
	return scopes, nil
}

// oauthError is an error response of RFC 6749, 5.2.
func oauthError(code, description string) *httpError {
	r := refuse(http.StatusBadRequest, description)
	r.oauth = code
	r.header = http.Header{"Cache-Control": {"no-store"}}
	return r
}
