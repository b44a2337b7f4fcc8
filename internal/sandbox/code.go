package sandbox

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"math/big"
	"slices"
	"strings"
	"time"
)

// A codeKind says what a code is good for: the type of Code of the API.
type codeKind string

// The kinds of codes.
const (
	codeActivation     codeKind = "activation"
	codeVerifyAddress  codeKind = "verify_address"
	codeChallenge      codeKind = "challenge"
	codeAuthentication codeKind = "authentication"
	codeResetPassword  codeKind = "reset_password"
	codeResetTOTP      codeKind = "reset_totp"
	codeEnrollWebAuthn codeKind = "enroll_webauthn"
)

// kinds returns all of them.
func kinds() []codeKind {
	return []codeKind{
		codeActivation, codeVerifyAddress, codeChallenge, codeAuthentication, codeResetPassword, codeResetTOTP,
		codeEnrollWebAuthn,
	}
}

// An owner is whose codes they are, and what for.
type owner struct {
	pool, user string
	kind       codeKind
}

// key names the owner to a limiter.
func (o owner) key() string { return o.pool + "/" + o.user + "/" + string(o.kind) }

// A code is what is kept of one that was given out: digests of both its forms.
type code struct {
	id         string
	address    string // that it is for, as the user has it; "" for none
	theirs     bool   // the address was the user's when the code was made
	invitation bool   // it was sent by mode=invitation
	expires    time.Time

	short, extended [sha256.Size]byte
}

// An issued code is one on its way to its owner, the only time that it is known in the clear.
type issued struct {
	code

	kind     codeKind
	ttl      time.Duration
	digits   string // to be typed
	extended string // to be followed: it says whose it is, and fits into a path
}

// digits returns n random decimal digits, each as likely as any other.
func digits(n int) string {
	var text strings.Builder
	for range n {
		digit, _ := rand.Int(rand.Reader, big.NewInt(10)) // never fails, see crypto/rand
		text.WriteString(digit.String())
	}
	return text.String()
}

// extend returns an extended code of o: the kind and the user in base64url, a dot, and 128 random bits in base32.
func (o owner) extend() string {
	return base64.RawURLEncoding.EncodeToString([]byte(string(o.kind)+" "+o.user)) + "." + rand.Text()
}

// ownerOf returns whose an extended code of the pool says to be.
func ownerOf(pool, extended string) (owner, bool) {
	name, _, dotted := strings.Cut(extended, ".")
	plain, err := base64.RawURLEncoding.DecodeString(name)
	kind, user, spaced := strings.Cut(string(plain), " ")
	o := owner{pool, user, codeKind(kind)}
	return o, err == nil && dotted && spaced && slices.Contains(kinds(), o.kind) && validID.MatchString(user)
}
