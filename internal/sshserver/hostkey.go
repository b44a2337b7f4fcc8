package sshserver

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	gossh "golang.org/x/crypto/ssh"
)

// largestKey bounds the file of a host key, in bytes.
const largestKey = 64 << 10

// A HostKey is the key that a server proves itself by.
type HostKey struct {
	gossh.Signer
	Made    bool // just now
	Exposed bool // others than its owner can read the file
}

// Fingerprint is what clients show ("SHA256:...").
func (k HostKey) Fingerprint() string { return gossh.FingerprintSHA256(k.PublicKey()) }

// LoadHostKey reads the private key in the file called name. Where there is none it makes one (ed25519, mode 0600), and the
// folder for it; of several servers that begin at once, all come to have the same.
func LoadHostKey(name string) (HostKey, error) {
	key, err := readHostKey(name)
	if !errors.Is(err, fs.ErrNotExist) {
		return key, err
	}
	made := makeHostKey(name)
	if made != nil && !errors.Is(made, fs.ErrExist) {
		return HostKey{}, fmt.Errorf("make a host key: %w", made)
	}
	key, err = readHostKey(name)
	key.Made = made == nil && err == nil
	return key, err
}

// readHostKey reads a key without a passphrase in any form that OpenSSH writes.
func readHostKey(name string) (HostKey, error) {
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
	signer, err := gossh.ParsePrivateKey(text)
	var locked *gossh.PassphraseMissingError
	switch {
	case errors.As(err, &locked):
		return HostKey{}, fmt.Errorf("the host key %s has a passphrase, which nobody is there to type", name)
	case err != nil: // the error could quote the file
		return HostKey{}, fmt.Errorf("the file %s holds no private key in PEM", name)
	}
	return HostKey{Signer: signer, Exposed: info.Mode().Perm()&0o077 != 0}, nil
}

// makeHostKey makes a key in the file called name, all of it or nothing. It is fs.ErrExist when somebody else was first.
func makeHostKey(name string) (err error) {
	folder := filepath.Dir(name)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return err
	}
	block, err := gossh.MarshalPrivateKey(key, "foyer")
	if err != nil {
		return err
	}
	draft, err := os.CreateTemp(folder, ".ssh_host_key-*") // with mode 0600
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(draft.Name()) }()
	text := pem.EncodeToMemory(block)
	defer clear(text)
	_, err = draft.Write(text)
	if err := errors.Join(err, draft.Sync(), draft.Close()); err != nil {
		return err
	}
	return os.Link(draft.Name(), name) // unlike a rename, it never replaces a key
}
