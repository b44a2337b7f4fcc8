package sandbox

import (
	"encoding/json"
	"errors"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The bounds of a page.
const (
	defaultLimit = 20
	maxLimit     = 100
)

// A listedUser is ExtendedUser of the API.
type listedUser struct {
	ID                       string              `json:"id"`
	TenantID                 string              `json:"tenant_id"`
	PoolID                   string              `json:"user_pool_id"`
	Status                   string              `json:"status"`
	StatusUpdatedAt          time.Time           `json:"status_updated_at"`
	CreatedAt                time.Time           `json:"created_at"`
	UpdatedAt                time.Time           `json:"updated_at"`
	Identifiers              []string            `json:"identifiers"`
	IdentifiersWithDetails   []identifierDetails `json:"identifiers_with_details"`
	Addresses                []listedAddress     `json:"addresses"`
	VerifiedAddresses        []string            `json:"verified addresses"` // with a space, as in the description
	PayloadSchemaID          string              `json:"payload_schema_id"`
	Payload                  json.RawMessage     `json:"payload,omitempty"`
	MetadataSchemaID         string              `json:"metadata_schema_id"`
	Metadata                 json.RawMessage     `json:"metadata,omitempty"`
	BusinessMetadataSchemaID string              `json:"business_metadata_schema_id,omitempty"`
	BusinessMetadata         json.RawMessage     `json:"business_metadata,omitempty"`
	Preferences              json.RawMessage     `json:"preferences,omitempty"`
}

type identifierDetails struct {
	Type  string `json:"type"`
	Value string `json:"value"`
}

type listedAddress struct {
	Address  string `json:"address"`
	Verified bool   `json:"verified"`
}

// listed is u as lists show it.
func (u *user) listed() listedUser {
	l := listedUser{
		ID: u.ID, TenantID: u.TenantID, PoolID: u.PoolID,
		Status: u.Status, StatusUpdatedAt: u.StatusUpdatedAt, CreatedAt: u.CreatedAt, UpdatedAt: u.UpdatedAt,
		Identifiers: []string{}, IdentifiersWithDetails: []identifierDetails{},
		Addresses: []listedAddress{}, VerifiedAddresses: []string{},
		PayloadSchemaID: u.PayloadSchemaID, Payload: u.Payload,
		MetadataSchemaID: u.MetadataSchemaID, Metadata: u.Metadata,
		BusinessMetadataSchemaID: u.BusinessMetadataSchemaID, BusinessMetadata: u.BusinessMetadata,
		Preferences: u.Preferences,
	}
	for _, i := range u.Identifiers {
		l.Identifiers = append(l.Identifiers, i.Identifier)
		l.IdentifiersWithDetails = append(l.IdentifiersWithDetails, identifierDetails{i.Type, i.Identifier})
	}
	for _, a := range u.Addresses {
		l.Addresses = append(l.Addresses, listedAddress{a.Address, a.Verified})
		if a.Verified {
			l.VerifiedAddresses = append(l.VerifiedAddresses, a.Address)
		}
	}
	return l
}

// listUsers answers a page of users by id. Documented as eventually consistent, it is consistent at once here.
func (t *Tenant) listUsers(e *exchange) (reply, error) {
	p, err := t.pool(e)
	if err != nil {
		return reply{}, err
	}
	query := e.request.URL.Query()
	limit, err := parseLimit(query.Get("limit"))
	if err != nil {
		return reply{}, refuse(http.StatusBadRequest, err.Error())
	}
	f, err := parseFilter(query.Get("query"))
	if err != nil {
		return reply{}, refuse(http.StatusBadRequest, "query is not a filter in JSON")
	}
	ids := p.ordered(f.takes)
	list := []listedUser{}
	for _, id := range page(ids, query.Get("after_user_id"), query.Get("before_user_id"), limit) {
		if u, ok := p.user(id); ok { // it may have been deleted meanwhile
			list = append(list, u.listed())
		}
	}
	return jsonReply(http.StatusOK, map[string][]listedUser{"users": list})
}

// page returns at most limit of the sorted ids after one and before another: the first of them, or the last when
// only before is given.
func page(ids []string, after, before string, limit int) []string {
	if before != "" {
		end, _ := slices.BinarySearch(ids, before)
		ids = ids[:end]
	}
	if after != "" {
		start, found := slices.BinarySearch(ids, after)
		if found {
			start++
		}
		ids = ids[start:]
	}
	if before != "" && after == "" {
		return ids[max(len(ids)-limit, 0):]
	}
	return ids[:min(len(ids), limit)]
}

// parseLimit reads the limit of a page, 1 to 100.
func parseLimit(s string) (int, error) {
	if s == "" {
		return defaultLimit, nil
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 || n > maxLimit {
		return 0, errors.New("limit is not a number from 1 to 100")
	}
	return n, nil
}

// A filter chooses users; all that it says must be so.
type filter struct {
	UserKey  string `json:"user_key"` // an id, or the beginning or end of an identifier or a verified address
	Payload  map[string]any
	Metadata map[string]any
}

func parseFilter(query string) (filter, error) {
	var f filter
	if query == "" {
		return f, nil
	}
	return f, json.Unmarshal([]byte(query), &f)
}

func (f filter) takes(u *user, d definition) bool {
	return f.takesKey(u, d) && holds(u.Payload, f.Payload) && holds(u.Metadata, f.Metadata)
}

func (f filter) takesKey(u *user, d definition) bool {
	key := d.normal(f.UserKey)
	return f.UserKey == "" || f.UserKey == u.ID || slices.ContainsFunc(u.claims(), func(c claim) bool {
		value := d.normal(c.value)
		return strings.HasPrefix(value, key) || strings.HasSuffix(value, key)
	})
}

// holds reports whether the object raw has every member of want: an equal one, or an array that contains it.
func holds(raw json.RawMessage, want map[string]any) bool {
	if len(want) == 0 {
		return true
	}
	var have map[string]any
	if json.Unmarshal(raw, &have) != nil {
		return false
	}
	for name, value := range want {
		list, isList := have[name].([]any)
		contained := isList && slices.ContainsFunc(list, func(item any) bool { return reflect.DeepEqual(item, value) })
		if !contained && !reflect.DeepEqual(have[name], value) {
			return false
		}
	}
	return true
}
