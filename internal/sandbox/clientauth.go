package sandbox

import (
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
	"net/url"
)

// credentials are how a client says who it is.
type credentials struct{ id, secret string }

// authenticate returns the client that sent a token request. After too many wrong secrets a client is turned away
// for a minute even with the right one, so that guessing is pointless.
func (t *Tenant) authenticate(r *http.Request, form url.Values) (Client, error) {
	given, err := presented(r, form)
	if err != nil {
		return Client{}, err
	}
	c, ok := t.client(given.id)
	if wait := t.secrets.closed(c.ID); ok && wait > 0 {
		closed := tooMany(wait)
		closed.generic = true
		return Client{}, closed
	}
	if !sameSecret(given.secret, c.Secret) || !ok {
		if ok {
			t.secrets.wrong(c.ID)
		}
		return Client{}, invalidClient("Client authentication failed")
	}
	t.secrets.right(c.ID)
	return c, nil
}

// presented takes the credentials out of a request, which may use one method only (RFC 6749, 2.3).
func presented(r *http.Request, form url.Values) (credentials, error) {
	id, secret, basic := r.BasicAuth()
	post := form.Has("client_secret")
	switch {
	case basic && post:
		return credentials{}, oauthError("invalid_request", "The client authenticates in two ways at once")
	case basic:
		return unescape(id, secret)
	case post && form.Get("client_id") != "":
		return credentials{form.Get("client_id"), form.Get("client_secret")}, nil
	}
	return credentials{}, invalidClient("The client does not authenticate")
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
	return credentials{plainID, plainSecret}, nil
}

func (t *Tenant) client(id string) (Client, bool) {
	for _, c := range t.clients {
		if c.ID == id {
			return c, true
		}
	}
	return Client{}, false
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
