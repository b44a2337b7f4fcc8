package identitypools

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"net/http"
	"time"

	"foyer/internal/clean"
	"foyer/internal/password"
	"foyer/internal/registration"
)

// Words of the description.
const (
	credentialPassword = "password"
	credentialTOTP     = "totp"
	addressActive      = "active"
	mechanismEmail     = "email"
	mechanismSMS       = "sms"
)

// A Directory is a Client as the domain sees it: it is each of the ports of package registration.
type Directory struct{ client *Client }

// NewDirectory returns the directory behind c.
func NewDirectory(c *Client) *Directory { return &Directory{c} }

// Pool reads the pool. A password strength that we do not know is a misconfiguration: with it, nobody could be told what
// to type.
func (d *Directory) Pool(ctx context.Context) (registration.Pool, error) {
	pool, err := d.client.GetPool(ctx)
	if err != nil {
		return registration.Pool{}, err
	}
	if pool.Deleted {
		return registration.Pool{}, &registration.Problem{Kind: registration.Misconfigured, Staff: "the pool in tenant.pool was deleted; choose another one"}
	}
	strength, err := password.ParseStrength(pool.PasswordPolicy.Strength)
	if err != nil {
		return registration.Pool{}, &registration.Problem{
			Kind: registration.Misconfigured, Cause: err,
			Staff: "this version of Foyer does not know the pool's password strength " + clean.Line(pool.PasswordPolicy.Strength, maxTraceID),
		}
	}
	return registration.Pool{
		ID:                        d.client.pool,
		Name:                      pool.Name,
		PasswordPolicy:            pool.PasswordPolicy.policy(strength),
		Mechanisms:                pool.AuthenticationMechanisms,
		SecondFactors:             pool.SecondFactors,
		PublicRegistrationAllowed: pool.PublicRegistrationAllowed,
		ActivationCode:            pool.OTPSettings.Activation.setting(),
		AddressCode:               pool.OTPSettings.VerifyAddress.setting(),
		ChallengeCode:             pool.OTPSettings.Challenge.setting(),
		PasswordExpiry:            time.Duration(pool.PasswordSettings.ExpiresAfter),
		PasswordHistory:           int(min(pool.PasswordPolicy.NotUsedSince, math.MaxInt32)),
		TOTPIssuer:                pool.TOTPSettings.Issuer,
		PayloadSchemaID:           pool.PayloadSchemaID,
		MetadataSchemaID:          pool.MetadataSchemaID,
		IdentifierCaseInsensitive: pool.IdentifierCaseInsensitive,
	}, nil
}

// policy is p as the domain has it.
func (p PasswordPolicy) policy(strength password.Strength) password.Policy {
	count := func(n uint64) int { return int(min(n, math.MaxInt32)) }
	return password.Policy{
		MinLength:         count(p.MinLength),
		CapitalLetters:    count(p.CapitalLetters),
		LowercaseLetters:  count(p.LowercaseLetters),
		Digits:            count(p.Digits),
		SpecialCharacters: count(p.SpecialCharacters),
		Strength:          strength,
	}
}

// longestCode bounds what a pool may say of the length of a code, in characters.
const longestCode = 16

// setting is c as the domain has it. A length that no screen has boxes for is not believed.
func (c OTPConfig) setting() registration.CodeSetting {
	length := c.Length
	if length < 0 || length > longestCode {
		length = 0
	}
	return registration.CodeSetting{Length: length, TTL: time.Duration(c.TTL)}
}

// Schema reads the document of a schema.
func (d *Directory) Schema(ctx context.Context, id registration.SchemaID) (json.RawMessage, error) {
	schema, err := d.client.GetSchema(ctx, id)
	return schema.Schema, err
}

// CreateUser creates user.
func (d *Directory) CreateUser(ctx context.Context, user registration.NewUser, keys registration.Keys) (registration.User, error) {
	created, err := d.client.CreateUser(ctx, newUser(user), keys)
	if err != nil {
		return registration.User{}, err
	}
	return created.user(), nil
}

// FindUser returns the user who signs in with identifier, or registration.ErrNoUser.
func (d *Directory) FindUser(ctx context.Context, identifier registration.Identifier, keys registration.Keys) (registration.User, error) {
	found, err := d.client.GetUserByKey(ctx, GetUserByKey{Identifier: identifier.Identifier}, keys.Correlation)
	var refused *Error
	switch {
	case errors.As(err, &refused) && refused.Status == http.StatusNotFound:
		return registration.User{}, registration.ErrNoUser
	case err != nil:
		return registration.User{}, err
	}
	return found.user(), nil
}

// newUser is u as the API takes it. Each e-mail address and mobile number becomes a verifiable address too, so that the
// person can prove it later and have a forgotten password reset; only u.Verified was proven yet.
func newUser(u registration.NewUser) NewUser {
	out := NewUser{Status: string(u.Status), Payload: u.Payload, Metadata: u.Metadata}
	for _, id := range u.Identifiers {
		out.Identifiers = append(out.Identifiers, NewUserIdentifier{string(id.Type), id.Identifier})
		if id.Type == registration.Email || id.Type == registration.Mobile {
			out.VerifiableAddresses = append(out.VerifiableAddresses, NewUserVerifiableAddress{
				Address: id.Identifier, Type: string(id.Type), Status: addressActive, Verified: id.Identifier == u.Verified,
			})
		}
	}
	if !u.Password.IsZero() {
		out.Credentials = append(out.Credentials, NewUserCredential{Type: credentialPassword, Password: u.Password})
	}
	if !u.TOTPSecret.IsZero() {
		out.Credentials = append(out.Credentials, NewUserCredential{Type: credentialTOTP, TOTPSecret: u.TOTPSecret})
	}
	return out
}

// user is u as the domain has it.
func (u UserWithData) user() registration.User {
	out := registration.User{ID: u.ID, Status: u.Status, CreatedAt: u.CreatedAt, Mark: u.mark()}
	if string(u.Payload) != "null" {
		out.Payload = u.Payload
	}
	for _, id := range u.Identifiers {
		out.Identifiers = append(out.Identifiers, registration.Identifier{
			Type: registration.IdentifierType(id.Type), Identifier: id.Identifier,
		})
	}
	for _, a := range u.VerifiableAddresses {
		if a.Verified {
			out.Verified = append(out.Verified, a.Address)
		}
	}
	return out
}

// mark is the correlation id in the metadata; "" when there is none.
func (u UserWithData) mark() string {
	var metadata map[string]any
	if json.Unmarshal(u.Metadata, &metadata) != nil {
		return ""
	}
	mark, _ := metadata[registration.MarkMember].(string)
	return mark
}
