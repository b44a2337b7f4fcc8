package token

import (
	"fmt"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"

	"foyer/internal/clean"
)

// A Method is a way in which the client proves who it is, in the words of the OAuth registry "Token Endpoint
// Authentication Methods".
type Method string

// The methods of this version.
const (
	ClientSecretBasic Method = "client_secret_basic" // RFC 6749, 2.3.1: in the Authorization header
	ClientSecretPost  Method = "client_secret_post"  // the same, in the body
)

// An authenticator completes a token request with what proves the client. One belongs to each Method. It is asked for
// each request anew, so that a proof which is signed and short-lived can be one.
type authenticator func(Config, *clientcredentials.Config) error

// authenticator returns the one for c's method.
func (c Config) authenticator() (authenticator, error) {
	switch c.Method {
	case ClientSecretBasic:
		return withSecret(oauth2.AuthStyleInHeader), nil
	case ClientSecretPost:
		return withSecret(oauth2.AuthStyleInParams), nil
	}
	return nil, &fixable{fmt.Sprintf("auth.method %q is not available; write client_secret_basic or client_secret_post",
		clean.Line(string(c.Method), maxQuoted))}
}

// withSecret sends the client secret. The style is stated: to find it out would send the secret twice.
func withSecret(style oauth2.AuthStyle) authenticator {
	return func(c Config, request *clientcredentials.Config) error {
		if c.ClientSecret.IsZero() {
			return &fixable{"auth.client_secret is empty; set FOYER_AUTH_CLIENT_SECRET or auth.client_secret_file"}
		}
		request.AuthStyle, request.ClientSecret = style, c.ClientSecret.Reveal()
		return nil
	}
}
