package sandbox

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"fmt"
	"runtime"

	"golang.org/x/crypto/argon2"
)

// The types of credentials.
const (
	credentialPassword = "password"
	credentialTOTP     = "totp"
	credentialWebAuthn = "webauthn"
)

// The parameters of Argon2id: the least that the OWASP Password Storage Cheat Sheet asks for. RFC 9106, 4 asks more,
// of servers that hold real passwords.
const (
	argonTime    = 2
	argonMemory  = 19 * 1024 // KiB
	argonThreads = 1
	argonKey     = 32 // bytes
	argonSalt    = 16 // bytes
)

// A passwordHash is all that is kept of a password.
type passwordHash struct{ salt, key []byte }

// hashPassword hashes the bytes of password as they are, with a salt of its own.
func hashPassword(password string) *passwordHash {
	salt := make([]byte, argonSalt)
	_, _ = rand.Read(salt) // never fails, see crypto/rand
	return &passwordHash{salt, derive(password, salt)}
}

func (h *passwordHash) matches(password string) bool {
	return subtle.ConstantTimeCompare(h.key, derive(password, h.salt)) == 1
}

func derive(password string, salt []byte) []byte {
	return argon2.IDKey([]byte(password), salt, argonTime, argonMemory, argonThreads, argonKey)
}

// A hasher bounds how many passwords are estimated and hashed at once, and so the memory that takes.
type hasher struct{ slots chan struct{} }

func newHasher() *hasher { return &hasher{make(chan struct{}, runtime.GOMAXPROCS(0))} }

// begin waits for a slot, which release gives back.
func (h *hasher) begin(ctx context.Context) (release func(), err error) {
	select {
	case h.slots <- struct{}{}:
		return func() { <-h.slots }, nil
	case <-ctx.Done():
		return nil, fmt.Errorf("wait for password hashing: %w", ctx.Err())
	}
}

func (c newCredential) credential(own owned) credential {
	return credential{own, c.Type, c.state(), c.blurred()}
}

// state is the state that a new credential starts in; a reset goes before a change.
func (c newCredential) state() string {
	switch {
	case c.MustBeReset:
		return stateMustBeReset
	case c.MustBeChanged:
		return stateMustBeChanged
	}
	return stateValid
}

// blurred is the payload that answers show in place of the secret.
func (c newCredential) blurred() map[string]string {
	switch c.Type {
	case credentialPassword:
		return map[string]string{"hashed_password": "###"}
	case credentialTOTP:
		return map[string]string{"secret": "###"}
	}
	return map[string]string{}
}
