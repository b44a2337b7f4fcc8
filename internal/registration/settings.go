package registration

// Settings are the administrator's part of a form: what is asked beside the pool's own questions, and how a person comes
// in. Which of them go together is decided where they are read.
type Settings struct {
	API            API
	Status         UserStatus // of a created user, for CreateUser
	Mode           Mode       // of the activation message
	Verification   Verification
	Identifiers    []IdentifierSetting     // in the order asked
	Metadata       map[string]any          // set on every user, for CreateUser
	Mark           bool                    // each user's metadata gets MarkMember, where the pool's schema for it lets it
	Country        string                  // ISO 3166-1 alpha-2: where national telephone numbers are from
	Specials       string                  // what the tenant counts as special characters of a password; see password.Policy
	ServiceWords   []string                // what the service is called: nobody's password
	RecordOptional bool                    // people are registered also where that cannot be recorded
	Fields         map[string]FieldSetting // by JSON Pointer (RFC 6901) into the payload, where * stands for any entry of a list
}

// An IdentifierSetting says that an identifier is asked for.
type IdentifierSetting struct {
	Type     IdentifierType
	Required bool
}

// An API is the operation that registers a person. Its values are also the flows of a Receipt.
type API string

// The operations.
const (
	CreateUser   API = "create"        // Create User (POST /system/pools/{ipID}/users)
	SelfRegister API = "self_register" // Self Register User (POST /system/pools/{ipID}/user/register)
)

// A Mode is what an activation message is for, in the words of the API.
type Mode string

// The modes.
const (
	ModeRegistration Mode = "registration"
	ModeInvitation   Mode = "invitation" // the person sets a password where the message leads
)

// A Verification is how an address is proven.
type Verification string

// The ways to prove an address.
const (
	VerifyNone   Verification = "none"
	VerifyCode   Verification = "code"   // sent to it, and typed on the screen
	VerifyLink   Verification = "link"   // sent to it, and followed elsewhere
	VerifyBefore Verification = "before" // a code as well, before there is any user
)

// A CodeType is what a message brings, in the words of the API's code_type_in_message.
type CodeType string

// What a message can bring.
const (
	AsCode CodeType = "code"
	AsLink CodeType = "link"
)

// withDefaults is s with what goes without saying.
func (s Settings) withDefaults() Settings {
	if s.API == "" {
		s.API = CreateUser
	}
	if s.Mode == "" {
		s.Mode = ModeRegistration
	}
	if s.Verification == "" {
		s.Verification = VerifyNone
	}
	return s
}

// invites reports whether a person is invited: then nothing is asked that they prove themselves with later.
func (s Settings) invites() bool { return s.API == CreateUser && s.Mode == ModeInvitation }

// status is the state that a user is registered in.
func (s Settings) status() UserStatus {
	if s.API == SelfRegister {
		return New
	}
	return s.Status
}

// messages is what the message brings that is sent once there is a user; "" when none is sent.
func (s Settings) messages() CodeType {
	switch s.Verification {
	case VerifyCode:
		return AsCode
	case VerifyLink:
		return AsLink
	case VerifyNone, VerifyBefore:
	}
	return ""
}

// flow is the name of the way in, for a Receipt.
func (s Settings) flow() string {
	if s.invites() {
		return string(ModeInvitation)
	}
	return string(s.API)
}
