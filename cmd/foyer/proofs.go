package main

import (
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"foyer/internal/clientauth"
	"foyer/internal/clientcert"
	"foyer/internal/config"
	"foyer/internal/fixable"
	"foyer/internal/token"
	"foyer/internal/watch"
)

// proofs are what the configuration proves the client with: a secret, a signing key or a certificate, read again when its
// file changes. They are safe for concurrent use.
type proofs struct {
	auth    config.Auth
	log     *slog.Logger
	through func(http.RoundTripper) http.RoundTripper // what sees all that is sent
	cert    *clientcert.Source                        // nil without a certificate

	mu      sync.Mutex   // guards what follows
	watch   *watch.Watch // of the file of the secret or of the signing key; nil when there is none
	given   clientauth.Credentials
	version uint64
	current token.Identity
}

// newProofs reads the files that the client's authentication method needs. Transport is what connections with a certificate
// are made like. An error is a usage error: a file that cannot be used.
func newProofs(cfg *config.Config, transport *http.Transport, through func(http.RoundTripper) http.RoundTripper, logger *slog.Logger) (*proofs, error) {
	a := cfg.Auth
	p := &proofs{auth: a, log: logger, through: through}
	p.given = clientauth.Credentials{Method: clientauth.Method(a.Method), ClientID: a.ClientID, Secret: a.ClientSecret, Algorithm: a.SigningAlg, Audience: a.Audience}
	if file := p.file(); file != "" {
		p.watch = watch.New(time.Now, file)
	}
	if a.Method == config.MethodPrivateKeyJWT {
		if err := p.read(&p.given); err != nil {
			return nil, &usageError{err}
		}
	}
	if _, err := p.authenticator("issuer"); err != nil { // whoever that is: the rest has to be right at the start
		return nil, &usageError{err}
	}
	if a.ByCertificate() {
		var err error
		if p.cert, err = clientcert.Load(clientcert.Config{CertificateFile: a.CertificateFile, KeyFile: a.KeyFile, Transport: transport, Logger: logger}); err != nil {
			return nil, &usageError{err}
		}
	}
	return p, nil
}

// file is the one that the secret or the signing key is read from; "" when there is none.
func (p *proofs) file() string {
	switch {
	case p.auth.Method == config.MethodPrivateKeyJWT:
		return p.auth.SigningKeyFile
	case p.auth.BySecret():
		return p.auth.ClientSecretFile
	}
	return ""
}

// read reads the file anew.
func (p *proofs) read(c *clientauth.Credentials) error {
	if p.auth.BySecret() {
		text, err := config.System().Secret(p.auth.ClientSecretFile)
		if err != nil {
			return fixable.Errorf("auth.client_secret_file: %v", err)
		}
		c.Secret = text
		return nil
	}
	data, err := config.System().ReadFile(p.auth.SigningKeyFile)
	if err != nil {
		return fixable.Errorf("auth.signing_key_file cannot be read; name a PEM or JWK file that Foyer can read")
	}
	c.Key, err = clientauth.ParseSigningKey(data, p.auth.SigningKeyID, p.auth.SigningAlg)
	clear(data)
	return err
}

// identify is what proves the client to issuer now.
func (p *proofs) identify(issuer string) (token.Identity, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	changed := p.reread()
	if p.cert != nil {
		if g := p.cert.Current(); g.Thumbprint() != p.current.Certificate {
			p.current.Certificate, p.current.NotAfter, p.current.Transport = g.Thumbprint(), g.NotAfter(), p.through(g.Transport())
			changed = true
		}
	}
	if p.version > 0 && !changed {
		p.current.Proof = p.proof() // a certificate may have expired since
		return p.current, nil
	}
	authenticator, err := p.authenticator(issuer)
	if err != nil {
		return token.Identity{}, err
	}
	p.version++
	p.current.Version, p.current.Authenticate, p.current.Proof = p.version, authenticator.Transport, p.proof()
	p.current.Signs = p.auth.Method == config.MethodPrivateKeyJWT || p.auth.Method == config.MethodClientSecretJWT
	return p.current, nil
}

// authenticator proves the client to issuer, which assertions are meant for unless the configuration says otherwise.
func (p *proofs) authenticator(issuer string) (*clientauth.Authenticator, error) {
	given := p.given
	if given.Audience == "" {
		given.Audience = issuer
	}
	return clientauth.New(given)
}

// reread takes over a file that has changed, and reports whether it did. What cannot be used is not taken: the one before
// goes on.
func (p *proofs) reread() bool {
	if p.watch == nil || !p.watch.Changed() {
		return false
	}
	next := p.given
	if err := p.read(&next); err != nil {
		p.watch.Forget()
		p.log.Warn("read the client's secret or key again: the one before stays in use", "error", err)
		return false
	}
	if p.given.Secret.Equal(next.Secret) && next.Key.Equal(p.given.Key) { // written anew, as it was
		return false
	}
	p.given = next
	p.log.Info("read the client's secret or key again")
	return true
}

// proof is what staff should look at when the tenant does not accept the client.
func (p *proofs) proof() []string {
	switch p.auth.Method {
	case config.MethodClientSecretJWT:
		return append([]string{p.secretKey()}, p.signed()...)
	case config.MethodPrivateKeyJWT:
		return append([]string{"auth.signing_key_file (the tenant has to know its public key)"}, p.signed()...)
	case config.MethodTLSClientAuth:
		return []string{"auth.certificate_file (" + p.expiry() + "; the tenant has to trust its authority and to know its subject)"}
	case config.MethodSelfSignedTLSClientAuth:
		return []string{"auth.certificate_file (" + p.expiry() + "; the tenant has to know this certificate)"}
	case config.MethodNone:
		return []string{"that the client is a public one in the tenant"}
	case config.MethodClientSecretBasic, config.MethodClientSecretPost:
	}
	return []string{p.secretKey()}
}

// signed is what an assertion can be refused for beside its key: what is configured of it, and the clock.
func (p *proofs) signed() []string {
	var all []string
	for _, key := range []struct{ path, value string }{
		{"auth.signing_key_id", p.auth.SigningKeyID}, {"auth.signing_alg", p.auth.SigningAlg}, {"auth.audience", p.auth.Audience},
	} {
		if key.value != "" {
			all = append(all, key.path)
		}
	}
	if p.auth.Audience == "" {
		all = append(all, "whether the tenant wants another auth.audience than the issuer")
	}
	return append(all, "this machine's clock")
}

// secretKey is where the secret comes from.
func (p *proofs) secretKey() string {
	if p.auth.ClientSecretFile != "" {
		return "auth.client_secret_file"
	}
	return "auth.client_secret"
}

// expiry says until when the certificate is valid.
func (p *proofs) expiry() string {
	if !time.Now().Before(p.current.NotAfter) {
		return fmt.Sprintf("it expired on %s", p.current.NotAfter.Format(time.DateOnly))
	}
	return fmt.Sprintf("valid until %s", p.current.NotAfter.Format(time.DateOnly))
}
