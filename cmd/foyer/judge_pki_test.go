package main

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// An authority is a throwaway certification authority.
type authority struct {
	certificate *x509.Certificate
	key         crypto.Signer
}

// newAuthority makes an authority for one test.
func newAuthority(t *testing.T, name string) *authority {
	t.Helper()
	key := newECKey(t)
	template := &x509.Certificate{
		SerialNumber: serial(t), Subject: pkix.Name{CommonName: name},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return &authority{certificate, key}
}

// pool holds the authority alone.
func (a *authority) pool() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(a.certificate)
	return pool
}

// pem is the authority's certificate.
func (a *authority) pem() []byte { return certificatePEM(a.certificate.Raw) }

// server issues a certificate for a server on the loopback.
func (a *authority) server(t *testing.T) tls.Certificate {
	t.Helper()
	return a.issue(t, &x509.Certificate{
		Subject: pkix.Name{CommonName: "127.0.0.1"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, DNSNames: []string{"localhost"},
		NotAfter: time.Now().Add(24 * time.Hour), ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	})
}

// clientSubject is the subject of client certificates, as RFC 4514 writes it.
const clientSubject = "CN=front-desk,O=Acme"

// client issues a certificate to clientSubject, which is good until then.
func (a *authority) client(t *testing.T, until time.Time) tls.Certificate {
	t.Helper()
	return a.issue(t, &x509.Certificate{
		Subject:  pkix.Name{CommonName: "front-desk", Organization: []string{"Acme"}},
		NotAfter: until, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	})
}

func (a *authority) issue(t *testing.T, template *x509.Certificate) tls.Certificate {
	t.Helper()
	key := newECKey(t)
	template.SerialNumber, template.KeyUsage = serial(t), x509.KeyUsageDigitalSignature
	template.NotBefore = time.Now().Add(-48 * time.Hour)
	der, err := x509.CreateCertificate(rand.Reader, template, a.certificate, key.Public(), a.key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// selfSigned makes a client's certificate that no authority has signed.
func selfSigned(t *testing.T) tls.Certificate {
	t.Helper()
	key := newECKey(t)
	template := &x509.Certificate{
		SerialNumber: serial(t), Subject: pkix.Name{CommonName: "front-desk itself"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

func serial(t *testing.T) *big.Int {
	t.Helper()
	n, err := rand.Int(rand.Reader, big.NewInt(1<<62))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func newECKey(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func newRSAKey(t *testing.T) *rsa.PrivateKey {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func newEdKey(t *testing.T) ed25519.PrivateKey {
	t.Helper()
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// writePair writes a certificate and its key as PEM files and returns their names.
func writePair(t *testing.T, pair tls.Certificate) (certificate, key string) {
	t.Helper()
	var chain []byte
	for _, der := range pair.Certificate {
		chain = append(chain, certificatePEM(der)...)
	}
	return writeFile(t, "client.crt", chain), writeFile(t, "client.key", keyPEM(t, "PKCS#8", pair.PrivateKey))
}

// keyFile writes a private key in one of the formats PKCS#1, PKCS#8, SEC1 and JWK and returns the file's name. A JWK has the
// key id.
func keyFile(t *testing.T, format string, key crypto.PrivateKey, id string) string {
	t.Helper()
	if format != "JWK" {
		return writeFile(t, "signing.pem", keyPEM(t, format, key))
	}
	data, err := jose.JSONWebKey{Key: key, KeyID: id, Use: "sig"}.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	return writeFile(t, "signing.jwk", data)
}

func keyPEM(t *testing.T, format string, key crypto.PrivateKey) []byte {
	t.Helper()
	var block pem.Block
	var err error
	switch format {
	case "PKCS#1":
		rsaKey, ok := key.(*rsa.PrivateKey)
		if !ok {
			t.Fatalf("a %T has no form in PKCS#1", key)
		}
		block = pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(rsaKey)}
	case "SEC1":
		ecKey, ok := key.(*ecdsa.PrivateKey)
		if !ok {
			t.Fatalf("a %T has no form in SEC 1", key)
		}
		block.Type = "EC PRIVATE KEY"
		block.Bytes, err = x509.MarshalECPrivateKey(ecKey)
	case "PKCS#8":
		block.Type = "PRIVATE KEY"
		block.Bytes, err = x509.MarshalPKCS8PrivateKey(key)
	default:
		t.Fatalf("there is no format %s", format)
	}
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&block)
}

func certificatePEM(der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}

// writeFile writes a file that only its owner can read, in a folder of its own.
func writeFile(t *testing.T, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
