package token

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"net/url"

	"foyer/internal/clean"
	"foyer/internal/fixable"
)

// Paths under the issuer.
const (
	wellKnownPath = "/.well-known/openid-configuration" // OpenID Connect Discovery 1.0, 4
	tokenPath     = "/oauth2/token"                     //nolint:gosec // a path, not a credential
)

// Metadata is what the issuer says of itself (RFC 8414, 2; OpenID Connect Discovery 1.0, 3). Endpoints are https, or http on
// the loopback; "" where there is none.
type Metadata struct {
	Issuer string `json:"issuer"` // as the issuer writes it: with a slash at its end or without
	Endpoints
	JWKSURI             string    `json:"jwks_uri"`
	AuthMethods         []string  `json:"token_endpoint_auth_methods_supported"`
	ScopesSupported     []string  `json:"scopes_supported"`
	IDTokenAlgorithms   []string  `json:"id_token_signing_alg_values_supported"`
	DPoPAlgorithms      []string  `json:"dpop_signing_alg_values_supported"`              // RFC 9449, 5.1
	ResponseNamesIssuer bool      `json:"authorization_response_iss_parameter_supported"` // RFC 9207, 3
	MTLSEndpointAliases Endpoints `json:"mtls_endpoint_aliases"`                          // RFC 8705, 5
	Fallback            bool      `json:"-"`                                              // there is no document: the token endpoint is the documented one
}

// Endpoints are addresses of the issuer's.
type Endpoints struct {
	Authorization       string `json:"authorization_endpoint"`
	Token               string `json:"token_endpoint"`
	DeviceAuthorization string `json:"device_authorization_endpoint"` // RFC 8628, 4
	UserInfo            string `json:"userinfo_endpoint"`
	Introspection       string `json:"introspection_endpoint"` // RFC 7662
	Revocation          string `json:"revocation_endpoint"`    // RFC 7009
}

// all are the endpoints, also those that are not there.
func (e Endpoints) all() []string {
	return []string{e.Authorization, e.Token, e.DeviceAuthorization, e.UserInfo, e.Introspection, e.Revocation}
}

// endpoint is the one that of picks: the alias for mutual TLS where id has a certificate and there is one (RFC 8705, 5).
func (m Metadata) endpoint(id Identity, of func(Endpoints) string) string {
	if alias := of(m.MTLSEndpointAliases); id.Certificate != "" && alias != "" {
		return alias
	}
	return of(m.Endpoints)
}

// TokenEndpoint is where id asks for tokens.
func (m Metadata) TokenEndpoint(id Identity) string {
	return m.endpoint(id, func(e Endpoints) string { return e.Token })
}

// errNoMetadata says that an answer of success is no discovery document.
var errNoMetadata = errors.New("the answer is no discovery document")

// Discover reads the issuer's discovery document, each time anew, and remembers it for Token. Where there is none (404), the
// token endpoint is the one that the tenant's documentation names, and Fallback says so. A document of another issuer is
// refused (RFC 8414, 3.3); a slash at the end makes no other issuer. A non-nil error is always an *Error.
func (s *Source) Discover(ctx context.Context) (Metadata, error) {
	found, err := s.discover(ctx)
	if err == nil {
		s.mu.Lock()
		s.metadata = &found
		s.mu.Unlock()
	}
	return found, err
}

// discovered returns the metadata that is known, or discovers it.
func (s *Source) discovered(ctx context.Context) (Metadata, error) {
	s.mu.Lock()
	known := s.metadata
	s.mu.Unlock()
	if known != nil {
		return *known, nil
	}
	return s.Discover(ctx)
}

func (s *Source) discover(ctx context.Context) (Metadata, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.issuer+wellKnownPath, http.NoBody)
	if err != nil {
		return Metadata{}, s.fail(opDiscover, err)
	}
	client, seen := s.record(opDiscover, s.transport(Identity{}))
	response, err := client.Do(request)
	known := s.answered(opDiscover, seen)
	if err != nil {
		known.unanswered(err)
		return Metadata{}, known
	}
	defer func() { _ = response.Body.Close() }()
	switch response.StatusCode {
	case http.StatusOK:
	case http.StatusNotFound:
		return Metadata{Issuer: s.issuer, Endpoints: Endpoints{Token: s.issuer + tokenPath}, Fallback: true}, nil
	default:
		known.Code = seen.code()
		return Metadata{}, known
	}
	found, err := decodeMetadata(seen.body, s.issuer)
	if err != nil {
		known.Err = err
		return Metadata{}, known
	}
	return found, nil
}

// decodeMetadata reads the document of issuer, which is without a slash at its end. The errors are errNoMetadata, or a
// *fixable.Error for a document that is not to be believed.
func decodeMetadata(document []byte, issuer string) (Metadata, error) {
	var m Metadata
	if json.Unmarshal(document, &m) != nil || m.Issuer == "" || m.Token == "" {
		return Metadata{}, errNoMetadata // without the decoder's words, which may quote the document
	}
	if m.Issuer != issuer && m.Issuer != issuer+"/" {
		return Metadata{}, fixable.Errorf("auth.issuer_url is %s, but the document there is of the issuer %q; write that one if it is the tenant's",
			issuer, clean.Line(m.Issuer, maxQuoted))
	}
	for _, endpoint := range append(append(m.all(), m.MTLSEndpointAliases.all()...), m.JWKSURI) {
		if endpoint != "" && !safe(endpoint) {
			return Metadata{}, fixable.Errorf("the discovery document of auth.issuer_url names the endpoint %q, which is not https; correct it in the tenant",
				clean.Line(endpoint, maxQuoted))
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
