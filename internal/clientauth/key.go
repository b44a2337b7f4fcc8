package clientauth

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"

	"github.com/go-jose/go-jose/v4"

	"foyer/internal/clean"
	"foyer/internal/fixable"
	"foyer/internal/pemkey"
)

const (
	settingKey  = "auth.signing_key_file"
	longestFile = 64 << 10 // bytes
	leastRSA    = 2048     // bits: RFC 7518, 3.3
)

// A SigningKey is a private key that signs assertions, with its algorithm and its id. It is not changed once made, and
// prints as its algorithm and id wherever it is printed.
type SigningKey struct {
	algorithm jose.SignatureAlgorithm
	id        string
	key       func() jose.JSONWebKey // which fmt does not look into, as it does into other unexported fields
}

// ParseSigningKey reads the private key in data, the contents of auth.signing_key_file: PKCS#1, PKCS#8 or SEC1 in PEM, a
// JWK (RFC 7517), or a JWK Set in which one private key for signatures is, or one has the id keyID.
//
// KeyID is the kid of the assertions; "" takes the JWK's own, and none where there is no JWK. Algorithm is RS256, RS384,
// RS512, PS256, PS384, PS512, ES256, ES384, ES512 or EdDSA (RFC 7518, 3.1; RFC 8037); "" takes the JWK's alg, else
// RS256 for RSA, that of the curve for EC, and EdDSA for Ed25519.
//
// Errors are *fixable.Error, and quote nothing of data.
func ParseSigningKey(data []byte, keyID, algorithm string) (*SigningKey, error) {
	if len(data) > longestFile {
		return nil, fixable.Errorf("%s is longer than 64 KiB; name a file with one private key", settingKey)
	}
	data = bytes.TrimSpace(bytes.TrimPrefix(data, []byte("\ufeff")))
	found := jose.JSONWebKey{}
	var err error
	if bytes.HasPrefix(data, []byte("{")) {
		found, err = parseJWK(data, keyID)
	} else {
		found.Key, err = pemkey.Parse(data, settingKey)
	}
	if err != nil {
		return nil, err
	}
	if keyID != "" {
		found.KeyID = keyID
	}
	return newSigningKey(found, algorithm)
}

// newSigningKey chooses the algorithm of a private key.
func newSigningKey(found jose.JSONWebKey, algorithm string) (*SigningKey, error) {
	if key, ok := found.Key.(*rsa.PrivateKey); ok && key.N.BitLen() < leastRSA {
		return nil, fixable.Errorf("the RSA key in %s has %d bits; make one of at least %d", settingKey, key.N.BitLen(), leastRSA)
	}
	suit := suitable(found.Key)
	if len(suit) == 0 {
		return nil, fixable.Errorf("the key in %s is of a kind that signs no assertions; use RSA, P-256, P-384, P-521 or Ed25519", settingKey)
	}
	chosen, err := choose(suit, algorithm, found.Algorithm)
	if err != nil {
		return nil, err
	}
	key := jose.JSONWebKey{Key: found.Key, KeyID: found.KeyID}
	return &SigningKey{algorithm: chosen, id: found.KeyID, key: func() jose.JSONWebKey { return key }}, nil
}

// choose returns the algorithm that was asked for, else the JWK's own, else the usual one.
func choose(suit []jose.SignatureAlgorithm, asked, own string) (jose.SignatureAlgorithm, error) {
	if own == "Ed25519" { // RFC 9864, which fewer tenants know
		own = string(jose.EdDSA)
	}
	switch {
	case slices.Contains(suit, jose.SignatureAlgorithm(asked)):
		return jose.SignatureAlgorithm(asked), nil
	case asked != "":
		return "", fixable.Errorf("auth.signing_alg %q does not suit the key in %s; write %s", clean.Line(asked, longestQuoted), settingKey, choice(suit))
	case own == "":
		return suit[0], nil
	case slices.Contains(suit, jose.SignatureAlgorithm(own)):
		return jose.SignatureAlgorithm(own), nil
	}
	return "", fixable.Errorf("the alg of the JWK in %s does not suit its key; write %s there or in auth.signing_alg", settingKey, choice(suit))
}

// suitable are the algorithms that key signs with, the usual one first; none for another kind of key.
func suitable(key any) []jose.SignatureAlgorithm {
	switch key := key.(type) {
	case *rsa.PrivateKey:
		return []jose.SignatureAlgorithm{jose.RS256, jose.RS384, jose.RS512, jose.PS256, jose.PS384, jose.PS512}
	case *ecdsa.PrivateKey: // RFC 7518, 3.4: each curve has its hash
		switch key.Curve.Params().BitSize {
		case 256:
			return []jose.SignatureAlgorithm{jose.ES256}
		case 384:
			return []jose.SignatureAlgorithm{jose.ES384}
		case 521:
			return []jose.SignatureAlgorithm{jose.ES512}
		}
	case ed25519.PrivateKey:
		return []jose.SignatureAlgorithm{jose.EdDSA}
	}
	return nil
}

// choice lists algorithms as a sentence does.
func choice(algorithms []jose.SignatureAlgorithm) string {
	var names []string
	for _, a := range algorithms {
		names = append(names, string(a))
	}
	if last := len(names) - 1; last > 0 {
		return strings.Join(names[:last], ", ") + " or " + names[last]
	}
	return names[0]
}

// jose is the key as the library wants it.
func (k *SigningKey) jose() jose.SigningKey {
	return jose.SigningKey{Algorithm: k.algorithm, Key: k.key()}
}

// Algorithm is the alg of the assertions: RFC 7518, 3.1.
func (k *SigningKey) Algorithm() string { return string(k.algorithm) }

// ID is the kid of the assertions; "" when they have none.
func (k *SigningKey) ID() string { return k.id }

// Public is the public half of the key.
func (k *SigningKey) Public() crypto.PublicKey {
	key := k.key()
	return key.Public().Key
}

// Equal reports whether both sign alike: with the same key, algorithm and id. Two that are nil are equal.
func (k *SigningKey) Equal(other *SigningKey) bool {
	if k == nil || other == nil {
		return k == other
	}
	public, ok := k.Public().(interface{ Equal(crypto.PublicKey) bool })
	return ok && public.Equal(other.Public()) && k.Algorithm() == other.Algorithm() && k.ID() == other.ID()
}

// String tells algorithm and id.
func (k *SigningKey) String() string {
	if k == nil {
		return "no signing key"
	}
	return fmt.Sprintf("signing key (alg %s, kid %q)", k.algorithm, clean.Line(k.id, longestQuoted))
}

// Format prints what String returns, whatever the verb.
func (k *SigningKey) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, k.String()) }

// LogValue is what log/slog records.
func (k *SigningKey) LogValue() slog.Value { return slog.StringValue(k.String()) }

// MarshalText returns what String does, so that no encoder writes the key.
func (k *SigningKey) MarshalText() ([]byte, error) { return []byte(k.String()), nil }
