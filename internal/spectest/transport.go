package spectest

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
)

// Transport returns a RoundTripper that sends through base and checks every exchange under the description's base
// path; other exchanges pass unchecked, so that the transports of two descriptions can be put one into the other.
// Bodies are read to their end first: it is not for streams, and not for answers that are broken on purpose.
func (s *Spec) Transport(tb testing.TB, base http.RoundTripper) http.RoundTripper {
	tb.Helper()
	return &transport{tb: tb, spec: s, base: base}
}

type transport struct {
	tb   testing.TB
	spec *Spec
	base http.RoundTripper
}

// RoundTrip sends req and checks what comes back.
func (c *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	if !strings.HasPrefix(req.URL.Path, c.spec.base+"/") {
		return c.base.RoundTrip(req)
	}
	sent, err := drain(req.Body)
	if err != nil {
		return nil, err
	}
	copied := req.Clone(req.Context()) // a RoundTripper must leave the request as it is
	if req.Body != nil {
		copied.Body = io.NopCloser(bytes.NewReader(sent))
	}
	resp, err := c.base.RoundTrip(copied)
	if err != nil {
		return nil, err
	}
	got, err := drain(resp.Body)
	if err != nil {
		return nil, err
	}
	resp.Body = io.NopCloser(bytes.NewReader(got))
	c.spec.Check(c.tb, req, sent, resp, got)
	return resp, nil
}

// drain reads and closes a body; nil has none.
func drain(body io.ReadCloser) ([]byte, error) {
	if body == nil {
		return nil, nil
	}
	data, err := io.ReadAll(body)
	return data, errors.Join(err, body.Close())
}
