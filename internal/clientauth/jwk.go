package clientauth

import (
	"encoding/json"
	"slices"

	"github.com/go-jose/go-jose/v4"

	"foyer/internal/clean"
	"foyer/internal/fixable"
)

// keyObject is what is looked at of a JWK or a JWK Set before its key is parsed (RFC 7517, 4 and 5).
type keyObject struct {
	Kty  string            `json:"kty"`
	Use  string            `json:"use"`
	Ops  []string          `json:"key_ops"`
	D    *string           `json:"d"`
	Keys []json.RawMessage `json:"keys"`
}

// parseJWK reads the private key of a JWK, or that of a JWK Set which keyID names. What the parsers say is not passed on,
// since it may quote.
func parseJWK(data []byte, keyID string) (jose.JSONWebKey, error) {
	var object keyObject
	if json.Unmarshal(data, &object) != nil {
		return jose.JSONWebKey{}, fixable.Errorf("%s begins as a JWK and cannot be read as one; check whether it is whole", settingKey)
	}
	switch {
	case object.Keys != nil:
		return parseSet(object.Keys, keyID)
	case object.Kty == "oct":
		return jose.JSONWebKey{}, fixable.Errorf("the JWK in %s is symmetric; use a private RSA, EC or OKP key, or client_secret_jwt with auth.client_secret", settingKey)
	case object.D == nil && object.Kty != "":
		return jose.JSONWebKey{}, fixable.Errorf("the JWK in %s is a public key; name the file with the private one, which has the member d", settingKey)
	case !object.signs():
		return jose.JSONWebKey{}, fixable.Errorf("the JWK in %s is not for signatures, as its use or key_ops says; name one whose use is sig", settingKey)
	}
	return parseKey(data)
}

// parseKey reads one private key.
func parseKey(data []byte) (jose.JSONWebKey, error) {
	var key jose.JSONWebKey
	if key.UnmarshalJSON(data) != nil {
		return key, fixable.Errorf("the JWK in %s cannot be read: members are missing or do not fit each other, or its kty or crv is not supported; use RSA with d, p and q and at most 4096 bits, P-256, P-384, P-521 or Ed25519", settingKey)
	}
	return key, nil
}

// signs reports whether the key may make signatures (RFC 7517, 4.2 and 4.3).
func (o keyObject) signs() bool {
	return (o.Use == "" || o.Use == "sig") && (o.Ops == nil || slices.Contains(o.Ops, "sign"))
}

// parseSet picks the private key for signatures: the one with the id keyID, else the one without an id. Without keyID
// there must be one.
func parseSet(members []json.RawMessage, keyID string) (jose.JSONWebKey, error) {
	var keys []jose.JSONWebKey
	unread := fixable.Errorf("the JWK Set in %s holds no private key for signatures; add one, with the member d", settingKey)
	for _, member := range members {
		var object keyObject
		if json.Unmarshal(member, &object) != nil || object.D == nil || !object.signs() {
			continue
		}
		key, err := parseKey(member)
		if err != nil { // others may be for somebody else: RFC 7517, 5
			unread = err
			continue
		}
		keys = append(keys, key)
	}
	if len(keys) == 0 {
		return jose.JSONWebKey{}, unread
	}
	return pick(keys, keyID)
}

func pick(keys []jose.JSONWebKey, keyID string) (jose.JSONWebKey, error) {
	with := func(id string) []jose.JSONWebKey {
		return slices.DeleteFunc(slices.Clone(keys), func(k jose.JSONWebKey) bool { return k.KeyID != id })
	}
	if keyID != "" {
		named := with(keyID)
		if len(named) == 0 {
			named = with("")
		}
		keys = named
	}
	switch {
	case len(keys) == 1:
		return keys[0], nil
	case len(keys) > 1 && keyID == "":
		return jose.JSONWebKey{}, fixable.Errorf("the JWK Set in %s holds several private keys; name the one to use in auth.signing_key_id", settingKey)
	case len(keys) > 1:
		return jose.JSONWebKey{}, fixable.Errorf("the JWK Set in %s holds several private keys that auth.signing_key_id %q fits; leave the one to use",
			settingKey, clean.Line(keyID, longestQuoted))
	}
	return jose.JSONWebKey{}, fixable.Errorf("the JWK Set in %s holds no private key with the kid %q of auth.signing_key_id; correct either", settingKey, clean.Line(keyID, longestQuoted))
}
