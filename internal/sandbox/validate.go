package sandbox

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
)

// longestList bounds each list of a new user, and with it what is said of its members.
const longestList = 100

// validate returns what is wrong with a new user: what the description of the API requires and enumerates, the
// formats of identifiers and addresses, and the schemas of payload and metadata.
func (t *Tenant) validate(in newUser, d definition) flaws {
	details := flaws{}
	if max(len(in.Identifiers), len(in.VerifiableAddresses), len(in.Credentials)) > longestList {
		details["/"] = fmt.Sprintf("must have lists of at most %d members", longestList)
		return details
	}
	if in.ID != "" && !validID.MatchString(in.ID) {
		details["/id"] = "is not a user id"
	}
	details.choice("/status", in.Status, statusActive, statusInactive, statusNew, statusDeleted)
	in.validateIdentifiers(details, d)
	in.validateAddresses(details, d)
	in.validateCredentials(details)
	in.validatePreferences(details)
	t.conform(details, "payload", in.Payload, in.PayloadSchemaID)
	t.conform(details, "metadata", in.Metadata, in.MetadataSchemaID)
	details.object("/business_metadata", in.BusinessMetadata)
	if id := in.BusinessMetadataSchemaID; id != "" {
		t.conform(details, "business_metadata", in.BusinessMetadata, id)
	}
	return details
}

// conform checks one of the three objects that a schema describes.
func (t *Tenant) conform(details flaws, member string, raw json.RawMessage, schemaID string) {
	s, ok := t.schemas.find(schemaID)
	if !ok {
		details["/"+member+"_schema_id"] = "is not the id of a schema"
		return
	}
	if details.object("/"+member, raw) {
		s.check(details, "/"+member, raw)
	}
}

func (in newUser) validateIdentifiers(details flaws, d definition) {
	seen := map[string]bool{}
	for i, id := range in.Identifiers {
		at := element("identifiers", i)
		details.object(at+"/metadata", id.Metadata)
		known := details.choice(at+"/type", id.Type, typeEmail, typeMobile, typeUID, "external", "federated")
		if known && !wellFormed(id.Type, id.Identifier) {
			details[at+"/identifier"] = "is not well-formed for its type"
		}
		details.once(seen, at, d.normal(id.Identifier))
	}
}

func (in newUser) validateAddresses(details flaws, d definition) {
	seen := map[string]bool{}
	for i, a := range in.VerifiableAddresses {
		at := element("verifiable_addresses", i)
		details.object(at+"/metadata", a.Metadata)
		details.choice(at+"/status", a.Status, statusActive, statusInactive)
		if a.PreferredContactMethod != "" {
			details.choice(at+"/preferred_contact_method", a.PreferredContactMethod, "sms", "voice")
		}
		if a.Verified == nil {
			details[at+"/verified"] = "is required"
		}
		if details.choice(at+"/type", a.Type, typeEmail, typeMobile) && !wellFormed(a.Type, a.Address) {
			details[at+"/address"] = "is not well-formed for its type"
		}
		details.once(seen, at, d.normal(a.Address))
	}
}

func (in newUser) validateCredentials(details flaws) {
	seen := map[string]bool{}
	for i, c := range in.Credentials {
		at := element("credentials", i)
		if !details.choice(at+"/type", c.Type, credentialPassword, credentialTOTP, credentialWebAuthn) {
			continue
		}
		details.once(seen, at, c.Type)
		switch {
		case c.Type == credentialPassword && c.Password == "":
			details[at+"/password"] = "is required"
		case c.Type == credentialTOTP && !isBase32(c.TOTPSecret):
			details[at+"/totp_secret"] = "is not a base32 secret"
		case c.Type == credentialWebAuthn && len(c.WebAuthnCredentials) == 0:
			details[at+"/webauthn_credentials"] = "is required"
		}
	}
}

func (in newUser) validatePreferences(details flaws) {
	if !details.object("/preferences", in.Preferences) || in.Preferences == nil {
		return
	}
	var preferences struct {
		MFA struct {
			Preferred string `json:"preferred_2fa"`
		}
	}
	if json.Unmarshal(in.Preferences, &preferences) != nil {
		details["/preferences"] = "is not of the right shape"
		return
	}
	if preferred := preferences.MFA.Preferred; preferred != "" {
		details.choice("/preferences/mfa/preferred_2fa", preferred,
			"totp", "password", "otp", "email_otp", "sms_otp", "webauthn")
	}
}

// choice reports whether value is one of those allowed, and notes it when not.
func (f flaws) choice(field, value string, allowed ...string) bool {
	switch {
	case value == "":
		f[field] = "is required"
	case !slices.Contains(allowed, value):
		f[field] = "is not one of the allowed values"
	default:
		return true
	}
	return false
}

// object reports whether raw is absent or a JSON object, and notes it when not.
func (f flaws) object(field string, raw json.RawMessage) bool {
	ok := len(raw) == 0 || bytes.HasPrefix(raw, []byte("{"))
	if !ok {
		f[field] = "is not an object"
	}
	return ok
}

// once notes a value that was seen before.
func (f flaws) once(seen map[string]bool, field, value string) {
	if seen[value] {
		f[field] = "is given twice"
	}
	seen[value] = true
}
