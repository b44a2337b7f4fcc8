package password

import (
	"foyer/internal/secret"
)

// Bounds of suggestions.
const (
	phraseWords  = 5  // of 4,096 or more: 60 bits
	randomLength = 12 // of 57 or more characters: 69 bits
	leastBits    = 60
	attempts     = 20
)

// The characters of random passwords, without those that look alike in many a typeface (0O, 1lI|), and of marks those that every
// keyboard has.
const (
	smallLetters   = "abcdefghijkmnopqrstuvwxyz"
	capitalLetters = "ABCDEFGHJKLMNPQRSTUVWXYZ"
	digits         = "23456789"
	marks          = "-!?.+*=#%&@_"
)

// Passphrase suggests a password of words that meets p: five or more of words.txt, drawn uniformly and independently by
// crypto/rand, which is 60 bits of entropy at least; what p asks beyond, capitals, digits and special characters, is added after
// that and only as much as it needs, so that it takes nothing away. Where words do not fit the policy, the password is one of Random.
// Nothing is suggested, and ok is false, when no password of MaxLength code points meets p.
func Passphrase(p Policy) (phrase secret.Text, ok bool) {
	plan, ok := p.plan()
	if !ok {
		return secret.Text{}, false
	}
	for more := range attempts {
		text, fits := plan.phrase(phraseWords + more/4)
		if !fits {
			break
		}
		if p.suits(text) {
			return secret.New(text), true
		}
	}
	return Random(p, randomLength)
}

// Random suggests a password of length code points that meets p, of letters, digits and, where p asks for them, special
// characters: as many of each as p asks, the others drawn uniformly from all of these, and all shuffled uniformly by crypto/rand. It is
// longer where p or 60 bits of entropy need it, never shorter than 12, and no longer than MaxLength; only a policy that says what
// almost all of that length has to be can leave fewer bits. Nothing is suggested, and ok is false, when no password of MaxLength code
// points meets p.
func Random(p Policy, length int) (password secret.Text, ok bool) {
	plan, ok := p.plan()
	if !ok {
		return secret.Text{}, false
	}
	length = max(length, randomLength, plan.least, plan.secure())
	for more := range attempts {
		text := plan.random(min(length+4*more, MaxLength))
		if p.suits(text) {
			return secret.New(text), true
		}
	}
	return secret.Text{}, false
}

// suits reports whether text is a password for p, also after the screen has normalised it.
func (p Policy) suits(text string) bool {
	return Normalize(text) == text && len(p.Check(text, Judge(text, nil))) == 0
}
