package clientcert

import (
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"time"
)

// day is the measure of a certificate's life.
const day = 24 * time.Hour

// soon is how long before its end a certificate is said to expire soon.
const soon = 30 * day

// A Generation is one certificate of the client, with connections of its own: what is sent through it proves this
// certificate and no other. It is not changed once made and safe for concurrent use. It prints as its number, thumbprint
// and expiry wherever it is printed.
type Generation struct {
	number      int
	thumbprint  string
	certificate func() *tls.Certificate // which fmt does not look into, as it does into other unexported fields
	transport   *http.Transport
}

// newGeneration returns the generation of a certificate whose Leaf is set. Its transport is base with the certificate.
func newGeneration(number int, certificate *tls.Certificate, base *http.Transport) *Generation {
	sum := sha256.Sum256(certificate.Leaf.Raw)
	g := &Generation{
		number: number, certificate: func() *tls.Certificate { return certificate }, transport: base.Clone(),
		thumbprint: base64.RawURLEncoding.EncodeToString(sum[:]),
	}
	if g.transport.TLSClientConfig == nil {
		g.transport.TLSClientConfig = &tls.Config{MinVersion: tls.VersionTLS12}
	}
	g.transport.ForceAttemptHTTP2 = true // which a TLSClientConfig of one's own switches off
	config := g.transport.TLSClientConfig
	config.Certificates, config.GetClientCertificate = nil, g.GetClientCertificate
	if config.ClientSessionCache != nil { // a session that is resumed proves the certificate that it began with
		config.ClientSessionCache = tls.NewLRUClientSessionCache(0)
	}
	return g
}

// Number counts the generations of a Source, from 1.
func (g *Generation) Number() int { return g.number }

// Thumbprint is the SHA-256 of the certificate's DER in base64url, which a token that is bound to the certificate has in
// cnf.x5t#S256 (RFC 8705, 3.1).
func (g *Generation) Thumbprint() string { return g.thumbprint }

// Leaf is the client's certificate; not to be changed.
func (g *Generation) Leaf() *x509.Certificate { return g.certificate().Leaf }

// Transport sends requests with this certificate. It does so for as long as it is held, also after another generation has
// come: a token that is bound to this certificate works over this transport only.
func (g *Generation) Transport() http.RoundTripper { return g.transport }

// GetClientCertificate returns the certificate, as tls.Config.GetClientCertificate asks for it, whatever authorities the
// server names: none of them issued one that is self-signed (RFC 8705, 2.2).
func (g *Generation) GetClientCertificate(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
	return g.certificate(), nil
}

// NotBefore is when the certificate begins to be valid.
func (g *Generation) NotBefore() time.Time { return g.Leaf().NotBefore }

// NotAfter is when the certificate expires.
func (g *Generation) NotAfter() time.Time { return g.Leaf().NotAfter }

// NotYetValid reports whether the certificate's validity begins after now.
func (g *Generation) NotYetValid(now time.Time) bool { return now.Before(g.NotBefore()) }

// Expired reports whether the certificate's validity ended before now.
func (g *Generation) Expired(now time.Time) bool { return now.After(g.NotAfter()) }

// ExpiresSoon reports whether the certificate expires within 30 days from now, or has expired.
func (g *Generation) ExpiresSoon(now time.Time) bool { return !now.Before(g.NotAfter().Add(-soon)) }

// String tells number, thumbprint and expiry.
func (g *Generation) String() string {
	return fmt.Sprintf("client certificate %d (x5t#S256 %s, expires %s)", g.number, g.thumbprint, g.NotAfter().UTC().Format(time.DateOnly))
}

// Format prints what String returns, whatever the verb.
func (g *Generation) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, g.String()) }

// LogValue is what log/slog records.
func (g *Generation) LogValue() slog.Value { return slog.StringValue(g.String()) }

// MarshalText returns what String does, so that no encoder writes the key.
func (g *Generation) MarshalText() ([]byte, error) { return []byte(g.String()), nil }

// ending is the sentence about a certificate with that much of its life left.
func ending(left time.Duration) string {
	switch days := int(left / day); {
	case left < 0:
		return "the client certificate has expired; replace " + settingCertificate + " and " + settingKey
	case days < 1:
		return "the client certificate expires within a day; replace " + settingCertificate
	case days == 1:
		return "the client certificate expires in 1 day; replace " + settingCertificate
	default:
		return fmt.Sprintf("the client certificate expires in %d days; replace %s", days, settingCertificate)
	}
}
