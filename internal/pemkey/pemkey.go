// Package pemkey reads the private key of a PEM file, and says what is wrong with the file in words that an administrator
// can act on.
package pemkey

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"encoding/pem"
	"strings"
	"unicode/utf8"

	"foyer/internal/fixable"
)

// Types of the blocks that matter (RFC 7468 and openssl).
const (
	typePKCS8     = "PRIVATE KEY"
	typePKCS1     = "RSA PRIVATE KEY"
	typeSEC1      = "EC PRIVATE KEY"
	typeEncrypted = "ENCRYPTED PRIVATE KEY"
	typeOpenSSH   = "OPENSSH PRIVATE KEY"
	typeCert      = "CERTIFICATE"
)

// Parse returns the one private key in data: PKCS#8, PKCS#1 or SEC1, in PEM. Certificates, public keys and curve parameters
// beside it are passed over. Setting is the configuration's key that names the file, such as "auth.key_file"; errors
// name it and are *fixable.Error.
func Parse(data []byte, setting string) (crypto.Signer, error) {
	found := sort(data)
	switch {
	case found.encrypted:
		return nil, fixable.Errorf("the key in %s is encrypted; write it without a passphrase: openssl pkey -in OLD -out NEW", setting)
	case found.openSSH:
		return nil, fixable.Errorf("the key in %s is in OpenSSH's own format; write a copy of it as PKCS#8: ssh-keygen -p -m PKCS8 -f COPY", setting)
	case len(found.private) > 1:
		return nil, fixable.Errorf("%s holds more than one private key; leave the one to use", setting)
	case len(found.private) == 1:
		return decode(found.private[0], setting)
	case found.certificate:
		return nil, fixable.Errorf("%s holds a certificate and no private key; name the file with the private key that belongs to it", setting)
	case found.public:
		return nil, fixable.Errorf("%s holds a public key only; name the file with the private key", setting)
	case len(bytes.TrimSpace(data)) == 0:
		return nil, fixable.Errorf("%s is empty; name a file with a private key", setting)
	case !utf8.Valid(data): // DER and PKCS#12, which openssl tells apart by itself
		return nil, fixable.Errorf("%s is in a binary form; write it as PEM: openssl pkey -in OLD -out NEW", setting)
	}
	return nil, fixable.Errorf("%s holds no private key in PEM; name a file with one (-----BEGIN PRIVATE KEY-----)", setting)
}

// contents is what a PEM file holds.
type contents struct {
	private                                 []*pem.Block
	encrypted, openSSH, certificate, public bool
}

func sort(data []byte) contents {
	var found contents
	for {
		var block *pem.Block
		if block, data = pem.Decode(data); block == nil {
			return found
		}
		switch block.Type {
		case typePKCS8, typePKCS1, typeSEC1:
			found.private = append(found.private, block)
			found.encrypted = found.encrypted || strings.Contains(block.Headers["Proc-Type"], "ENCRYPTED") // RFC 1421
		case typeEncrypted:
			found.encrypted = true
		case typeOpenSSH:
			found.openSSH = true
		case typeCert, "TRUSTED CERTIFICATE", "X509 CERTIFICATE":
			found.certificate = true
		case "PUBLIC KEY", "RSA PUBLIC KEY":
			found.public = true
		}
	}
}

// decode parses one block. What the parsers say is not passed on: it is of no use to an administrator.
func decode(block *pem.Block, setting string) (crypto.Signer, error) {
	var key any
	var err error
	switch block.Type {
	case typePKCS1:
		key, err = x509.ParsePKCS1PrivateKey(block.Bytes)
	case typeSEC1:
		key, err = x509.ParseECPrivateKey(block.Bytes)
	default:
		key, err = x509.ParsePKCS8PrivateKey(block.Bytes)
	}
	if err != nil {
		return nil, fixable.Errorf("the key in %s cannot be read: it is damaged, or of a kind or size that is not supported; use RSA of 2048 bits or more, P-256, P-384, P-521 or Ed25519", setting)
	}
	signer, ok := key.(crypto.Signer)
	if !ok {
		return nil, fixable.Errorf("the key in %s is for key agreement and cannot sign; use an RSA, EC or Ed25519 key", setting)
	}
	return signer, nil
}
