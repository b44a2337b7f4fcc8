package token

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Transport sends requests to the API as the access tokens in them are bound: over the certificate that a token was issued
// to (RFC 8705, 3), also when another one has come since, and with a proof of the key (RFC 9449, 7).
func (s *Source) Transport() http.RoundTripper { return bound{s} }

type bound struct{ source *Source }

// RoundTrip sends r.
func (b bound) RoundTrip(r *http.Request) (*http.Response, error) {
	_, accessToken, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	id, ok := b.source.boundTo(accessToken)
	if !ok {
		var err error
		if id, err = b.source.config.Identify(); err != nil {
			if r.Body != nil {
				_ = r.Body.Close() // a RoundTripper closes it, also when it fails
			}
			return nil, err
		}
	}
	resp, err := b.source.proving(b.source.transport(id)).RoundTrip(r)
	if err == nil && resp.StatusCode >= http.StatusOK && resp.StatusCode < http.StatusMultipleChoices {
		b.source.accepted(accessToken)
	}
	return resp, err
}

// accepted notes that the API accepts an access token.
func (s *Source) accepted(accessToken string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.current.is(accessToken) {
		s.current.accepted = true
	}
}

// boundTo returns the identity that an access token was issued to lately.
func (s *Source) boundTo(accessToken string) (Identity, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, g := range s.recent {
		if g.is(accessToken) {
			return g.id, true
		}
	}
	return Identity{}, false
}

// transport is what requests of id are sent by.
func (s *Source) transport(id Identity) http.RoundTripper {
	switch {
	case id.Transport != nil:
		return id.Transport
	case s.config.HTTPClient.Transport != nil:
		return s.config.HTTPClient.Transport
	}
	return http.DefaultTransport
}

// proving is base with a proof of the key in each request, where tokens are bound to one.
func (s *Source) proving(base http.RoundTripper) http.RoundTripper {
	if s.config.Prover == nil {
		return base
	}
	return s.config.Prover.Transport(base)
}

// record returns a client for one operation that sends by base, and what it will have seen. Redirects are not followed: a
// secret must not travel to where nobody configured it.
func (s *Source) record(operation string, base http.RoundTripper) (*http.Client, *recorder) {
	seen := &recorder{base: base}
	if s.config.Observe != nil {
		seen.seen = func(status int, elapsed time.Duration) { s.config.Observe(operation, status, elapsed) }
	}
	client := *s.config.HTTPClient
	client.Transport = seen
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &client, seen
}

// authenticated is record for requests that prove the client. DPoP goes around the client's proof, since a request that is
// repeated with a nonce needs another assertion.
func (s *Source) authenticated(operation string, id Identity) (*http.Client, *recorder) {
	client, seen := s.record(operation, s.proving(id.Authenticate(s.transport(id))))
	seen.proof = id.Proof
	return client, seen
}

// post sends a form to an endpoint of the issuer's, with what proves the client, and returns what was seen of an answer of
// success. Errors are *Error.
func (s *Source) post(ctx context.Context, operation string, id Identity, endpoint string, form url.Values) (*recorder, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, endpoint, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, s.fail(operation, err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	client, seen := s.authenticated(operation, id)
	response, err := client.Do(request)
	known := s.answered(operation, seen)
	if err != nil {
		known.unanswered(err)
		return nil, known
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode < http.StatusOK || response.StatusCode >= http.StatusMultipleChoices {
		known.Code = seen.code()
		return nil, known
	}
	return seen, nil
}
