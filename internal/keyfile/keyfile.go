// Package keyfile keeps keys that the program makes for itself: 32 random bytes in hexadecimal, each in a file that only its owner
// can read.
package keyfile

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"foyer/internal/secret"
	"foyer/internal/wholefile"
)

// Size is that of a key, and of what is derived of it, in bytes.
const Size = sha256.Size

// A Key is what keys for several purposes are derived of.
type Key struct{ raw secret.Text }

// New returns a key that is kept nowhere.
func New() Key {
	var raw [Size]byte
	_, _ = rand.Read(raw[:]) // never fails: crypto/rand ends the program first
	defer clear(raw[:])
	return Key{secret.New(string(raw[:]))}
}

// Parse reads a key in hexadecimal.
func Parse(text string) (Key, error) {
	raw, err := hex.DecodeString(strings.TrimSpace(text))
	if err != nil || len(raw) != Size {
		return Key{}, fmt.Errorf("it is not %d bytes in hexadecimal", Size)
	}
	defer clear(raw)
	return Key{secret.New(string(raw))}, nil
}

// Read reads the key in the file called name; it is fs.ErrNotExist when there is none.
func Read(name string) (Key, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return Key{}, fmt.Errorf("read the key: %w", err)
	}
	defer clear(text)
	key, err := Parse(string(text))
	if err != nil {
		return Key{}, fmt.Errorf("the key in %s: %w", name, err)
	}
	return key, nil
}

// Load reads the key in the file called name. Where there is none it makes one (mode 0600), and made is set.
func Load(name string) (key Key, made bool, err error) {
	key, err = Read(name)
	if !errors.Is(err, fs.ErrNotExist) {
		return key, false, err
	}
	text := fmt.Appendf(nil, "%x\n", New().raw.Reveal())
	defer clear(text)
	if err := wholefile.Create(name, text); err != nil && !errors.Is(err, fs.ErrExist) { // then somebody else was first
		return Key{}, false, fmt.Errorf("make the key: %w", err)
	}
	key, err = Read(name)
	return key, err == nil, err
}

// For derives the key for a purpose (RFC 5869).
func (k Key) For(purpose string) (secret.Text, error) {
	derived, err := hkdf.Key(sha256.New, []byte(k.raw.Reveal()), nil, purpose, Size)
	if err != nil {
		return secret.Text{}, fmt.Errorf("derive a key: %w", err)
	}
	defer clear(derived)
	return secret.New(string(derived)), nil
}

// MAC is that of text under key (HMAC-SHA-256), in hexadecimal.
func MAC(key secret.Text, text []byte) string {
	h := hmac.New(sha256.New, []byte(key.Reveal()))
	h.Write(text)
	return hex.EncodeToString(h.Sum(nil))
}
