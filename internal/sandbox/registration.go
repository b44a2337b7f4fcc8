package sandbox

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// A registration is SelfRegisterUser of the API. Members that are null count as absent, and so do empty strings.
type registration struct {
	Identifier          string
	OTPAddress          string `json:"otp_address"`
	Password            string
	TOTPSecret          string            `json:"totp_secret"`
	WebAuthnCredentials []json.RawMessage `json:"webauthn_credentials"`
	Payload             json.RawMessage
}

// texts are what the new user will be signed in by.
func (in registration) texts() []string {
	if in.OTPAddress == "" {
		return []string{in.Identifier}
	}
	return []string{in.Identifier, in.OTPAddress}
}

// newUser is what is to be made: a new user with the identifier, unverified addresses and the pool's schemas.
func (in registration) newUser(d definition) newUser {
	unverified := false
	out := newUser{
		Status:      statusNew,
		Identifiers: []newIdentifier{{Type: typeOf(in.Identifier), Identifier: in.Identifier}},
		Payload:     in.Payload,
	}
	for _, text := range in.texts() {
		if isAddress(text) {
			out.VerifiableAddresses = append(out.VerifiableAddresses, newAddress{
				Address: text, Type: typeOf(text), Status: statusActive, Verified: &unverified,
			})
		}
	}
	if in.Password != "" {
		out.Credentials = append(out.Credentials, newCredential{Type: credentialPassword})
	}
	if in.TOTPSecret != "" {
		out.Credentials = append(out.Credentials, newCredential{Type: credentialTOTP, TOTPSecret: in.TOTPSecret})
	}
	if len(in.WebAuthnCredentials) > 0 {
		out.Credentials = append(out.Credentials, newCredential{Type: credentialWebAuthn})
	}
	out.complete(d)
	return out
}

// validateRegistration returns what is wrong with a self-registration. Nothing in it depends on the pool's users.
func (t *Tenant) validateRegistration(in registration, d definition) flaws {
	details := flaws{}
	kind := typeOf(in.Identifier)
	switch {
	case in.Identifier == "":
		details["/identifier"] = "is required"
	case !wellFormed(kind, in.Identifier):
		details["/identifier"] = "is not well-formed for its type"
	}
	switch {
	case in.OTPAddress == "":
	case !isAddress(in.OTPAddress):
		details["/otp_address"] = "is neither an e-mail address nor a mobile number"
	case typeOf(in.OTPAddress) == kind:
		details["/otp_address"] = "is of the same type as the identifier"
	}
	details.totp("/totp_secret", in.TOTPSecret)
	if len(in.WebAuthnCredentials) > longestList {
		details["/webauthn_credentials"] = fmt.Sprintf("must have at most %d members", longestList)
	}
	if len(in.Payload) > 0 && !bytes.Equal(in.Payload, []byte("null")) {
		t.conform(details, "payload", in.Payload, d.PayloadSchemaID)
	}
	return details
}

// totp notes a TOTP secret that is none; it may be absent.
func (f flaws) totp(field, secret string) {
	if secret != "" && !isBase32(secret) {
		f[field] = "is not a base32 secret"
	}
}
