package registration

import (
	"crypto/rand"
	"strings"
)

// referenceAlphabet has no two signs that look or sound alike: no 0 O, 1 I L, B 8, S 5, and neither 6, N, U nor Z. It has 23, a prime, so
// that the check character finds each slip of the kind it is for.
const referenceAlphabet = "23479ACDEFGHJKMPQRTVWXY"

// A reference is three groups of three signs; the last one checks the others.
const (
	referenceSigns = 9
	referenceGroup = 3
)

// NewReference returns a short random reference such as "7KQ-4M2-XWG", to be read out on a telephone. One wrong sign, or two that
// changed places, make another text of it that is no reference; see ParseReference.
func NewReference() string {
	signs := make([]byte, 0, referenceSigns)
	sum := 0
	for weight := 1; weight < referenceSigns; weight++ {
		digit := randomIndex(len(referenceAlphabet))
		sum += weight * digit
		signs = append(signs, referenceAlphabet[digit])
	}
	for check := range len(referenceAlphabet) {
		if (sum+referenceSigns*check)%len(referenceAlphabet) == 0 {
			signs = append(signs, referenceAlphabet[check])
		}
	}
	return grouped(string(signs))
}

// ParseReference reads a reference as somebody types it who was told it: whatever its case, and with any or no blanks and hyphens. Ok
// is false when it is none, as when a sign is wrong.
func ParseReference(typed string) (reference string, ok bool) {
	signs := strings.ToUpper(strings.NewReplacer("-", "", " ", "").Replace(typed))
	sum := 0
	for i := range len(signs) {
		digit := strings.IndexByte(referenceAlphabet, signs[i])
		if digit < 0 {
			return "", false
		}
		sum += (i + 1) * digit
	}
	if len(signs) != referenceSigns || sum%len(referenceAlphabet) != 0 {
		return "", false
	}
	return grouped(signs), true
}

// grouped is signs with a hyphen between groups.
func grouped(signs string) string {
	return signs[:referenceGroup] + "-" + signs[referenceGroup:2*referenceGroup] + "-" + signs[2*referenceGroup:]
}

// randomIndex is a uniform number below n, which is at most 256.
func randomIndex(n int) int {
	var b [1]byte
	for {
		_, _ = rand.Read(b[:]) // never fails: crypto/rand ends the program first
		if int(b[0]) < 256-256%n {
			return int(b[0]) % n
		}
	}
}
