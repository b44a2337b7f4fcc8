// Package clientauth proves to the authorization server who the OAuth client is: RFC 6749, 2.3 (a secret), RFC 7523, 2.2 (a
// signed assertion), RFC 8705, 2 (a TLS certificate), each as OpenID Connect Core 1.0, 9 and the OAuth registry name it.
package clientauth

import (
	"net/http"
	"net/url"

	"foyer/internal/clean"
	"foyer/internal/fixable"
	"foyer/internal/secret"
)

// A Method is a way in which the client proves who it is, in the words of the OAuth registry "Token Endpoint
// Authentication Methods".
type Method string

// The methods.
const (
	ClientSecretBasic       Method = "client_secret_basic"         // RFC 6749, 2.3.1: in the Authorization header
	ClientSecretPost        Method = "client_secret_post"          // RFC 6749, 2.3.1: in the body
	ClientSecretJWT         Method = "client_secret_jwt"           // RFC 7523, 2.2: an assertion, its MAC made with the secret
	PrivateKeyJWT           Method = "private_key_jwt"             // RFC 7523, 2.2: a signed assertion
	TLSClientAuth           Method = "tls_client_auth"             // RFC 8705, 2.1: a certificate that an authority issued
	SelfSignedTLSClientAuth Method = "self_signed_tls_client_auth" // RFC 8705, 2.2: a certificate that the tenant knows
	None                    Method = "none"                        // a public client: RFC 6749, 2.1
)

// longestQuoted bounds what a sentence repeats of a setting, in characters.
const longestQuoted = 80

// Credentials are what the client proves who it is with. They print without their secrets.
type Credentials struct {
	Method    Method
	ClientID  string      // RFC 6749, 2.2
	Secret    secret.Text // for the client_secret methods
	Key       *SigningKey // for private_key_jwt
	Algorithm string      // of client_secret_jwt: HS256, which "" stands for, HS384 or HS512; private_key_jwt has its Key's
	Audience  string      // aud of the assertions; the issuer, unless the tenant asks for another
}

// An Authenticator completes requests with what proves the client. It is safe for concurrent use.
type Authenticator struct {
	credentials Credentials
	prove       proof
}

// A proof adds to a request's header and form what proves the client. The form has a client_id and no other proof.
type proof func(http.Header, url.Values) error

// New returns an Authenticator for c, or a *fixable.Error that says what c lacks.
func New(c Credentials) (*Authenticator, error) {
	if c.ClientID == "" {
		return nil, fixable.Errorf("auth.client_id is empty; write the id of the client that the tenant has for Foyer")
	}
	prove, err := c.proof()
	if err != nil {
		return nil, err
	}
	return &Authenticator{credentials: c, prove: prove}, nil
}

// proof chooses the proof of c's method.
func (c Credentials) proof() (proof, error) {
	switch c.Method {
	case ClientSecretBasic:
		return c.basic, c.needSecret()
	case ClientSecretPost:
		return c.post, c.needSecret()
	case ClientSecretJWT, PrivateKeyJWT:
		_, err := c.signer()
		return c.assert, err
	case TLSClientAuth, SelfSignedTLSClientAuth, None:
		return c.identify, nil
	}
	return nil, fixable.Errorf("auth.method %q is not known; write client_secret_basic, client_secret_post, client_secret_jwt, private_key_jwt, tls_client_auth, self_signed_tls_client_auth or none",
		clean.Line(string(c.Method), longestQuoted))
}

// needSecret is the error of a client without a secret.
func (c Credentials) needSecret() error {
	if c.Secret.IsZero() {
		return fixable.Errorf("auth.client_secret is empty, which %s needs; set FOYER_AUTH_CLIENT_SECRET or auth.client_secret_file", c.Method)
	}
	return nil
}

// identify adds nothing: the connection's certificate proves the client, or nothing does.
func (c Credentials) identify(http.Header, url.Values) error { return nil }

// post adds the secret to the form.
func (c Credentials) post(_ http.Header, form url.Values) error {
	form.Set("client_secret", c.Secret.Reveal())
	return nil
}

// basic moves the client id to the header, beside the secret. Both halves are form-encoded first (RFC 6749, 2.3.1), in
// which a space is "+"; otherwise a colon in the id would end it.
func (c Credentials) basic(header http.Header, form url.Values) error {
	r := http.Request{Header: header}
	r.SetBasicAuth(url.QueryEscape(c.ClientID), url.QueryEscape(c.Secret.Reveal()))
	form.Del("client_id")
	return nil
}
