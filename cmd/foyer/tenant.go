package main

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"foyer/internal/config"
	"foyer/internal/identitypools"
	"foyer/internal/registration"
	"foyer/internal/token"
)

// A tenant is what the configuration points at. Whether its paths have a segment for the tenant may be known only after it
// was asked, so it links at the first call; a failure to link is tried again at the next.
type tenant struct {
	service *registration.Service
	seen    *observer
	close   func()

	config *config.Config
	http   *http.Client
	logger *slog.Logger
	mu     sync.Mutex
	linked *link // nil until then
}

// A link is the packages that talk to the tenant, joined.
type link struct {
	metadata  token.Metadata
	issuer    *url.URL
	tokens    *token.Source
	client    *identitypools.Client
	directory *identitypools.Directory
}

// formAge is how long the questions of one person may be those of the next before the tenant is asked again.
const formAge = 10 * time.Second

// connect makes the tenant that cfg describes. It calls nobody yet.
func connect(cfg *config.Config) (*tenant, error) {
	logger, closeLog, err := openLog(cfg.Log)
	if err != nil {
		return nil, err
	}
	roots, err := trustRoots(cfg.Tenant.CAFile)
	if err != nil {
		return nil, err
	}
	lookups, closeLookups, err := breaches(cfg.Password)
	if err != nil {
		return nil, err
	}
	client := identitypools.NewHTTPClient(roots)
	t := &tenant{config: cfg, http: client, seen: &observer{base: client.Transport}, logger: logger, close: func() { closeLookups(); closeLog() }}
	client.Transport = t.seen
	t.service = &registration.Service{
		FormAge: formAge,
		Pools:   t, Users: t, SelfRegistration: t, Activations: t, Verifications: t, Proofs: t,
		Breaches: lookups, Settings: settings(cfg), Logger: logger,
	}
	return t, nil
}

// link returns the link to the tenant. Where tenant.path leaves it open, the discovery document decides whether paths have
// the tenant's segment; where there is none at either place they have, as on the vendor's own hosts.
func (t *tenant) link(ctx context.Context) (*link, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.linked != nil {
		return t.linked, nil
	}
	var first *link
	for _, inPath := range t.candidates() {
		l := t.join(inPath)
		metadata, err := l.tokens.Discover(ctx)
		if err != nil {
			return nil, err
		}
		l.metadata = metadata
		if first == nil {
			first = l
		}
		if !metadata.Fallback {
			first = l
			break
		}
	}
	t.linked = first
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

// join joins the packages for paths with or without the tenant's segment.
func (t *tenant) join(inPath bool) *link {
	c := t.config
	l := &link{issuer: c.Auth.IssuerURL}
	if !t.issuerGiven() {
		l.issuer = c.Tenant.URL.JoinPath("system")
		if inPath {
			l.issuer = c.Tenant.URL.JoinPath(c.Tenant.ID, "system")
		}
	}
	l.tokens = token.NewSource(token.Config{
		IssuerURL: l.issuer, Method: token.Method(c.Auth.Method), ClientID: c.Auth.ClientID,
		ClientSecret: c.Auth.ClientSecret, Scopes: c.Auth.Scopes, HTTPClient: t.http, Logger: t.logger,
	})
	l.client = identitypools.New(identitypools.Config{
		TenantURL: c.Tenant.URL, TenantID: c.Tenant.ID, TenantInPath: inPath, Workspace: c.Tenant.Workspace,
		Pool: registration.PoolID(c.Tenant.Pool), HTTPClient: t.http, Tokens: l.tokens, Logger: t.logger,
	})
	l.directory = identitypools.NewDirectory(l.client)
	return l
}
