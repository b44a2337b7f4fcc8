package sandbox

import "net/http"

// A configuration is the discovery document (wellKnown of the OAuth description; OpenID Connect Discovery 1.0, 3).
// The sandbox has no authorization endpoint and signs nothing; the members that say so are required ones.
type configuration struct {
	Issuer                 string   `json:"issuer"`
	AuthorizationEndpoint  string   `json:"authorization_endpoint"`
	TokenEndpoint          string   `json:"token_endpoint"`
	JWKSURI                string   `json:"jwks_uri"`
	GrantTypes             []string `json:"grant_types_supported"`
	ResponseTypes          []string `json:"response_types_supported"`
	Scopes                 []string `json:"scopes_supported"`
	SubjectTypes           []string `json:"subject_types_supported"`
	SigningAlgorithms      []string `json:"id_token_signing_alg_values_supported"`
	TokenEndpointAuthModes []string `json:"token_endpoint_auth_methods_supported"`
}

// wellKnown answers the discovery document, with URLs under the host that the request was sent to.
func (t *Tenant) wellKnown(e *exchange) (reply, error) {
	issuer := origin(e.request) + t.oauthBase()
	return jsonReply(http.StatusOK, configuration{
		Issuer:                 issuer,
		AuthorizationEndpoint:  issuer + "/oauth2/authorize",
		TokenEndpoint:          issuer + "/oauth2/token",
		JWKSURI:                issuer + "/.well-known/jwks.json",
		GrantTypes:             []string{"client_credentials"},
		ResponseTypes:          []string{"code"},
		Scopes:                 []string{ScopeIdentity, ScopeSelfRegistration, ScopeTransientOTP},
		SubjectTypes:           []string{"public"},
		SigningAlgorithms:      []string{"ES256"},
		TokenEndpointAuthModes: []string{"client_secret_basic", "client_secret_post"},
	})
}

// jwks answers the tenant's keys: there are none.
func (t *Tenant) jwks(*exchange) (reply, error) {
	return jsonReply(http.StatusOK, map[string][]string{"keys": {}})
}

// origin is the scheme and host under which the client reached the tenant.
func origin(r *http.Request) string {
	if r.TLS != nil {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}
