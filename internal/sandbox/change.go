package sandbox

import (
	"slices"
	"time"
)

// clone returns a copy of u whose lists can be changed without u changing.
func (u *user) clone() *user {
	c := *u
	c.Identifiers = slices.Clone(u.Identifiers)
	c.Addresses = slices.Clone(u.Addresses)
	c.Credentials = slices.Clone(u.Credentials)
	return &c
}

// own makes what a new part of u carries.
func (u *user) own(now time.Time) owned { return owned{newID(), u.TenantID, u.PoolID, u.ID, now, now} }

// address returns the place among u's addresses of text, compared as the pool does; -1 for none.
func (u *user) address(text string, d definition) int {
	return slices.IndexFunc(u.Addresses, func(a address) bool { return d.normal(a.Address) == d.normal(text) })
}

// verify makes text a verified address of u.
func (u *user) verify(text string, d definition, now time.Time) {
	if i := u.address(text, d); i < 0 {
		no := false
		a := newAddress{Address: text, Type: typeOf(text), Status: statusActive, Verified: &no}
		u.Addresses = append(u.Addresses, a.address(u.own(now), now))
	}
	a := &u.Addresses[u.address(text, d)]
	if !a.Verified {
		a.Verified, a.VerifiedAt, a.UpdatedAt = true, &now, now
	}
}

// identify makes text an identifier of u.
func (u *user) identify(text string, d definition, now time.Time) {
	known := slices.ContainsFunc(u.Identifiers, func(i identifier) bool { return d.normal(i.Identifier) == d.normal(text) })
	if !known {
		u.Identifiers = append(u.Identifiers, newIdentifier{Type: typeOf(text), Identifier: text}.identifier(u.own(now)))
	}
}

// setTOTP gives u a secret, in the place of the one it had.
func (u *user) setTOTP(secret totpSecret, now time.Time) {
	u.totp = secret
	u.setCredential(newCredential{Type: credentialTOTP}, now)
}

// setCredential notes that a credential was set anew: it is valid from now on.
func (u *user) setCredential(c newCredential, now time.Time) {
	i := slices.IndexFunc(u.Credentials, func(have credential) bool { return have.Type == c.Type })
	if i < 0 {
		u.Credentials = append(u.Credentials, c.credential(u.own(now)))
		return
	}
	u.Credentials[i].State, u.Credentials[i].UpdatedAt = c.state(), now
}
