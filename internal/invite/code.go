package invite

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"foyer/internal/secret"
)

// alphabet has no two signs that look alike: no 0 O, 1 I L, U V, B 8, S 5, Z 2. There are 27 of them, the elements of the field
// GF(27).
const alphabet = "23456789ACDEFGHJKMNPQRTVWXY"

// The signs of a code. 17 of 27 are 80.8 random bits.
const (
	randomSigns = 17
	codeSigns   = randomSigns + 1 // the last one checks the others
	groupSigns  = 3               // what is said in one breath
	idSigns     = 6
)

// newCode returns a random code as it is printed, such as "A7K-4M2-XWP-9HT-3RC-D8F".
func newCode() secret.Text {
	signs := randomText(randomSigns)
	signs += string(alphabet[check(signs)])
	groups := make([]string, 0, codeSigns/groupSigns)
	for i := 0; i < codeSigns; i += groupSigns {
		groups = append(groups, signs[i:i+groupSigns])
	}
	return secret.New(strings.Join(groups, "-"))
}

// randomText is n random signs.
func randomText(n int) string {
	text := make([]byte, n)
	for i := range text {
		text[i] = alphabet[randomIndex()]
	}
	return string(text)
}

// randomIndex is uniform among the signs of the alphabet.
func randomIndex() int {
	const fair = 256 - 256%len(alphabet)
	var b [1]byte
	for {
		_, _ = rand.Read(b[:]) // never fails: crypto/rand ends the program first
		if int(b[0]) < fair {
			return int(b[0]) % len(alphabet)
		}
	}
}

// read returns the signs of what somebody typed: small letters are capitals, spaces and dashes do not count, and a sign that the
// alphabet has not is the one that it is mistaken for, if there is such a one. It is ok when nothing else was typed.
func read(typed string) (signs string, ok bool) {
	const longest = 4 * codeSigns // in bytes, before anything is copied
	if len(typed) > longest {
		return "", false
	}
	var b strings.Builder
	for _, r := range strings.ToUpper(typed) {
		switch r {
		case ' ', '\t', '\u00a0', '-', '\u2010', '\u2011', '\u2012', '\u2013', '\u2014', '\u2212', '_', '.': // dashes as word processors make them
			continue
		case 'B':
			r = '8'
		case 'S':
			r = '5'
		case 'Z':
			r = '2'
		case 'U':
			r = 'V'
		}
		if !strings.ContainsRune(alphabet, r) {
			return "", false
		}
		b.WriteRune(r)
	}
	return b.String(), true
}

// digest is what is kept of a code, or ErrMistyped. SHA-256 without salt or stretching is enough, and quick for a server: these
// slow down who guesses from a dictionary, and there is none of 2^80 random codes.
func digest(code secret.Text) (string, error) {
	signs, ok := read(code.Reveal())
	if !ok || len(signs) != codeSigns || check(signs) != 0 {
		return "", ErrMistyped
	}
	sum := sha256.Sum256([]byte(signs))
	return hex.EncodeToString(sum[:]), nil
}

// check is the index of the sign that makes a code of signs; that of a whole code is 0. It is a polynomial over GF(27) whose
// coefficients are the signs, taken at a generator of the field: one wrong sign, or any two that changed places, are found.
func check(signs string) int {
	sum := 0
	for i := range len(signs) {
		sum = plus(times(sum), strings.IndexByte(alphabet, signs[i]))
	}
	if len(signs) == codeSigns {
		return sum
	}
	sum = times(sum)
	return plus(sum, sum) // minus the sum, since three times anything is nothing
}

// times is an element of GF(27) times x, a generator where x³ = x + 2. An element c₂x² + c₁x + c₀ is the number 9c₂ + 3c₁ + c₀.
func times(e int) int {
	high, middle, low := e/9, e/3%3, e%3
	return 9*middle + 3*((low+high)%3) + 2*high%3
}

// plus is the sum of two elements of GF(27).
func plus(a, b int) int {
	return 9*((a/9+b/9)%3) + 3*((a/3+b/3)%3) + (a+b)%3
}
