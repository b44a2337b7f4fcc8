package sandbox

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"net/url"
	"regexp"
	"slices"
	"sync"
	"time"
)

// Bounds of signing in by a browser.
const (
	codeLife   = time.Minute      // of an authorization code (RFC 6749, 4.1.2)
	signInLife = 10 * time.Minute // of the page where staff sign in; a code's second use is noticed as long
	maxSignIns = 10_000           // pages, codes and device codes that are remembered at once
)

// An authorization is a request of the authorization endpoint that is in order (RFC 6749, 4.1.1).
type authorization struct {
	client      string
	scopes      []string
	redirectURI string
	state       string
	nonce       string
	challenge   string // code_challenge, of S256 (RFC 7636, 4.3)
	jkt         string // dpop_jkt (RFC 9449, 10); "" for none
	issuer      string
}

// An authCode is an authorization that a member of staff gave.
type authCode struct {
	authorization

	staff  string
	family string
	made   time.Time
	used   bool
}

// signIns are the authorizations that wait for staff, and those that were given, by their codes' digests.
type signIns struct {
	mu      sync.Mutex
	waiting *expiring[string, authorization]
	codes   *expiring[digest, *authCode]
}

func newSignIns() *signIns {
	return &signIns{
		waiting: newExpiring[string, authorization](signInLife, maxSignIns),
		codes:   newExpiring[digest, *authCode](signInLife, maxSignIns),
	}
}

// wait keeps a until staff have decided, and returns the id of its page.
func (s *signIns) wait(a authorization, now time.Time) string {
	id := rand.Text()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.waiting.put(id, a, now)
	return id
}

func (s *signIns) find(id string, now time.Time) (authorization, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.waiting.get(id, now)
}

// settle ends the wait for a decision. Without staff they refused; else code is what the client exchanges.
func (s *signIns) settle(id, staff string, now time.Time) (a authorization, code string, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, ok = s.waiting.get(id, now)
	s.waiting.remove(id)
	if !ok || staff == "" {
		return a, "", ok
	}
	code = rand.Text()
	s.codes.put(digestOf(code), &authCode{authorization: a, staff: staff, family: rand.Text(), made: now}, now)
	return a, code, true
}

// spend uses up a code. Again is the family of what its first use granted, when this is not the first.
func (s *signIns) spend(code, client string, now time.Time) (c authCode, again string, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	found, ok := s.codes.get(digestOf(code), now)
	if !ok || found.client != client {
		return authCode{}, "", false
	}
	if found.used {
		return authCode{}, found.family, false
	}
	found.used = true
	return *found, "", now.Sub(found.made) < codeLife
}

// grantCode grants authorization_code (RFC 6749, 4.1.3). A code's second use ends what the first one granted.
func (t *Tenant) grantCode(in tokenRequest) (grant, string, error) {
	if in.form.Get("code") == "" {
		return grant{}, "", oauthError("invalid_request", "The parameter code is missing")
	}
	now := t.now()
	c, again, ok := t.signIns.spend(in.form.Get("code"), in.client.ID, now)
	if again != "" {
		t.tokens.revokeFamily(again)
	}
	switch {
	case !ok:
		return grant{}, "", oauthError("invalid_grant", "The code is unknown, has expired or was used before")
	case in.form.Get("redirect_uri") != c.redirectURI:
		return grant{}, "", oauthError("invalid_grant", "The redirect_uri is another one than the code was sent to")
	case !verifies(in.form.Get("code_verifier"), c.challenge):
		return grant{}, "", oauthError("invalid_grant", "The code_verifier does not match the code_challenge")
	case c.jkt != "" && c.jkt != in.cnf.Key:
		return grant{}, "", oauthError("invalid_grant", "The code is bound to another key than that of the proof")
	}
	return grant{
		scopes: in.fault.strip(c.scopes), whole: c.scopes, staff: c.staff, family: c.family, ends: now.Add(t.refreshTTL),
	}, c.nonce, nil
}

var (
	validVerifier  = regexp.MustCompile(`^[A-Za-z0-9._~-]{43,128}$`) // RFC 7636, 4.1
	validChallenge = regexp.MustCompile(`^[A-Za-z0-9_-]{43}$`)       // of S256: 32 bytes, base64url
)

// verifies reports whether challenge was made of verifier by S256 (RFC 7636, 4.6).
func verifies(verifier, challenge string) bool {
	sum := sha256.Sum256([]byte(verifier))
	return validVerifier.MatchString(verifier) && sameSecret(base64.RawURLEncoding.EncodeToString(sum[:]), challenge)
}

// mayRedirect reports whether uri is one that the client registered. Of one on a loopback address the port is free (RFC
// 8252, 7.3).
func (c Client) mayRedirect(uri string) bool {
	return slices.ContainsFunc(c.RedirectURIs, func(registered string) bool {
		return uri == registered || loopbackRedirect(registered) != "" && loopbackRedirect(registered) == loopbackRedirect(uri)
	})
}

// loopbackRedirect is uri without its port, when it leads to a loopback address by http, else "".
func loopbackRedirect(uri string) string {
	u, err := url.Parse(uri)
	if err != nil || u.Scheme != "http" || u.User != nil || u.Fragment != "" || (u.Hostname() != "127.0.0.1" && u.Hostname() != "::1") {
		return ""
	}
	u.Host = "[" + u.Hostname() + "]"
	return u.String()
}
