package clientcert

import (
	"bytes"
	"crypto"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io"
	"io/fs"
	"os"

	"foyer/internal/fixable"
	"foyer/internal/pemkey"
)

// The configuration's keys that name the files.
const (
	settingCertificate = "auth.certificate_file"
	settingKey         = "auth.key_file"
)

// longestFile bounds a file, in bytes. A chain of certificates takes a few thousand.
const longestFile = 1 << 20

// readPair reads certificate and key. The certificate's chain is in the file's order, the client's own first; Leaf is set.
func readPair(certificateFile, keyFile string) (*tls.Certificate, error) {
	certificatePEM, err := readFile(certificateFile, settingCertificate)
	if err != nil {
		return nil, err
	}
	keyPEM, err := readFile(keyFile, settingKey)
	if err != nil {
		return nil, err
	}
	chain, leaf, err := parseChain(certificatePEM)
	if err != nil {
		return nil, err
	}
	key, err := pemkey.Parse(keyPEM, settingKey)
	if err != nil {
		return nil, err
	}
	public, ok := leaf.PublicKey.(interface{ Equal(crypto.PublicKey) bool })
	if !ok || !public.Equal(key.Public()) {
		return nil, fixable.Errorf("the key in %s does not belong to the first certificate in %s; name the pair that was made together, and put the client's own certificate before those of its authorities",
			settingKey, settingCertificate)
	}
	return &tls.Certificate{Certificate: chain, PrivateKey: key, Leaf: leaf}, nil
}

// parseChain returns the certificates in data, as DER, and the first of them parsed.
func parseChain(data []byte) ([][]byte, *x509.Certificate, error) {
	var chain [][]byte
	for block, rest := pem.Decode(data); block != nil; block, rest = pem.Decode(rest) {
		if block.Type == "CERTIFICATE" {
			chain = append(chain, block.Bytes)
		}
	}
	if len(chain) == 0 {
		return nil, nil, fixable.Errorf("%s holds no certificate in PEM; name a file with one (-----BEGIN CERTIFICATE-----), or write it as PEM: openssl x509 -inform DER -in OLD -out NEW", settingCertificate)
	}
	leaf, err := x509.ParseCertificate(chain[0])
	if err != nil {
		return nil, nil, fixable.Errorf("the first certificate in %s cannot be read: it is damaged; let its authority issue it again", settingCertificate)
	}
	return chain, leaf, nil
}

// readFile reads the file that setting names.
func readFile(path, setting string) ([]byte, error) {
	if path == "" {
		return nil, fixable.Errorf("%s is empty; name the file, as auth.method needs it", setting)
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, unreadable(setting, err)
	}
	defer func() { _ = file.Close() }()
	data, err := io.ReadAll(io.LimitReader(file, longestFile+1))
	switch {
	case err != nil:
		return nil, unreadable(setting, err)
	case len(data) > longestFile:
		return nil, fixable.Errorf("the file of %s is longer than 1 MiB; name a PEM file", setting)
	}
	return bytes.TrimPrefix(data, []byte("\ufeff")), nil // as some editors begin a file
}

// unreadable says why a file cannot be read.
func unreadable(setting string, err error) error {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fixable.Errorf("the file that %s names does not exist; correct the name, or put the file there", setting)
	case errors.Is(err, fs.ErrPermission):
		return fixable.Errorf("the file that %s names may not be read; let the user who runs Foyer read it", setting)
	}
	return fixable.Errorf("the file that %s names cannot be read; check that it is a plain file", setting)
}
