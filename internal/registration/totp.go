package registration

import (
	"crypto/rand"
	"encoding/base32"
	"net/url"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"

	"foyer/internal/clean"
	"foyer/internal/secret"
)

// TOTP as authenticator apps have it without being told otherwise: SHA-1, six digits, 30 seconds (RFC 6238, 4).
const (
	TOTPDigits     = 6
	totpPeriod     = 30 // seconds
	totpDrift      = 1  // steps that a telephone's clock may be off (RFC 6238, 6)
	totpSecret     = 20 // bytes: the 160 bits that RFC 4226, 4 recommends
	leastTOTP      = 16 // bytes: the 128 bits that RFC 4226, 4 asks for
	longestIssuer  = 40 // code points
	defaultIssuer  = "Foyer"
	totpURIScheme  = "otpauth"
	totpURIKind    = "totp"
	totpLabelJoint = ":"
)

// base32Plain is how a TOTP secret is written: RFC 4648, 6, without padding, which apps trip over.
func base32Plain() *base32.Encoding { return base32.StdEncoding.WithPadding(base32.NoPadding) }

// NewTOTPSecret returns a random TOTP secret of 160 bits: 32 characters of base32 (RFC 4648, 6).
func NewTOTPSecret() secret.Text {
	b := make([]byte, totpSecret)
	_, _ = rand.Read(b) // never fails: crypto/rand ends the program first
	defer clear(b)
	return secret.New(base32Plain().EncodeToString(b))
}

// goodTOTPSecret reports whether s is base32 of at least 128 bits.
func goodTOTPSecret(s secret.Text) bool {
	b, err := base32Plain().DecodeString(strings.TrimRight(s.Reveal(), "="))
	defer clear(b)
	return err == nil && len(b) >= leastTOTP
}

// TOTPURI returns the otpauth URI that an authenticator app reads off a QR code, with the secret in it. The account is d's
// first identifier, the issuer the pool's. What every app takes for granted is left out, so that the code stays small; in the
// short form also the issuer before the account, which only old apps look for.
func (f *Form) TOTPURI(d Draft, short bool) secret.Text {
	issuer, label := f.TOTPIssuer(), ""
	if given := d.given(); len(given) > 0 {
		label = given[0].Identifier
	}
	if !short {
		label = issuer + totpLabelJoint + label
	}
	query := "secret=" + d.TOTPSecret.Reveal() + "&issuer=" + url.PathEscape(issuer) // a plus would be taken for a plus
	return secret.New(totpURIScheme + "://" + totpURIKind + "/" + url.PathEscape(label) + "?" + query)
}

// TOTPIssuer is the name under which an authenticator app keeps the secret.
func (f *Form) TOTPIssuer() string {
	for _, name := range []string{f.Pool.TOTPIssuer, f.Pool.Name, defaultIssuer} {
		name = strings.NewReplacer(totpLabelJoint, " ", "&", " ").Replace(name)
		if name = clean.Line(name, longestIssuer); name != "" {
			return name
		}
	}
	return defaultIssuer
}

// CheckTOTP reports whether code is the one that secret gives at now, or a step of 30 seconds before or after.
func CheckTOTP(s secret.Text, code string, now time.Time) bool {
	good, err := totp.ValidateCustom(code, s.Reveal(), now, totp.ValidateOpts{
		Period: totpPeriod, Skew: totpDrift, Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1,
	})
	return good && err == nil
}
