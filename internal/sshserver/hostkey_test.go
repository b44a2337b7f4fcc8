package sshserver_test

import (
	"crypto/dsa" //nolint:staticcheck // to be refused
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/asn1"
	"encoding/pem"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"foyer/internal/sshserver"
)

func TestAHostKeyIsMadeOnce(t *testing.T) {
	name := filepath.Join(t.TempDir(), "state", "foyer", "key")
	made, err := sshserver.LoadHostKey(name)
	if err != nil {
		t.Fatal(err)
	}
	if !made.Made || made.Signer.PublicKey().Type() != "ssh-ed25519" || !strings.HasPrefix(made.Fingerprint(), "SHA256:") {
		t.Errorf("LoadHostKey() = %t, %s, %s", made.Made, made.Signer.PublicKey().Type(), made.Fingerprint())
	}
	again, err := sshserver.LoadHostKey(name)
	if err != nil || again.Made || again.Exposed || again.Fingerprint() != made.Fingerprint() {
		t.Errorf("the second time: %t, %t, %s, %v, want the same key", again.Made, again.Exposed, again.Fingerprint(), err)
	}
	info, err := os.Stat(name)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the mode is %v, %v, want 0600", info.Mode(), err)
	}
	files, err := os.ReadDir(filepath.Dir(name))
	if err != nil || len(files) != 1 {
		t.Errorf("there are %d files, %v, want the key alone", len(files), err)
	}
	if err := os.Chmod(name, 0o644); err != nil {
		t.Fatal(err)
	}
	if key, err := sshserver.LoadHostKey(name); err != nil || !key.Exposed {
		t.Errorf("a key that all can read: %t, %v, want exposed", key.Exposed, err)
	}
}

func TestServersThatBeginAtOnceHaveOneHostKey(t *testing.T) {
	name := filepath.Join(t.TempDir(), "key")
	var wg sync.WaitGroup
	prints := make([]string, 8)
	for i := range prints {
		wg.Go(func() {
			key, err := sshserver.LoadHostKey(name)
			if err != nil {
				t.Error(err)
				return
			}
			prints[i] = key.Fingerprint()
		})
	}
	wg.Wait()
	for _, p := range prints {
		if p != prints[0] {
			t.Errorf("there are the keys %s and %s", prints[0], p)
		}
	}
}

func TestAFileThatIsNoHostKeyIsRefusedWithoutItsText(t *testing.T) {
	folder := t.TempDir()
	name := filepath.Join(folder, "key")
	if err := os.WriteFile(name, []byte(marker), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{name, folder, filepath.Join(name, "below")} {
		if _, err := sshserver.LoadHostKey(bad); err == nil || strings.Contains(err.Error(), "horse") {
			t.Errorf("LoadHostKey(%s) = %v", bad, err)
		}
	}
}

// readKey writes a private key to a file, and reads it as a host key.
func readKey(t *testing.T, key any) (sshserver.HostKey, error) {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(name, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	return sshserver.ReadHostKey(name)
}

func TestAHostKeyIsOfAStrongKind(t *testing.T) {
	short, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	long, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	_, edwards, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	odd, err := ecdsa.GenerateKey(elliptic.P224(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name string
		key  any
		kind string // "" when it is refused
		fix  string
	}{
		{"a short RSA key is refused", short, "", "ssh-keygen -t rsa -b 3072"},
		{"a curve that SSH does not know is refused", odd, "", "ssh-keygen -t ed25519"},
		{"a long RSA key serves", long, "RSA", ""},
		{"ed25519 serves", edwards, "ED25519", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			key, err := readKey(t, tt.key)
			switch {
			case tt.kind != "" && (err != nil || key.Kind() != tt.kind):
				t.Errorf("ReadHostKey() = %v, want a key of kind %s", err, tt.kind)
			case tt.kind == "" && (err == nil || !strings.Contains(err.Error(), tt.fix)):
				t.Errorf("ReadHostKey() = %v, want an error with %q", err, tt.fix)
			}
		})
	}
}

func TestADSAKeyIsRefused(t *testing.T) {
	var key dsa.PrivateKey
	if err := dsa.GenerateParameters(&key.Parameters, rand.Reader, dsa.L1024N160); err != nil {
		t.Fatal(err)
	}
	if err := dsa.GenerateKey(&key, rand.Reader); err != nil {
		t.Fatal(err)
	}
	der, err := asn1.Marshal(struct {
		Version       int
		P, Q, G, Y, X *big.Int
	}{0, key.P, key.Q, key.G, key.Y, key.X})
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(name, pem.EncodeToMemory(&pem.Block{Type: "DSA PRIVATE KEY", Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := sshserver.ReadHostKey(name); err == nil || !strings.Contains(err.Error(), "ssh-keygen -t ed25519") {
		t.Errorf("ReadHostKey() = %v, want an error that says what to do", err)
	}
}
