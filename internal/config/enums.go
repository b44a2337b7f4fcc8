package config

// An AuthMethod is how the client authenticates at the token endpoint, by its name in the IANA registry "OAuth Token
// Endpoint Authentication Methods" (RFC 7591, 4.2).
type AuthMethod string

// The client authentication methods.
const (
	MethodClientSecretBasic       AuthMethod = "client_secret_basic"         // RFC 6749, 2.3.1
	MethodClientSecretPost        AuthMethod = "client_secret_post"          // RFC 6749, 2.3.1
	MethodClientSecretJWT         AuthMethod = "client_secret_jwt"           // RFC 7523, 2.2, signed with the secret
	MethodPrivateKeyJWT           AuthMethod = "private_key_jwt"             // RFC 7523, 2.2, signed with a private key
	MethodTLSClientAuth           AuthMethod = "tls_client_auth"             // RFC 8705, 2.1
	MethodSelfSignedTLSClientAuth AuthMethod = "self_signed_tls_client_auth" // RFC 8705, 2.2
	MethodNone                    AuthMethod = "none"                        // a public client
)

// A Grant is how the client obtains a token.
type Grant string

// The grants.
const (
	GrantClientCredentials Grant = "client_credentials" // RFC 6749, 4.4
	GrantAuthorizationCode Grant = "authorization_code" // RFC 6749, 4.1, with PKCE (RFC 7636)
	GrantDeviceCode        Grant = "device_code"        // RFC 8628
)

// A Keep says where the sign-in of a member of staff is kept.
type Keep string

// The places.
const (
	KeepMemory  Keep = "memory"  // it ends with the process
	KeepKeyring Keep = "keyring" // encrypted, by the operating system's keyring
)

// A TenantPath says whether the paths of requests have a segment for the tenant.
type TenantPath string

// The ways to treat the tenant segment.
const (
	PathAuto   TenantPath = "auto" // the discovery document decides
	PathAlways TenantPath = "always"
	PathNever  TenantPath = "never"
)

// An API is the operation that registers a person.
type API string

// The operations.
const (
	APICreate       API = "create"        // Create User (POST /system/pools/{ipID}/users)
	APISelfRegister API = "self_register" // Self Register User (POST /system/pools/{ipID}/user/register)
)

// A UserStatus is the status that a user is created with, as in NewUser of the Identity Pools System API.
type UserStatus string

// The statuses.
const (
	StatusActive   UserStatus = "active"
	StatusInactive UserStatus = "inactive"
	StatusNew      UserStatus = "new"
)

// A Widget is how a question is asked.
type Widget string

// widgets are the names of all widgets.
func widgets() []string {
	return []string{"plain", "date", "email", "phone", "country", "postal_code", "multiline"}
}

// A Verification is how an address is proven.
type Verification string

// The ways to prove an address.
const (
	VerificationNone   Verification = "none"
	VerificationCode   Verification = "code"   // entered on the screen
	VerificationLink   Verification = "link"   // sent, finished elsewhere
	VerificationBefore Verification = "before" // a code as well, before there is any user
)

// A Mode is what an activation message is for, as the parameter mode of activation/send.
type Mode string

// The modes.
const (
	ModeRegistration Mode = "registration"
	ModeInvitation   Mode = "invitation" // no password is asked: the person sets one where the link leads
)

// An IdentifierType is the type of an identifier in the Identity Pools System API.
type IdentifierType string

// The types of identifiers. A federated one comes from another identity provider and cannot be configured.
const (
	IdentifierEmail     IdentifierType = "email"
	IdentifierMobile    IdentifierType = "mobile"
	IdentifierUID       IdentifierType = "uid"
	IdentifierExternal  IdentifierType = "external"
	IdentifierFederated IdentifierType = "federated"
)

// A BreachFail is what happens when a password cannot be looked up in breaches.
type BreachFail string

// The ways to fail.
const (
	BreachFailOpen   BreachFail = "open"   // the person is registered, and the log says so
	BreachFailClosed BreachFail = "closed" // nobody is registered
)

// AuditIdentifiers are how identifiers stand in the audit record.
type AuditIdentifiers string

// The ways to record identifiers.
const (
	AuditHashed AuditIdentifiers = "hashed" // by a key: who has it can look for an identifier, and nobody can read one
	AuditPlain  AuditIdentifiers = "plain"
)

// An AuditFail is what happens when nothing can be recorded.
type AuditFail string

// The ways to fail.
const (
	AuditFailClosed AuditFail = "closed" // nobody is registered
	AuditFailOpen   AuditFail = "open"   // people are registered, and the log says so
)

// An Access says who may connect over SSH.
type Access string

// The ways to admit.
const (
	AccessOpen   Access = "open"   // anybody, with any key or none
	AccessKeys   Access = "keys"   // who proves one of the authorized keys
	AccessInvite Access = "invite" // who has a code
)

// A Theme is the set of colours that the screens use.
type Theme string

// The themes.
const (
	ThemeAuto  Theme = "auto" // as the terminal's background
	ThemeDark  Theme = "dark"
	ThemeLight Theme = "light"
)

// A Level is the least severe level that is logged; slog.Level unmarshals it.
type Level string

// The levels.
const (
	LevelDebug Level = "debug"
	LevelInfo  Level = "info"
	LevelWarn  Level = "warn"
	LevelError Level = "error"
)

// names returns the texts of constants.
func names[T ~string](constants ...T) []string {
	texts := make([]string, len(constants))
	for i, c := range constants {
		texts[i] = string(c)
	}
	return texts
}
