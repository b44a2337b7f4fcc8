package sandbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// A definition is what a pool is: its settings as the API shows them, and those of them that the sandbox heeds.
type definition struct {
	ID                        string         `json:"id"`
	Name                      string         `json:"name"`
	PayloadSchemaID           string         `json:"payload_schema_id"`
	MetadataSchemaID          string         `json:"metadata_schema_id"`
	IdentifierCaseInsensitive bool           `json:"identifier_case_insensitive"`
	PasswordPolicy            passwordPolicy `json:"password_policy"`
	OTPSettings               otpSettings    `json:"otp_settings"`
	AuthenticationMechanisms  []string       `json:"authentication_mechanisms"`
	PublicRegistrationAllowed bool           `json:"public_registration_allowed"`

	document json.RawMessage // all of it, in the shape of PoolResponse
}

// parsePool reads a pool in the shape of PoolResponse. The tenant id in it becomes this tenant's.
func (t *Tenant) parsePool(data []byte) (definition, error) {
	var d definition
	members := map[string]json.RawMessage{}
	if err := errors.Join(json.Unmarshal(data, &d), json.Unmarshal(data, &members)); err != nil {
		return d, fmt.Errorf("parse pool: %w", err)
	}
	if !validID.MatchString(d.ID) || d.Name == "" {
		return d, errors.New("parse pool: it needs an id and a name")
	}
	for _, id := range []string{d.PayloadSchemaID, d.MetadataSchemaID} {
		if _, ok := t.schemas.find(id); !ok {
			return d, fmt.Errorf("parse pool: no schema %q", id)
		}
	}
	if _, ok := scoreOf(d.PasswordPolicy.Strength); !ok {
		return d, fmt.Errorf("parse pool: no strength %q", d.PasswordPolicy.Strength)
	}
	if err := d.OTPSettings.check(); err != nil {
		return d, fmt.Errorf("parse pool: %w", err)
	}
	members["tenant_id"] = json.RawMessage(strconv.Quote(t.id))
	document, err := json.Marshal(members)
	if err != nil {
		return d, fmt.Errorf("parse pool: %w", err)
	}
	d.document = document
	return d, nil
}

func (d definition) reply() (reply, error) { return resourceReply(http.StatusOK, d.document) }

// normal is the form in which identifiers and addresses of the pool are compared.
func (d definition) normal(identifier string) string {
	if d.IdentifierCaseInsensitive {
		return strings.ToLower(identifier)
	}
	return identifier
}

// pool returns the pool that the path names.
func (t *Tenant) pool(e *exchange) (*pool, error) {
	p, ok := t.pools[e.params["ipID"]]
	if !ok {
		return nil, refuse(http.StatusNotFound, "The pool could not be found")
	}
	return p, nil
}

// getPool answers one pool.
func (t *Tenant) getPool(e *exchange) (reply, error) {
	p, err := t.pool(e)
	if err != nil {
		return reply{}, err
	}
	return p.current().reply()
}

// listPools answers the pools by id. It heeds limit, after_pool_id, before_pool_id and search_phrase; the order is
// always ascending by id.
func (t *Tenant) listPools(e *exchange) (reply, error) {
	query := e.request.URL.Query()
	phrase := strings.ToLower(query.Get("search_phrase"))
	found := map[string]json.RawMessage{}
	ids := []string{}
	for id, p := range t.pools {
		d := p.current()
		if strings.Contains(strings.ToLower(d.ID+"\n"+d.Name), phrase) {
			ids, found[id] = append(ids, id), d.document
		}
	}
	slices.Sort(ids)
	limit, err := parseLimit(query.Get("limit"))
	if err != nil {
		limit = defaultLimit // the description knows no refusal here
	}
	list := []json.RawMessage{}
	for _, id := range page(ids, query.Get("after_pool_id"), query.Get("before_pool_id"), limit) {
		list = append(list, found[id])
	}
	return jsonReply(http.StatusOK, map[string][]json.RawMessage{"pools": list})
}
