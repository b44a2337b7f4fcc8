package registration

import (
	"errors"
	"time"
)

// A ProblemKind says what sort of trouble it is. The values are those of the contract's "problem" member.
type ProblemKind string

// The kinds of Problem.
const (
	Conflict           ProblemKind = "conflict"            // an identifier is taken
	AlreadyDone        ProblemKind = "already_done"        // an earlier attempt of ours had gone through
	PasswordRejected   ProblemKind = "password_rejected"   // the policy refuses the password
	DetailsRejected    ProblemKind = "details_rejected"    // an answer does not fit
	CodeRejected       ProblemKind = "code_rejected"       // an activation or verification code is wrong
	RegistrationClosed ProblemKind = "registration_closed" // the pool takes nobody
	TooMany            ProblemKind = "too_many"            // the tenant asks us to slow down
	Unavailable        ProblemKind = "unavailable"         // the tenant cannot be reached or is in trouble
	Misconfigured      ProblemKind = "misconfigured"       // the tenant refuses our client or pool
	StaffSignIn        ProblemKind = "staff_sign_in"       // nobody of the staff is signed in, in whose name people are registered
	Unexpected         ProblemKind = "unexpected"          // anything else
)

// A Problem is an outcome that a person can act on. Its text is for staff; people read the catalogue's, by Kind.
type Problem struct { //nolint:errname // it is the domain's noun
	Kind       ProblemKind
	Field      string        // JSON Pointer (RFC 6901) into the Draft; "" when no one field is at fault
	Flaw       Flaw          // what is wrong with Field, when the tenant or the form says it
	RetryAfter time.Duration // from Retry-After (RFC 9110, 10.2.3); 0 when the tenant gave none
	Reference  string        // the same on screen, in the log and in the audit record
	Staff      string        // in English, what staff should look at; "" when there is nothing to say
	Unclear    bool          // the tenant may have done the work all the same
	Made       bool          // the user exists; only what comes after went wrong
	Receipt    *Receipt      // for AlreadyDone
	Cause      error         // for errors.Is and the log; never shown
}

// Error tells kind and reference, and nothing that was typed.
func (p *Problem) Error() string {
	return "registration: " + string(p.Kind) + " [" + p.Reference + "]"
}

// Unwrap returns the cause.
func (p *Problem) Unwrap() error { return p.Cause }

// A Problematic error knows what it means to a person. The adapters' errors are such.
type Problematic interface {
	error
	Problem() *Problem
}

// AsProblem returns the problem that err stands for, with reference, or nil for nil. An error that is neither a Problem
// nor Problematic is Unexpected.
func AsProblem(err error, reference string) *Problem {
	if err == nil {
		return nil
	}
	problem := &Problem{Kind: Unexpected, Cause: err}
	var known *Problem
	var problematic Problematic
	switch {
	case errors.As(err, &known):
		copied := *known
		problem = &copied
	case errors.As(err, &problematic):
		problem = problematic.Problem()
		problem.Cause = err
	}
	problem.Reference = reference
	return problem
}

// ReferenceOf returns the reference that err carries, or a new one.
func ReferenceOf(err error) string {
	var p *Problem
	if errors.As(err, &p) && p.Reference != "" {
		return p.Reference
	}
	return NewReference()
}
