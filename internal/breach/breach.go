// Package breach tells whether a password is known from a breach: by a range query, which tells the service asked no more than the first
// five hexadecimal digits of a hash, or by a local file of hashes. Neither puts a password or a whole hash into an error.
//
// Source: NIST SP 800-63B-4, 3.1.1.2 (blocklist of compromised passwords); OWASP ASVS 5.0, 6.2.12.
package breach

import (
	"crypto/sha1" //nolint:gosec // what the lists of breached passwords are hashed with; it protects nothing here
	"errors"

	"foyer/internal/secret"
)

// Errors that a check wraps. Whoever gets one does not know whether the password is breached.
var (
	ErrAnswer = errors.New("the answer is no list of hash suffixes")
	ErrFile   = errors.New("not a file of SHA-1 hashes in ascending order")
)

// A digest is the SHA-1 of the UTF-8 of a password.
type digest [sha1.Size]byte

func digestOf(password secret.Text) digest {
	return sha1.Sum([]byte(password.Reveal())) //nolint:gosec // see the import
}
