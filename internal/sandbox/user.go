package sandbox

import (
	"encoding/json"
	"net/http"
	"time"
)

// A user is UserWithData of the API, and secrets that no answer shows. It never changes once it is in a pool: what
// changes is a copy that takes its place.
type user struct {
	ID                       string          `json:"id"`
	TenantID                 string          `json:"tenant_id"`
	PoolID                   string          `json:"user_pool_id"`
	Status                   string          `json:"status"`
	StatusUpdatedAt          time.Time       `json:"status_updated_at"`
	CreatedAt                time.Time       `json:"created_at"`
	UpdatedAt                time.Time       `json:"updated_at"`
	Identifiers              []identifier    `json:"identifiers"`
	Addresses                []address       `json:"verifiable_addresses"`
	Credentials              []credential    `json:"credentials"`
	PayloadSchemaID          string          `json:"payload_schema_id"`
	Payload                  json.RawMessage `json:"payload,omitempty"`
	MetadataSchemaID         string          `json:"metadata_schema_id"`
	Metadata                 json.RawMessage `json:"metadata,omitempty"`
	BusinessMetadataSchemaID string          `json:"business_metadata_schema_id,omitempty"`
	BusinessMetadata         json.RawMessage `json:"business_metadata,omitempty"`
	Preferences              json.RawMessage `json:"preferences,omitempty"`

	password *passwordHash // nil when the user has none
	totp     totpSecret    // "" when the user has none
}

// owned are the members that every part of a user carries.
type owned struct {
	ID        string    `json:"id"`
	TenantID  string    `json:"tenant_id"`
	PoolID    string    `json:"user_pool_id"`
	UserID    string    `json:"user_id"`
	CreatedAt time.Time `json:"created_at"`
	UpdatedAt time.Time `json:"updated_at"`
}

// An identifier is UserIdentifier of the API.
type identifier struct {
	owned

	Type         string          `json:"type"`
	Identifier   string          `json:"identifier"`
	IdentifierLC string          `json:"identifier_lc"` // in lower case, whatever the pool compares by
	Metadata     json.RawMessage `json:"metadata,omitempty"`
}

// An address is UserVerifiableAddress of the API.
type address struct {
	owned

	Type                   string          `json:"type"`
	Address                string          `json:"address"`
	AddressLC              string          `json:"address_lc"`
	Status                 string          `json:"status"`
	Verified               bool            `json:"verified"`
	VerifiedAt             *time.Time      `json:"verified_at,omitempty"`
	AllowedFor2FA          bool            `json:"allowed_for_2fa"`
	PreferredContactMethod string          `json:"preferred_contact_method,omitempty"`
	Metadata               json.RawMessage `json:"metadata,omitempty"`
}

// A credential is UserCredential of the API. Its payload is blurred.
type credential struct {
	owned

	Type    string            `json:"type"`
	State   string            `json:"state"`
	Payload map[string]string `json:"payload"`
}

// The states of users, of which addresses know active and inactive.
const (
	statusActive   = "active"
	statusInactive = "inactive"
	statusNew      = "new"
	statusDeleted  = "deleted"
)

// The states of a credential.
const (
	stateValid         = "valid"
	stateMustBeReset   = "must_be_reset"
	stateMustBeChanged = "must_be_changed"
)

// getUser answers one user.
func (t *Tenant) getUser(e *exchange) (reply, error) {
	p, err := t.pool(e)
	if err != nil {
		return reply{}, err
	}
	u, ok := p.user(e.params["userID"])
	if !ok {
		return reply{}, userNotFound()
	}
	return e.userReply(u)
}

// getUserByKey answers the user with an identifier, or with a verified address.
func (t *Tenant) getUserByKey(e *exchange) (reply, error) {
	p, err := t.pool(e)
	if err != nil {
		return reply{}, err
	}
	var key struct{ Identifier, Address string }
	if err := e.decode(&key); err != nil {
		return reply{}, err
	}
	if (key.Identifier == "") == (key.Address == "") {
		return reply{}, refuse(http.StatusBadRequest, "Exactly one of identifier and address must be given")
	}
	kind, value := byIdentifier, key.Identifier
	if key.Address != "" {
		kind, value = byAddress, key.Address
	}
	u, ok := p.claimant(kind, value)
	if !ok {
		return reply{}, userNotFound()
	}
	return e.userReply(u)
}

// userReply answers u, if the request is content with this version of it.
func (e *exchange) userReply(u *user) (reply, error) {
	answer, err := resourceReply(http.StatusOK, u)
	if err != nil {
		return reply{}, err
	}
	return answer, e.precondition(answer.header.Get("ETag"))
}

// unchanged holds If-Match against u, which is about to be changed.
func (e *exchange) unchanged(u *user) error {
	_, err := e.userReply(u)
	return err
}

// deleteUser removes a user, and with it every code.
func (t *Tenant) deleteUser(e *exchange) (reply, error) {
	p, err := t.pool(e)
	if err != nil {
		return reply{}, err
	}
	id := e.params["userID"]
	if err := p.remove(id, e.unchanged); err != nil {
		return reply{}, err
	}
	t.codes.forget(p.current().ID, id)
	return reply{status: http.StatusNoContent}, nil
}

func userNotFound() *httpError { return refuse(http.StatusNotFound, "The user could not be found") }
