package audit

import (
	"errors"
	"fmt"
	"io/fs"

	"foyer/internal/keyfile"
	"foyer/internal/secret"
)

// keySize is that of what a key makes, in bytes.
const keySize = keyfile.Size

// A Key protects a record. Who has it can change the record unseen; who only reads the record cannot, nor find out from whom the
// hashes of identifiers are.
type Key struct {
	chain, head, identifiers secret.Text
	file                     string // where it is from; "" for nowhere
}

// NewKey makes the keys for each purpose out of 32 random bytes in hex.
func NewKey(text string) (Key, error) {
	key, err := keyfile.Parse(text)
	if err != nil {
		return Key{}, err
	}
	return derived(key, "")
}

// derived is the key that is made out of one from a file.
func derived(from keyfile.Key, file string) (Key, error) {
	k := Key{file: file}
	for purpose, to := range map[string]*secret.Text{"chain": &k.chain, "head": &k.head, "identifiers": &k.identifiers} {
		var err error
		if *to, err = from.For("foyer audit " + purpose); err != nil {
			return Key{}, err
		}
	}
	return k, nil
}

// ReadKey reads the key in the file called name; it is fs.ErrNotExist when there is none.
func ReadKey(name string) (Key, error) {
	key, err := keyfile.Read(name)
	if err != nil {
		return Key{}, fmt.Errorf("audit record: %w", err)
	}
	return derived(key, name)
}

// ErrKeyLost says that a record was begun with a key that is gone.
var ErrKeyLost = errors.New("its key is gone")

// LoadKey reads the key in the file called name, of the record in the file called record. Where there is neither it makes a key
// (mode 0600), and made is set. Where there is a record already it is ErrKeyLost: with another key, all of it would seem to be
// changed, and nobody would be found in it.
func LoadKey(name, record string) (key Key, made bool, err error) {
	key, err = ReadKey(name)
	if !errors.Is(err, fs.ErrNotExist) {
		return key, false, err
	}
	if err := Unbegun(record, name); err != nil {
		return Key{}, false, err
	}
	from, made, err := keyfile.Load(name)
	if err != nil {
		return Key{}, false, fmt.Errorf("audit record: %w", err)
	}
	key, err = derived(from, name)
	return key, made, err
}

// Unbegun is ErrKeyLost where there is anything of the record in the file called record, whose key is not in the file called key.
func Unbegun(record, key string) error {
	all, err := files(record)
	if err != nil && !missing(err) {
		return fmt.Errorf("audit record: %w", err)
	}
	there, err := exists(headName(record))
	switch {
	case err != nil:
		return fmt.Errorf("audit record: %w", err)
	case there || len(all) > 0:
		return fmt.Errorf("there is a record in %s, but no key in %s: %w; put the key back, or put all files of the record away to begin another", record, key, ErrKeyLost)
	}
	return nil
}

// mac is the MAC of text under one of the keys, in hex.
func mac(key secret.Text, text []byte) string { return keyfile.MAC(key, text) }

// identifierHash is how many bytes of the MAC stand for an identifier.
const identifierHash = 16

// Hash returns id with its value hashed, as records have it: that of its usual form, so that who writes it otherwise is found.
func (k Key) Hash(id Identifier) Identifier {
	if id.Value == "" {
		return id
	}
	return Identifier{Type: id.Type, Hash: k.hash(id.Type, usual(id.Type, id.Value))}
}

func (k Key) hash(kind, value string) string {
	return mac(k.identifiers, []byte(kind+"\x00"+value))[:2*identifierHash]
}

// Names reports whether id, of a record, is what somebody calls value. Records from before there was a usual form have hashes of
// what was typed.
func (k Key) Names(id Identifier, value string) bool {
	if id.Hash == "" {
		return id.Value != "" && usual(id.Type, id.Value) == usual(id.Type, value)
	}
	return id.Hash == k.hash(id.Type, usual(id.Type, value)) || id.Hash == k.hash(id.Type, shown(value))
}
