// Package registration is the domain: what is asked of a person (Form), what they answered (Draft), and what came of it
// (Receipt or Problem). Service runs a registration over its own small interfaces; it knows nothing of HTTP and
// nothing of screens.
package registration

import (
	"encoding/json"
	"time"

	"foyer/internal/password"
	"foyer/internal/payloadschema"
	"foyer/internal/secret"
)

// A PoolID names an Identity Pool.
type PoolID string

// A SchemaID names a schema of the tenant.
type SchemaID string

// A UserID names a user of a pool.
type UserID string

// An IdentifierType is what kind of name a person signs in with, in the words of NewUserIdentifier.type.
type IdentifierType string

// The identifiers that a person can type. The fifth of the specification, federated, comes from an identity provider.
const (
	Email    IdentifierType = "email"
	Mobile   IdentifierType = "mobile"
	UID      IdentifierType = "uid"
	External IdentifierType = "external"
)

// An Identifier is a name that a user signs in with.
type Identifier struct {
	Type       IdentifierType `json:"type"`
	Identifier string         `json:"identifier"` // E.164 for Mobile
}

// A UserStatus is the state that a user is created in, in the words of NewUser.status.
type UserStatus string

// The states a user can be created in.
const (
	Active   UserStatus = "active"
	Inactive UserStatus = "inactive"
	New      UserStatus = "new" // until a code that was sent is given back
)

// A Pool is what the domain needs to know of an Identity Pool.
type Pool struct {
	ID                        PoolID
	Name                      string
	PasswordPolicy            PasswordPolicy
	Mechanisms                []string // authentication_mechanisms; empty when the tenant names none
	SecondFactors             []string // second_factor_authentication_mechanisms
	PublicRegistrationAllowed bool
	ActivationCode            CodeSetting
	AddressCode               CodeSetting // for the verification of an address
	ChallengeCode             CodeSetting // signs a person in
	PasswordExpiry            time.Duration
	PasswordHistory           int    // former passwords that may not be used again
	TOTPIssuer                string // "" when the tenant names none
	PayloadSchemaID           SchemaID
	MetadataSchemaID          SchemaID
	IdentifierCaseInsensitive bool
}

// A CodeSetting is what a pool says of the codes of one kind. A zero is not said.
type CodeSetting struct {
	Length int // characters
	TTL    time.Duration
}

// A NewUser is a user to be created.
type NewUser struct {
	Status      UserStatus
	Identifiers []Identifier
	Verified    string      // the address that was proven already; "" for none
	Password    secret.Text // empty when no password credential is created
	TOTPSecret  secret.Text // likewise; base32 (RFC 4648, 6)
	Payload     map[string]any
	Metadata    map[string]any
}

// A User is a user of the pool as the tenant tells of it.
type User struct {
	ID          UserID
	Status      string
	Identifiers []Identifier
	Verified    []string // addresses
	Payload     json.RawMessage
	Mark        string    // the correlation id of the submission that made the user; "" when the metadata has none
	CreatedAt   time.Time // zero when the tenant does not say
}

// Keys travel with every call of one submission.
type Keys struct {
	Idempotency string // X-Idempotency-Key: the same for all attempts
	Correlation string // x-correlation-id: reaches the tenant's audit events
}

// A Kind is the shape of an answer, under the name by which screens know it: they need no other package of the domain.
type Kind = payloadschema.Kind

// A PasswordPolicy is what a pool asks of a password, likewise.
type PasswordPolicy = password.Policy

// A Blocklist is the passwords that nobody may have, likewise.
type Blocklist = password.Blocklist

// The kinds of a Question.
const (
	Text    = payloadschema.Text
	Choice  = payloadschema.Choice
	Number  = payloadschema.Number
	Integer = payloadschema.Integer
	Switch  = payloadschema.Switch
	Shape   = payloadschema.Shape // which of several shapes a value has
	Entry   = payloadschema.Entry // heads one entry of a list
	More    = payloadschema.More  // ends a list
	Extra   = payloadschema.Extra // another property, by its name
)

// A Widget is how a question is best asked, likewise.
type Widget = payloadschema.Widget

// The widgets of a Question.
const (
	WidgetPlain      = payloadschema.WidgetPlain
	WidgetDate       = payloadschema.WidgetDate
	WidgetEmail      = payloadschema.WidgetEmail
	WidgetPhone      = payloadschema.WidgetPhone
	WidgetCountry    = payloadschema.WidgetCountry
	WidgetPostalCode = payloadschema.WidgetPostalCode
	WidgetMultiline  = payloadschema.WidgetMultiline
)

// An Option is one answer to choose from, likewise.
type Option = payloadschema.Option
