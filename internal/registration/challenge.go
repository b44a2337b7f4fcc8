package registration

import (
	"time"

	"foyer/internal/secret"
)

// A Challenge is a message that was sent to a person, with a code that they are to give back.
type Challenge struct {
	Purpose Purpose
	Address string         // where the message went
	Medium  IdentifierType // Email or Mobile
	Length  int            // of the code, in characters; 0 when nobody knows
	Expires time.Time      // of the code; zero when nobody knows
	Unsure  bool           // it is not known whether the message went out

	user UserID // whose code it is. After a self-registration it may be another person's: it serves the attempt, nothing else
	otp  TransientOTP
}

// A Purpose is what a code is good for.
type Purpose string

// The purposes.
const (
	Activation          Purpose = "activation"           // the user becomes active
	AddressVerification Purpose = "address_verification" // the address of a user is verified
	AddressProof        Purpose = "address_proof"        // the address is proven before there is a user
)

// A TransientOTP is a one-time password that belongs to no user.
//
// Source: Public API of a workspace, TransientOTPResponse.
type TransientOTP struct {
	ID    string        `json:"otp_id"`
	State string        `json:"state"` // ours, which the tenant holds the second call against
	TTL   time.Duration `json:"-"`     // 0 when the tenant does not say
}

// A Proof is a transient one-time password with the code that came by it: what a draft without screens brings along when
// its address is to be proven before there is a user.
type Proof struct {
	TransientOTP

	Code secret.Text `json:"code"`
}

// expiry is when a code that is sent at now ends; zero when nobody knows.
func expiry(now time.Time, ttl time.Duration) time.Time {
	if ttl <= 0 {
		return time.Time{}
	}
	return now.Add(ttl)
}

// mediumOf is how an address of a draft is reached.
func mediumOf(address Identifier) IdentifierType {
	if address.Type == Mobile {
		return Mobile
	}
	return Email
}
