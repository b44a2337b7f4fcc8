package clientauth

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
)

// longestForm bounds the form of a request, in bytes.
const longestForm = 64 << 10

// Errors of a request that is none of ours to send. They are a caller's mistake, and quote nothing of the request.
var (
	errFormTooLong = errors.New("clientauth: the form is longer than 64 KiB")
	errFormBroken  = errors.New("clientauth: the form cannot be parsed")
	errRedirected  = errors.New("clientauth: no proof of the client is sent after a redirect")
)

// Transport returns a transport that adds what proves the client to each POST of a form, as golang.org/x/oauth2 makes them
// with AuthStyleInParams and without a secret, and sends it through base. All other requests pass as they are. The
// caller's request is not changed; the one that is sent has a body of its own, a Content-Length and a GetBody.
//
// Each RoundTrip carries an assertion of its own. The transport of DPoP (package dpop), which repeats a request with
// another nonce, therefore goes around this one and not inside it, where the repetition would replay the assertion:
//
//	prover.Transport(authenticator.Transport(base))
//
// Errors: a *fixable.Error for a configuration that cannot prove the client, and what base returns. A request that a
// client makes because of a redirect is refused: its proof must not travel to where nobody configured it.
func (a *Authenticator) Transport(base http.RoundTripper) http.RoundTripper {
	return &transport{base: base, authenticator: a}
}

type transport struct {
	base          http.RoundTripper
	authenticator *Authenticator
}

// RoundTrip sends r with a proof of the client.
func (t *transport) RoundTrip(r *http.Request) (*http.Response, error) {
	if !isForm(r) {
		return t.base.RoundTrip(r)
	}
	proven, err := t.authenticator.authenticate(r)
	if err != nil {
		return nil, err
	}
	return t.base.RoundTrip(proven)
}

// authenticate returns a copy of r with a proof of the client. It reads and closes r's body.
func (a *Authenticator) authenticate(r *http.Request) (*http.Request, error) {
	form, err := readForm(r)
	if err != nil {
		return nil, err
	}
	if r.Response != nil {
		return nil, errRedirected
	}
	for _, name := range []string{"client_secret", "client_assertion", "client_assertion_type"} {
		form.Del(name) // one proof and no more: RFC 6749, 2.3
	}
	form.Set("client_id", a.credentials.ClientID)
	proven := r.Clone(r.Context())
	if err := a.prove(proven.Header, form); err != nil {
		return nil, err
	}
	body := []byte(form.Encode())
	proven.ContentLength, proven.TransferEncoding = int64(len(body)), nil
	proven.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
	proven.Body, err = proven.GetBody()
	return proven, err
}

// isForm reports whether r posts a form.
func isForm(r *http.Request) bool {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return err == nil && r.Method == http.MethodPost && kind == "application/x-www-form-urlencoded"
}

// readForm reads r's form and closes its body.
func readForm(r *http.Request) (url.Values, error) {
	if r.Body == nil {
		return url.Values{}, nil
	}
	defer func() { _ = r.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(r.Body, longestForm+1))
	switch {
	case err != nil:
		return nil, err
	case len(body) > longestForm:
		return nil, errFormTooLong
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, errFormBroken // what the parser says quotes the form
	}
	return form, nil
}
