package sandbox

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"net/http"
	"slices"
)

// peer returns the certificate that a client showed; nil for none. Only the listener for mutual TLS asks for one. Who
// it is from has yet to be judged; that the client has its key is known from the handshake.
func peer(r *http.Request) *x509.Certificate {
	if r.TLS == nil || len(r.TLS.PeerCertificates) == 0 {
		return nil
	}
	return r.TLS.PeerCertificates[0]
}

// thumbprint is x5t#S256 of a certificate (RFC 8705, 3.1).
func thumbprint(c *x509.Certificate) string {
	sum := sha256.Sum256(c.Raw)
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// checkIssued admits a client by a certificate of the sandbox's authority with the registered subject (RFC 8705, 2.1).
func (t *Tenant) checkIssued(r *http.Request, c Client) error {
	certificate := peer(r)
	if certificate == nil {
		return invalidClient("The client shows no certificate")
	}
	if t.authority == nil {
		return invalidClient("The tenant trusts no certificate authority")
	}
	chain := x509.NewCertPool()
	for _, more := range r.TLS.PeerCertificates[1:] {
		chain.AddCert(more)
	}
	_, err := certificate.Verify(x509.VerifyOptions{
		Roots: t.authority.Pool(), Intermediates: chain, CurrentTime: t.now(),
		KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	})
	if err != nil {
		return invalidClient("The client certificate is expired, not for clients, or not from the tenant's authority")
	}
	if certificate.Subject.String() != c.SubjectDN {
		return invalidClient("The client certificate is another subject's")
	}
	return nil
}

// checkSelfSigned admits a client by a certificate that was registered itself (RFC 8705, 2.2).
func (t *Tenant) checkSelfSigned(r *http.Request, c Client) error {
	certificate := peer(r)
	if certificate == nil {
		return invalidClient("The client shows no certificate")
	}
	if !slices.ContainsFunc(c.Certificates, certificate.Equal) {
		return invalidClient("The client certificate is not registered")
	}
	if now := t.now(); now.Before(certificate.NotBefore) || now.After(certificate.NotAfter) {
		return invalidClient("The client certificate has expired or is not yet good")
	}
	return nil
}
