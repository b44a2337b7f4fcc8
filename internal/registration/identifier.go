package registration

import (
	"errors"
	"net/mail"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/nyaruka/phonenumbers"
	"golang.org/x/net/idna"
	"golang.org/x/text/unicode/norm"

	"foyer/internal/clean"
)

// Limits on identifiers.
const (
	maxEmail       = 254 // octets: RFC 5321 4.5.3.1.3, less the angle brackets
	maxEmailLocal  = 64  // octets: RFC 5321 4.5.3.1.1
	maxDomain      = 253 // octets: RFC 1035 2.3.4, less the root's
	maxIdentifier  = 255 // characters of uid and external
	minDomainParts = 2   // a host without a dot is nobody's mail domain
)

// NormalizeIdentifier returns text in the form in which the tenant stores an identifier of type t, and what is wrong
// with it. A flawed text comes back trimmed and otherwise as it was. Country (ISO 3166-1 alpha-2) is where a mobile
// number without a country code is from.
func NormalizeIdentifier(t IdentifierType, text, country string) (string, Flaw) {
	text = norm.NFC.String(strings.TrimSpace(text))
	switch t {
	case Email:
		return text, checkEmail(text)
	case Mobile:
		return normalizeMobile(text, country)
	case UID, External:
		return text, checkPlain(text)
	}
	return text, Flaw{Rule: RuleIdentifierType, Arg: string(t)}
}

// checkEmail takes one address (RFC 5321 Mailbox, RFC 6531 for other scripts) without a display name.
func checkEmail(text string) Flaw {
	local, domain, _ := strings.Cut(text, "@")
	switch {
	case strings.ContainsFunc(text, unicode.IsSpace):
		return Flaw{Rule: RuleEmailSpace}
	case strings.ContainsFunc(text, func(r rune) bool { return !clean.Visible(r) }):
		return Flaw{Rule: RuleEmailForm}
	case strings.Count(text, "@") != 1:
		return Flaw{Rule: RuleEmailAt}
	case local == "":
		return Flaw{Rule: RuleEmailName}
	case !isDomain(domain):
		return Flaw{Rule: RuleEmailDomain}
	case len(text) > maxEmail || len(local) > maxEmailLocal:
		return Flaw{Rule: RuleEmailLong, Arg: strconv.Itoa(maxEmail)}
	}
	// The parser takes more than we do, such as "Ann <a@b.c>" and comments: only its own words count.
	if a, err := mail.ParseAddress(text); err != nil || a.Address != text || a.Name != "" {
		return Flaw{Rule: RuleEmailForm}
	}
	return Flaw{}
}

// isDomain reports whether text is a domain of at least two labels, in ASCII or in another script (RFC 5890). The last
// label is no number: that would be an address.
func isDomain(text string) bool {
	ascii, err := idna.Lookup.ToASCII(text)
	if err != nil || len(ascii) > maxDomain || strings.HasSuffix(ascii, ".") {
		return false
	}
	labels := strings.Split(ascii, ".")
	last := labels[len(labels)-1]
	return len(labels) >= minDomainParts && len(last) >= 2 && strings.Trim(last, "0123456789") != ""
}

// normalizeMobile turns national or international input into E.164.
func normalizeMobile(text, country string) (string, Flaw) {
	if !strings.ContainsAny(text, "0123456789") || strings.ContainsFunc(text, unicode.IsLetter) {
		return text, Flaw{Rule: RuleMobileForm}
	}
	if after, ok := strings.CutPrefix(text, "00"); ok { // the usual prefix for abroad, unknown to some countries' rules
		text = "+" + after
	}
	number, err := phonenumbers.Parse(text, country)
	if err != nil {
		return text, Flaw{Rule: mobileRule(err)}
	}
	switch phonenumbers.IsPossibleNumberWithReason(number) { //nolint:exhaustive // the others are one flaw
	case phonenumbers.TOO_SHORT, phonenumbers.IS_POSSIBLE_LOCAL_ONLY:
		return text, Flaw{Rule: RuleMobileShort}
	case phonenumbers.TOO_LONG:
		return text, Flaw{Rule: RuleMobileLong}
	}
	if !phonenumbers.IsValidNumber(number) {
		return text, Flaw{Rule: RuleMobileForm}
	}
	return phonenumbers.Format(number, phonenumbers.E164), Flaw{}
}

func mobileRule(err error) Rule {
	switch {
	case errors.Is(err, phonenumbers.ErrInvalidCountryCode):
		return RuleMobileCountry
	case errors.Is(err, phonenumbers.ErrNumTooLong):
		return RuleMobileLong
	case errors.Is(err, phonenumbers.ErrTooShortNSN), errors.Is(err, phonenumbers.ErrTooShortAfterIDD):
		return RuleMobileShort
	}
	return RuleMobileForm
}

// checkPlain takes the characters of a uid or an external identifier: printable ASCII without spaces.
func checkPlain(text string) Flaw {
	switch {
	case strings.ContainsFunc(text, unicode.IsSpace):
		return Flaw{Rule: RuleIdentifierSpace}
	case strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r > '~' }):
		return Flaw{Rule: RuleIdentifierASCII}
	case utf8.RuneCountInString(text) > maxIdentifier:
		return Flaw{Rule: RuleIdentifierLong, Arg: strconv.Itoa(maxIdentifier)}
	}
	return Flaw{}
}
