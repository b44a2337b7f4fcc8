package sandbox

import (
	"crypto/rand"
	"crypto/sha256"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// maxTokens bounds how many access tokens are remembered at once.
const maxTokens = 100_000

// A grant is what an access token stands for.
type grant struct {
	client string
	scopes []string
}

// tokens are the access tokens in use. Only their digests are kept.
type tokens struct {
	ttl  time.Duration
	now  func() time.Time
	mu   sync.Mutex
	live *expiring[[sha256.Size]byte, grant]
}

func newTokens(ttl time.Duration, now func() time.Time) *tokens {
	return &tokens{ttl: ttl, now: now, live: newExpiring[[sha256.Size]byte, grant](ttl, maxTokens)}
}

// issue returns a new access token for g.
func (s *tokens) issue(g grant) string {
	token := rand.Text() + rand.Text()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.live.put(sha256.Sum256([]byte(token)), g, s.now())
	return token
}

// find returns what a token stands for. The look-up is by digest, so that its time tells nothing of other tokens.
func (s *tokens) find(token string) (grant, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.live.get(sha256.Sum256([]byte(token)), s.now())
}

// authorize returns the grant behind a request's bearer token (RFC 6750), which must hold scope.
func (t *Tenant) authorize(r *http.Request, scope string) (grant, error) {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") || token == "" {
		return grant{}, challenge(http.StatusUnauthorized, `Bearer realm="sandbox"`, "An access token is required")
	}
	g, ok := t.tokens.find(strings.TrimSpace(token))
	if !ok {
		return grant{}, challenge(http.StatusUnauthorized, `Bearer realm="sandbox", error="invalid_token"`,
			"The access token is unknown or has expired")
	}
	if !slices.Contains(g.scopes, scope) {
		return grant{}, challenge(http.StatusForbidden,
			`Bearer realm="sandbox", error="insufficient_scope", scope="`+scope+`"`,
			"The access token was granted without the scope "+scope)
	}
	return g, nil
}

// challenge refuses a request and says what authorization it takes.
func challenge(status int, authenticate, message string) *httpError {
	r := refuse(status, message)
	r.header = http.Header{"Www-Authenticate": {authenticate}}
	return r
}
