// Package identitypools is a client of the Identity System API (pools, schemas, users, their activation and addresses) and of
// the one-time passwords of a workspace's Public API. Its types and calls have the names of the official descriptions; Directory
// puts the domain's ports upon them.
//
// A Client sends what it is told, once, and once more with a fresh access token after a 401. Whether to try again for
// another reason is the domain's to decide, which knows what a submission is.
package identitypools

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"golang.org/x/oauth2"

	"foyer/internal/registration"
)

// A TokenSource hands out access tokens. Its errors say what they mean to a person: they are registration.Problematic.
type TokenSource interface {
	Token(ctx context.Context) (*oauth2.Token, error)
	Invalidate(token *oauth2.Token) // the tenant refused it
}

// Config says which pool of which tenant to call, and how. It is not changed after New.
type Config struct {
	TenantURL    *url.URL // without the API's own path
	TenantID     string
	TenantInPath bool   // whether paths have a segment for the tenant
	Workspace    string // whose Public API sends transient one-time passwords; "" for none
	Pool         registration.PoolID
	HTTPClient   *http.Client // as NewHTTPClient makes it; redirects are not followed whatever it says
	Tokens       TokenSource
	Logger       *slog.Logger // gets refusals, never a body; nil discards

	// Observe is told how each request went: which of Operations it was for, the status of the answer (0 when none came) and
	// how long that took. It has to be quick, and safe for concurrent use; nil for nobody.
	Observe func(operation string, status int, elapsed time.Duration)
}

// A Client calls one pool's operations. All its errors are *Error. It is safe for concurrent use.
type Client struct {
	base   *url.URL // of the Identity System API; nil when an id cannot stand in a path
	public *url.URL // of the Public API, likewise
	pool   registration.PoolID
	http   *http.Client
	tokens TokenSource
	log    *slog.Logger
	seen   func(operation string, status int, elapsed time.Duration)
}

// New returns a client. It calls nobody yet.
func New(c Config) *Client {
	client := *c.HTTPClient
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	logger := c.Logger
	if logger == nil {
		logger = slog.New(slog.DiscardHandler)
	}
	var tenant []string
	if c.TenantInPath {
		tenant = []string{c.TenantID}
	}
	return &Client{
		base:   join(c.TenantURL, append([]string{"api", "identity"}, tenant...)...),
		public: join(c.TenantURL, append(tenant, c.Workspace)...),
		pool:   c.Pool, http: &client, tokens: c.Tokens, log: logger, seen: c.Observe,
	}
}

// join returns base with more segments, each escaped, so that none of them becomes two. It returns nil for a segment that
// would name another resource however it were escaped: "", "." and "..".
func join(base *url.URL, segments ...string) *url.URL {
	if base == nil {
		return nil
	}
	path := make([]string, 0, len(segments))
	for _, s := range segments {
		if s == "" || s == "." || s == ".." {
			return nil
		}
		path = append(path, url.PathEscape(s))
	}
	return base.JoinPath(path...)
}
