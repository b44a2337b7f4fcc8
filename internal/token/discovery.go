package token

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"

	"foyer/internal/clean"
)

// Paths under the issuer.
const (
	wellKnownPath = "/.well-known/openid-configuration" // OpenID Connect Discovery 1.0, 4
	tokenPath     = "/oauth2/token"                     //nolint:gosec // a path, not a credential
)

// Metadata is what the issuer says of itself (RFC 8414, 2). Endpoints are https, or http on the loopback.
type Metadata struct {
	Issuer              string              `json:"issuer"`
	TokenEndpoint       string              `json:"token_endpoint"`
	ScopesSupported     []string            `json:"scopes_supported"`
	AuthMethods         []Method            `json:"token_endpoint_auth_methods_supported"`
	MTLSEndpointAliases MTLSEndpointAliases `json:"mtls_endpoint_aliases"`
	Fallback            bool                `json:"-"` // there is no document: the endpoint is the documented one
}

// MTLSEndpointAliases are the endpoints for mutual TLS (RFC 8705, 5).
type MTLSEndpointAliases struct {
	TokenEndpoint string `json:"token_endpoint"` // "" when there is none
}

// errNoMetadata says that an answer of success is no discovery document.
var errNoMetadata = errors.New("the answer is no discovery document")

// Discover reads the issuer's discovery document, each time anew, and remembers the token endpoint for Token. Where there is none (404), the endpoint is the one that
// the tenant's documentation names, and Fallback says so. A document of another issuer is refused (RFC 8414, 3.3). A
// non-nil error is always an *Error.
func (s *Source) Discover(ctx context.Context) (Metadata, error) {
	found, err := s.discover(ctx)
	if err == nil {
		s.mu.Lock()
		s.metadata = &found
		s.mu.Unlock()
	}
	return found, err
}

func (s *Source) discover(ctx context.Context) (Metadata, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.issuer+wellKnownPath, http.NoBody)
	if err != nil {
		return Metadata{}, s.fail(opDiscover, err)
	}
	client, seen := s.record()
	response, err := client.Do(request)
	if err != nil {
		known := s.answered(opDiscover, seen)
		known.Err = err
		return Metadata{}, known
	}
	defer func() { _ = response.Body.Close() }()
	switch response.StatusCode {
	case http.StatusOK:
	case http.StatusNotFound:
		return Metadata{Issuer: s.issuer, TokenEndpoint: s.issuer + tokenPath, Fallback: true}, nil
	default:
		known := s.answered(opDiscover, seen)
		known.Code = seen.code()
		return Metadata{}, known
	}
	found, err := decodeMetadata(seen.body, s.issuer)
	if err != nil {
		known := s.answered(opDiscover, seen)
		known.Err = err
		return Metadata{}, known
	}
	return found, nil
}

// decodeMetadata reads the document of issuer. The errors are errNoMetadata, or a *fixable for a document that is not to
// be believed.
func decodeMetadata(document []byte, issuer string) (Metadata, error) {
	var m Metadata
	if json.Unmarshal(document, &m) != nil || m.Issuer == "" || m.TokenEndpoint == "" {
		return Metadata{}, errNoMetadata // without the decoder's words, which may quote the document
	}
	if m.Issuer != issuer {
		return Metadata{}, &fixable{fmt.Sprintf("auth.issuer_url is %s, but the document there is of the issuer %q; write that one if it is the tenant's",
			issuer, clean.Line(m.Issuer, maxQuoted))}
	}
	for _, endpoint := range []string{m.TokenEndpoint, m.MTLSEndpointAliases.TokenEndpoint} {
		if endpoint != "" && !safe(endpoint) {
			return Metadata{}, &fixable{fmt.Sprintf("the discovery document of auth.issuer_url names the endpoint %q, which is not https; correct it in the tenant",
				clean.Line(endpoint, maxQuoted))}
		}
	}
	return m, nil
}

// safe reports whether a secret may be sent to endpoint: over https, or without on the loopback.
func safe(endpoint string) bool {
	u, err := url.Parse(endpoint)
	if err != nil || u.Hostname() == "" || u.User != nil || u.Fragment != "" {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	loopback := u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
	return u.Scheme == "https" || u.Scheme == "http" && loopback
}
