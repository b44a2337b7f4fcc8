package sandbox

import (
	"crypto/rand"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"slices"
	"strings"

	"github.com/go-jose/go-jose/v4"
)

// A Method is how a client authenticates (RFC 7591, 2: token_endpoint_auth_method).
type Method string

// The client authentication methods. A client uses exactly the one that it is registered with.
const (
	MethodBasicOrPost             Method = "" // a secret, either way
	MethodClientSecretBasic       Method = "client_secret_basic"
	MethodClientSecretPost        Method = "client_secret_post"
	MethodClientSecretJWT         Method = "client_secret_jwt"
	MethodPrivateKeyJWT           Method = "private_key_jwt"
	MethodTLSClientAuth           Method = "tls_client_auth"
	MethodSelfSignedTLSClientAuth Method = "self_signed_tls_client_auth"
	MethodNone                    Method = "none" // a public client
)

// A GrantType is a value of grant_type (RFC 6749, 4).
type GrantType string

// The grants that the token endpoint knows.
const (
	GrantClientCredentials GrantType = "client_credentials"
	GrantAuthorizationCode GrantType = "authorization_code"
	GrantRefreshToken      GrantType = "refresh_token"
	GrantDeviceCode        GrantType = "urn:ietf:params:oauth:grant-type:device_code"
)

// minHMACKey is the least length of a secret that signs, in bytes: that of the shortest digest (RFC 7518, 3.2).
const minHMACKey = 32

// A Client is an OAuth client of the tenant.
type Client struct {
	ID     string
	Secret string // default: random, told by Tenant.Settings only
	Scopes []string
	Method Method
	Grants []GrantType // default: client_credentials; the grants that staff take part in bring refresh_token with them

	Keys         jose.JSONWebKeySet  // public ones, of private_key_jwt
	SubjectDN    string              // of tls_client_auth: RFC 8705, 2.1.2, as pkix.Name writes it
	Certificates []*x509.Certificate // of self_signed_tls_client_auth

	// RedirectURIs are where authorization_code may lead. The port of one on a loopback address does not matter (RFC
	// 8252, 7.3).
	RedirectURIs []string

	DPoP        bool // dpop_bound_access_tokens: a token takes a proof (RFC 9449, 5.2)
	BoundTokens bool // tls_client_certificate_bound_access_tokens: a token takes a certificate (RFC 8705, 3.4)
}

// Format prints the client's id and never its secret, whatever the verb.
func (c Client) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "client "+c.ID) }

// LogValue is what log/slog records: the client's id.
func (c Client) LogValue() slog.Value { return slog.StringValue(c.ID) }

// hasSecret reports whether the client authenticates by a secret of its own.
func (c Client) hasSecret() bool {
	return slices.Contains([]Method{MethodBasicOrPost, MethodClientSecretBasic, MethodClientSecretPost, MethodClientSecretJWT}, c.Method)
}

// staffed reports whether members of staff sign in by the client.
func (c Client) staffed() bool {
	return c.may(GrantAuthorizationCode) || c.may(GrantDeviceCode)
}

// may reports whether the client is registered for a grant.
func (c Client) may(g GrantType) bool { return slices.Contains(c.Grants, g) }

// staffGrants returns the scopes of a sign-in that asks for these.
func (c Client) staffGrants(asked string) ([]string, *httpError) {
	return c.grants(asked, staffScopes()...)
}

func (t *Tenant) client(id string) (Client, bool) {
	for _, c := range t.clients {
		if c.ID == id {
			return c, true
		}
	}
	return Client{}, false
}

// completeClients returns copies of clients, each with its defaults.
func completeClients(clients []Client) ([]Client, error) {
	known := map[string]bool{}
	complete := make([]Client, 0, len(clients))
	for _, c := range clients {
		if c.ID == "" {
			return nil, errors.New("a client has no id")
		}
		if known[c.ID] {
			return nil, fmt.Errorf("client id %q is given twice", c.ID)
		}
		known[c.ID] = true
		c = c.complete()
		if err := c.check(); err != nil {
			return nil, fmt.Errorf("client %q: %w", c.ID, err)
		}
		complete = append(complete, c)
	}
	return complete, nil
}

func (c Client) complete() Client {
	if c.Secret == "" && c.hasSecret() {
		c.Secret = rand.Text()
		if c.Method == MethodClientSecretJWT {
			c.Secret += rand.Text() + rand.Text() // enough for HS512
		}
	}
	c.Grants = slices.Clone(c.Grants)
	if len(c.Grants) == 0 {
		c.Grants = []GrantType{GrantClientCredentials}
	}
	if c.staffed() && !c.may(GrantRefreshToken) {
		c.Grants = append(c.Grants, GrantRefreshToken)
	}
	return c
}

// check says what about the client cannot be.
func (c Client) check() error {
	for _, g := range c.Grants {
		if !slices.Contains([]GrantType{GrantClientCredentials, GrantAuthorizationCode, GrantRefreshToken, GrantDeviceCode}, g) {
			return fmt.Errorf("there is no grant %q", g)
		}
	}
	if c.may(GrantAuthorizationCode) && len(c.RedirectURIs) == 0 {
		return errors.New("authorization_code takes a redirect URI")
	}
	for _, uri := range c.RedirectURIs {
		if u, err := url.Parse(uri); err != nil || !u.IsAbs() || u.Fragment != "" || strings.Contains(uri, "#") {
			return errors.New("a redirect URI is absolute and has no fragment (RFC 6749, 3.1.2)")
		}
	}
	return c.checkMethod()
}

func (c Client) checkMethod() error {
	switch c.Method {
	case MethodBasicOrPost, MethodClientSecretBasic, MethodClientSecretPost:
	case MethodClientSecretJWT:
		if len(c.Secret) < minHMACKey {
			return fmt.Errorf("a secret that signs has at least %d bytes (RFC 7518, 3.2)", minHMACKey)
		}
	case MethodPrivateKeyJWT:
		if len(c.Keys.Keys) == 0 {
			return errors.New("private_key_jwt takes public keys")
		}
		for _, key := range c.Keys.Keys {
			if !key.Valid() || !key.IsPublic() {
				return errors.New("private_key_jwt takes valid keys, and only their public halves")
			}
		}
	case MethodTLSClientAuth:
		if c.SubjectDN == "" {
			return errors.New("tls_client_auth takes a subject DN")
		}
	case MethodSelfSignedTLSClientAuth:
		if len(c.Certificates) == 0 {
			return errors.New("self_signed_tls_client_auth takes certificates")
		}
	case MethodNone:
		if c.may(GrantClientCredentials) {
			return errors.New("client_credentials is for clients that authenticate (RFC 6749, 4.4)")
		}
	default:
		return fmt.Errorf("there is no method %q", c.Method)
	}
	return nil
}
