package sandbox

import (
	"cmp"
	"fmt"
	"time"
)

// What codes are like where the pool says nothing, and the bounds of what it can say.
const (
	otpLength    = 6 // digits
	otpTTL       = 10 * time.Minute
	minOTPLength = 4
	maxOTPLength = 32
	maxOTPTTL    = 30 * 24 * time.Hour
)

// otpSettings are OtpSettings of the API.
type otpSettings map[codeKind]otpConfig

// An otpConfig is OtpConfig of the API; 0 is unsaid.
type otpConfig struct {
	Length int     `json:"length"` // digits
	TTL    textual `json:"ttl"`
}

// A textual duration is written as Go does, like "10m0s".
type textual time.Duration

// UnmarshalText reads a duration; none is 0.
func (d *textual) UnmarshalText(text []byte) error {
	read, err := parseDuration(string(text))
	*d = textual(read)
	return err
}

// check says what about the settings cannot be.
func (s otpSettings) check() error {
	for kind, c := range s {
		if c.Length != 0 && (c.Length < minOTPLength || c.Length > maxOTPLength) {
			return fmt.Errorf("otp_settings: %s: length is not %d to %d", kind, minOTPLength, maxOTPLength)
		}
		if c.TTL < 0 || time.Duration(c.TTL) > maxOTPTTL {
			return fmt.Errorf("otp_settings: %s: ttl is not up to %v", kind, maxOTPTTL)
		}
	}
	return nil
}

// of returns the settings of a kind of code; what it leaves unsaid is as for activation.
func (s otpSettings) of(kind codeKind) (length int, ttl time.Duration) {
	own, activation := s[kind], s[codeActivation]
	return cmp.Or(own.Length, activation.Length, otpLength),
		cmp.Or(time.Duration(own.TTL), time.Duration(activation.TTL), otpTTL)
}
