package registration

import (
	"context"
	"encoding/json"
	"errors"

	"foyer/internal/secret"
)

// A PoolReader reads the pool of the kiosk. Its errors are Problematic.
type PoolReader interface {
	Pool(ctx context.Context) (Pool, error)
	Schema(ctx context.Context, id SchemaID) (json.RawMessage, error)
}

// A UserStore creates and finds users of the pool. Its errors are Problematic, or ErrNoUser.
type UserStore interface {
	CreateUser(ctx context.Context, user NewUser, keys Keys) (User, error)
	FindUser(ctx context.Context, identifier Identifier, keys Keys) (User, error)
	// WithdrawUser removes a user of ours who is still as they were made, with no address verified, and no other; it is ErrInUse
	// when their person has gone on with them.
	WithdrawUser(ctx context.Context, made Receipt, keys Keys) error
}

// What a UserStore can say of a user.
var (
	ErrNoUser = errors.New("no such user")
	ErrInUse  = errors.New("the user is in use already")
)

// A SelfRegistration is a person who registers themselves: one identifier, and an address of another type to send to.
type SelfRegistration struct {
	Identifier string
	OTPAddress string // "" for none: then messages go to the identifier
	Password   secret.Text
	TOTPSecret secret.Text
	Payload    map[string]any
	Message    CodeType // "" sends none
}

// A SelfRegistrar registers people as they would themselves. The id may be another person's: for an identifier that is taken
// the tenant answers as for a free one, and tells its owner. Its errors are Problematic.
type SelfRegistrar interface {
	SelfRegister(ctx context.Context, who SelfRegistration, keys Keys) (UserID, error)
}

// An ActivationMessage is what a new user is sent.
type ActivationMessage struct {
	Address string
	Mode    Mode
	As      CodeType
}

// An Activator makes new users active. Its errors are Problematic; a code that is refused is a Problem of kind CodeRejected.
type Activator interface {
	// SendActivation sends a message, and makes the code of the one before useless. Whether there is such a user is not told.
	SendActivation(ctx context.Context, id UserID, message ActivationMessage, keys Keys) error
	Activate(ctx context.Context, a Activated, keys Keys) (User, error)
}

// An Activated user is one whose code is given back.
type Activated struct {
	UserID     UserID
	Code       secret.Text
	OTPAddress string      // where the code was sent, when that is not the user's identifier; "" otherwise
	Password   secret.Text // set now, for a user that has none; empty otherwise
}

// An AddressVerifier verifies addresses of users. Its errors are Problematic; a code that is refused is CodeRejected.
type AddressVerifier interface {
	RequestVerification(ctx context.Context, id UserID, address string, as CodeType, keys Keys) error
	CompleteVerification(ctx context.Context, id UserID, address string, code secret.Text, keys Keys) error
}

// An AddressProver proves addresses of nobody yet. Its errors are Problematic; a code that is refused is CodeRejected.
type AddressProver interface {
	SendProof(ctx context.Context, address Identifier, state string) (TransientOTP, error)
	CheckProof(ctx context.Context, address Identifier, proof Proof) error
}
