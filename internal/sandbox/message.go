package sandbox

import (
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"
	"unicode"
)

// A Message is what a tenant would send by e-mail or SMS. It holds a code or a link or neither.
type Message struct {
	To        string    `json:"to"`     // an e-mail address or a number in E.164
	Medium    string    `json:"medium"` // MediumEmail or MediumSMS
	Kind      string    `json:"kind"`
	Pool      string    `json:"pool,omitempty"`      // the id; none for transient codes
	Code      string    `json:"code,omitempty"`      // to be typed
	Link      string    `json:"link,omitempty"`      // an absolute URL under the origin that the request was sent to
	ExpiresAt time.Time `json:"expires_at,omitzero"` // of the code or the link
	SentAt    time.Time `json:"sent_at"`
	Text      string    `json:"text"` // plain, one line, with the code or the link in it
}

// The media of messages.
const (
	MediumEmail = "email"
	MediumSMS   = "sms"
)

// The kinds of messages.
const (
	MessageActivation    = "activation"
	MessageInvitation    = "invitation"
	MessageVerifyAddress = "verify_address"
	MessageChallenge     = "challenge"
	MessageResetTOTP     = "reset_totp"
	MessageTransientOTP  = "transient_otp"
	MessageAlreadyUsed   = "already_used" // somebody else's registration or request named the receiver's identifier
)

// Format prints the kind and the medium of the message and never its code, whatever the verb.
func (m Message) Format(f fmt.State, _ rune) {
	_, _ = io.WriteString(f, m.Kind+" message by "+m.Medium)
}

// LogValue is what log/slog records: the same.
func (m Message) LogValue() slog.Value { return slog.StringValue(m.Kind + " message by " + m.Medium) }

// mediumOf returns how a message gets to an address.
func mediumOf(address string) string {
	if typeOf(address) == typeMobile {
		return MediumSMS
	}
	return MediumEmail
}

// purpose completes a sentence about what a message of a kind is good for; name is the pool's.
func purpose(kind, name string) string {
	switch kind {
	case MessageActivation:
		return "activate your account at " + name
	case MessageInvitation:
		return "accept your invitation to " + name
	case MessageVerifyAddress:
		return "confirm your address at " + name
	case MessageChallenge:
		return "show " + name + " that it is you"
	case MessageResetTOTP:
		return "set up a new authenticator at " + name
	}
	return "confirm your address"
}

// wording is the text of a message with a code or a link.
func wording(m Message, name string, ttl time.Duration) string {
	if m.Link != "" {
		return fmt.Sprintf("To %s, open this link within %s: %s", purpose(m.Kind, name), inWords(ttl), m.Link)
	}
	return fmt.Sprintf("Your code to %s is %s. It is good for %s.", purpose(m.Kind, name), m.Code, inWords(ttl))
}

// alreadyUsed is the text for somebody whose identifier was used by another.
func alreadyUsed(name string) string {
	return "Somebody tried to register at " + name + " with your address, which is already used. If it was you, sign in " +
		"instead. If it was not, there is nothing you have to do."
}

// inWords writes a duration for people, in the largest unit that it is a whole number of.
func inWords(d time.Duration) string {
	for _, unit := range []struct {
		length time.Duration
		name   string
	}{{time.Hour, "hour"}, {time.Minute, "minute"}, {time.Second, "second"}} {
		switch n := d / unit.length; {
		case d%unit.length != 0:
		case n == 1:
			return "1 " + unit.name
		default:
			return fmt.Sprintf("%d %ss", n, unit.name)
		}
	}
	return d.String()
}

// plain returns name without what a terminal would take for a command, and within bounds: a pool's name comes from
// whoever defined the pool.
func plain(name string) string {
	kept := strings.Map(func(r rune) rune {
		if unicode.IsGraphic(r) {
			return r
		}
		return -1
	}, name)
	return prefix(kept, maxWord)
}
