package sandbox

import (
	"crypto/sha256"
	"encoding/hex"
)

// A subject is how a request names a user: by id, else by an identifier of theirs, else by a verified address. As part
// of a request it reads these members.
type subject struct {
	UserID     string `json:"userID"`
	Identifier string `json:"identifier"`
	Address    string `json:"address"`
}

// resolve returns the user that s names; nil when there is none.
func (p *pool) resolve(s subject) *user {
	var u *user
	switch {
	case s.UserID != "":
		u, _ = p.user(s.UserID)
	case s.Identifier != "":
		u = p.signedInBy(byIdentifier, s.Identifier)
	case s.Address != "":
		u = p.signedInBy(byAddress, s.Address)
	}
	return u
}

// signedInBy is claimant with nil for nobody.
func (p *pool) signedInBy(kind claimKind, value string) *user {
	if u, ok := p.claimant(kind, value); ok {
		return u
	}
	return nil
}

// addressee returns the user that s names and the address that it means: the one given, as the user has it, or the
// only one there is. Without a user id or an identifier it must be a verified one.
func (p *pool) addressee(s subject) (*user, address, bool) {
	u := p.resolve(s)
	if u == nil {
		return nil, address{}, false
	}
	if s.Address == "" {
		if len(u.Addresses) != 1 {
			return u, address{}, false
		}
		return u, u.Addresses[0], true
	}
	i := u.address(s.Address, p.current())
	if i < 0 {
		return u, address{}, false
	}
	return u, u.Addresses[i], true
}

// stranger is the owner of no code that a subject without a user gets, so that guesses at it are counted as those at
// a user are. It is no user's id and of bounded length.
func (s subject) stranger(d definition) string {
	sum := sha256.Sum256([]byte(s.UserID + "\n" + d.normal(s.Identifier) + "\n" + d.normal(s.Address)))
	return "?" + hex.EncodeToString(sum[:12])
}
