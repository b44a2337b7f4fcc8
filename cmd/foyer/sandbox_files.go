package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/go-jose/go-jose/v4"

	"foyer/internal/sandbox"
)

// practiceKeyID is the kid of the key by which a practice client signs.
const practiceKeyID = "practice"

// practiceFiles are the certificates and keys of a practice tenant, in files that only their owner reads.
type practiceFiles struct {
	folder    string // given, or a temporary one once there is a file
	temporary bool
	settings  []sandbox.Setting
}

// add writes a file and the setting that names it.
func (f *practiceFiles) add(setting, name string, content []byte) error {
	var err error
	if f.folder == "" {
		f.folder, err = os.MkdirTemp("", "foyer-sandbox-")
		f.temporary = err == nil
	} else {
		err = os.MkdirAll(f.folder, 0o700)
	}
	if err != nil {
		return fmt.Errorf("make a folder for keys: %w", err)
	}
	path, err := filepath.Abs(filepath.Join(f.folder, name))
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	_ = os.Remove(path) // an older one keeps its mode else
	if err := os.WriteFile(path, content, 0o600); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	f.settings = append(f.settings, sandbox.Setting{Name: setting, Value: path})
	return nil
}

// remove removes a temporary folder.
func (f *practiceFiles) remove() {
	if f.temporary {
		_ = os.RemoveAll(f.folder)
	}
}

// furnish gives the client the keys of its method.
func (f *practiceFiles) furnish(c *sandbox.Client, authority *sandbox.Authority) error {
	request := sandbox.CertificateRequest{CommonName: c.ID}
	switch c.Method {
	case sandbox.MethodPrivateKeyJWT:
		return f.furnishKey(c)
	case sandbox.MethodTLSClientAuth:
		certificate, err := authority.Client(request)
		if err != nil {
			return err
		}
		c.SubjectDN, c.BoundTokens = certificate.Leaf.Subject.String(), true
		return f.addCertificate(certificate)
	case sandbox.MethodSelfSignedTLSClientAuth:
		certificate, err := sandbox.SelfSigned(nil, request)
		if err != nil {
			return err
		}
		c.Certificates, c.BoundTokens = []*x509.Certificate{certificate.Leaf}, true
		return f.addCertificate(certificate)
	case sandbox.MethodBasicOrPost, sandbox.MethodClientSecretBasic, sandbox.MethodClientSecretPost, sandbox.MethodClientSecretJWT, sandbox.MethodNone:
	}
	return nil
}

func (f *practiceFiles) addCertificate(certificate tls.Certificate) error {
	chain, key, err := sandbox.EncodeCertificate(certificate)
	if err != nil {
		return err
	}
	if err := f.add("FOYER_AUTH_CERTIFICATE_FILE", "client.pem", chain); err != nil {
		return err
	}
	return f.add("FOYER_AUTH_KEY_FILE", "client.key", key)
}

// furnishKey gives the client a key of ES256 to sign by.
func (f *practiceFiles) furnishKey(c *sandbox.Client) error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return fmt.Errorf("make a signing key: %w", err)
	}
	raw, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return fmt.Errorf("write a signing key: %w", err)
	}
	c.Keys.Keys = []jose.JSONWebKey{{Key: key.Public(), KeyID: practiceKeyID}}
	if err := f.add("FOYER_AUTH_SIGNING_KEY_FILE", "signing.pem", pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: raw})); err != nil {
		return err
	}
	f.settings = append(f.settings, sandbox.Setting{Name: "FOYER_AUTH_SIGNING_KEY_ID", Value: practiceKeyID})
	return nil
}

// plainValue matches what a shell reads as it stands.
var plainValue = regexp.MustCompile(`^[A-Za-z0-9@%_+=:,./\[\]-]*$`)

// quoted is a value as a shell reads it.
func quoted(value string) string {
	if plainValue.MatchString(value) {
		return value
	}
	return "'" + strings.ReplaceAll(value, "'", `'\''`) + "'"
}
