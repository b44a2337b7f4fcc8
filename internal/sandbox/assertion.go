package sandbox

import (
	"crypto/sha256"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

// Bounds of client assertions (RFC 7523, 3).
const (
	assertionType  = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
	assertionAhead = 5 * time.Minute // at most between now and exp
	clockLeeway    = 5 * time.Second // a client's clock may be ahead by that
	maxSeen        = 100_000         // ids of JWTs that are remembered at once
)

// asymmetric are the algorithms of keys that clients keep to themselves.
func asymmetric() []jose.SignatureAlgorithm {
	return []jose.SignatureAlgorithm{
		jose.RS256, jose.RS384, jose.RS512, jose.PS256, jose.PS384, jose.PS512,
		jose.ES256, jose.ES384, jose.ES512, jose.EdDSA,
	}
}

// symmetric are the algorithms of secrets that both sides know.
func symmetric() []jose.SignatureAlgorithm {
	return []jose.SignatureAlgorithm{jose.HS256, jose.HS384, jose.HS512}
}

// presentedAssertion takes an assertion out of a form. Who sent it is who it says it is about, until its signature is
// checked; a client_id beside it has to agree (RFC 7521, 4.2).
func presentedAssertion(form url.Values) (credentials, error) {
	if form.Get("client_assertion_type") != assertionType {
		return credentials{}, invalidClient("The client_assertion_type is not " + assertionType)
	}
	assertion := form.Get("client_assertion")
	signed, err := jwt.ParseSigned(assertion, append(asymmetric(), symmetric()...))
	if err != nil {
		return credentials{}, invalidClient("The client_assertion is no JWT with a signature of a supported algorithm")
	}
	var claims jwt.Claims
	if err := signed.UnsafeClaimsWithoutVerification(&claims); err != nil {
		return credentials{}, invalidClient("The client_assertion has claims of a wrong type")
	}
	if form.Has("client_id") && form.Get("client_id") != claims.Subject {
		return credentials{}, invalidClient("The client_assertion is about another client than client_id")
	}
	return credentials{by: MethodPrivateKeyJWT, id: claims.Subject, assertion: assertion}, nil
}

// checkAssertion admits a client by a JWT that it signed (RFC 7523, 3).
func (t *Tenant) checkAssertion(r *http.Request, c Client, assertion string) error {
	payload, err := c.verify(assertion)
	if err != nil {
		if c.Method == MethodClientSecretJWT {
			t.secrets.wrong(c.ID)
		}
		return err
	}
	var claims jwt.Claims
	if err := json.Unmarshal(payload, &claims); err != nil {
		return invalidClient("The client_assertion has claims of a wrong type")
	}
	now := t.now()
	soon := now.Add(clockLeeway)
	switch {
	case claims.Issuer != c.ID, claims.Subject != c.ID:
		return invalidClient("The client_assertion is not by and about the client")
	case len(claims.Audience) != 1 || !slices.Contains(t.audiences(r), claims.Audience[0]):
		return invalidClient("The client_assertion is for another audience than this tenant")
	case claims.Expiry == nil:
		return invalidClient("The client_assertion has no exp")
	case !claims.Expiry.Time().After(now):
		return invalidClient("The client_assertion has expired")
	case claims.Expiry.Time().After(now.Add(assertionAhead)):
		return invalidClient("The client_assertion expires in more than five minutes")
	case claims.IssuedAt != nil && claims.IssuedAt.Time().After(soon), claims.NotBefore != nil && claims.NotBefore.Time().After(soon):
		return invalidClient("The client_assertion is from the future")
	case claims.ID == "":
		return invalidClient("The client_assertion has no jti")
	case !t.assertions.first(c.ID+" "+claims.ID, now):
		return invalidClient("The client_assertion was used before")
	}
	return nil
}

// verify returns the payload of a JWT that the client signed by the method it is registered with.
func (c Client) verify(assertion string) ([]byte, error) {
	algorithms := asymmetric()
	if c.Method == MethodClientSecretJWT {
		algorithms = symmetric()
	}
	signed, err := jose.ParseSignedCompact(assertion, algorithms)
	if err != nil {
		return nil, invalidClient("The client_assertion is signed by an algorithm that is not the client's")
	}
	for _, key := range c.verifiers(signed.Signatures[0].Protected) {
		if payload, err := signed.Verify(key); err == nil {
			return payload, nil
		}
	}
	return nil, invalidClient("The client_assertion is not signed by the client")
}

// verifiers are the keys that a JWT with this header may be signed by: the one with its kid, or any when it has none.
func (c Client) verifiers(header jose.Header) []any {
	if c.Method == MethodClientSecretJWT {
		return []any{[]byte(c.Secret)}
	}
	var keys []any
	for _, key := range c.Keys.Keys {
		fits := key.Algorithm == "" || key.Algorithm == header.Algorithm
		if fits && (header.KeyID == "" || key.KeyID == header.KeyID) {
			keys = append(keys, key.Key)
		}
	}
	return keys
}

// audiences are the names of this tenant in an assertion: the issuer and the token endpoint's URL (RFC 7523, 3).
func (t *Tenant) audiences(r *http.Request) []string {
	issuer := t.issuer(r)
	return []string{issuer, issuer + pathToken, origin(r) + t.oauthBase() + pathToken}
}

// A seen remembers the ids of JWTs that are good once.
type seen struct {
	mu  sync.Mutex
	ids *expiring[[sha256.Size]byte, struct{}]
}

// newSeen makes a seen that forgets an id after a while, when its JWT is no longer good either.
func newSeen(after time.Duration) *seen {
	return &seen{ids: newExpiring[[sha256.Size]byte, struct{}](after, maxSeen)}
}

// first reports whether id is new, and remembers it.
func (s *seen) first(id string, now time.Time) bool {
	digest := sha256.Sum256([]byte(id))
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, known := s.ids.get(digest, now); known {
		return false
	}
	s.ids.put(digest, struct{}{}, now)
	return true
}
