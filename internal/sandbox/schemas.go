package sandbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
)

// maxSchemas bounds the schemas of a tenant.
const maxSchemas = 1000

// schemas are those of a tenant, by id. A schema itself never changes.
type schemas struct {
	mu   sync.RWMutex
	byID map[string]*schema
}

func (b *schemas) find(id string) (*schema, bool) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	s, ok := b.byID[id]
	return s, ok
}

// put adds a schema, or takes the place of the one with its id. It reports whether there was room.
func (b *schemas) put(s *schema) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if _, known := b.byID[s.ID]; !known && len(b.byID) >= maxSchemas {
		return false
	}
	b.byID[s.ID] = s
	return true
}

// all returns the schemas by id.
func (b *schemas) all() []*schema {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return slices.SortedFunc(maps.Values(b.byID), func(a, b *schema) int { return strings.Compare(a.ID, b.ID) })
}

// readSchema reads a schema in the shape of Schema of the API; it becomes this tenant's.
func (t *Tenant) readSchema(data []byte) (*schema, error) {
	s := &schema{}
	if err := json.Unmarshal(data, s); err != nil {
		return nil, errors.New("parse schema: it is not of the shape of a schema")
	}
	if !validID.MatchString(s.ID) {
		return nil, errors.New("parse schema: it needs an id")
	}
	s.TenantID, s.CreatedAt, s.UpdatedAt = t.id, t.now().UTC(), t.now().UTC()
	if err := s.compile(); err != nil {
		return nil, err
	}
	return s, nil
}

// controlSchema adds a schema, or replaces one: users that were made by it stay.
func (t *Tenant) controlSchema(e *exchange, id string) (reply, error) {
	if e.request.Method != http.MethodPut {
		return reply{}, notAllowed(http.MethodPut)
	}
	s, err := t.readSchema(e.body)
	switch {
	case err != nil:
		return reply{}, refuse(http.StatusUnprocessableEntity, err.Error())
	case s.ID != id:
		return reply{}, refuse(http.StatusUnprocessableEntity, "The id in the body is another one than in the path")
	case !t.schemas.put(s):
		return reply{}, refuse(http.StatusUnprocessableEntity, fmt.Sprintf("The tenant has its %d schemas already", maxSchemas))
	}
	return resourceReply(http.StatusOK, s)
}
