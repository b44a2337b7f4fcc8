package registration

import "time"

// A Receipt says what is true now and what comes next. It marshals to the shape of the contract.
type Receipt struct {
	UserID    UserID        `json:"user_id,omitempty"` // "" while there is no user yet; shown on no screen
	Status    string        `json:"status,omitempty"`  // of the user, in the words of the specification
	Flow      string        `json:"flow"`              // "create", "self_register" or "invitation"
	Next      Next          `json:"next"`
	Reference string        `json:"reference"`
	Proof     *TransientOTP `json:"proof,omitempty"` // to be given back with its code, where an address is proven first

	// At is when the user was made, where that was in an earlier attempt; zero otherwise, and when nobody knows.
	At time.Time `json:"-"`
	// Challenge is the code that the person is to type; nil when none is waited for.
	Challenge *Challenge `json:"-"`
	// Address is where a message with a link went, and Expires when that ends; zero when there is none or nobody knows.
	Address string    `json:"-"`
	Expires time.Time `json:"-"`
	// Identifiers are what the user signs in with, as the tenant tells it; empty when it does not.
	Identifiers []Identifier `json:"-"`
}

// Next is what the person does after a registration.
type Next string

// What can come next.
const (
	NextSignIn        Next = "sign_in"        // the account is ready
	NextWait          Next = "wait"           // somebody has to enable the account first
	NextEnterCode     Next = "enter_code"     // a code was sent
	NextFollowLink    Next = "follow_link"    // a link was sent that makes the account ready
	NextVerifyAddress Next = "verify_address" // the account is ready; a link was sent that verifies the address
	NextSetPassword   Next = "set_password"   // an invitation was sent that leads to a password
)

// usable is what comes next for a user in a state where no message is outstanding.
func usable(status string) Next {
	if status == string(Active) {
		return NextSignIn
	}
	return NextWait
}

// newReceipt tells of a user.
func newReceipt(u User, flow, reference string) Receipt {
	return Receipt{UserID: u.ID, Status: u.Status, Flow: flow, Next: usable(u.Status), Reference: reference, Identifiers: u.Identifiers}
}

// provesFor reports whether r waits for the proof of the address that d has: another draft need not be sent another code.
func (r Receipt) provesFor(d Draft) bool {
	c := r.Challenge
	return c != nil && c.Purpose == AddressProof && c.Address == d.reachableAt(CreateUser).Identifier
}

// challenged is r while c is outstanding.
func (r Receipt) challenged(c Challenge) Receipt {
	r.Next, r.Challenge = NextEnterCode, &c
	if c.Purpose == AddressProof {
		proof := c.otp
		r.Proof = &proof
	}
	return r
}

// linked is r after a message with a link.
func (r Receipt) linked(c Challenge, invited bool) Receipt {
	r.Challenge, r.Address, r.Expires = nil, c.Address, c.Expires
	switch {
	case invited:
		r.Next = NextSetPassword
	case c.Purpose == AddressVerification:
		r.Next = NextVerifyAddress
	default:
		r.Next = NextFollowLink
	}
	return r
}

// Unfinished is r for a person who leaves without the code: what is true then, and what can still be done.
func (r Receipt) Unfinished() Receipt {
	if c := r.Challenge; c != nil {
		r.Challenge, r.Address, r.Expires = nil, c.Address, c.Expires
	}
	return r
}
