package sandbox

import (
	"encoding/json"
	"net/http"
	"time"
)

// A Registered is a user of a pool, as far as it matters who was registered.
type Registered struct {
	ID          string          `json:"id"`
	Status      string          `json:"status"`
	Identifiers []string        `json:"identifiers"`
	Verified    []string        `json:"verified"` // addresses
	Payload     json.RawMessage `json:"payload,omitempty"`
	Metadata    json.RawMessage `json:"metadata,omitempty"`
	CreatedAt   time.Time       `json:"created_at"`
}

// Registered returns the users of a pool by their ids, as they are at this moment; nil when there is no such pool.
func (t *Tenant) Registered(pool string) []Registered {
	p, ok := t.pools[pool]
	if !ok {
		return nil
	}
	all := []Registered{}
	for _, id := range p.ordered(func(*user, definition) bool { return true }) {
		if u, ok := p.user(id); ok {
			all = append(all, u.registered())
		}
	}
	return all
}

// registered is u as far as it matters who was registered.
func (u *user) registered() Registered {
	r := Registered{
		ID: u.ID, Status: u.Status, Identifiers: []string{}, Verified: []string{},
		Payload: u.Payload, Metadata: u.Metadata, CreatedAt: u.CreatedAt,
	}
	for _, i := range u.Identifiers {
		r.Identifiers = append(r.Identifiers, i.Identifier)
	}
	for _, a := range u.Addresses {
		if a.Verified {
			r.Verified = append(r.Verified, a.Address)
		}
	}
	return r
}

// controlUsers answers GET /sandbox/users/{pool}. Faults have no part in it, and no token is asked for.
func (t *Tenant) controlUsers(e *exchange, pool string) (reply, error) {
	if e.request.Method != http.MethodGet {
		return reply{}, notAllowed(http.MethodGet)
	}
	users := t.Registered(pool)
	if users == nil {
		return reply{}, refuse(http.StatusNotFound, "The pool could not be found")
	}
	return jsonReply(http.StatusOK, users)
}
