// Package password judges passwords: by the rules of an Identity Pool's password policy, and by an estimate of how
// many guesses they withstand. It knows no network and keeps nothing of what it judged.
package password

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// A Policy is what a pool asks of a password. Counts are of code points; 0 asks nothing. Specials are the characters that
// the tenant counts as special; "" is every punctuation mark and symbol of Unicode. A cased letter or a digit among them
// counts as what it is.
//
// Source: PasswordPolicy in the Identity System API.
type Policy struct {
	MinLength         int
	CapitalLetters    int
	LowercaseLetters  int
	Digits            int
	SpecialCharacters int
	Strength          Strength
	Specials          string // a setting of ours: the API does not tell
}

// MaxLength is the longest password that is taken, in code points. It is far above the 64 that NIST SP 800-63B-4
// asks to allow, and keeps what is typed bounded.
const MaxLength = 256

// A Rule is one thing that a policy can ask.
type Rule string

// The rules, named after the members of PasswordPolicy.
const (
	RuleMinLength  Rule = "min_length"
	RuleCapitals   Rule = "capital_letters"
	RuleLowercase  Rule = "lowercase_letters"
	RuleDigits     Rule = "digits"
	RuleSpecials   Rule = "special_characters"
	RuleStrength   Rule = "strength"
	RuleMaxLength  Rule = "max_length"
	RuleCharacters Rule = "characters"
)

// A Requirement is a rule with the amount that a policy asks, and whether a password meets it.
type Requirement struct {
	Rule Rule
	Need int // code points; for RuleStrength a Strength
	Met  bool
}

// Normalize returns the form in which a password is judged and sent: Unicode NFC, so that the same keys on
// another keyboard give the same password (NIST SP 800-63B-4, 3.1.1.2).
func Normalize(password string) string { return norm.NFC.String(password) }

// Requirements returns every counting rule that p asks, in a fixed order, and which of them password meets. The
// rule for strength is not among them, since an estimate takes time: see Judge.
func (p Policy) Requirements(password string) []Requirement {
	n := p.count(password)
	all := []Requirement{
		{RuleMinLength, p.MinLength, n.all >= p.MinLength},
		{RuleCapitals, p.CapitalLetters, n.capitals >= p.CapitalLetters},
		{RuleLowercase, p.LowercaseLetters, n.lowercase >= p.LowercaseLetters},
		{RuleDigits, p.Digits, n.digits >= p.Digits},
		{RuleSpecials, p.SpecialCharacters, n.specials >= p.SpecialCharacters},
	}
	asked := all[:0]
	for _, r := range all {
		if r.Need > 0 {
			asked = append(asked, r)
		}
	}
	return asked
}

// Check returns what password lacks by p, where e is its estimate; none means that the pool takes it. A password
// that cannot be sent at all lacks RuleMaxLength or RuleCharacters.
func (p Policy) Check(password string, e Estimate) []Requirement {
	var lacking []Requirement
	for _, r := range p.Requirements(password) {
		if !r.Met {
			lacking = append(lacking, r)
		}
	}
	if e.Strength < p.Strength {
		lacking = append(lacking, Requirement{Rule: RuleStrength, Need: int(p.Strength)})
	}
	if utf8.RuneCountInString(password) > MaxLength {
		lacking = append(lacking, Requirement{Rule: RuleMaxLength, Need: MaxLength})
	}
	if !typeable(password) {
		lacking = append(lacking, Requirement{Rule: RuleCharacters})
	}
	return lacking
}

// Acceptable reports whether r may be part of a password: everything but control characters, which terminals and forms treat
// in ways of their own, and what is no character.
func Acceptable(r rune) bool {
	const noncharacter = 0xfffe // the last two of each plane (Unicode, 23.7)
	return r != utf8.RuneError && r&noncharacter != noncharacter && !unicode.IsControl(r)
}

// typeable reports whether password is valid UTF-8 of acceptable characters.
func typeable(password string) bool {
	if !utf8.ValidString(password) {
		return false
	}
	for _, r := range password {
		if !Acceptable(r) {
			return false
		}
	}
	return true
}

// counts are the code points of a password by class.
type counts struct{ all, capitals, lowercase, digits, specials int }

// count counts as the tenant does: capitals, small letters and digits by their Unicode classes, then what is special.
func (p Policy) count(password string) counts {
	var n counts
	for _, r := range password {
		n.all++
		switch {
		case unicode.IsUpper(r):
			n.capitals++
		case unicode.IsLower(r):
			n.lowercase++
		case unicode.IsDigit(r):
			n.digits++
		case p.special(r):
			n.specials++
		}
	}
	return n
}

// special reports whether r, which is no cased letter and no digit, counts as special. By default a space does not, nor does a
// combining mark.
func (p Policy) special(r rune) bool {
	if p.Specials != "" {
		return strings.ContainsRune(p.Specials, r)
	}
	return unicode.IsPunct(r) || unicode.IsSymbol(r)
}
