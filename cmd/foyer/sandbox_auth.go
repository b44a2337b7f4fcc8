package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"foyer/internal/sandbox"
)

// A practiceAuth is how the client of a practice tenant authenticates and gets tokens, as the flags say.
type practiceAuth struct {
	tls           bool
	method, grant string
	dpop, nonce   bool
	dir           string
}

// practiceClient is the id of the client.
const practiceClient = "foyer-kiosk"

// staffGrants are the grants that staff take part in, by the names that the configuration has for them.
func staffGrants() map[string]sandbox.GrantType {
	return map[string]sandbox.GrantType{
		"authorization_code": sandbox.GrantAuthorizationCode,
		"device_code":        sandbox.GrantDeviceCode,
	}
}

// practiceMethods are the methods that a practice client can use.
func practiceMethods() []string {
	return []string{
		"client_secret_basic", "client_secret_post", "client_secret_jwt", "private_key_jwt", "tls_client_auth",
		"self_signed_tls_client_auth", "none",
	}
}

func (a *practiceAuth) bind(c *cobra.Command) {
	f := c.Flags()
	f.BoolVar(&a.tls, "tls", false, "serve https, by a certificate authority made for it")
	f.StringVar(&a.method, "method", "", "let the client authenticate by this `method`: "+strings.Join(practiceMethods(), ", "))
	f.StringVar(&a.grant, "grant", "", "let the client get tokens by this `grant`: client_credentials, authorization_code or device_code")
	f.BoolVar(&a.dpop, "dpop", false, "bind tokens to a key that the client proves to have (DPoP)")
	f.BoolVar(&a.nonce, "dpop-nonce", false, "as --dpop, and ask for a nonce in the proofs")
	f.StringVar(&a.dir, "dir", "", "keep the files with certificates and keys in this `folder`")
}

// byCertificate reports whether the client authenticates by a certificate.
func (a practiceAuth) byCertificate() bool {
	return a.method == "tls_client_auth" || a.method == "self_signed_tls_client_auth"
}

// check says what about the flags cannot be.
func (a practiceAuth) check() error {
	_, staff := staffGrants()[a.grant]
	switch {
	case a.method != "" && !slices.Contains(practiceMethods(), a.method):
		return &usageError{fmt.Errorf("--method %s: there are %s", a.method, strings.Join(practiceMethods(), ", "))}
	case a.grant != "" && a.grant != "client_credentials" && !staff:
		return &usageError{fmt.Errorf("--grant %s: there are client_credentials, authorization_code and device_code", a.grant)}
	case a.byCertificate() && !a.tls:
		return &usageError{fmt.Errorf("--method %s needs certificates: add --tls", a.method)}
	case a.method == "none" && !staff:
		return &usageError{errors.New("--method none needs staff to sign in: add --grant authorization_code or --grant device_code")}
	case a.dir != "" && !a.tls && a.method != "private_key_jwt":
		return &usageError{errors.New("--dir: there are no files without --tls or --method private_key_jwt")}
	}
	return nil
}

// prepare completes options by what the flags say, and writes the files that go with it. The caller removes them.
func (a practiceAuth) prepare(options *sandbox.Options) (_ *practiceFiles, err error) {
	if err := a.check(); err != nil {
		return nil, err
	}
	files := &practiceFiles{folder: a.dir}
	defer func() {
		if err != nil {
			files.remove()
		}
	}()
	options.DPoPNonce = a.nonce
	if a.tls {
		if options.Authority, err = sandbox.NewAuthority(nil); err != nil {
			return nil, err
		}
		if err = files.add("FOYER_TENANT_CA_FILE", "ca.pem", options.Authority.PEM()); err != nil {
			return nil, err
		}
	}
	client := sandbox.Client{
		ID: practiceClient, Method: sandbox.Method(a.method), DPoP: a.dpop || a.nonce,
		Scopes: []string{sandbox.ScopeIdentity, sandbox.ScopeSelfRegistration, sandbox.ScopeTransientOTP},
	}
	if grant, staff := staffGrants()[a.grant]; staff {
		client.Grants = []sandbox.GrantType{grant}
		client.RedirectURIs = []string{"http://127.0.0.1/callback", "http://[::1]/callback"}
	}
	if err = files.furnish(&client, options.Authority); err != nil {
		return nil, err
	}
	options.Clients = []sandbox.Client{client}
	return files, nil
}
