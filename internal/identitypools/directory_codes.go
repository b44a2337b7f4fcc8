package identitypools

import (
	"context"
	"errors"
	"net/http"
	"time"

	"foyer/internal/registration"
	"foyer/internal/secret"
)

// WithdrawUser removes a user whom nobody has used yet: they are in the state that they were made in, and none of their
// addresses is verified. It asks for just the version that it has seen, so that a user who is activated meanwhile stays, and for
// none where the tenant has no versions. One who is gone already is no error.
func (d *Directory) WithdrawUser(ctx context.Context, made registration.Receipt, keys registration.Keys) error {
	user, err := d.client.GetUser(ctx, made.UserID)
	var refused *Error
	switch {
	case errors.As(err, &refused) && refused.Status == http.StatusNotFound:
		return nil
	case err != nil:
		return err
	case len(user.user().Verified) > 0, user.Status != made.Status:
		return registration.ErrInUse
	case user.ETag == "":
		return &registration.Problem{Kind: registration.Unexpected, Cause: errUnversioned}
	}
	err = d.client.DeleteUser(ctx, made.UserID, user.ETag, keys)
	if errors.As(err, &refused) && refused.Status == http.StatusPreconditionFailed { // they were changed since
		return registration.ErrInUse
	}
	return err
}

// errUnversioned says that nobody can tell whether a user is still as they were seen.
var errUnversioned = errors.New("the tenant has no versions of users, so the user may be in use already")

// SelfRegister registers a person as they would themselves.
func (d *Directory) SelfRegister(ctx context.Context, who registration.SelfRegistration, keys registration.Keys) (registration.UserID, error) {
	return d.client.SelfRegister(ctx, SelfRegisterUser{
		Identifier: who.Identifier, OTPAddress: who.OTPAddress, Password: who.Password, TOTPSecret: who.TOTPSecret, Payload: who.Payload,
	}, who.Message, keys)
}

// SendActivation sends a new user a message.
func (d *Directory) SendActivation(ctx context.Context, id registration.UserID, m registration.ActivationMessage, keys registration.Keys) error {
	return d.client.SendActivation(ctx, id, m, keys)
}

// Activate makes a new user active.
func (d *Directory) Activate(ctx context.Context, a registration.Activated, keys registration.Keys) (registration.User, error) {
	user, err := d.client.Activate(ctx, a.UserID, ActivateSelfRegisteredUser{a.Code, a.OTPAddress, a.Password}, keys)
	if err != nil {
		return registration.User{}, err
	}
	return user.user(), nil
}

// RequestVerification sends a code or a link to an address of a user.
func (d *Directory) RequestVerification(ctx context.Context, id registration.UserID, to string, as registration.CodeType, keys registration.Keys) error {
	return d.client.RequestAddressVerification(ctx, id, to, as, keys)
}

// CompleteVerification verifies an address of a user.
func (d *Directory) CompleteVerification(ctx context.Context, id registration.UserID, to string, code secret.Text, keys registration.Keys) error {
	return d.client.CompleteAddressVerification(ctx, id, CompleteAddressVerification{to, code}, keys)
}

// SendProof sends a one-time password to an address of nobody yet.
func (d *Directory) SendProof(ctx context.Context, to registration.Identifier, state string) (registration.TransientOTP, error) {
	sent, err := d.client.InitiateTransientOTP(ctx, transientRequest(to, state))
	if err != nil {
		return registration.TransientOTP{}, err
	}
	return registration.TransientOTP{ID: sent.ID, State: state, TTL: time.Duration(sent.ExpiresIn)}, nil
}

// CheckProof gives it back. When that is not accepted or not answered, the tenant is asked whether it was given back before: the
// call has no idempotency key, and what works, works once.
func (d *Directory) CheckProof(ctx context.Context, to registration.Identifier, proof registration.Proof) error {
	request := transientRequest(to, proof.State)
	request.OTP = proof.Code
	err := d.client.VerifyTransientOTP(ctx, proof.ID, request)
	var failed *Error
	if !errors.As(err, &failed) {
		return err
	}
	if p := failed.Problem(); p.Kind != registration.CodeRejected && !p.Unclear {
		return err
	}
	found, lookup := d.client.GetTransientOTP(ctx, proof.ID, proof.State)
	if lookup == nil && found.Verified && found.Address == to.Identifier {
		return nil
	}
	return err
}

// transientRequest is for an address, by the mechanism that reaches it.
func transientRequest(to registration.Identifier, state string) TransientOTPRequest {
	mechanism := mechanismEmail
	if to.Type == registration.Mobile {
		mechanism = mechanismSMS
	}
	return TransientOTPRequest{Mechanism: mechanism, Address: to.Identifier, State: state}
}
