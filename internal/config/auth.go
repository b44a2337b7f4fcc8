package config

import (
	"regexp"
	"slices"
)

// scopePattern matches a scope token (RFC 6749, 3.3).
var scopePattern = regexp.MustCompile(`^[\x21\x23-\x5b\x5d-\x7e]+$`)

// Scopes of OpenID Connect that a sign-in of staff needs: to know who signed in, and to be signed in for longer than a token
// lives (OpenID Connect Core 1.0, 3.1.2.1 and 11).
const (
	scopeOpenID        = "openid"
	scopeProfile       = "profile"
	scopeOfflineAccess = "offline_access"
)

// checkClient requires what is needed to authenticate.
func (l *loader) checkClient() {
	a := l.config.Auth
	l.require("auth.client_id", a.ClientID == "")
	if !l.good("auth.method") {
		return
	}
	switch {
	case a.BySecret() && a.ClientSecret.IsZero() && l.good(inline, fromFile):
		l.reject(inline, "is required by "+string(a.Method), l.keys.howToSet(inline)+", or name a file in "+fromFile)
	case a.Method == MethodPrivateKeyJWT:
		l.requireFor("auth.signing_key_file", a.SigningKeyFile)
	case a.needsCertificate():
		l.requireFor("auth.certificate_file", a.CertificateFile)
	}
	if a.ByCertificate() {
		l.requireFor("auth.key_file", a.KeyFile)
		l.checkEncrypted()
	}
}

// requireFor rejects a file that the method needs and nobody named.
func (l *loader) requireFor(path, name string) {
	if name == "" && l.good(path) {
		l.reject(path, "is required by "+l.config.Auth.named(), l.keys.howToSet(path))
	}
}

// named is what asks for a file: the method, or the certificate beside it.
func (a Auth) named() string {
	if a.CertificateFile != "" {
		return "auth.certificate_file"
	}
	return string(a.Method)
}

// checkEncrypted rejects a client certificate for connections that have no TLS.
func (l *loader) checkEncrypted() {
	t := l.config.Tenant
	if t.URL != nil && t.URL.Scheme != "https" && t.MTLSURL == nil && l.good("tenant.url") {
		l.reject("auth.certificate_file", "is named, but tenant.url is http, where there are no certificates", "write an https address in tenant.url")
	}
}

// checkGrant rejects grants that do not go with the rest.
func (l *loader) checkGrant() {
	a := l.config.Auth
	if !l.good("auth.method", "auth.grant") {
		return
	}
	if a.Method == MethodNone && !a.ByStaff() {
		l.reject("auth.grant", "is "+string(a.Grant)+", but a client with auth.method none proves nothing by itself", "write device_code or authorization_code, or another auth.method")
	}
	if !a.ByStaff() {
		if l.good("auth.keep") && a.Keep == KeepKeyring {
			l.reject("auth.keep", "is keyring, but nobody signs in with auth.grant "+string(a.Grant), "take it out, or write device_code or authorization_code in auth.grant")
		}
		return
	}
	l.checkStaffScopes()
	if l.good("auth.redirect_url") && a.Grant == GrantAuthorizationCode && (a.RedirectURL == nil || a.RedirectURL.Scheme != "http") {
		l.reject("auth.redirect_url", "is not an http address on the loopback", "write http://127.0.0.1/callback, with a port if the tenant insists on one")
	}
	if l.good("auth.keep", "auth.dpop") && a.Keep == KeepKeyring && a.DPoP && a.Method == MethodNone {
		l.reject("auth.keep", "is keyring, but with auth.dpop the refresh token of a public client is bound to a key that ends with Foyer (RFC 9449, 5)", "write memory, or set auth.dpop to false")
	}
}

// checkStaffScopes asks for the scopes that a sign-in of staff needs. They are among the scopes that go without saying; scopes
// that are given have to name openid.
func (l *loader) checkStaffScopes() {
	const path = "auth.scopes"
	a := &l.config.Auth
	switch {
	case !l.good(path) || slices.Contains(a.Scopes, scopeOpenID):
	case l.config.Origin(path) == defaultOrigin:
		a.Scopes = append(slices.Clone(a.Scopes), scopeOpenID, scopeProfile, scopeOfflineAccess)
	default:
		l.reject(path, "lacks the scope "+scopeOpenID+", which tells who of the staff signed in", "add "+scopeOpenID+", "+scopeProfile+" for a name, and "+scopeOfflineAccess+" to stay signed in")
	}
}

// checkScopes rejects scopes that get no useful token.
func (l *loader) checkScopes() {
	const path = "auth.scopes"
	scopes := l.config.Auth.Scopes
	if !l.good(path) {
		return
	}
	for _, s := range scopes {
		if !scopePattern.MatchString(s) {
			l.reject(path, quote(s)+" is not a scope", "write one scope an element, without blanks and quotes")
		}
	}
	if !slices.Contains(scopes, "identity") {
		l.reject(path, "lacks the scope identity", "add identity")
	}
}
