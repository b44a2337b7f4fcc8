package sandbox

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"sync"
	"time"
)

// maxUsers bounds the users of a pool.
const maxUsers = 1_000_000

// A pool is one Identity Pool: its definition and its users.
type pool struct {
	mu         sync.Mutex
	definition definition
	users      map[string]*user
	claims     map[string]string // what signs a user in, in normal form, to the user's id
	ids        []string          // of all users in order; nil when that has to be found out anew
	limit      int               // of users
}

func newPool(d definition) *pool {
	return &pool{definition: d, users: map[string]*user{}, claims: map[string]string{}, limit: maxUsers}
}

// current returns the pool's definition as it is now.
func (p *pool) current() definition {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.definition
}

// define replaces the definition. Users stay, and are found by the new rules.
func (p *pool) define(d definition) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.definition = d
	clear(p.claims)
	for _, u := range p.users {
		p.claim(u)
	}
}

// add makes u a user of the pool, unless its id or something that would sign it in is taken.
func (p *pool) add(u *user) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.refused(u.ID, u.claims()); err != nil {
		return err
	}
	p.users[u.ID], p.ids = u, nil
	p.claim(u)
	return nil
}

// update swaps the user with an id for a copy that change has worked on, and returns the copy. It refuses when that
// would take what signs another user in. Change runs under the pool's lock: it has to be quick and leave p alone.
func (p *pool) update(id string, now time.Time, change func(*user) error) (*user, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	u, ok := p.users[id]
	if !ok {
		return nil, userNotFound()
	}
	next := u.clone()
	if err := change(next); err != nil {
		return nil, err
	}
	if taken := p.taken(id, next.claims()); len(taken) > 0 {
		return nil, conflict(taken)
	}
	next.UpdatedAt = now
	if next.Status != u.Status {
		next.StatusUpdatedAt = now
	}
	p.release(u)
	p.users[id] = next
	p.claim(next)
	return next, nil
}

// free reports what add would say of a user with these claims.
func (p *pool) free(id string, claims []claim) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.refused(id, claims)
}

func (p *pool) refused(id string, claims []claim) error {
	taken := p.taken(id, claims)
	if _, ok := p.users[id]; ok {
		taken["/id"] = "is taken"
	}
	if len(taken) > 0 {
		return conflict(taken)
	}
	return p.full()
}

// full refuses one user more than there may be.
func (p *pool) full() error {
	if len(p.users) >= p.limit {
		return refuse(http.StatusUnprocessableEntity, fmt.Sprintf("The pool is full at %d users", p.limit))
	}
	return nil
}

// user returns the user with an id.
func (p *pool) user(id string) (*user, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	u, ok := p.users[id]
	return u, ok
}

// claimant returns the user that is signed in by value, by a claim of the given kind.
func (p *pool) claimant(kind claimKind, value string) (*user, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	u, ok := p.users[p.claims[p.definition.normal(value)]]
	if !ok {
		return nil, false
	}
	return u, slices.ContainsFunc(u.claims(), func(c claim) bool {
		return c.kind == kind && p.definition.normal(c.value) == p.definition.normal(value)
	})
}

// remove deletes the user with an id if allow, which sees the user, has nothing against it.
func (p *pool) remove(id string, allow func(*user) error) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	u, ok := p.users[id]
	if !ok {
		return userNotFound()
	}
	if err := allow(u); err != nil {
		return err
	}
	delete(p.users, id)
	p.ids = nil
	p.release(u)
	return nil
}

// ordered returns the ids of the users that take chooses, in ascending order. Take runs under the pool's lock.
func (p *pool) ordered(take func(*user, definition) bool) []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ids == nil {
		p.ids = slices.Sorted(maps.Keys(p.users))
	}
	chosen := make([]string, 0, len(p.ids))
	for _, id := range p.ids {
		if take(p.users[id], p.definition) {
			chosen = append(chosen, id)
		}
	}
	return chosen
}
