package token_test

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"foyer/internal/clientauth"
	"foyer/internal/registration"
	"foyer/internal/token"
)

func TestDiscover(t *testing.T) {
	const at = "https://acme.test/acme/system"
	s, _ := source(t, tripper(func(r *http.Request) (*http.Response, error) {
		if got := r.URL.String(); got != at+"/.well-known/openid-configuration" {
			t.Errorf("request to %s, want the well-known path", got)
		}
		return respond(r, step{status: 200, body: `{"issuer":"` + at + `","token_endpoint":"https://other.test/token",
			"scopes_supported":["identity"],"token_endpoint_auth_methods_supported":["client_secret_post"],
			"mtls_endpoint_aliases":{"token_endpoint":"https://mtls.acme.test/token"},"acr_values_supported":null}`})
	}))
	got, err := s.Discover(t.Context())
	want := token.Metadata{
		Issuer: at, Endpoints: token.Endpoints{Token: "https://other.test/token"},
		ScopesSupported: []string{"identity"}, AuthMethods: []string{"client_secret_post"},
		MTLSEndpointAliases: token.Endpoints{Token: "https://mtls.acme.test/token"},
	}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("Discover() = %v (-want +got):\n%s", err, diff)
	}
}

func TestDiscoverFallsBackWhereThereIsNoDocument(t *testing.T) {
	s, _ := source(t, tripper(func(r *http.Request) (*http.Response, error) {
		return respond(r, step{status: 404, body: "no"})
	}))
	got, err := s.Discover(t.Context())
	if want := "https://acme.test/acme/system/oauth2/token"; err != nil || got.Token != want || !got.Fallback {
		t.Errorf("Discover() = %+v, %v, want the fallback to %s", got, err, want)
	}
}

func TestDiscoverRefuses(t *testing.T) {
	const issuer = `"issuer":"https://acme.test/acme/system"`
	tests := []struct {
		name  string
		give  step
		kind  registration.ProblemKind
		staff string
	}{
		{
			"another issuer",
			step{status: 200, body: `{"issuer":"https://evil.test","token_endpoint":"https://evil.test/token"}`},
			registration.Misconfigured, `"https://evil.test"`,
		},
		{
			"an issuer with two slashes more",
			step{status: 200, body: `{"issuer":"https://acme.test/acme/system//","token_endpoint":"https://acme.test/token"}`},
			registration.Misconfigured, "auth.issuer_url",
		},
		{
			"an endpoint in the clear",
			step{status: 200, body: `{` + issuer + `,"token_endpoint":"http://acme.test/token"}`},
			registration.Misconfigured, "not https",
		},
		{
			"an endpoint with a password",
			step{status: 200, body: `{` + issuer + `,"token_endpoint":"https://a:b@acme.test/token"}`},
			registration.Misconfigured, "not https",
		},
		{
			"an endpoint without a host",
			step{status: 200, body: `{` + issuer + `,"token_endpoint":"https:///token"}`},
			registration.Misconfigured, "not https",
		},
		{
			"an alias in the clear",
			step{status: 200, body: `{` + issuer + `,"token_endpoint":"https://acme.test/token","mtls_endpoint_aliases":{"token_endpoint":"http://acme.test"}}`},
			registration.Misconfigured, "not https",
		},
		{"a document without an endpoint", step{status: 200, body: `{` + issuer + `}`}, registration.Unexpected, "auth.issuer_url"},
		{"a page", step{status: 200, body: "<html>" + markerText}, registration.Unexpected, "auth.issuer_url"},
		{"an endless document", step{status: 200, body: `{"a":"` + strings.Repeat("x", 1<<20) + `"}`}, registration.Unexpected, ""},
		{"a redirect", step{status: 302, header: http.Header{"Location": {"https://other.test"}}}, registration.Unexpected, "another address"},
		{"a tenant in trouble", step{status: 500, body: markerText}, registration.Unavailable, ""},
		{"a refusal", step{status: 403, body: `{"error":"` + markerText + ` x"}`}, registration.Misconfigured, "403"},
		{"too many requests", step{status: 429}, registration.TooMany, ""},
		{"a connection that breaks", step{}, registration.Unavailable, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, _ := source(t, tripper(func(r *http.Request) (*http.Response, error) { return respond(r, tt.give) }))
			_, err := s.Discover(t.Context())
			var known *token.Error
			if !errors.As(err, &known) {
				t.Fatalf("Discover() = %v, want an *Error", err)
			}
			p := known.Problem()
			if p.Kind != tt.kind || !strings.Contains(p.Staff, tt.staff) {
				t.Errorf("Discover() = %v of kind %s, staff %q, want kind %s, staff with %q", err, p.Kind, p.Staff, tt.kind, tt.staff)
			}
			discloses(t, "error", fmt.Sprintf("%v %s", err, p.Staff))
		})
	}
}

func TestDiscoverOnTheWay(t *testing.T) {
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError) // it complains of the client that leaves
	server.StartTLS()
	t.Cleanup(server.Close)
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	tests := []struct {
		name, url string
		kind      registration.ProblemKind
		staff     string
	}{
		{"a certificate that nobody trusts", server.URL, registration.Misconfigured, "tenant.ca_file"},
		{"nobody listens", closed.URL, registration.Unavailable, ""},
		{"no such host", "https://foyer.invalid", registration.Unavailable, ""}, // RFC 2606, 2
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, _ := sourceOf(t, tt.url, clientauth.ClientSecretBasic, &http.Client{Transport: &http.Transport{}})
			_, err := s.Token(t.Context())
			p := registration.AsProblem(err, "")
			if p == nil || p.Kind != tt.kind || !strings.Contains(p.Staff, tt.staff) {
				t.Errorf("Token() = %v, %+v, want kind %s, staff with %q", err, p, tt.kind, tt.staff)
			}
		})
	}
}
