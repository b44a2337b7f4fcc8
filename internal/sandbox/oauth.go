package sandbox

import (
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// A tokenResponse is the TokenResponse of the OAuth description. The token type is in lower case, as tenants write it,
// but for DPoP.
type tokenResponse struct {
	AccessToken  string `json:"access_token"`
	TokenType    string `json:"token_type"`
	ExpiresIn    int64  `json:"expires_in"` // seconds
	Scope        string `json:"scope"`
	RefreshToken string `json:"refresh_token,omitempty"`
	IDToken      string `json:"id_token,omitempty"`
}

// A tokenRequest is one whose client has authenticated.
type tokenRequest struct {
	client Client
	form   url.Values
	cnf    confirmation // what the token is to be bound to
	fault  Fault
}

// A granter answers a tokenRequest with what was granted; nonce is that of the authorization request, for the ID token.
type granter func(tokenRequest) (g grant, nonce string, err error)

// granters are the grants by their types.
func (t *Tenant) granters() map[GrantType]granter {
	return map[GrantType]granter{
		GrantClientCredentials: t.grantClient,
		GrantAuthorizationCode: t.grantCode,
		GrantRefreshToken:      t.grantRefresh,
		GrantDeviceCode:        t.grantDevice,
	}
}

// token is the token endpoint (RFC 6749, 3.2).
func (t *Tenant) token(e *exchange) (reply, error) {
	form, err := e.form()
	if err != nil {
		return reply{}, err
	}
	c, err := t.authenticate(e.request, form)
	if err != nil {
		return reply{}, err
	}
	kind := GrantType(form.Get("grant_type"))
	ask, known := t.granters()[kind]
	switch {
	case kind == "":
		return reply{}, oauthError("invalid_request", "The parameter grant_type is missing")
	case !known:
		return reply{}, oauthError("unsupported_grant_type", "The sandbox knows no such grant")
	case !c.may(kind):
		return reply{}, oauthError("unauthorized_client", "The client is not registered for this grant")
	}
	cnf, err := t.bind(e.request, c)
	if err != nil {
		return reply{}, err
	}
	g, nonce, err := ask(tokenRequest{c, form, cnf, e.fault})
	if err != nil {
		return reply{}, err
	}
	g.client, g.cnf = c.ID, cnf
	g.issuer, g.audience = t.issuer(e.request), t.publicOrigin(e.request)+t.apiBase()
	return t.grantToken(g, nonce)
}

// bind returns what the client's token is to be bound to: the key of the proof and the certificate that were sent. A
// client that is registered for one has to send it (RFC 9449, 5.2; RFC 8705, 3.4).
func (t *Tenant) bind(r *http.Request, c Client) (confirmation, error) {
	var cnf confirmation
	if certificate := peer(r); c.BoundTokens && certificate != nil {
		cnf.Certificate = thumbprint(certificate)
	} else if c.BoundTokens {
		return cnf, oauthError("invalid_request", "The client's tokens are bound to a certificate, and none is shown")
	}
	if len(r.Header.Values("DPoP")) == 0 && !c.DPoP {
		return cnf, nil
	}
	var err error
	if cnf.Key, err = t.checkProof(r, ""); err != nil {
		return cnf, proofRefusal(err)
	}
	return cnf, nil
}

// grantClient grants client_credentials (RFC 6749, 4.4).
func (t *Tenant) grantClient(in tokenRequest) (grant, string, error) {
	scopes, refused := in.client.grants(in.form.Get("scope"))
	if refused != nil {
		return grant{}, "", refused
	}
	return grant{scopes: in.fault.strip(scopes)}, "", nil
}

// strip takes away the scope that the fault keeps from tokens.
func (f Fault) strip(scopes []string) []string {
	return slices.DeleteFunc(slices.Clone(scopes), func(s string) bool { return s == f.StripScope })
}

// grantToken answers with new tokens, which no cache may keep (RFC 6749, 5.1).
func (t *Tenant) grantToken(g grant, nonce string) (reply, error) {
	out := tokenResponse{TokenType: "bearer", ExpiresIn: int64(t.tokens.ttl.Seconds()), Scope: strings.Join(g.scopes, " ")}
	if g.cnf.Key != "" {
		out.TokenType = schemeDPoP
	}
	var err error
	if out.AccessToken, err = t.tokens.issue(g); err != nil {
		return reply{}, err
	}
	if g.staff != "" {
		out.RefreshToken = t.tokens.issueRefresh(g)
	}
	if g.staff != "" && slices.Contains(g.scopes, ScopeOpenID) {
		if out.IDToken, err = t.idToken(g, nonce); err != nil {
			return reply{}, err
		}
	}
	answer, err := jsonReply(http.StatusOK, out)
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
	if repeats(form) {
		return nil, oauthError("invalid_request", "A parameter is given more than once")
	}
	return form, nil
}

// repeats reports whether a parameter is given more than once.
func repeats(form url.Values) bool {
	for _, values := range form {
		if len(values) > 1 {
			return true
		}
	}
	return false
}

// grants returns the scopes of a request: the asked ones without repetition, or all that the client has. Beside its
// own scopes it may ask for those in also.
func (c Client) grants(asked string, also ...string) ([]string, *httpError) {
	scopes := []string{}
	for _, s := range strings.Fields(asked) {
		if !slices.Contains(c.Scopes, s) && !slices.Contains(also, s) {
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
