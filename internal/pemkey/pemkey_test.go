package pemkey_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"strings"
	"testing"

	"foyer/internal/fixable"
	"foyer/internal/pemkey"
)

func TestParseReadsTheKeyBesideACertificate(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	data := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: []byte("x")})
	data = append(data, pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: der})...)
	got, err := pemkey.Parse(data, "auth.key_file")
	if err != nil || !key.Equal(got) {
		t.Errorf("Parse() = %v, want the key", err)
	}
}

func FuzzParse(f *testing.F) {
	for _, kind := range []string{"PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "CERTIFICATE"} {
		f.Add(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: []byte("hunter2")}))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		key, err := pemkey.Parse(data, "auth.key_file")
		var mend *fixable.Error
		if (key == nil) != (err != nil) || err != nil && (!errors.As(err, &mend) || !strings.Contains(mend.Staff, "auth.key_file")) {
			t.Fatalf("Parse() = %v, %v, want a key or a sentence", key, err)
		}
	})
}
