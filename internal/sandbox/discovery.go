package sandbox

import "net/http"

// A configuration is the discovery document (wellKnown of the OAuth description; OpenID Connect Discovery 1.0, 3).
type configuration struct {
	Issuer                  string   `json:"issuer"`
	AuthorizationEndpoint   string   `json:"authorization_endpoint"`
	TokenEndpoint           string   `json:"token_endpoint"`
	JWKSURI                 string   `json:"jwks_uri"`
	DeviceEndpoint          string   `json:"device_authorization_endpoint"`
	UserinfoEndpoint        string   `json:"userinfo_endpoint"`
	IntrospectionEndpoint   string   `json:"introspection_endpoint"`
	RevocationEndpoint      string   `json:"revocation_endpoint"`
	GrantTypes              []string `json:"grant_types_supported"`
	ResponseTypes           []string `json:"response_types_supported"`
	ResponseModes           []string `json:"response_modes_supported"`
	Scopes                  []string `json:"scopes_supported"`
	Claims                  []string `json:"claims_supported"`
	SubjectTypes            []string `json:"subject_types_supported"`
	SigningAlgorithms       []string `json:"id_token_signing_alg_values_supported"`
	TokenAuthMethods        []string `json:"token_endpoint_auth_methods_supported"`
	TokenAuthAlgorithms     []string `json:"token_endpoint_auth_signing_alg_values_supported"`
	IntrospectionAuth       []string `json:"introspection_endpoint_auth_methods_supported"`
	IntrospectionAlgorithms []string `json:"introspection_endpoint_auth_signing_alg_values_supported"`
	RevocationAuth          []string `json:"revocation_endpoint_auth_methods_supported"`
	RevocationAlgorithms    []string `json:"revocation_endpoint_auth_signing_alg_values_supported"`
	ChallengeMethods        []string `json:"code_challenge_methods_supported"`
	ProofAlgorithms         []string `json:"dpop_signing_alg_values_supported"`
	ResponseIssuer          bool     `json:"authorization_response_iss_parameter_supported"`
	BoundTokens             bool     `json:"tls_client_certificate_bound_access_tokens"`
	Aliases                 *aliases `json:"mtls_endpoint_aliases,omitempty"`
}

// aliases are the endpoints for clients with a certificate (MTLSEndpointAliases; RFC 8705, 5).
type aliases struct {
	TokenEndpoint         string `json:"token_endpoint"`
	DeviceEndpoint        string `json:"device_authorization_endpoint"`
	UserinfoEndpoint      string `json:"userinfo_endpoint"`
	IntrospectionEndpoint string `json:"introspection_endpoint"`
	RevocationEndpoint    string `json:"revocation_endpoint"`
}

// The paths of the endpoints under the issuer.
const (
	pathAuthorize  = "/oauth2/authorize"
	pathToken      = "/oauth2/token" //nolint:gosec // G101: a path is no credential
	pathIntrospect = "/oauth2/introspect"
	pathRevoke     = "/oauth2/revoke"
	pathDevice     = "/device/authorization"
	pathUserinfo   = "/userinfo"
	pathJWKS       = "/.well-known/jwks.json"
	pathWellKnown  = "/.well-known/openid-configuration"
)

// wellKnown answers the discovery document, with URLs under the host that the request was sent to.
func (t *Tenant) wellKnown(e *exchange) (reply, error) {
	issuer := t.issuer(e.request)
	mutual := t.mutualOrigin(e.request)
	methods := methods(mutual != "")
	signing := names(append(asymmetric(), symmetric()...))
	c := configuration{
		Issuer: issuer, AuthorizationEndpoint: issuer + pathAuthorize, TokenEndpoint: issuer + pathToken,
		JWKSURI: issuer + pathJWKS, DeviceEndpoint: issuer + pathDevice, UserinfoEndpoint: issuer + pathUserinfo,
		IntrospectionEndpoint: issuer + pathIntrospect, RevocationEndpoint: issuer + pathRevoke,
		GrantTypes: []string{
			string(GrantClientCredentials), string(GrantAuthorizationCode), string(GrantRefreshToken), string(GrantDeviceCode),
		},
		ResponseTypes: []string{"code"}, ResponseModes: []string{"query"},
		Scopes: append([]string{ScopeIdentity, ScopeSelfRegistration, ScopeTransientOTP}, staffScopes()...),
		Claims: []string{"sub", "name", "email"}, SubjectTypes: []string{"public"}, SigningAlgorithms: []string{"ES256"},
		TokenAuthMethods: methods, TokenAuthAlgorithms: signing, IntrospectionAuth: methods, IntrospectionAlgorithms: signing,
		RevocationAuth: methods, RevocationAlgorithms: signing,
		ChallengeMethods: []string{"S256"}, ProofAlgorithms: names(asymmetric()), ResponseIssuer: true, BoundTokens: mutual != "",
	}
	if mutual != "" {
		base := mutual + t.oauthBase()
		c.Aliases = &aliases{base + pathToken, base + pathDevice, base + pathUserinfo, base + pathIntrospect, base + pathRevoke}
	}
	return jsonReply(http.StatusOK, c)
}

// methods are the client authentication methods; those with certificates take mutual TLS.
func methods(mutual bool) []string {
	list := []Method{MethodClientSecretBasic, MethodClientSecretPost, MethodClientSecretJWT, MethodPrivateKeyJWT, MethodNone}
	if mutual {
		list = append(list, MethodTLSClientAuth, MethodSelfSignedTLSClientAuth)
	}
	out := make([]string, 0, len(list))
	for _, m := range list {
		out = append(out, string(m))
	}
	return out
}

// jwks answers the tenant's keys.
func (t *Tenant) jwks(*exchange) (reply, error) { return jsonReply(http.StatusOK, t.signer.public()) }
