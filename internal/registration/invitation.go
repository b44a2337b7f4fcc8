package registration

import (
	"context"
	"errors"
)

// A Doorkeeper lets in who has an invitation, before anything else is asked. It belongs to one session.
type Doorkeeper interface {
	// Present shows it the code of an invitation, as it was typed, and is nil when that lets the session in. Any other error is for
	// AsInvitationError. It waits for the invitations to be looked up, and no longer than ctx. Code reaches no log and no error.
	Present(ctx context.Context, code string) error
	// Taken reports whether the invitation has made an account, or may have: then it is for nobody else. It does not wait.
	Taken() bool
}

// An InvitationError is why a code lets nobody in: the end of the catalogue's key that says so.
type InvitationError string

// Why a code lets nobody in.
const (
	// ErrCodeMistyped is about the code alone: it is incomplete, or has a slip in it. That tells nothing of any invitation.
	ErrCodeMistyped InvitationError = "mistyped"
	// ErrCodeRefused is about a code that is whole. Whether it is wrong, used up, expired or in use at the moment is not told: who
	// tries codes that are not theirs would learn which of them are real, and whoever has a real one asks the same people for the
	// next. The log and "foyer invite list" tell those.
	ErrCodeRefused InvitationError = "refused"
	// ErrCodeTries ends the session: too many codes were refused in it, or to its address.
	ErrCodeTries InvitationError = "tries"
	// ErrCodeUnavailable is that invitations cannot be looked up.
	ErrCodeUnavailable InvitationError = "unavailable"
)

// Error says it to staff.
func (r InvitationError) Error() string { return "invitation: code " + string(r) }

// AsInvitationError is what an error of Present, which is not nil, says to a person.
func AsInvitationError(err error) InvitationError {
	var r InvitationError
	if errors.As(err, &r) {
		return r
	}
	return ErrCodeUnavailable
}
