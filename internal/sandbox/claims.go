package sandbox

import "net/http"

// A claim is a text that signs a user in, and that therefore no other user of the pool can have.
type claim struct {
	kind  claimKind
	field string // its place in the request that made the user
	value string
}

// claimKind tells the two sorts of claims apart.
type claimKind string

const (
	byIdentifier claimKind = "identifiers"
	byAddress    claimKind = "verifiable_addresses" // verified ones only
)

// claims returns what signs u in.
func (u *user) claims() []claim {
	claims := make([]claim, 0, len(u.Identifiers)+len(u.Addresses))
	for i, id := range u.Identifiers {
		claims = append(claims, claim{byIdentifier, element(string(byIdentifier), i), id.Identifier})
	}
	for i, a := range u.Addresses {
		if a.Verified {
			claims = append(claims, claim{byAddress, element(string(byAddress), i), a.Address})
		}
	}
	return claims
}

// A holder is somebody whom a text signs in.
type holder struct {
	text string
	user *user
}

// join makes u a user of the pool, unless one of texts signs somebody in already: then it tells whom, in the order of
// texts, and u is left out.
func (p *pool) join(u *user, texts ...string) ([]holder, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.full(); err != nil { // before texts are looked at: the answer must not tell them apart
		return nil, err
	}
	var holders []holder
	for _, text := range texts {
		if id, ok := p.claims[p.definition.normal(text)]; ok {
			holders = append(holders, holder{text, p.users[id]})
		}
	}
	if len(holders) > 0 {
		return holders, nil
	}
	if err := p.refused(u.ID, u.claims()); err != nil {
		return nil, err
	}
	p.users[u.ID], p.ids = u, nil
	p.claim(u)
	return nil, nil
}

// other returns the user other than u whom text signs in; nil when there is none.
func (p *pool) other(u *user, text string) *user {
	p.mu.Lock()
	defer p.mu.Unlock()
	id, ok := p.claims[p.definition.normal(text)]
	if !ok || id == u.ID {
		return nil
	}
	return p.users[id]
}

// claim notes what signs u in.
func (p *pool) claim(u *user) {
	for _, c := range u.claims() {
		p.claims[p.definition.normal(c.value)] = u.ID
	}
}

// release forgets what signs u in, and nobody else: a new definition may have made two texts one.
func (p *pool) release(u *user) {
	for _, c := range u.claims() {
		if text := p.definition.normal(c.value); p.claims[text] == u.ID {
			delete(p.claims, text)
		}
	}
}

// taken notes those claims that another user than the one with id has.
func (p *pool) taken(id string, claims []claim) flaws {
	taken := flaws{}
	for _, c := range claims {
		if owner, ok := p.claims[p.definition.normal(c.value)]; ok && owner != id {
			taken[c.field] = "is taken"
		}
	}
	return taken
}

// conflict refuses to have two users signed in by one text.
func conflict(taken flaws) *httpError {
	r := refuse(http.StatusConflict, "A user with the same identifier exists")
	r.details = taken
	return r
}
