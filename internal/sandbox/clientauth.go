package sandbox

import (
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
	"net/url"
)

// credentials are how a client says who it is. By is the method they are of: client_secret_basic, client_secret_post,
// private_key_jwt for any assertion, or none for an id alone, which is all that a client with a certificate sends.
type credentials struct {
	by        Method
	id        string
	secret    string
	assertion string
}

// authenticate returns the client that sent a request, which has to use the method that it is registered with. After
// too many wrong secrets a client is turned away for a minute even with the right one, so that guessing is pointless.
func (t *Tenant) authenticate(r *http.Request, form url.Values) (Client, error) {
	given, err := presented(r, form)
	if err != nil {
		return Client{}, err
	}
	c, ok := t.client(given.id)
	if !ok {
		return Client{}, invalidClient("Client authentication failed")
	}
	if wait := t.secrets.closed(c.ID); wait > 0 && c.hasSecret() {
		closed := tooMany(wait)
		closed.generic = true
		return Client{}, closed
	}
	if err := t.admit(r, c, given); err != nil {
		return Client{}, err
	}
	t.secrets.right(c.ID)
	return c, nil
}

// admit holds what was presented against what the client is registered with.
func (t *Tenant) admit(r *http.Request, c Client, given credentials) error {
	by := c.Method
	if by == MethodBasicOrPost && given.by == MethodClientSecretPost {
		by = MethodClientSecretPost
	}
	switch {
	case (by == MethodBasicOrPost || by == MethodClientSecretBasic) && given.by == MethodClientSecretBasic,
		by == MethodClientSecretPost && given.by == by:
		return t.checkSecret(c, given.secret)
	case (by == MethodClientSecretJWT || by == MethodPrivateKeyJWT) && given.by == MethodPrivateKeyJWT:
		return t.checkAssertion(r, c, given.assertion)
	case by == MethodTLSClientAuth && given.by == MethodNone:
		return t.checkIssued(r, c)
	case by == MethodSelfSignedTLSClientAuth && given.by == MethodNone:
		return t.checkSelfSigned(r, c)
	case by == MethodNone && given.by == MethodNone:
		return nil
	}
	return invalidClient("The client authenticates by another method than it is registered with")
}

func (t *Tenant) checkSecret(c Client, secret string) error {
	if !sameSecret(secret, c.Secret) {
		t.secrets.wrong(c.ID)
		return invalidClient("Client authentication failed")
	}
	return nil
}

// presented takes the credentials out of a request, which may use one method only (RFC 6749, 2.3).
func presented(r *http.Request, form url.Values) (credentials, error) {
	id, secret, basic := r.BasicAuth()
	post, assertion := form.Has("client_secret"), form.Has("client_assertion") || form.Has("client_assertion_type")
	switch {
	case basic && post, basic && assertion, post && assertion:
		return credentials{}, oauthError("invalid_request", "The client authenticates in two ways at once")
	case basic:
		return unescape(id, secret)
	case assertion:
		return presentedAssertion(form)
	case form.Get("client_id") == "":
		return credentials{}, invalidClient("The client does not authenticate")
	case post:
		return credentials{by: MethodClientSecretPost, id: form.Get("client_id"), secret: form.Get("client_secret")}, nil
	}
	return credentials{by: MethodNone, id: form.Get("client_id")}, nil
}

// unescape undoes the form encoding that both halves of basic credentials are in (RFC 6749, 2.3.1).
func unescape(id, secret string) (credentials, error) {
	plainID, err := url.QueryUnescape(id)
	if err != nil {
		return credentials{}, invalidClient("The client id is not form-encoded")
	}
	plainSecret, err := url.QueryUnescape(secret)
	if err != nil {
		return credentials{}, invalidClient("The client secret is not form-encoded")
	}
	return credentials{by: MethodClientSecretBasic, id: plainID, secret: plainSecret}, nil
}

// sameSecret compares digests, so that neither the length nor the content of a secret shows in the time it takes.
func sameSecret(a, b string) bool {
	x, y := sha256.Sum256([]byte(a)), sha256.Sum256([]byte(b))
	return subtle.ConstantTimeCompare(x[:], y[:]) == 1
}

// invalidClient refuses a client's authentication.
func invalidClient(description string) *httpError {
	r := oauthError("invalid_client", description)
	r.status = http.StatusUnauthorized
	r.header.Set("WWW-Authenticate", `Basic realm="sandbox"`)
	return r
}
