package registration

import (
	"errors"
	"time"
)

// An Operator is the member of staff in whose name people are registered, where the client acts for one.
type Operator struct {
	Subject string // the sub claim (OpenID Connect Core 1.0, 2), for records; never shown
	Name    string // fit to be shown; never ""
}

// A SignInPrompt is what a member of staff is shown in order to sign in.
type SignInPrompt struct {
	URL         string    // where to sign in: verification_uri (RFC 8628, 3.2), or what leads to the authorization request on this machine
	CompleteURL string    // the same with the code in it, for a QR code; "" when there is none
	UserCode    string    // what to type there (RFC 8628, 3.2); "" when the sign-in ends in a browser of this machine
	Opened      bool      // a browser on this machine was told to show URL
	Expires     time.Time // when the prompt is of no use any more; zero when that is not known
}

// A SignInProgress is what has become of a sign-in so far.
type SignInProgress struct {
	Done     bool          // then Operator is who signed in
	Operator Operator      //
	Slower   time.Duration // the tenant asks to be asked only this often from now on (slow_down, RFC 8628, 3.5); 0 when it does not
}

// How a sign-in ends without an operator, beside the problems that any call can have.
var (
	ErrSignInExpired = errors.New("the sign-in took too long") // expired_token (RFC 8628, 3.5)
	ErrSignInDenied  = errors.New("the sign-in was refused")   // access_denied (RFC 6749, 4.1.2.1)
)
