package sandbox

import (
	"crypto/rand"
	"crypto/sha256"
	"sync"
	"time"
)

// maxTokens bounds how many tokens of a kind are remembered at once.
const maxTokens = 100_000

// A digest stands for a token in a store: its look-up tells nothing of other tokens by the time it takes.
type digest = [sha256.Size]byte

func digestOf(token string) digest { return sha256.Sum256([]byte(token)) }

// tokens are the access and refresh tokens in use. Only their digests are kept.
type tokens struct {
	ttl     time.Duration // of access tokens
	now     func() time.Time
	signer  signer
	mu      sync.Mutex
	live    *expiring[digest, grant]
	refresh *expiring[digest, *refreshToken]
}

// A refreshToken is remembered after its use, so that another use is noticed.
type refreshToken struct {
	grant grant // of the first access token
	used  bool
}

func newTokens(o Options, s signer) *tokens {
	return &tokens{
		ttl: o.TokenTTL, now: o.Now, signer: s,
		live:    newExpiring[digest, grant](o.TokenTTL, maxTokens),
		refresh: newExpiring[digest, *refreshToken](o.RefreshTTL, maxTokens),
	}
}

// issue returns a new access token for g: a JWT, so that a client can read what it is bound to. Whether it is good is
// decided by what is remembered of it.
func (s *tokens) issue(g grant) (string, error) {
	now := s.now()
	g.id, g.issued, g.ends = rand.Text(), now, now.Add(s.ttl)
	token, err := s.signer.sign("at+jwt", g.claims())
	if err != nil {
		return "", err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.live.put(digestOf(token), g, now)
	return token, nil
}

// find returns what an access token stands for.
func (s *tokens) find(token string) (grant, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.live.get(digestOf(token), s.now())
}

// issueRefresh returns a new refresh token, which lasts until g.ends and is for all that staff allowed (RFC 6749, 6).
func (s *tokens) issueRefresh(g grant) string {
	token := rand.Text() + rand.Text()
	g.scopes = g.whole
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refresh.put(digestOf(token), &refreshToken{grant: g}, s.now())
	return token
}

// spend uses up a refresh token of client and returns what it stands for. Its second use ends everything that came of
// the same sign-in (RFC 9700, 4.14.2). Allow sees the grant and may be against it, which leaves the token good.
func (s *tokens) spend(token, client string, allow func(grant) error) (grant, error) {
	ended := oauthError("invalid_grant", "The refresh token is unknown, has ended or was used before")
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	r, ok := s.refresh.get(digestOf(token), now)
	if !ok || r.grant.client != client || !now.Before(r.grant.ends) {
		return grant{}, ended
	}
	if r.used {
		s.drop(func(g grant) bool { return g.family == r.grant.family })
		return grant{}, ended
	}
	if err := allow(r.grant); err != nil {
		return grant{}, err
	}
	r.used = true
	return r.grant, nil
}

// peek returns what a refresh token that is still good stands for.
func (s *tokens) peek(token string) (grant, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	r, ok := s.refresh.get(digestOf(token), now)
	if !ok || r.used || !now.Before(r.grant.ends) {
		return grant{}, false
	}
	return r.grant, true
}

// revoke ends one access token.
func (s *tokens) revoke(token string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.live.remove(digestOf(token))
}

// revokeFamily ends all tokens that came of one sign-in.
func (s *tokens) revokeFamily(family string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.drop(func(g grant) bool { return family != "" && g.family == family })
}

func (s *tokens) revokeAll(refresh bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.live.removeIf(func(grant) bool { return true })
	if refresh {
		s.refresh.removeIf(func(*refreshToken) bool { return true })
	}
}

// drop ends the tokens whose grants are chosen. The caller holds the lock.
func (s *tokens) drop(chosen func(grant) bool) {
	s.live.removeIf(chosen)
	s.refresh.removeIf(func(r *refreshToken) bool { return chosen(r.grant) })
}
