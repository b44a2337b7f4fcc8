package sshserver

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	gossh "golang.org/x/crypto/ssh"

	"foyer/internal/wholefile"
)

// largestKey bounds the file of a host key, in bytes.
const largestKey = 64 << 10

// A HostKey is a key that a server proves itself by.
type HostKey struct {
	Signer  gossh.Signer // not embedded, which would hide by which algorithms it signs
	Name    string       // of its file
	Made    bool         // just now
	Next    bool         // another of its type serves before it
	Exposed bool         // others than its owner can read the file
}

// Fingerprint is what clients show ("SHA256:...").
func (k HostKey) Fingerprint() string { return gossh.FingerprintSHA256(k.Signer.PublicKey()) }

// Kind is the kind of the key, as ssh-keygen has it: ED25519, ECDSA or RSA.
func (k HostKey) Kind() string {
	switch k.Signer.PublicKey().Type() {
	case gossh.KeyAlgoED25519:
		return "ED25519"
	case gossh.KeyAlgoRSA:
		return "RSA"
	}
	return "ECDSA"
}

// LoadHostKey is ReadHostKey, but where there is no file it makes a key (ed25519, mode 0600), and the folder for it; of several servers
// that begin at once, all come to have the same.
func LoadHostKey(name string) (HostKey, error) {
	key, err := ReadHostKey(name)
	if !errors.Is(err, fs.ErrNotExist) {
		return key, err
	}
	made := makeHostKey(name)
	if made != nil && !errors.Is(made, fs.ErrExist) {
		return HostKey{}, fmt.Errorf("make a host key: %w", made)
	}
	key, err = ReadHostKey(name)
	key.Made = made == nil && err == nil
	return key, err
}

// TryHostKey is LoadHostKey that makes no file: where there is none but one can be made, it returns a key that is kept nowhere.
func TryHostKey(name string) (HostKey, error) {
	key, err := ReadHostKey(name)
	if !errors.Is(err, fs.ErrNotExist) {
		return key, err
	}
	if err := wholefile.Try(name); err != nil {
		return HostKey{}, fmt.Errorf("there is no host key %s, and none can be made there: %w", name, err)
	}
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return HostKey{}, err
	}
	signer, err := gossh.NewSignerFromKey(private)
	return HostKey{Signer: signer, Name: name, Made: true}, err
}

// ReadHostKey reads the private key in the file called name: of kind ed25519, ecdsa or rsa, without a passphrase, in any form that
// OpenSSH writes. An error names the file and what to do, and quotes nothing of it; it is fs.ErrNotExist where there is none.
func ReadHostKey(name string) (HostKey, error) {
	file, err := os.Open(name)
	if err != nil {
		return HostKey{}, err
	}
	defer func() { _ = file.Close() }()
	info, err := file.Stat()
	if err != nil {
		return HostKey{}, err
	}
	text, err := io.ReadAll(io.LimitReader(file, largestKey))
	defer clear(text)
	if err != nil {
		return HostKey{}, fmt.Errorf("read the host key: %w", err)
	}
	signer, err := parseHostKey(text)
	if err != nil {
		return HostKey{}, fmt.Errorf("the host key %s %w", name, err)
	}
	return HostKey{Signer: signer, Name: name, Exposed: info.Mode().Perm()&0o077 != 0}, nil
}

// shortestRSA is the shortest RSA key that is taken, in bits (NIST SP 800-131A).
const shortestRSA = 2048

// What can be wrong with a key.
var (
	errLocked  = errors.New("has a passphrase, which nobody is there to type; take it away: ssh-keygen -p -N '' -f FILE")
	errNoKey   = errors.New("is no private key that Foyer can use; make one: ssh-keygen -t ed25519 -N '' -f FILE")
	errWeakRSA = errors.New("is an RSA key of less than 2048 bits, which is weak; make another: ssh-keygen -t rsa -b 3072 -N '' -f FILE")
)

// parseHostKey reads a key that is strong enough. It signs by no algorithm that is not.
func parseHostKey(text []byte) (gossh.Signer, error) {
	private, err := gossh.ParseRawPrivateKey(text)
	var locked *gossh.PassphraseMissingError
	switch {
	case errors.As(err, &locked):
		return nil, errLocked
	case err != nil: // the error could quote the file
		return nil, errNoKey
	}
	signer, err := gossh.NewSignerFromKey(private)
	if err != nil {
		return nil, errNoKey
	}
	switch signer.PublicKey().Type() {
	case gossh.KeyAlgoED25519, gossh.KeyAlgoECDSA256, gossh.KeyAlgoECDSA384, gossh.KeyAlgoECDSA521:
		return signer, nil
	case gossh.KeyAlgoRSA:
		return strongRSA(private, signer)
	}
	return nil, errNoKey // such as DSA
}

// strongRSA has an RSA key that is long enough sign by no SHA-1 (RFC 8332).
func strongRSA(private any, signer gossh.Signer) (gossh.Signer, error) {
	key, isRSA := private.(*rsa.PrivateKey)
	by, signs := signer.(gossh.AlgorithmSigner)
	switch {
	case !isRSA || !signs:
		return nil, errNoKey
	case key.N.BitLen() < shortestRSA:
		return nil, errWeakRSA
	}
	return gossh.NewSignerWithAlgorithms(by, []string{gossh.KeyAlgoRSASHA512, gossh.KeyAlgoRSASHA256})
}

// makeHostKey makes a key in the file called name, all of it or nothing. It is fs.ErrExist when somebody else was first.
func makeHostKey(name string) error {
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return err
	}
	block, err := gossh.MarshalPrivateKey(key, "foyer")
	if err != nil {
		return err
	}
	text := pem.EncodeToMemory(block)
	defer clear(text)
	return wholefile.Create(name, text)
}
