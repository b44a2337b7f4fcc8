package identitypools

import (
	"encoding/json"
	"time"

	"foyer/internal/registration"
	"foyer/internal/secret"
)

// The types below are the definitions of the same name in the official description, with the members that Foyer uses.
// Arrays that come as null are empty; members that are unknown are ignored.

// PoolResponse is an identity pool.
type PoolResponse struct {
	ID                        registration.PoolID   `json:"id"`
	Name                      string                `json:"name"`
	AuthenticationMechanisms  []string              `json:"authentication_mechanisms"`
	IdentifierCaseInsensitive bool                  `json:"identifier_case_insensitive"`
	PublicRegistrationAllowed bool                  `json:"public_registration_allowed"`
	Deleted                   bool                  `json:"deleted"`
	SecondFactors             []string              `json:"second_factor_authentication_mechanisms"`
	PasswordPolicy            PasswordPolicy        `json:"password_policy"`
	PasswordSettings          PasswordSettings      `json:"password_settings"`
	OTPSettings               OTPSettings           `json:"otp_settings"`
	TOTPSettings              TOTPSettings          `json:"totp_settings"`
	PayloadSchemaID           registration.SchemaID `json:"payload_schema_id"`
	MetadataSchemaID          registration.SchemaID `json:"metadata_schema_id"`
}

// OTPSettings are what a pool says of its one-time passwords, by what they are for.
type OTPSettings struct {
	Activation    OTPConfig `json:"activation"`
	VerifyAddress OTPConfig `json:"verify_address"`
	Challenge     OTPConfig `json:"challenge"` // signs a person in
}

// OTPConfig says how long a code is, and how long it lasts. Zeros are not said.
type OTPConfig struct {
	Length int      `json:"length"` // characters
	TTL    Duration `json:"ttl"`
}

// TOTPSettings say under which name an authenticator app keeps a pool's secrets.
type TOTPSettings struct {
	Issuer string `json:"issuer"`
}

// A Duration is written as time.ParseDuration reads it, such as "10m0s". Another text, or a number, is 0: not said.
type Duration time.Duration

// UnmarshalJSON reads a duration. It never fails: no answer is worth less for a duration that is not understood.
func (d *Duration) UnmarshalJSON(data []byte) error {
	var text string
	if json.Unmarshal(data, &text) == nil {
		parsed, _ := time.ParseDuration(text)
		*d = Duration(max(parsed, 0))
	}
	return nil
}

// PasswordPolicy is what a pool asks of a password. 0 and "" ask nothing.
type PasswordPolicy struct {
	MinLength         uint64 `json:"min_length"`
	CapitalLetters    uint64 `json:"capital_letters"`
	LowercaseLetters  uint64 `json:"lowercase_letters"`
	Digits            uint64 `json:"digits"`
	SpecialCharacters uint64 `json:"special_characters"`
	NotUsedSince      uint64 `json:"not_used_since"`
	Strength          string `json:"strength"` // any, weak, fair, strong, very_strong
}

// PasswordSettings are what a pool does with passwords.
type PasswordSettings struct {
	ExpiresAfter Duration `json:"expires_after"` // 0 is never
}

// Schema is a JSON Schema with a name.
type Schema struct {
	ID     registration.SchemaID `json:"id"`
	Name   string                `json:"name"`
	Schema json.RawMessage       `json:"schema"` // raw: the order of its properties is that of a form's questions
}

// NewUser is a user to be created. It prints and marshals without its secrets; only CreateUser reveals them.
type NewUser struct {
	Status              string                     `json:"status"`
	Identifiers         []NewUserIdentifier        `json:"identifiers,omitempty"`
	VerifiableAddresses []NewUserVerifiableAddress `json:"verifiable_addresses,omitempty"`
	Credentials         []NewUserCredential        `json:"credentials,omitempty"`
	Payload             map[string]any             `json:"payload,omitempty"`
	Metadata            map[string]any             `json:"metadata,omitempty"`
}

// NewUserIdentifier is a name that a new user signs in with.
type NewUserIdentifier struct {
	Type       string `json:"type"` // email, mobile, uid, external, federated
	Identifier string `json:"identifier"`
}

// NewUserVerifiableAddress is an address of a new user that messages can be sent to.
type NewUserVerifiableAddress struct {
	Address  string `json:"address"`
	Type     string `json:"type"`   // email, mobile
	Status   string `json:"status"` // active, inactive
	Verified bool   `json:"verified"`
}

// NewUserCredential is what a new user proves to be themselves with.
type NewUserCredential struct {
	Type       string      `json:"type"` // password, totp
	Password   secret.Text `json:"password,omitzero"`
	TOTPSecret secret.Text `json:"totp_secret,omitzero"`
}

// SelfRegisterUser is a person who registers themselves. It prints and marshals without its secrets.
type SelfRegisterUser struct {
	Identifier string         `json:"identifier"`
	OTPAddress string         `json:"otp_address,omitempty"` // email or mobile, of another type than Identifier
	Password   secret.Text    `json:"password,omitzero"`
	TOTPSecret secret.Text    `json:"totp_secret,omitzero"`
	Payload    map[string]any `json:"payload,omitempty"`
}

// ActivateSelfRegisteredUser gives an activation code back. It prints and marshals without its secrets.
type ActivateSelfRegisteredUser struct {
	Code       secret.Text `json:"code"`
	OTPAddress string      `json:"otp_address,omitempty"`
	Password   secret.Text `json:"password,omitzero"`
}

// CompleteAddressVerification gives the code for an address back.
type CompleteAddressVerification struct {
	Address string      `json:"address"`
	Code    secret.Text `json:"code"`
}

// TransientOTPRequest asks for a one-time password that belongs to no user, or gives one back.
type TransientOTPRequest struct {
	Mechanism string      `json:"mechanism"` // email, sms
	Address   string      `json:"address"`
	State     string      `json:"state,omitempty"`
	OTP       secret.Text `json:"otp,omitzero"`
}

// TransientOTPResponse is what is known of a transient one-time password.
type TransientOTPResponse struct {
	ID        string   `json:"id"`
	Address   string   `json:"address"`
	ExpiresIn Duration `json:"expires_in"`
	Verified  bool     `json:"verified"`
}

// UserWithData is a user with all that belongs to them. Credentials come blurred and are not read.
type UserWithData struct {
	ID                  registration.UserID     `json:"id"`
	Status              string                  `json:"status"` // active, inactive, new, deleted
	Identifiers         []UserIdentifier        `json:"identifiers"`
	VerifiableAddresses []UserVerifiableAddress `json:"verifiable_addresses"`
	Payload             json.RawMessage         `json:"payload"`
	Metadata            json.RawMessage         `json:"metadata"`
	CreatedAt           time.Time               `json:"created_at"` // zero when the tenant does not say
	ETag                string                  `json:"-"`          // for DeleteUser; "" when there was none
}

// UserIdentifier is a name that a user signs in with.
type UserIdentifier struct {
	Type       string `json:"type"`
	Identifier string `json:"identifier"`
}

// UserVerifiableAddress is an address of a user.
type UserVerifiableAddress struct {
	Address  string `json:"address"`
	Type     string `json:"type"`
	Status   string `json:"status"`
	Verified bool   `json:"verified"`
}

// GetUserByKey says whom to look up: by one of the two.
type GetUserByKey struct {
	Identifier string `json:"identifier,omitempty"`
	Address    string `json:"address,omitempty"` // a verified one
}

// Users is a page of users.
type Users struct {
	Users []ExtendedUser `json:"users"`
}

// ExtendedUser is a user as lists show it.
type ExtendedUser struct {
	ID          registration.UserID `json:"id"`
	Status      string              `json:"status"`
	Identifiers []string            `json:"identifiers"`
	CreatedAt   time.Time           `json:"created_at"`
}
