// Package token gets access tokens for the tenant's System API: one token for the whole process, fetched once however
// many wait for it, renewed before it expires, and never asked for in a way that gets the client locked out.
package token

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"golang.org/x/oauth2"

	"foyer/internal/secret"
)

// Config says whose tokens to get, and how. It is not changed after NewSource.
type Config struct {
	IssuerURL    *url.URL     // the authorization server; its discovery document names the endpoints
	Method       Method       // how the client authenticates
	ClientID     string       // RFC 6749, 2.2
	ClientSecret secret.Text  // RFC 6749, 2.3.1
	Scopes       []string     // all of them must be granted
	HTTPClient   *http.Client // must time out by itself; redirects are not followed whatever it says
	Logger       *slog.Logger // gets failures and renewals, never a token or a secret; nil discards
}

// Times of a fetch and of the life of a token.
const (
	fetchTimeout = 15 * time.Second
	renewAhead   = time.Minute     // longer than any one call takes, so that no token expires on its way
	renewShare   = 10              // but a short-lived token is used for nine tenths of its life
	renewPause   = 5 * time.Second // between attempts to replace a token that still works
)

// A Source hands out one token to all of the process. It is safe for concurrent use.
type Source struct {
	config Config
	issuer string // IssuerURL without a slash at its end
	log    *slog.Logger

	mu       sync.Mutex // guards what follows
	current  grant
	flight   *flight   // the fetch under way; nil when there is none
	refusal  *Error    // what every later fetch would end in; see remember
	until    time.Time // how long refusal holds; zero is for ever
	metadata *Metadata // as discovered; nil until then
}

// NewSource returns a source. It calls nobody yet.
func NewSource(c Config) *Source {
	logger := c.Logger
	if logger == nil {
		logger = slog.New(slog.DiscardHandler)
	}
	return &Source{config: c, issuer: strings.TrimSuffix(c.IssuerURL.String(), "/"), log: logger}
}

// Token returns a token that works for now, and waits for one only when there is none: shortly before a token expires, it
// is still handed out while the next is fetched. The end of ctx ends the waiting and not the fetch, which others may
// wait for. A non-nil error is always an *Error.
//
// A client that the tenant refused is not presented again by this process, since the tenant locks out clients that
// guess: the same error is returned at once. After a Retry-After nothing is fetched before that time.
func (s *Source) Token(ctx context.Context) (*oauth2.Token, error) {
	if ctx.Err() != nil {
		return nil, s.fail(opToken, context.Cause(ctx))
	}
	token, f, refused := s.next(time.Now()) //nolint:contextcheck // a fetch outlives the caller that began it
	switch {
	case token != nil:
		return token, nil
	case refused != nil:
		return nil, refused
	}
	select {
	case <-f.done:
		if f.err != nil {
			return nil, f.err
		}
		return f.token, nil
	case <-ctx.Done():
		return nil, s.fail(opToken, context.Cause(ctx))
	}
}

// Invalidate tells that the tenant refused t, as a 401 says (RFC 6750, 3.1). The next Token fetches another, unless t was
// replaced already: of many callers that were refused at once, one fetches.
func (s *Source) Invalidate(t *oauth2.Token) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if t != nil && s.current.token != nil && s.current.token.AccessToken == t.AccessToken {
		s.current = grant{}
	}
}

// next decides what a caller gets at now: a token, a fetch to wait for, or a refusal. It begins a fetch where one is due.
func (s *Source) next(now time.Time) (*oauth2.Token, *flight, *Error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.current.fresh(now) {
		return s.current.token, nil, nil
	}
	var refused *Error
	if s.flight == nil {
		if refused = s.refused(now); refused == nil {
			s.flight = &flight{done: make(chan struct{})}
			go s.fly(s.flight)
		}
	}
	if s.current.usable(now) {
		return s.current.token, nil, nil
	}
	return nil, s.flight, refused
}

// refused returns the error that a fetch at now would end in, as far as that is known; nil when it is to be tried.
func (s *Source) refused(now time.Time) *Error {
	switch {
	case s.refusal == nil || s.until.IsZero():
		return s.refusal
	case now.Before(s.until):
		later := *s.refusal
		later.RetryAfter = s.until.Sub(now)
		return &later
	}
	s.refusal = nil
	return nil
}

// A grant is a token with its times; the zero grant is none.
type grant struct {
	token *oauth2.Token
	renew time.Time // from when on another one is fetched; zero: only after Invalidate
}

// newGrant is the grant of a token that was asked for at start. Times are the wall clock's, which goes on while the
// machine sleeps.
func newGrant(t *oauth2.Token, start time.Time) grant {
	if t.Expiry.IsZero() {
		return grant{token: t}
	}
	life := t.Expiry.Sub(start)
	return grant{token: t, renew: t.Expiry.Round(0).Add(-min(renewAhead, life/renewShare))}
}

// fresh reports whether the token is to be used at now and no other is wanted.
func (g grant) fresh(now time.Time) bool {
	return g.token != nil && (g.renew.IsZero() || now.Round(0).Before(g.renew))
}

// usable reports whether the token works at now, as far as its expiry says.
func (g grant) usable(now time.Time) bool {
	return g.token != nil && (g.token.Expiry.IsZero() || now.Round(0).Before(g.token.Expiry.Round(0)))
}
