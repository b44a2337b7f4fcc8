package sandbox

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net"
	"time"
)

// certificateLife is how long what an Authority issues is good, unless the caller says otherwise. It is well above the
// month in which clients begin to warn.
const certificateLife = 90 * 24 * time.Hour

// An Authority is a throwaway certificate authority: an ECDSA key of P-256 that exists in memory only. It is safe for
// concurrent use.
type Authority struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
	now         func() time.Time
}

// NewAuthority makes an authority that is good from an hour before now for 90 days. Now is time.Now when nil; what is
// issued later starts by it, too.
func NewAuthority(now func() time.Time) (*Authority, error) {
	if now == nil {
		now = time.Now
	}
	a := &Authority{now: now}
	template, err := a.template(CertificateRequest{CommonName: "Foyer sandbox CA"})
	if err != nil {
		return nil, err
	}
	template.IsCA, template.BasicConstraintsValid, template.ExtKeyUsage = true, true, nil
	template.MaxPathLenZero = true
	template.KeyUsage = x509.KeyUsageCertSign | x509.KeyUsageCRLSign
	made, key, err := certify(template, nil, nil)
	if err != nil {
		return nil, err
	}
	a.certificate, a.key = made, key
	return a, nil
}

// PEM is the authority's certificate, for tenant.ca_file.
func (a *Authority) PEM() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.certificate.Raw})
}

// Pool returns trust roots with the authority alone.
func (a *Authority) Pool() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(a.certificate)
	return pool
}

// A CertificateRequest says what certificate to make. Where NotBefore or NotAfter is zero the certificate is good from
// an hour ago for 90 days.
type CertificateRequest struct {
	CommonName          string
	NotBefore, NotAfter time.Time
	Usage               x509.ExtKeyUsage // default: clientAuth
}

// Client issues a client certificate with a fresh key; its Leaf is set. The distinguished name for Client.SubjectDN is
// Leaf.Subject.String().
func (a *Authority) Client(r CertificateRequest) (tls.Certificate, error) {
	template, err := a.template(r)
	if err != nil {
		return tls.Certificate{}, err
	}
	return pair(template, a.certificate, a.key)
}

// server issues the certificate of the sandbox's listeners, which are on the loopback.
func (a *Authority) server() (tls.Certificate, error) {
	template, err := a.template(CertificateRequest{CommonName: "localhost", Usage: x509.ExtKeyUsageServerAuth})
	if err != nil {
		return tls.Certificate{}, err
	}
	template.DNSNames = []string{"localhost"}
	template.IPAddresses = []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback}
	return pair(template, a.certificate, a.key)
}

// SelfSigned makes a client certificate that no authority stands behind (RFC 8705, 2.2). Now is time.Now when nil.
func SelfSigned(now func() time.Time, r CertificateRequest) (tls.Certificate, error) {
	if now == nil {
		now = time.Now
	}
	template, err := (&Authority{now: now}).template(r)
	if err != nil {
		return tls.Certificate{}, err
	}
	return pair(template, nil, nil)
}

// template is r as a certificate that has yet to be signed.
func (a *Authority) template(r CertificateRequest) (*x509.Certificate, error) {
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
	if err != nil {
		return nil, fmt.Errorf("make a serial number: %w", err)
	}
	if r.NotBefore.IsZero() {
		r.NotBefore = a.now().Add(-time.Hour)
	}
	if r.NotAfter.IsZero() {
		r.NotAfter = a.now().Add(certificateLife)
	}
	if r.Usage == x509.ExtKeyUsageAny {
		r.Usage = x509.ExtKeyUsageClientAuth
	}
	return &x509.Certificate{
		SerialNumber: serial,
		Subject:      pkix.Name{Organization: []string{"Foyer sandbox"}, CommonName: r.CommonName},
		NotBefore:    r.NotBefore, NotAfter: r.NotAfter,
		KeyUsage:    x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{r.Usage},
	}, nil
}

// pair certifies a fresh key. Without a parent the certificate signs itself.
func pair(template, parent *x509.Certificate, parentKey *ecdsa.PrivateKey) (tls.Certificate, error) {
	made, key, err := certify(template, parent, parentKey)
	if err != nil {
		return tls.Certificate{}, err
	}
	return tls.Certificate{Certificate: [][]byte{made.Raw}, PrivateKey: key, Leaf: made}, nil
}

func certify(template, parent *x509.Certificate, parentKey *ecdsa.PrivateKey) (*x509.Certificate, *ecdsa.PrivateKey, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, fmt.Errorf("make a key: %w", err)
	}
	if parent == nil {
		parent, parentKey = template, key
	}
	raw, err := x509.CreateCertificate(rand.Reader, template, parent, key.Public(), parentKey)
	if err != nil {
		return nil, nil, fmt.Errorf("make a certificate: %w", err)
	}
	made, err := x509.ParseCertificate(raw)
	if err != nil {
		return nil, nil, fmt.Errorf("read a certificate: %w", err)
	}
	return made, key, nil
}

// EncodeCertificate returns a certificate with its chain and its private key, both in PEM, the key as PKCS#8.
func EncodeCertificate(c tls.Certificate) (chain, key []byte, err error) {
	if len(c.Certificate) == 0 {
		return nil, nil, errors.New("there is no certificate")
	}
	for _, raw := range c.Certificate {
		chain = append(chain, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: raw})...)
	}
	raw, err := x509.MarshalPKCS8PrivateKey(c.PrivateKey)
	if err != nil {
		return nil, nil, fmt.Errorf("write a key: %w", err)
	}
	return chain, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: raw}), nil
}
