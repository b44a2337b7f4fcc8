package audit

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

// keySize is that of a key, in bytes, as of what it makes.
const keySize = sha256.Size

// A Key protects a record. Who has it can change the record unseen; who only reads the record cannot, nor find out from whom the
// hashes of identifiers are.
type Key struct{ chain, head, identifiers secret.Text }

// NewKey makes the keys for each purpose out of 32 random bytes in hex.
func NewKey(text string) (Key, error) {
	raw, err := hex.DecodeString(strings.TrimSpace(text))
	if err != nil || len(raw) != keySize {
		return Key{}, fmt.Errorf("it is not %d bytes in hexadecimal", keySize)
	}
	defer clear(raw)
	var k Key
	for _, use := range []struct {
		name string
		to   *secret.Text
	}{{"chain", &k.chain}, {"head", &k.head}, {"identifiers", &k.identifiers}} {
		derived, err := hkdf.Key(sha256.New, raw, nil, "foyer audit "+use.name, keySize) // RFC 5869
		if err != nil {
			return Key{}, err
		}
		*use.to = secret.New(string(derived))
		clear(derived)
	}
	return k, nil
}

// ReadKey reads the key in the file called name, which has to be there.
func ReadKey(name string) (Key, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return Key{}, fmt.Errorf("read the key of the audit record: %w", err)
	}
	defer clear(text)
	key, err := NewKey(string(text))
	if err != nil {
		return Key{}, fmt.Errorf("the key of the audit record in %s: %w", name, err)
	}
	return key, nil
}

// LoadKey reads the key in the file called name. Where there is none it makes one (mode 0600), and made is set.
func LoadKey(name string) (key Key, made bool, err error) {
	key, err = ReadKey(name)
	if !errors.Is(err, fs.ErrNotExist) {
		return key, false, err
	}
	if err := makeKey(name); err != nil && !errors.Is(err, fs.ErrExist) {
		return Key{}, false, fmt.Errorf("make the key of the audit record: %w", err)
	}
	key, err = ReadKey(name)
	return key, err == nil, err
}

// makeKey writes a new key, all of it or nothing. It is fs.ErrExist when somebody else was first.
func makeKey(name string) error {
	var raw [keySize]byte
	_, _ = rand.Read(raw[:]) // never fails: crypto/rand ends the program first
	text := fmt.Appendf(nil, "%x\n", raw)
	defer clear(text)
	clear(raw[:])
	return wholefile.Create(name, text)
}

// mac is the MAC of text under one of the keys, in hex.
func mac(key secret.Text, text []byte) string {
	h := hmac.New(sha256.New, []byte(key.Reveal()))
	h.Write(text)
	return hex.EncodeToString(h.Sum(nil))
}

// identifierHash is how many bytes of the MAC stand for an identifier.
const identifierHash = 16

// Hash returns id with its value hashed, as records have it.
func (k Key) Hash(id Identifier) Identifier {
	if id.Value == "" {
		return id
	}
	sum := mac(k.identifiers, []byte(id.Type+"\x00"+id.Value))
	return Identifier{Type: id.Type, Hash: sum[:2*identifierHash]}
}
