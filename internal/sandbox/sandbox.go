// Package sandbox is an embedded tenant: an in-memory http.Handler that behaves like a SecureAuth (Cloudentity) tenant
// with six Identity Pools. It serves the OAuth token endpoint, the transient codes of the public API and the part of
// the Identity System API that registration needs, true to the official descriptions, and it can be told to misbehave
// (see [Fault]).
//
// The pools are "customers", "employees" and "strict", and of the kind of customers "totp" (with authenticators),
// "passwordless" (with codes by e-mail and SMS) and "closed" (without self-registration); nothing survives the process.
// Where the descriptions leave a choice, the sandbox is as exact as a tenant could be, so that a client that works with
// it has met the hard cases: conflicts are found case-insensitively, passwords are judged by the policy and kept as
// Argon2id hashes only, codes expire, are good once and are void when a newer one was made, what is somebody's is not
// told, and idempotency keys replay the first answer for a minute.
//
// No message leaves the process. What a tenant would send is in [Tenant.Outbox], and goes to Options.Deliver; the
// links in it lead to pages of the sandbox itself, for this machine only.
//
// It stands alone: the client code of this module is not imported, so that one misreading cannot hide in both.
package sandbox

import (
	"crypto/rand"
	"errors"
	"fmt"
	"html/template"
	"io"
	"log/slog"
	"net/http"
	"regexp"
	"strings"
	"time"
)

// Options say what tenant to make. The zero Options are ready to use.
type Options struct {
	TenantID string           // the tenant's segment in paths, [A-Za-z0-9._-]+; default "sandbox"
	Clients  []Client         // default: one "foyer-kiosk" with a random secret and every scope it can need
	TokenTTL time.Duration    // life of an access token, whole seconds; default one hour
	Now      func() time.Time // default time.Now; must be safe for concurrent use
	Logger   *slog.Logger     // gets method, path, status and trace id of every request; default discards
	Fault    Fault            // misbehaviour from the start

	// Deliver gets each message that the tenant sends, when it is in the outbox; nil for none. It may be called by
	// several requests at once, which wait for it to return.
	Deliver func(Message)
}

// The scopes a client can be given. Every call of the Identity System API that is served here asks for ScopeIdentity.
const (
	ScopeIdentity         = "identity"
	ScopeSelfRegistration = "identity_self_registration"
	ScopeTransientOTP     = "transient_otp"
)

// A Client is an OAuth client of the tenant, which authenticates by client_secret_basic or client_secret_post.
type Client struct {
	ID     string
	Secret string // default: random, told by Tenant.Settings only
	Scopes []string
}

// Format prints the client's id and never its secret, whatever the verb.
func (c Client) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "client "+c.ID) }

// LogValue is what log/slog records: the client's id.
func (c Client) LogValue() slog.Value { return slog.StringValue(c.ID) }

// A Tenant is the embedded tenant. It is safe for concurrent use.
type Tenant struct {
	id      string
	now     func() time.Time
	log     *slog.Logger
	clients []Client
	tokens  *tokens
	pools   map[string]*pool
	schemas schemas
	hasher  *hasher
	secrets *limiter // wrong client secrets, by client id
	guesses *limiter // wrong passwords, by pool and user id
	tries   *limiter // wrong codes, by pool, user id and kind of code
	replays *replays
	codes   *codes
	steps   *steps
	outbox  outbox
	deliver func(Message)

	strangers  *limiter // wrong codes of who is no user, likewise
	transients *transients
	linkPage   *template.Template
	faults     faults
	routes     []route
}

var validID = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$`)

// New makes a tenant with its pools and no users.
func New(o Options) (*Tenant, error) {
	o, err := o.complete()
	if err != nil {
		return nil, fmt.Errorf("new sandbox tenant: %w", err)
	}
	t := &Tenant{
		id:      o.TenantID,
		now:     o.Now,
		log:     o.Logger,
		clients: o.Clients,
		tokens:  newTokens(o.TokenTTL, o.Now),
		hasher:  newHasher(),
		secrets: newLimiter(o.Now),
		guesses: newLimiter(o.Now),
		tries:   newLimiter(o.Now),
		replays: newReplays(o.Now),
		codes:   newCodes(o.Now),
		steps:   newSteps(o.Now),
		deliver: o.Deliver,

		strangers:  newLimiter(o.Now),
		transients: newTransients(o.Now),
		linkPage:   newLinkPage(),
	}
	t.routes = t.table()
	t.faults.replace([]Fault{o.Fault})
	if err := t.load(); err != nil {
		return nil, fmt.Errorf("new sandbox tenant: %w", err)
	}
	return t, nil
}

// complete returns o with its defaults, or says which of its values cannot be.
func (o Options) complete() (Options, error) {
	if o.TenantID == "" {
		o.TenantID = "sandbox"
	}
	if o.TokenTTL == 0 {
		o.TokenTTL = time.Hour
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if len(o.Clients) == 0 {
		o.Clients = []Client{{ID: "foyer-kiosk", Scopes: []string{ScopeIdentity, ScopeSelfRegistration, ScopeTransientOTP}}}
	}
	if !validID.MatchString(o.TenantID) {
		return o, fmt.Errorf("tenant id %q is not %s", o.TenantID, validID)
	}
	if o.TokenTTL < time.Second {
		return o, fmt.Errorf("token life %v is below a second", o.TokenTTL)
	}
	if err := o.Fault.check(); err != nil {
		return o, err
	}
	var err error
	o.Clients, err = completeClients(o.Clients)
	return o, err
}

// completeClients returns copies of clients, each with a secret.
func completeClients(clients []Client) ([]Client, error) {
	known := map[string]bool{}
	complete := make([]Client, 0, len(clients))
	for _, c := range clients {
		if c.ID == "" {
			return nil, errors.New("a client has no id")
		}
		if known[c.ID] {
			return nil, fmt.Errorf("client id %q is given twice", c.ID)
		}
		known[c.ID] = true
		if c.Secret == "" {
			c.Secret = rand.Text()
		}
		complete = append(complete, c)
	}
	return complete, nil
}

// A Setting is one line of configuration for Foyer, as an environment variable.
type Setting struct{ Name, Value string }

// Settings returns, in the order to print them, what Foyer has to be told to register people in pool through baseURL
// (scheme, host and port, no path) as the tenant's first client. The client secret is among them.
func (t *Tenant) Settings(baseURL, pool string) []Setting {
	c := t.clients[0]
	return []Setting{
		{"FOYER_TENANT_URL", strings.TrimSuffix(baseURL, "/")},
		{"FOYER_TENANT_ID", t.id},
		{"FOYER_TENANT_POOL", pool},
		{"FOYER_AUTH_CLIENT_ID", c.ID},
		{"FOYER_AUTH_CLIENT_SECRET", c.Secret},
		{"FOYER_AUTH_METHOD", "client_secret_basic"},
	}
}

// Misbehave replaces the tenant's faults. For each request the first fault that matches it and is not used up
// applies, alone. No fault, or the zero Fault, is good behaviour.
func (t *Tenant) Misbehave(f ...Fault) { t.faults.replace(f) }

// ServeHTTP answers one request. To close a connection without an answer, as a fault may ask, it panics with
// http.ErrAbortHandler, which net/http's server takes for just that.
func (t *Tenant) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	e := newExchange(r)
	answer := t.answer(r.Context(), e)
	t.log.LogAttrs(r.Context(), slog.LevelInfo, "sandbox request",
		slog.String("method", r.Method), slog.String("path", logged(r.URL.Path)),
		slog.Int("status", answer.status), slog.String("trace_id", e.trace))
	if answer.abort {
		panic(http.ErrAbortHandler)
	}
	answer.write(w, e.trace)
}
