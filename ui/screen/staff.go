package screen

import (
	"context"

	"foyer/internal/clean"
	"foyer/internal/registration"
	"foyer/ui/wording"
)

// A Desk signs members of staff in and out, in whose name people are registered. It is safe for concurrent use.
type Desk interface {
	// Operator says who is signed in; it does not block.
	Operator() (operator registration.Operator, ok bool)
	// SignIn begins a sign-in: it asks the tenant for a code (RFC 8628, 3.1), or listens for what a browser brings back
	// (RFC 8252, 7.3). Who has signed in by it stays signed in when ctx ends.
	SignIn(ctx context.Context) (SignIn, error)
	// SignOut forgets who is signed in and revokes their tokens (RFC 7009). Afterwards nobody is signed in, also when it errs.
	SignOut(ctx context.Context) error
}

// A SignIn is under way until Poll says Done or errs, or the context that it was begun with ends.
type SignIn interface {
	// Prompt is what the member of staff is shown; it does not change and does not block.
	Prompt() registration.SignInPrompt
	// Poll waits until there is something to say. It errs with registration.ErrSignInExpired once the prompt is of no use any
	// more, with registration.ErrSignInDenied, or as any call can.
	Poll(ctx context.Context) (registration.SignInProgress, error)
}

// nameOf is what a member of staff is called on the screens.
func nameOf(o registration.Operator) string { return clean.Line(o.Name, wording.LongestLabel) }
