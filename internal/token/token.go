// Package token gets access tokens for the tenant's System API: one token for the whole process, fetched once however
// many wait for it, renewed before it expires, and never asked for in a way that gets the client locked out. The client
// acts for itself (client credentials) or for a member of staff, who signs in with a browser on this machine
// (authorization code with PKCE) or with their phone (device code).
package token

import (
	"context"
	"crypto/sha256"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"golang.org/x/oauth2"

	"foyer/internal/fixable"
	"foyer/internal/secret"
)

// A Grant is how the client obtains tokens, by the name of its authorization grant.
type Grant string

// The grants.
const (
	ClientCredentials Grant = "client_credentials" // RFC 6749, 4.4
	AuthorizationCode Grant = "authorization_code" // RFC 6749, 4.1, with PKCE (RFC 7636) on the loopback (RFC 8252)
	DeviceCode        Grant = "device_code"        // RFC 8628
)

// Config says whose tokens to get, and how. It is not changed after NewSource.
type Config struct {
	IssuerURL  *url.URL // the authorization server; its discovery document names the endpoints
	ClientID   string   // RFC 6749, 2.2
	Grant      Grant
	Scopes     []string                 // all that the API needs of them must be granted
	Identify   func() (Identity, error) // what proves the client now; quick, and safe for concurrent use
	Prover     Prover                   // binds tokens to a key (RFC 9449); nil for bearer tokens
	HTTPClient *http.Client             // must time out by itself; redirects are not followed whatever it says
	Logger     *slog.Logger             // gets failures and renewals, never a token or a secret; nil discards
	Staff      Staff                    // for the grants of staff

	// Observe is told how each request went: which of Operations it was for, the status of the answer (0 when none came) and
	// how long that took. It has to be quick, and safe for concurrent use; nil for nobody.
	Observe func(operation string, status int, elapsed time.Duration)
}

// An Identity is what proves the client at one time. When its secret, its key or its certificate changes, it is another one:
// a refusal of the one before says nothing of it, and a token of the one before is replaced.
type Identity struct {
	Version      uint64                                    // another one for another identity
	Authenticate func(http.RoundTripper) http.RoundTripper // adds what proves the client to its requests to the issuer
	Transport    http.RoundTripper                         // what the client's requests are sent by; nil: the HTTPClient's own
	Certificate  string                                    // x5t#S256 of the certificate that Transport presents (RFC 8705, 3.1); "" for none
	NotAfter     time.Time                                 // when that certificate expires; zero for none
	Signs        bool                                      // proves itself by what it signs anew with the time in it (RFC 7523): a wrong clock spoils that
	Proof        []string                                  // what staff should look at when the tenant does not accept it, one thing each
}

// A Prover proves with each request that the client has the key that its tokens are bound to (RFC 9449, 4).
type Prover interface {
	Transport(base http.RoundTripper) http.RoundTripper
	Thumbprint() string // of the key (RFC 7638), as in cnf.jkt
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
	recent   []grant   // handed out lately, the newest first, to know what a token is bound to
	session  *session  // of a member of staff; nil when nobody is signed in
	flight   *flight   // the fetch under way; nil when there is none
	refusal  *refusal  // what every later fetch would end in; see remember
	pause    time.Time // until then a token that works is not replaced, since that went wrong
	metadata *Metadata // as discovered; nil until then

	turning *turn                          // under way at the Keeper; nil when there is none
	pending *turn                          // what the Keeper is asked after that; nil for nothing
	kept    secret.Text                    // the refresh token that the Keeper was last known to have
	ours    map[[sha256.Size]byte]struct{} // of all refresh tokens that this process had; see hold

	busy  int           // goroutines of spawn's
	quiet chan struct{} // closed when there is none any more
}

// NewSource returns a source. It calls nobody yet.
func NewSource(c Config) *Source {
	logger := c.Logger
	if logger == nil {
		logger = slog.New(slog.DiscardHandler)
	}
	return &Source{config: c, issuer: strings.TrimSuffix(c.IssuerURL.String(), "/"), log: logger, ours: map[[sha256.Size]byte]struct{}{}}
}

// Token returns a token that works for now, and waits for one only when there is none: shortly before a token expires, and
// when the client's identity has changed, it is still handed out while the next is fetched. The end of ctx ends the waiting
// and not the fetch, which others may wait for. A non-nil error is always an *Error; where nobody of the staff is signed in
// its Problem is of kind StaffSignIn.
//
// A client that the tenant refused is not presented again by this process, since the tenant locks out clients that
// guess, until its secret, key or certificate changes: the same error is returned at once. One that signs is presented again
// when this machine's clock was set. After a Retry-After nothing is fetched before that time.
func (s *Source) Token(ctx context.Context) (*oauth2.Token, error) {
	for {
		if ctx.Err() != nil {
			return nil, s.fail(opToken, context.Cause(ctx))
		}
		id, err := s.config.Identify()
		if err != nil {
			return nil, s.fail(opToken, err)
		}
		token, f, refused := s.next(id, time.Now()) //nolint:contextcheck // a fetch outlives the caller that began it
		switch {
		case token != nil:
			return token, nil
		case refused != nil:
			return nil, refused
		}
		select {
		case <-f.done:
		case <-ctx.Done():
			return nil, s.fail(opToken, context.Cause(ctx))
		}
		switch {
		case f.err == nil:
			return f.token(), nil
		case !s.outdated(f, id):
			return nil, f.err
		}
	}
}

// Invalidate tells that the tenant refused t, as a 401 says (RFC 6750, 3.1). The next Token fetches another, unless t was
// replaced already: of many callers that were refused at once, one fetches.
//
// A sign-in of staff without a refresh token ends by that, if the API has accepted t before, as Transport has seen: then t was
// revoked. Otherwise the API would refuse the token of the next sign-in, too; until t expires or staff have signed out, Token
// returns an error that says what to mend.
func (s *Source) Invalidate(t *oauth2.Token) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case t == nil || !s.current.is(t.AccessToken):
	case s.session != nil && s.session.refresh.IsZero() && !s.current.accepted:
		s.current.refused = true
	default:
		s.current = grant{}
	}
}

// errUseless says that the API refuses what the tenant issues.
func (s *Source) errUseless() error {
	return fixable.Errorf("the tenant's API refuses the token of the sign-in and never accepted it; check that tenant.url, tenant.id and auth.issuer_url are of one tenant, and that client %s gets tokens for the API; then sign out and in again", s.clientID())
}

// next decides what a caller with identity id gets at now: a token, a fetch to wait for, or a refusal. It begins a fetch
// where one is due.
func (s *Source) next(id Identity, now time.Time) (*oauth2.Token, *flight, *Error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	usable := s.current.usable(now)
	switch {
	case usable && s.current.refused:
		return nil, nil, s.fail(opToken, s.errUseless())
	case s.current.fresh(id, now):
		return s.current.token(), nil, nil
	}
	var refused *Error
	if s.flight == nil && (!usable || !now.Before(s.pause)) {
		if refused = s.refused(id, now); refused == nil {
			f := &flight{done: make(chan struct{}), id: id, session: s.session}
			s.flight = f
			s.spawn(func() { s.fly(f) })
		}
	}
	if usable {
		return s.current.token(), nil, nil
	}
	return nil, s.flight, refused
}
