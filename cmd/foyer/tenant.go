package main

import (
	"context"
	"crypto/x509"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"foyer/internal/breaker"
	"foyer/internal/config"
	"foyer/internal/dpop"
	"foyer/internal/identitypools"
	"foyer/internal/registration"
	"foyer/internal/token"
)

// A tenant is what the configuration points at. Whether its paths have a segment for the tenant may be known only after it
// was asked, so it links at the first call; a failure to link is tried again at the next.
type tenant struct {
	service *registration.Service // nil where each session has its own
	seen    *observer
	observe observe
	release func() // gives back files

	config    *config.Config
	transport *http.Transport // what all connections are made like
	http      *http.Client
	logger    *slog.Logger
	proofs    *proofs
	prover    *dpop.Prover           // nil when tokens are not bound to a key
	open      func(page string) bool // shows a page in a browser, if there is one
	restored  atomic.Bool            // the sign-in that the keyring kept was taken up, or there is none
	linking   chan struct{}          // holds a token while the tenant is asked how to link
	linked    atomic.Pointer[link]   // nil until then
}

// A link is the packages that talk to the tenant, joined.
type link struct {
	metadata  token.Metadata
	issuer    *url.URL
	api       *url.URL // where the API is called
	inPath    bool     // whether paths have a segment for the tenant
	tokens    *token.Source
	client    *identitypools.Client
	directory *identitypools.Directory
}

// An observe is told of each request to the tenant; see identitypools.Config.
type observe func(operation string, status int, elapsed time.Duration)

// formAge is how long the questions of one person may be those of the next before the tenant is asked again.
const formAge = 10 * time.Second

// connect makes the tenant that cfg describes. It calls nobody yet. Without a log file nothing is logged: the terminal is the
// visitors'.
func (p *program) connect(ctx context.Context, cfg *config.Config) (*tenant, error) {
	j, err := openJournal(cfg.Log, io.Discard)
	if err != nil {
		return nil, err
	}
	t, err := p.connectLogging(cfg, j.logger(), nil)
	if err != nil {
		j.close()
		return nil, err
	}
	service, closeLookups, err := p.serviceOf(ctx, t, cfg)
	if err != nil {
		j.close()
		return nil, err
	}
	t.service, t.release = service, func() { closeLookups(); j.close() }
	return t, nil
}

// connectLogging makes the tenant without a service, where it logs to and who is told of its requests; nil for nobody.
func (p *program) connectLogging(cfg *config.Config, logger *slog.Logger, observe observe) (*tenant, error) {
	roots, err := trustRoots(cfg.Tenant.CAFile)
	if err != nil {
		return nil, err
	}
	t := &tenant{config: cfg, seen: &observer{}, observe: observe, logger: logger, open: p.browser(), release: func() {}, linking: make(chan struct{}, 1)}
	if err := t.prove(roots); err != nil {
		return nil, err
	}
	return t, nil
}

// serviceOf is a service of t that asks and records what cfg says, and what gives back its files.
func (p *program) serviceOf(ctx context.Context, t *tenant, cfg *config.Config) (*registration.Service, func(), error) {
	recorder, err := p.recorder(ctx, cfg)
	if err != nil {
		return nil, nil, err
	}
	journal, err := p.intents(ctx, cfg, t.logger)
	if err != nil {
		return nil, nil, err
	}
	lookups, closeLookups, err := breaches(cfg.Password)
	if err != nil {
		return nil, nil, err
	}
	return &registration.Service{
		FormAge: formAge,
		Pools:   t, Users: t, SelfRegistration: t, Activations: t, Verifications: t, Proofs: t,
		Breaches: lookups, Settings: settings(cfg), Operator: desk{t}.Operator, Recorder: recorder, Journal: journal, Logger: t.logger,
	}, closeLookups, nil
}

// close ends what lives no longer than the process, also when ctx has ended.
func (t *tenant) close(ctx context.Context) {
	t.signOff(context.WithoutCancel(ctx))
	t.rest()
	t.release()
}

// rest closes the connections that nobody uses now: their buffers have the last request and the last answer.
func (t *tenant) rest() {
	t.transport.CloseIdleConnections()
	if t.proofs.cert != nil {
		t.proofs.cert.CloseIdleConnections()
	}
}

// prove makes the client that talks to the tenant, and what proves it.
func (t *tenant) prove(roots *x509.CertPool) (err error) {
	t.transport = identitypools.NewTransport(roots)
	circuits := breaker.New(t.logger)
	through := func(base http.RoundTripper) http.RoundTripper { return circuits.Through(t.seen.through(base)) }
	if t.proofs, err = newProofs(t.config, t.transport, through, t.logger); err != nil {
		return err
	}
	if t.config.Auth.DPoP {
		if t.prover, err = dpop.New(); err != nil {
			return err
		}
	}
	t.http = identitypools.NewHTTPClient(through(t.transport))
	return nil
}

// link returns the link to the tenant. Where tenant.path leaves it open, the discovery document decides whether paths have
// the tenant's segment; where there is none at either place they have, as on the vendor's own hosts.
func (t *tenant) link(ctx context.Context) (*link, error) {
	if l := t.linked.Load(); l != nil {
		return l, nil
	}
	select {
	case t.linking <- struct{}{}:
		defer func() { <-t.linking }()
	case <-ctx.Done():
		return nil, &registration.Problem{Kind: registration.Unavailable, Cause: context.Cause(ctx)}
	}
	if l := t.linked.Load(); l != nil {
		return l, nil
	}
	var first *link
	for _, inPath := range t.candidates() {
		l := t.join(inPath)
		metadata, err := l.tokens.Discover(ctx)
		if err != nil {
			return nil, err
		}
		t.complete(l, metadata)
		if first == nil {
			first = l
		}
		if !metadata.Fallback {
			first = l
			break
		}
	}
	t.linked.Store(first)
	return first, nil
}

// candidates are the forms of paths to try: with the tenant's segment, without.
func (t *tenant) candidates() []bool {
	switch t.config.Tenant.Path {
	case config.PathAlways:
		return []bool{true}
	case config.PathNever:
		return []bool{false}
	case config.PathAuto:
	}
	if t.issuerGiven() {
		return []bool{strings.Contains(t.config.Auth.IssuerURL.Path, "/"+t.config.Tenant.ID+"/")}
	}
	return []bool{true, false}
}

func (t *tenant) issuerGiven() bool { return t.config.Origin("auth.issuer_url") != "default" }

// join joins the packages for paths with or without the tenant's segment, as far as they ask no metadata.
func (t *tenant) join(inPath bool) *link {
	c := t.config
	l := &link{issuer: c.Auth.IssuerURL, inPath: inPath}
	if !t.issuerGiven() {
		l.issuer = c.Tenant.URL.JoinPath("system")
		if inPath {
			l.issuer = c.Tenant.URL.JoinPath(c.Tenant.ID, "system")
		}
	}
	issuer := strings.TrimSuffix(l.issuer.String(), "/")
	l.tokens = token.NewSource(token.Config{
		IssuerURL: l.issuer, ClientID: c.Auth.ClientID, Grant: token.Grant(c.Auth.Grant), Scopes: c.Auth.Scopes,
		Identify: func() (token.Identity, error) { return t.proofs.identify(l.metadata.Issuer) }, Prover: t.keyProver(),
		HTTPClient: t.http, Logger: t.logger, Staff: t.staff(issuer), Observe: t.observe,
	})
	return l
}

// keyProver is the prover as the token source takes it: nil when there is none.
func (t *tenant) keyProver() token.Prover {
	if t.prover == nil {
		return nil
	}
	return t.prover
}

// complete joins what goes by the issuer's metadata. The API is called as the token is bound.
func (t *tenant) complete(l *link, m token.Metadata) {
	c := t.config
	l.metadata, l.api = m, t.apiURL(m)
	bound := *t.http
	bound.Transport = l.tokens.Transport()
	l.client = identitypools.New(identitypools.Config{
		TenantURL: l.api, TenantID: c.Tenant.ID, TenantInPath: l.inPath, Workspace: c.Tenant.Workspace,
		Pool: registration.PoolID(c.Tenant.Pool), HTTPClient: &bound, Tokens: l.tokens, Logger: t.logger, Observe: t.observe,
	})
	l.directory = identitypools.NewDirectory(l.client)
}

// apiURL is where the API is called. A token that is bound to a certificate is used over the same certificate, at the host
// that the metadata names for that (RFC 8705, 5), which is not guessed.
func (t *tenant) apiURL(m token.Metadata) *url.URL {
	c := t.config
	if !c.Auth.ByCertificate() {
		return c.Tenant.URL
	}
	if c.Tenant.MTLSURL != nil {
		return c.Tenant.MTLSURL
	}
	alias, err := url.Parse(m.MTLSEndpointAliases.Token)
	if err != nil || alias.Host == "" || t.issuerElsewhere() {
		return c.Tenant.URL
	}
	return &url.URL{Scheme: alias.Scheme, Host: alias.Host}
}

// issuerElsewhere reports whether the issuer is on another host than the API, whose aliases say nothing of it.
func (t *tenant) issuerElsewhere() bool {
	return t.issuerGiven() && t.config.Auth.IssuerURL.Host != t.config.Tenant.URL.Host
}
