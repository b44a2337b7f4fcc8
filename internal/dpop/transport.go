package dpop

import (
	"bytes"
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"regexp"
	"strings"
)

// longestPeek bounds what is read of an answer to find out whether it asks for a nonce, in bytes.
const longestPeek = 64 << 10

// Transport returns a transport that adds a proof to each request and sends it through base. Whoever sets the header
// Authorization goes around it, since a proof is about the token. What proves the client at the authorization server
// (package clientauth) goes inside it, since a repeated request needs another assertion.
//
// An answer that asks for a nonce (RFC 9449, 8 and 9) is answered with the request, once, if its body can be had again
// by GetBody; otherwise, and when the second answer asks again, the caller gets the answer as it is. The server has not
// acted on a request whose proof it refuses, so that any method may be repeated. The nonce is kept for later requests,
// and so is the one of any other answer. The caller's request is not changed.
func (p *Prover) Transport(base http.RoundTripper) http.RoundTripper {
	return &transport{base: base, prover: p}
}

type transport struct {
	base   http.RoundTripper
	prover *Prover
}

// RoundTrip sends r with a proof, and again when the server asks for a nonce.
func (t *transport) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, fresh, err := t.send(r, r.Body)
	if err != nil || !fresh || !asksForNonce(resp) {
		return resp, err
	}
	body, ok := again(r)
	if !ok {
		return resp, nil
	}
	_, _ = io.CopyN(io.Discard, resp.Body, longestPeek) // so that the connection is used again
	_ = resp.Body.Close()
	resp, _, err = t.send(r, body)
	return resp, err
}

// send sends a copy of r with body and a proof. It reports whether the answer has a nonce.
func (t *transport) send(r *http.Request, body io.ReadCloser) (*http.Response, bool, error) {
	proof, err := t.prover.proof(r)
	if err != nil {
		if body != nil {
			_ = body.Close() // a RoundTripper closes it, also when it fails
		}
		return nil, false, err
	}
	proven := r.Clone(r.Context())
	proven.Body = body
	proven.Header.Set("DPoP", proof)
	resp, err := t.base.RoundTrip(proven)
	if err != nil {
		return nil, false, err
	}
	return resp, t.prover.remember(originOf(r.URL), resp.Header), nil
}

// again returns r's body once more, and false when it cannot be had.
func again(r *http.Request) (io.ReadCloser, bool) {
	if r.Body == nil || r.Body == http.NoBody {
		return r.Body, true
	}
	if r.GetBody == nil {
		return nil, false
	}
	body, err := r.GetBody()
	return body, err == nil
}

// challenge finds the challenge of a resource server among those of an answer (RFC 9449, 9).
var challenge = regexp.MustCompile(`(?i)(?:^|[,\s])dpop\s(?:.*[,\s])?error\s*=\s*"?use_dpop_nonce\b`)

// asksForNonce reports whether the answer asks for the request with a nonce: a 401 by its challenge, a 400 by the code in
// its body. Some authorization servers send that body with a 401. The body stays to be read as if nobody had.
func asksForNonce(resp *http.Response) bool {
	switch resp.StatusCode {
	case http.StatusUnauthorized:
		return challenge.MatchString(strings.Join(resp.Header.Values("WWW-Authenticate"), ", ")) || bodyAsks(resp)
	case http.StatusBadRequest:
		return bodyAsks(resp)
	}
	return false
}

// bodyAsks reports whether the answer's JSON is the error use_dpop_nonce (RFC 6749, 5.2).
func bodyAsks(resp *http.Response) bool {
	kind, _, err := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	if err != nil || (kind != "application/json" && !strings.HasSuffix(kind, "+json")) {
		return false
	}
	head, err := io.ReadAll(io.LimitReader(resp.Body, longestPeek))
	rest := io.Reader(resp.Body)
	if err != nil {
		rest = broken{err}
	}
	resp.Body = readCloser{io.MultiReader(bytes.NewReader(head), rest), resp.Body}
	var body struct {
		Error any `json:"error"`
	}
	return json.Unmarshal(head, &body) == nil && body.Error == "use_dpop_nonce"
}

// A readCloser reads from one and closes another.
type readCloser struct {
	io.Reader
	io.Closer
}

// broken is what is left of a body that broke off.
type broken struct{ err error }

func (b broken) Read([]byte) (int, error) { return 0, b.err }
