package token_test

import (
	"log/slog"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"foyer/internal/clientauth"
	"foyer/internal/registration"
	"foyer/internal/sandbox"
	"foyer/internal/secret"
	"foyer/internal/spectest"
	"foyer/internal/token"
)

// tenant serves a sandbox over TLS and HTTP/2, every exchange held against the official description, and returns a source
// for it.
func tenant(t *testing.T, method clientauth.Method, clientSecret string) (*token.Source, *sandbox.Tenant) {
	t.Helper()
	box, err := sandbox.New(sandbox.Options{TenantID: "default", Clients: []sandbox.Client{
		{ID: "kiosk", Secret: markerSecret, Scopes: []string{"identity", "identity_self_registration"}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(box)
	server.EnableHTTP2 = true
	server.StartTLS()
	t.Cleanup(server.Close)
	u, err := url.Parse(server.URL + "/default/system")
	if err != nil {
		t.Fatal(err)
	}
	client := server.Client()
	client.Transport = spectest.Load(t, "oauth2.yaml").Transport(t, client.Transport)
	return token.NewSource(token.Config{
		IssuerURL: u, ClientID: "kiosk", Grant: token.ClientCredentials,
		Identify: identify(t, clientauth.Credentials{Method: method, ClientID: "kiosk", Secret: secret.New(clientSecret)}),
		Scopes:   []string{"identity", "identity_self_registration"}, HTTPClient: client, Logger: slog.New(slog.DiscardHandler),
	}), box
}

func TestSandboxGrantsTokens(t *testing.T) {
	for _, method := range []clientauth.Method{clientauth.ClientSecretBasic, clientauth.ClientSecretPost} {
		t.Run(string(method), func(t *testing.T) {
			s, _ := tenant(t, method, markerSecret)
			got := mustToken(t, s)
			if left := time.Until(got.Expiry); got.AccessToken == "" || left < 50*time.Minute {
				t.Errorf("Token() expires in %v, want about an hour", left)
			}
			m, err := s.Discover(t.Context())
			if err != nil || m.Fallback {
				t.Errorf("Discover() = %+v, %v, want the tenant's own document", m, err)
			}
		})
	}
}

func TestSandboxRefuses(t *testing.T) {
	tests := []struct {
		name   string
		secret string
		fault  sandbox.Fault
		want   registration.ProblemKind
	}{
		{"a wrong secret", "wrong", sandbox.Fault{}, registration.Misconfigured},
		{"a wrong secret, with a number for a code", "wrong", sandbox.Fault{ErrorShape: sandbox.ShapeNumericCode}, registration.Misconfigured},
		{"a scope that it does not grant", markerSecret, sandbox.Fault{StripScope: "identity_self_registration"}, registration.Misconfigured},
		{"too many requests", markerSecret, sandbox.Fault{Status: 429, RetryAfter: time.Second, ErrorShape: sandbox.ShapeNumericCode}, registration.TooMany},
		{"a connection that it drops", markerSecret, sandbox.Fault{Drop: sandbox.DropBefore}, registration.Unavailable},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, box := tenant(t, clientauth.ClientSecretBasic, tt.secret)
			tt.fault.Match = "POST /oauth2/token"
			box.Misbehave(tt.fault)
			_, err := s.Token(t.Context())
			if p := registration.AsProblem(err, ""); p == nil || p.Kind != tt.want {
				t.Errorf("Token() = %v, %+v, want kind %s", err, p, tt.want)
			}
		})
	}
}
