package sandbox

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A newUser is NewUser of the API. Members that are null count as absent.
type newUser struct {
	ID                       string
	Status                   string
	Identifiers              []newIdentifier
	VerifiableAddresses      []newAddress `json:"verifiable_addresses"`
	Credentials              []newCredential
	Payload                  json.RawMessage
	PayloadSchemaID          string `json:"payload_schema_id"`
	Metadata                 json.RawMessage
	MetadataSchemaID         string          `json:"metadata_schema_id"`
	BusinessMetadata         json.RawMessage `json:"business_metadata"`
	BusinessMetadataSchemaID string          `json:"business_metadata_schema_id"`
	Preferences              json.RawMessage
}

type newIdentifier struct {
	Type, Identifier string
	Metadata         json.RawMessage
}

type newAddress struct {
	Address, Type, Status  string
	Verified               *bool  // required, so absent has to be told from false
	AllowedFor2FA          bool   `json:"allowed_for_2fa"`
	PreferredContactMethod string `json:"preferred_contact_method"`
	Metadata               json.RawMessage
}

type newCredential struct {
	Type                string
	Password            string
	TOTPSecret          string            `json:"totp_secret"`
	WebAuthnCredentials []json.RawMessage `json:"webauthn_credentials"`
	MustBeChanged       bool              `json:"must_be_changed"`
	MustBeReset         bool              `json:"must_be_reset"`
}

// createUser makes a user (systemCreateUser). If-Match takes no part: there is nothing yet for it to match.
func (t *Tenant) createUser(e *exchange) (reply, error) {
	p, err := t.pool(e)
	if err != nil {
		return reply{}, err
	}
	var in newUser
	if err := e.decode(&in); err != nil {
		return reply{}, err
	}
	in.complete(p.current())
	if details := t.validate(in, p.current()); len(details) > 0 {
		return reply{}, unprocessable(details)
	}
	u := t.newUser(in, p.current().ID)
	if err := p.free(u.ID, u.claims()); err != nil { // before the costly part; add looks again
		return reply{}, err
	}
	if err := t.setPassword(e.request.Context(), u, in, p.current()); err != nil {
		return reply{}, err
	}
	if err := p.add(u); err != nil {
		return reply{}, err
	}
	return resourceReply(http.StatusCreated, u)
}

// complete fills in the pool's schemas, and turns null objects into absent ones.
func (in *newUser) complete(d definition) {
	if in.PayloadSchemaID == "" {
		in.PayloadSchemaID = d.PayloadSchemaID
	}
	if in.MetadataSchemaID == "" {
		in.MetadataSchemaID = d.MetadataSchemaID
	}
	objects := []*json.RawMessage{&in.Payload, &in.Metadata, &in.BusinessMetadata, &in.Preferences}
	for i := range in.Identifiers {
		objects = append(objects, &in.Identifiers[i].Metadata)
	}
	for i := range in.VerifiableAddresses {
		objects = append(objects, &in.VerifiableAddresses[i].Metadata)
	}
	for _, o := range objects {
		if bytes.Equal(*o, []byte("null")) {
			*o = nil
		}
	}
}

// setPassword judges the password of a new user by the pool's policy, if it has one, and keeps its hash.
func (t *Tenant) setPassword(ctx context.Context, u *user, in newUser, d definition) (err error) {
	i := slices.IndexFunc(in.Credentials, func(c newCredential) bool { return c.Type == credentialPassword })
	if i < 0 {
		return nil
	}
	at := element("credentials", i) + "/password"
	u.password, err = t.judge(ctx, in.Credentials[i].Password, at, in.words(), d.PasswordPolicy)
	return err
}

// judge hashes a password that meets the policy; field is its place in the request, words are the user's own.
func (t *Tenant) judge(ctx context.Context, password, field string, words []string, p passwordPolicy) (*passwordHash, error) {
	release, err := t.hasher.begin(ctx)
	if err != nil {
		return nil, err
	}
	defer release()
	if broken := p.broken(password, words); len(broken) > 0 {
		return nil, unprocessable(flaws{field: "does not meet the password policy: " + strings.Join(broken, ", ")})
	}
	return hashPassword(password), nil
}

// newUser makes the user that in, which is valid, describes.
func (t *Tenant) newUser(in newUser, poolID string) *user {
	now := t.now().UTC()
	u := &user{
		ID: in.ID, TenantID: t.id, PoolID: poolID, Status: in.Status,
		StatusUpdatedAt: now, CreatedAt: now, UpdatedAt: now,
		Identifiers: []identifier{}, Addresses: []address{}, Credentials: []credential{},
		PayloadSchemaID: in.PayloadSchemaID, Payload: in.Payload,
		MetadataSchemaID: in.MetadataSchemaID, Metadata: in.Metadata,
		BusinessMetadataSchemaID: in.BusinessMetadataSchemaID, BusinessMetadata: in.BusinessMetadata,
		Preferences: in.Preferences,
	}
	if u.ID == "" {
		u.ID = newID()
	}
	for _, i := range in.Identifiers {
		u.Identifiers = append(u.Identifiers, i.identifier(u.own(now)))
	}
	for _, a := range in.VerifiableAddresses {
		u.Addresses = append(u.Addresses, a.address(u.own(now), now))
	}
	for _, c := range in.Credentials {
		u.Credentials = append(u.Credentials, c.credential(u.own(now)))
		if c.Type == credentialTOTP {
			u.totp = totpSecret(c.TOTPSecret)
		}
	}
	return u
}

func (i newIdentifier) identifier(own owned) identifier {
	return identifier{own, i.Type, i.Identifier, strings.ToLower(i.Identifier), i.Metadata}
}

func (a newAddress) address(own owned, now time.Time) address {
	out := address{
		owned: own, Type: a.Type, Address: a.Address, AddressLC: strings.ToLower(a.Address), Status: a.Status,
		Verified: *a.Verified, AllowedFor2FA: a.AllowedFor2FA, PreferredContactMethod: a.PreferredContactMethod,
		Metadata: a.Metadata,
	}
	if out.Verified {
		out.VerifiedAt = &now
	}
	return out
}

// newID returns a random id of 100 bits in the letters and digits of base32.
func newID() string { return strings.ToLower(rand.Text()[:20]) }

// element is the JSON Pointer of an array's element.
func element(array string, i int) string { return "/" + array + "/" + strconv.Itoa(i) }
