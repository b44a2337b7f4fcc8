// Package passcode is the passcode that staff leaves a locked kiosk with: the hash of it that an administrator keeps, and the lock
// that it opens.
package passcode

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"foyer/internal/secret"
)

// Bounds of a passcode, in characters.
const (
	MinLength = 8 // what staff types in front of a queue; guesses are throttled
	MaxLength = 128
)

// A Hash is what is kept of a passcode: argon2id (RFC 9106). It is made by New and Parse only.
type Hash struct {
	memory uint32 // KiB
	passes uint32
	lanes  uint8
	salt   []byte
	sum    []byte
}

// The parameters that new hashes are made with: the second recommended option of RFC 9106, 4, for where memory is scarce. They take
// about 100 ms and 64 MiB.
const (
	memory   = 64 << 10
	passes   = 3
	lanes    = 4
	saltSize = 16
	sumSize  = 32
)

// What is taken of a hash that was made elsewhere. The least that OWASP's Password Storage Cheat Sheet names is 7 MiB in five passes,
// and its other choices come to about the same product. The most keeps a mistyped number from taking the memory of the machine.
const (
	leastMemory = 7 << 10
	leastWork   = 5 * leastMemory
	mostMemory  = 512 << 10
	mostPasses  = 16
	mostLanes   = 16
)

// Why a passcode or a hash is no good. The words say what to do, and hold nothing of either.
var (
	ErrShort     = fmt.Errorf("is too short: somebody at the kiosk could guess it; take %d characters or more", MinLength)
	ErrLong      = fmt.Errorf("is too long; take %d characters or fewer", MaxLength)
	ErrRepeated  = errors.New("is the same character again and again; take another")
	ErrControl   = errors.New("has a control character, which cannot be typed at the kiosk; take letters, digits and signs")
	ErrNoHash    = errors.New("is not the hash of a passcode (argon2id, as a PHC string)")
	ErrWeakHash  = errors.New("is a hash that is too quickly searched for its passcode")
	ErrHeavyHash = errors.New("is a hash that asks for more memory or time than a kiosk has")
)

// Judge says why a passcode cannot be taken; nil when it can.
func Judge(passcode secret.Text) error {
	code := canonical(passcode)
	defer clear(code)
	first, _ := utf8.DecodeRune(code)
	same := true
	for _, r := range string(code) {
		same = same && r == first
		if r < ' ' || r >= 0x7f && r < 0xa0 || r == utf8.RuneError {
			return ErrControl
		}
	}
	switch n := utf8.RuneCount(code); {
	case n < MinLength:
		return ErrShort
	case n > MaxLength:
		return ErrLong
	case same:
		return ErrRepeated
	}
	return nil
}

// canonical is a copy of a passcode in the form that is hashed (Unicode NFC): keyboards differ in how they send an accent. Whoever
// calls clears it.
func canonical(passcode secret.Text) []byte {
	plain := []byte(passcode.Reveal())
	if norm.NFC.IsNormal(plain) {
		return plain
	}
	defer clear(plain)
	return norm.NFC.Bytes(plain)
}

// New returns a hash of a passcode that Judge takes, with a salt of its own.
func New(passcode secret.Text) (Hash, error) {
	if err := Judge(passcode); err != nil {
		return Hash{}, err
	}
	h := Hash{memory: memory, passes: passes, lanes: lanes, salt: make([]byte, saltSize), sum: make([]byte, sumSize)}
	_, _ = rand.Read(h.salt) // it never fails
	h.sum = h.of(passcode)
	return h, nil
}

// of is what h would hold of a passcode.
func (h Hash) of(passcode secret.Text) []byte {
	code := canonical(passcode)
	defer clear(code)
	return argon2.IDKey(code, h.salt, h.passes, h.memory, h.lanes, uint32(len(h.sum))) //nolint:gosec // at most 64
}

// Matches reports whether h is of passcode. It takes its time; see New.
func (h Hash) Matches(passcode secret.Text) bool {
	return len(h.sum) > 0 && subtle.ConstantTimeCompare(h.sum, h.of(passcode)) == 1
}

// Text is h as a PHC string.
func (h Hash) Text() string {
	b64 := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, h.memory, h.passes, h.lanes, b64(h.salt), b64(h.sum))
}

// phc is the PHC string format with what argon2id has in it, in the order that the reference implementation writes and every other
// one reads: the salt has 8 to 48 bytes (RFC 9106, 3.1, and the format's own bound), the sum 16 to 64.
var phc = regexp.MustCompile(`^\$argon2id\$v=(\d{1,3})\$m=([1-9]\d{0,9}),t=([1-9]\d{0,9}),p=([1-9]\d{0,7})\$([A-Za-z0-9+/]{11,64})\$([A-Za-z0-9+/]{22,86})$`)

// Parse reads a hash: a PHC string such as
//
//	$argon2id$v=19$m=65536,t=3,p=4$c29tZSBzYWx0IGhlcmU$…
//
// The error is ErrNoHash, ErrWeakHash or ErrHeavyHash.
func Parse(text secret.Text) (Hash, error) {
	parts := phc.FindStringSubmatch(text.Reveal())
	if parts == nil || parts[1] != strconv.Itoa(argon2.Version) {
		return Hash{}, ErrNoHash
	}
	numbers := make([]uint64, 0, 3)
	for _, digits := range parts[2:5] {
		n, err := strconv.ParseUint(digits, 10, 64)
		if err != nil {
			return Hash{}, ErrNoHash
		}
		numbers = append(numbers, n)
	}
	m, t, p := numbers[0], numbers[1], numbers[2]
	salt, err := base64.RawStdEncoding.Strict().DecodeString(parts[5])
	if err != nil {
		return Hash{}, ErrNoHash
	}
	sum, err := base64.RawStdEncoding.Strict().DecodeString(parts[6])
	switch {
	case err != nil:
		return Hash{}, ErrNoHash
	case m > mostMemory, t > mostPasses, p > mostLanes:
		return Hash{}, ErrHeavyHash
	case m < leastMemory, m*t < leastWork, m < 8*p: // the last is RFC 9106, 3.1
		return Hash{}, ErrWeakHash
	}
	return Hash{memory: uint32(m), passes: uint32(t), lanes: uint8(p), salt: salt, sum: sum}, nil
}
