package identitypools

import (
	"slices"
	"strconv"
	"strings"

	"foyer/internal/clean"
	"foyer/internal/registration"
)

// Members of NewUser that a path can lead through.
const (
	memberIdentifiers = "identifiers"
	memberAddresses   = "verifiable_addresses"
	memberCredentials = "credentials"
	memberPassword    = "password"
	memberTOTPSecret  = "totp_secret"
	memberIdentifier  = "identifier"
	memberOTPAddress  = "otp_address"
	memberPayload     = "payload"
	memberMetadata    = "metadata"
)

// pointerMetadata is where a Field points that no person has answered, but the configuration.
const pointerMetadata = "/metadata"

// maxProperty bounds the name of a property, in characters.
const maxProperty = 128

// draftFields turns paths into user, which was sent, into JSON Pointers as registration.Draft has them: "/identifiers/N",
// with N counted in what was sent, "/password", "/payload/name"; and "/metadata" for what is not the person's. What
// leads nowhere is left out. The result is sorted and has nothing twice.
func draftFields(paths [][]string, user NewUser) []string {
	var fields []string
	for _, path := range paths {
		if f := draftField(path, user); f != "" {
			fields = append(fields, f)
		}
	}
	slices.Sort(fields)
	return slices.Compact(fields)
}

// draftField is the pointer for one path; "" when it leads nowhere. Wrappers before the member do not matter, as in
// "errors.0.payload.given_name".
func draftField(path []string, user NewUser) string {
	for i, segment := range path {
		next := ""
		if i+1 < len(path) {
			next = path[i+1]
		}
		switch segment {
		case memberIdentifiers:
			return identifierField(next, user)
		case memberAddresses:
			return addressField(next, user)
		case memberCredentials:
			return credentialField(path[i:], user)
		case memberPassword:
			return registration.PointerPassword
		case memberTOTPSecret:
			return registration.PointerTOTPSecret
		case memberMetadata:
			return pointerMetadata
		case memberPayload:
			return payloadField(path[i+1:]...)
		}
	}
	switch {
	case len(path) == 0:
		return ""
	case len(path) == 1 && path[0] == memberIdentifier && len(user.Identifiers) > 0: // of a self-registration
		return registration.IdentifierPointer(0)
	case len(path) == 1 && path[0] == memberOTPAddress && len(user.Identifiers) > 1:
		return registration.IdentifierPointer(1)
	}
	return bareField(path[len(path)-1], user)
}

// credentialField points at the secret of the credential with an index; without one, at the password.
func credentialField(path []string, user NewUser) string {
	if slices.Contains(path, memberTOTPSecret) {
		return registration.PointerTOTPSecret
	}
	if len(path) > 1 {
		if i, err := strconv.Atoi(path[1]); err == nil && i >= 0 && i < len(user.Credentials) && user.Credentials[i].Type == credentialTOTP {
			return registration.PointerTOTPSecret
		}
	}
	return registration.PointerPassword
}

// asNewUser is u as far as paths of an error can point into it: the identifier, then the address.
func (u SelfRegisterUser) asNewUser() NewUser {
	out := NewUser{Identifiers: []NewUserIdentifier{{Identifier: u.Identifier}}, Payload: u.Payload}
	if u.OTPAddress != "" {
		out.Identifiers = append(out.Identifiers, NewUserIdentifier{Identifier: u.OTPAddress})
	}
	return out
}

// identifierField points at the identifier with this index; without one, at the only one there is.
func identifierField(index string, user NewUser) string {
	i, err := strconv.Atoi(index)
	if err != nil && len(user.Identifiers) == 1 {
		i, err = 0, nil
	}
	if err != nil || i < 0 || i >= len(user.Identifiers) {
		return ""
	}
	return registration.IdentifierPointer(i)
}

// addressField points at the identifier that an address was made of.
func addressField(index string, user NewUser) string {
	i, err := strconv.Atoi(index)
	if err != nil || i < 0 || i >= len(user.VerifiableAddresses) {
		return ""
	}
	address := user.VerifiableAddresses[i].Address
	from := slices.IndexFunc(user.Identifiers, func(id NewUserIdentifier) bool { return id.Identifier == address })
	if from < 0 {
		return ""
	}
	return registration.IdentifierPointer(from)
}

// payloadField points at a value of the payload, as far as its path is made of plain names.
func payloadField(path ...string) string {
	pointer := ""
	for _, name := range path {
		if name == "" || clean.Line(name, maxProperty) != name {
			break
		}
		pointer += "/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(name)
	}
	if pointer == "" {
		return ""
	}
	return "/" + memberPayload + pointer
}

// bareField points at what a name without its member can mean: a property that was sent, or a type of identifier.
func bareField(name string, user NewUser) string {
	if _, sent := user.Payload[name]; sent {
		return payloadField(name)
	}
	of := func(id NewUserIdentifier) bool { return id.Type == name }
	if i := slices.IndexFunc(user.Identifiers, of); i >= 0 {
		return registration.IdentifierPointer(i)
	}
	return ""
}
