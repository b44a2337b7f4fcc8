package main

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"foyer/internal/sandbox"
)

// An introspection is what the server says of a token (RFC 7662, 2.2).
type introspection struct {
	Active       bool   `json:"active"`
	ClientID     string `json:"client_id"`
	Scope        string `json:"scope"` // separated by blanks
	Confirmation struct {
		Certificate string `json:"x5t#S256"` // RFC 8705, 3.1
		Key         string `json:"jkt"`      // RFC 9449, 6.1
	} `json:"cnf"`
}

// introspector returns what asks the server about a token, as a client of its own. A token that the server says nothing of is not
// active. It is safe for concurrent use.
func (s *authServer) introspector(t *testing.T) func(context.Context, string) introspection {
	t.Helper()
	const id, secret = "api", "of the resource server"
	s.order(t, "client", map[string]any{"metadata": map[string]any{
		"client_id": id, "client_secret": secret, "token_endpoint_auth_method": "client_secret_basic",
		"grant_types": []string{"client_credentials"}, "response_types": []string{}, "redirect_uris": []string{},
	}}, nil)
	client := s.client(tls.Certificate{})
	if transport, ok := client.Transport.(*http.Transport); ok { // a handshake for each token is slow
		transport.DisableKeepAlives, transport.MaxConnsPerHost, transport.MaxIdleConnsPerHost = false, 8, 8
		t.Cleanup(transport.CloseIdleConnections)
	}
	return func(ctx context.Context, token string) introspection {
		form := url.Values{"token": {token}}.Encode()
		request, err := http.NewRequestWithContext(ctx, http.MethodPost, s.issuer+"/oauth2/introspect", strings.NewReader(form))
		if err != nil {
			return introspection{}
		}
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		request.SetBasicAuth(id, url.QueryEscape(secret))
		response, err := client.Do(request)
		if err != nil {
			return introspection{}
		}
		defer func() { _ = response.Body.Close() }()
		var said introspection
		if json.NewDecoder(response.Body).Decode(&said) != nil {
			return introspection{}
		}
		return said
	}
}

// An apiServer is the Identity Pools API of the tenant acme, at a host other than the issuer's. Its tokens are the OAuth
// server's.
type apiServer struct {
	auth       *authServer
	url, mtls  string
	tenant     *sandbox.Tenant
	introspect func(context.Context, string) introspection
	own        string       // a token of the test's, of which the OAuth server knows nothing
	meddlers   sync.Map     // by client id, func(introspection) introspection
	people     atomic.Int32 // how many newcomers there were
}

// newcomer is the address of somebody who is not registered yet.
func (a *apiServer) newcomer() string { return fmt.Sprintf("person-%d@example.com", a.people.Add(1)) }

// meddle changes what the API is told of a client's tokens, from now on.
func (a *apiServer) meddle(client string, change func(introspection) introspection) {
	a.meddlers.Store(client, change)
}

// judge is what the API is told of a token.
func (a *apiServer) judge(ctx context.Context, token string) introspection {
	said := a.introspect(ctx, token)
	if change, ok := a.meddlers.Load(said.ClientID); ok {
		if meddle, ok := change.(func(introspection) introspection); ok {
			return meddle(said)
		}
	}
	return said
}

// startAPI starts the API for one test and its subtests.
func startAPI(t *testing.T, s *authServer) *apiServer {
	t.Helper()
	a := &apiServer{auth: s, introspect: s.introspector(t), own: rand.Text()}
	tenant, err := sandbox.New(sandbox.Options{TenantID: "acme", Introspect: a.hook})
	if err != nil {
		t.Fatal(err)
	}
	a.tenant = tenant
	a.url = a.listen(t, tls.NoClientCert)
	a.mtls = a.listen(t, tls.RequestClientCert)
	return a
}

func (a *apiServer) listen(t *testing.T, ask tls.ClientAuthType) string {
	t.Helper()
	server := httptest.NewUnstartedServer(a.tenant)
	server.TLS = &tls.Config{Certificates: []tls.Certificate{a.auth.ca.server(t)}, ClientAuth: ask, ClientCAs: a.auth.ca.pool(), MinVersion: tls.VersionTLS12}
	server.StartTLS()
	t.Cleanup(server.Close)
	return server.URL
}

// hook is what the API asks about a token.
func (a *apiServer) hook(ctx context.Context, token string) (sandbox.Introspection, bool) {
	if token == a.own {
		return sandbox.Introspection{ClientID: "test", Scopes: []string{"identity"}}, true
	}
	said := a.judge(ctx, token)
	return sandbox.Introspection{
		ClientID: said.ClientID, Scopes: strings.Fields(said.Scope),
		CertificateThumbprint: said.Confirmation.Certificate, KeyThumbprint: said.Confirmation.Key,
	}, said.Active
}

// has reports whether the pool customers has a user who signs in with email.
func (a *apiServer) has(t *testing.T, email string) bool {
	t.Helper()
	return a.hasIn(t, "customers", email)
}

// hasIn reports whether a pool has a user who signs in with email.
func (a *apiServer) hasIn(t *testing.T, pool, email string) bool {
	t.Helper()
	return a.ask(t, pool, "users/by_key", `{"identifier":"`+email+`"}`).Code == http.StatusOK
}

// signsIn expects that the user with email signs in with the marker.
func (a *apiServer) signsIn(t *testing.T, email string) {
	t.Helper()
	answer := a.ask(t, "customers", "user/password/v2/verify", `{"identifier":"`+email+`","password":"`+marker+`"}`)
	if !strings.Contains(answer.Body.String(), `"password_correct"`) {
		t.Errorf("signing in as %s: %s", email, answer.Body)
	}
}

// ask posts a body to a path of the pool.
func (a *apiServer) ask(t *testing.T, pool, path, body string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/api/identity/acme/system/pools/"+pool+"/"+path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+a.own)
	w := httptest.NewRecorder()
	a.tenant.ServeHTTP(w, r)
	return w
}

// settings is the configuration of the tenant that the API and the OAuth server are.
func (a *apiServer) settings(t *testing.T) []string {
	t.Helper()
	return []string{
		"FOYER_TENANT_URL=" + a.url, "FOYER_TENANT_MTLS_URL=" + a.mtls, "FOYER_TENANT_ID=acme", "FOYER_TENANT_POOL=customers",
		"FOYER_TENANT_CA_FILE=" + writeFile(t, "ca.pem", a.auth.ca.pem()), "FOYER_AUTH_ISSUER_URL=" + a.auth.issuer,
	}
}
