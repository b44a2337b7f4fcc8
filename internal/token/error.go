package token

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"foyer/internal/clean"
	"foyer/internal/exchange"
)

// The operations of an Error.
const (
	opToken    = "fetch token"
	opDiscover = "discover"
	opSignIn   = "sign in"
	opRevoke   = "sign out"

	opIntrospect = "introspect token"
	opKeys       = "fetch the keys of ID tokens"
	opUserInfo   = "ask who signed in"
)

// Operations are all that requests are for, in words. The keys of ID tokens are fetched to ask who signed in.
func Operations() []string {
	return []string{opToken, opDiscover, opSignIn, opRevoke, opIntrospect, opUserInfo}
}

// maxQuoted bounds what is quoted, in characters.
const maxQuoted = 80

// An Error says why there is no token. It is not changed once returned, and several callers may get the same one.
type Error struct {
	Operation  string        // "fetch token", "discover", "sign in", "sign out", "introspect token", "fetch the keys of ID tokens" or "ask who signed in"
	ClientID   string        // whose token was asked for
	Grant      Grant         // by which it was asked for
	Proof      []string      // of Identity
	Scopes     []string      // that were asked for
	Unproven   bool          // the request had no proof of a key (RFC 9449)
	Status     int           // of the answer; 0 when there was none
	Code       string        // RFC 6749, 5.2, or the number of a generic error; "" when the answer has none
	RetryAfter time.Duration // from Retry-After (RFC 9110, 10.2.3), at most an hour; 0 when there was none
	TraceID    string        // the tenant's name for the exchange; may be ""
	Missing    []string      // scopes that were asked for and not granted
	Err        error         // what went wrong on the way or with the answer; nil when Status says it all
}

// Error tells operation, status, code and trace id. It quotes neither the answer's body nor anything that was sent.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString("token: " + e.Operation)
	if e.Status != 0 {
		fmt.Fprintf(&b, ": status %d", e.Status)
	}
	if e.Code != "" && e.Code != strconv.Itoa(e.Status) {
		b.WriteString(": " + clean.Line(e.Code, maxQuoted))
	}
	if len(e.Missing) > 0 {
		b.WriteString(": not granted: " + strings.Join(e.Missing, " "))
	}
	if e.Err != nil {
		b.WriteString(": " + exchange.Reason(e.Err))
	}
	if e.TraceID != "" {
		b.WriteString(" (trace " + e.TraceID + ")")
	}
	return b.String()
}

// LacksScopes reports whether the tenant knows the client, and does not grant it all of the scopes.
func (e *Error) LacksScopes() bool { return len(e.Missing) > 0 || e.Code == codeInvalidScope }

// Unwrap returns what went wrong on the way.
func (e *Error) Unwrap() error { return e.Err }

// refusesClient reports whether the tenant refused the client itself: asked again it would refuse again, and lock the
// client out in the end. A 401 of a token endpoint means nothing else, whatever the body says (RFC 6749, 5.2), unless it is
// the proof of the key that was refused.
func (e *Error) refusesClient() bool {
	switch {
	case e.Operation != opToken && e.Operation != opSignIn, e.Status == http.StatusTooManyRequests, e.refusesProof():
		return false
	case e.Status == 0: // what a browser brought back, to which nothing was presented
		return false
	}
	return e.Status == http.StatusUnauthorized || e.Code == codeInvalidClient || e.Code == codeUnauthorizedClient
}

// refusesProof reports whether the tenant refused the proof of the key, or goes on asking for another (RFC 9449, 5 and 8):
// that says nothing of the client, and a clock that was set right mends it.
func (e *Error) refusesProof() bool {
	return e.Code == codeInvalidDPoPProof || e.Code == codeUseDPoPNonce
}

// endsSession reports whether the member of staff is not signed in any more: the tenant does not honour the refresh token
// (RFC 6749, 5.2), there is none, or a refresh does not bring the scopes that only another sign-in can ask for (6).
func (e *Error) endsSession() bool {
	return e.Grant != ClientCredentials && e.Operation == opToken &&
		(e.Code == codeInvalidGrant || errors.Is(e.Err, errNobody) || len(e.Missing) > 0)
}

// ended reports whether err is the end of a context.
func ended(err error) bool {
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}
