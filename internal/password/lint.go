package password

import (
	"fmt"
	"time"
)

// A Lint is advice on what a pool asks of passwords and codes.
type Lint struct {
	Key     string // of the setting, as the API names it, such as "min_length"
	Text    string // one sentence for administrators: what is set, and why another value is better
	Section string // the documents and the sections or requirements that say so
}

// Lifetimes are what a pool says beside its policy. Zeros are not said, and give no advice.
type Lifetimes struct {
	SignIn       Code          // codes that sign a person in: authentication, challenge
	Activation   Code          // codes that prove an address at registration
	Verification Code          // codes that prove an address later on
	Expiry       time.Duration // after which a password has to be changed: expires_after
	History      int           // former passwords that may not be used again: not_used_since
	SecondFactor bool          // nobody signs in with a password alone
}

// A Code is what a pool says of one kind of code.
type Code struct {
	Length int           // characters
	TTL    time.Duration // how long it is valid
}

// What the documents ask for.
const (
	shallLength  = 8  // code points of any password
	singleLength = 15 // of one that is all it takes to sign in
	codeDigits   = 6
	codeTTL      = 10 * time.Minute
	emailTTL     = 24 * time.Hour // of a code by e-mail that proves an address
)

// Where they ask for it.
const (
	nistPasswords   = "NIST SP 800-63B-4, 3.1.1.2 (Password Verifiers)" //nolint:gosec // the name of a section
	nistOutOfBand   = "NIST SP 800-63B-4, 3.1.3.2 (Out-of-Band Verifiers)"
	nistCodes       = "NIST SP 800-63A-4, Requirements for Confirmation Codes"
	asvsLength      = "OWASP ASVS 5.0, 6.2.1"
	asvsComposition = "OWASP ASVS 5.0, 6.2.5"
	asvsExpiry      = "OWASP ASVS 5.0, 6.2.10"
	asvsCommon      = "OWASP ASVS 5.0, 6.2.4"
	asvsEntropy     = "OWASP ASVS 5.0, 6.5.4"
	asvsLifetime    = "OWASP ASVS 5.0, 6.5.5"
	asvsActivation  = "OWASP ASVS 5.0, 6.4.1"
)

// Lints returns advice on a pool's policy and lifetimes against NIST SP 800-63B-4 and OWASP ASVS 5.0, in a fixed order. Nothing of it
// keeps a pool from being used.
func Lints(p Policy, l Lifetimes) []Lint {
	found := append(lintLength(p, l.SecondFactor), lintComposition(p)...)
	found = append(found, lintStrength(p)...)
	found = append(found, lintAge(l)...)
	found = append(found, lintCode("otp_settings.authentication", "sign a person in", l.SignIn, codeTTL, nistOutOfBand, asvsLifetime)...)
	found = append(found, lintCode("otp_settings.activation", "activate a user", l.Activation, emailTTL, nistCodes, asvsActivation)...)
	return append(found, lintCode("otp_settings.verify_address", "verify an address", l.Verification, emailTTL, nistCodes, asvsActivation)...)
}

func lintLength(p Policy, secondFactor bool) []Lint {
	switch {
	case p.MinLength < shallLength:
		return []Lint{{
			"min_length", fmt.Sprintf("Passwords may be as short as %s; ask for %d at least, and %d where nothing else is needed to sign in, because length is what makes guessing hard.",
				characters(max(p.MinLength, 1)), shallLength, singleLength), nistPasswords + "; " + asvsLength,
		}}
	case p.MinLength < singleLength && !secondFactor:
		return []Lint{{
			"min_length", fmt.Sprintf("Passwords may be as short as %s; ask for %d where a password alone signs a person in, because length is what makes guessing hard.",
				characters(p.MinLength), singleLength), nistPasswords + "; " + asvsLength,
		}}
	}
	return nil
}

func characters(n int) string {
	if n == 1 {
		return "1 character"
	}
	return fmt.Sprintf("%d characters", n)
}

func lintComposition(p Policy) []Lint {
	var found []Lint
	for _, c := range []struct {
		key, what string
		count     int
	}{
		{string(RuleCapitals), "capital letters", p.CapitalLetters},
		{string(RuleLowercase), "small letters", p.LowercaseLetters},
		{string(RuleDigits), "digits", p.Digits},
		{string(RuleSpecials), "special characters", p.SpecialCharacters},
	} {
		if c.count > 0 {
			found = append(found, Lint{
				c.key, fmt.Sprintf("Passwords need a number of %s (%d); set it to 0, because people meet such rules in ways that are easy to guess, and a longer minimum does more.", c.what, c.count),
				nistPasswords + "; " + asvsComposition,
			})
		}
	}
	return found
}

func lintStrength(p Policy) []Lint {
	if p.Strength > Weak {
		return nil
	}
	return []Lint{{
		string(RuleStrength), fmt.Sprintf("The strength %q lets passwords through that most people use; ask for \"fair\" or more, because those are guessed first.", p.Strength),
		nistPasswords + "; " + asvsCommon,
	}}
}

func lintAge(l Lifetimes) []Lint {
	var found []Lint
	if l.Expiry > 0 {
		found = append(found, Lint{
			"password_settings.expires_after", fmt.Sprintf("Passwords expire after %s; let them last until there are signs that one is known to others, because people who have to change a password choose a weaker one.", spell(l.Expiry)),
			nistPasswords + "; " + asvsExpiry,
		})
	}
	if l.History > 0 {
		found = append(found, Lint{
			"not_used_since", fmt.Sprintf("The last passwords of a person (%d) are refused, which neither document asks for and which helps only where passwords expire.", l.History),
			"NIST SP 800-63B-4, 3.1.1.2 (Password Verifiers); OWASP ASVS 5.0, V6.2 (Password Security)",
		})
	}
	return found
}

// lintCode is about one kind of code: longest is how long it may be valid whatever way it goes.
func lintCode(key, what string, c Code, longest time.Duration, nist, asvs string) []Lint {
	var found []Lint
	if c.Length > 0 && c.Length < codeDigits {
		found = append(found, Lint{
			key + ".length", fmt.Sprintf("Codes that %s have %s; make them %d digits at least, because shorter ones can be guessed.", what, characters(c.Length), codeDigits),
			nist + "; " + asvsEntropy,
		})
	}
	switch {
	case c.TTL > longest:
		found = append(found, Lint{
			key + ".ttl", fmt.Sprintf("Codes that %s are valid for %s; let them end after %s, because one that is read by another person can be used until then.", what, spell(c.TTL), spell(longest)),
			nist + "; " + asvs,
		})
	case c.TTL > codeTTL:
		found = append(found, Lint{
			key + ".ttl", fmt.Sprintf("Codes that %s are valid for %s, which is right by e-mail but too long by text message, where they should end after %s.", what, spell(c.TTL), spell(codeTTL)),
			nist + "; " + asvs,
		})
	}
	return found
}

// spell is d in the largest unit that fits.
func spell(d time.Duration) string {
	const day = 24 * time.Hour
	for _, u := range []struct {
		unit time.Duration
		name string
	}{{day, "day"}, {time.Hour, "hour"}, {time.Minute, "minute"}, {time.Second, "second"}} {
		switch {
		case d == u.unit:
			return "1 " + u.name
		case d > u.unit && d%u.unit == 0:
			return fmt.Sprintf("%d %ss", d/u.unit, u.name)
		}
	}
	return d.String()
}
