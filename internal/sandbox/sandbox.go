// Package sandbox is an embedded tenant: an in-memory http.Handler that behaves like a SecureAuth (Cloudentity) tenant
// with six Identity Pools. It serves OAuth with every client authentication method and the grants of staff, the transient
// codes of the public API and the part of the Identity System API that registration needs, true to the official
// descriptions, and it can be told to misbehave (see [Fault]).
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
	"cmp"
	"context"
	"errors"
	"fmt"
	"html/template"
	"log/slog"
	"net/http"
	"regexp"
	"sync/atomic"
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

	RefreshTTL     time.Duration // how long staff stay signed in, however often a token is refreshed; default 12 hours
	DeviceTTL      time.Duration // life of a device code, whole seconds; default ten minutes
	DeviceInterval time.Duration // between two polls of a device, whole seconds; default five seconds

	// DPoPNonce asks for a nonce in every proof (RFC 9449, 8 and 9); one is good for a minute, and for DPoPNonceUses
	// proofs at most where that is above 0.
	DPoPNonce     bool
	DPoPNonceUses int

	// Authority makes Listen serve over TLS, and is who tls_client_auth trusts; nil for neither.
	Authority *Authority

	// Introspect judges access tokens that are another authorization server's, in place of the tenant's own store: it
	// returns what an active token stands for. The sandbox still holds each request to the certificate or the key that
	// the token is bound to. It may be called by several requests at once; nil for tokens of the tenant's own.
	Introspect func(ctx context.Context, token string) (i Introspection, active bool)

	// Deliver gets each message that the tenant sends, when it is in the outbox; nil for none. It may be called by
	// several requests at once, which wait for it to return.
	Deliver func(Message)
}

// The scopes a client can be given. Every call of the Identity System API that is served here asks for ScopeIdentity.
const (
	ScopeIdentity         = "identity"
	ScopeSelfRegistration = "identity_self_registration"
	ScopeTransientOTP     = "transient_otp"

	// The scopes of OpenID Connect (Core, 3.1.2.1, 5.4 and 11), which staff can be asked for by every client.
	ScopeOpenID        = "openid"
	ScopeProfile       = "profile"
	ScopeOfflineAccess = "offline_access"
)

// A Tenant is the embedded tenant. It is safe for concurrent use.
type Tenant struct {
	id      string
	now     func() time.Time
	log     *slog.Logger
	clients []Client
	signer  signer
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
	staffPage  *template.Template

	authority    *Authority
	introspector func(context.Context, string) (Introspection, bool)
	ports        atomic.Pointer[ports] // once served over TLS
	assertions   *seen
	proofs       *seen
	nonces       *nonces // nil where proofs take none
	signIns      *signIns
	devices      *devices
	refreshTTL   time.Duration

	faults faults
	routes []route
}

var validID = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$`)

// New makes a tenant with its pools and no users.
func New(o Options) (*Tenant, error) {
	o, err := o.complete()
	if err != nil {
		return nil, fmt.Errorf("new sandbox tenant: %w", err)
	}
	s, err := newSigner()
	if err != nil {
		return nil, fmt.Errorf("new sandbox tenant: %w", err)
	}
	t := newTenant(o, s)
	if o.DPoPNonce {
		t.nonces = newNonces(o.DPoPNonceUses, o.Now)
	}
	t.routes = t.table()
	t.faults.replace([]Fault{o.Fault})
	if err := t.load(); err != nil {
		return nil, fmt.Errorf("new sandbox tenant: %w", err)
	}
	return t, nil
}

// newTenant is the tenant that complete options describe, without its pools and routes.
func newTenant(o Options, s signer) *Tenant {
	return &Tenant{
		id:      o.TenantID,
		now:     o.Now,
		log:     o.Logger,
		clients: o.Clients,
		signer:  s,
		tokens:  newTokens(o, s),
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
		staffPage:  newStaffPage(),

		authority:    o.Authority,
		introspector: o.Introspect,
		assertions:   newSeen(assertionAhead + clockLeeway),
		proofs:       newSeen(proofAge + proofAhead),
		signIns:      newSignIns(),
		devices:      newDevices(o.DeviceTTL, o.DeviceInterval),
		refreshTTL:   o.RefreshTTL,
	}
}

// complete returns o with its defaults, or says which of its values cannot be.
func (o Options) complete() (Options, error) {
	if o.TenantID == "" {
		o.TenantID = "sandbox"
	}
	o.TokenTTL = cmp.Or(o.TokenTTL, time.Hour)
	o.RefreshTTL = cmp.Or(o.RefreshTTL, 12*time.Hour)
	o.DeviceTTL = cmp.Or(o.DeviceTTL, 10*time.Minute)
	o.DeviceInterval = cmp.Or(o.DeviceInterval, 5*time.Second)
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
	for what, d := range map[string]time.Duration{
		"token life": o.TokenTTL, "refresh token life": o.RefreshTTL, "device code life": o.DeviceTTL, "device interval": o.DeviceInterval,
	} {
		if d < time.Second {
			return o, fmt.Errorf("%s %v is below a second", what, d)
		}
	}
	if o.DPoPNonceUses < 0 {
		return o, errors.New("the uses of a nonce are below 0")
	}
	if err := o.Fault.check(); err != nil {
		return o, err
	}
	var err error
	o.Clients, err = completeClients(o.Clients)
	return o, err
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
	answer.write(r.Context(), w, e.trace)
}
