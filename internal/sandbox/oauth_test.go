package sandbox_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"foyer/internal/sandbox"
)

func TestToken(t *testing.T) {
	const (
		grant = "grant_type=client_credentials"
		odd   = "s:e c&r%t+é" // needs its form encoding in a Basic header
		all   = "identity identity_self_registration"
	)
	basic := func(id, secret string) func(*http.Request) {
		return func(r *http.Request) { r.SetBasicAuth(url.QueryEscape(id), url.QueryEscape(secret)) }
	}
	nothing := func(*http.Request) {}
	post := grant + "&client_id=desk&client_secret=" + url.QueryEscape(odd)
	tests := []struct {
		name   string
		form   string
		change func(*http.Request)
		status int
		want   string // the scope granted, or the error
	}{
		{"client_secret_basic", grant, basic("desk", odd), 200, all},
		{"client_secret_post", post, nothing, 200, all},
		{"a scope of its own", grant + "&scope=identity", basic("desk", odd), 200, "identity"},
		{"a scope asked for twice", grant + "&scope=identity+identity", basic("desk", odd), 200, "identity"},
		{"a scope it does not have", grant + "&scope=identity+admin", basic("desk", odd), 400, "invalid_scope"},
		{"both methods", post, basic("desk", odd), 400, "invalid_request"},
		{"a wrong secret", grant, basic("desk", "wrong"), 401, "invalid_client"},
		{"an unescaped secret", grant, func(r *http.Request) { r.SetBasicAuth("desk", odd) }, 401, "invalid_client"},
		{"an unknown client", grant, basic("nobody", odd), 401, "invalid_client"},
		{"no client", grant, nothing, 401, "invalid_client"},
		{"credentials in the query", grant, func(r *http.Request) { r.URL.RawQuery = post }, 401, "invalid_client"},
		{"another grant", "grant_type=password", basic("desk", odd), 400, "unsupported_grant_type"},
		{"no grant", "scope=identity", basic("desk", odd), 400, "invalid_request"},
		{"a parameter twice", grant + "&" + grant, basic("desk", odd), 400, "invalid_request"},
		{"a body that is no form", "%zz", basic("desk", odd), 400, "invalid_request"},
		{"a type that is no form", grant, func(r *http.Request) {
			basic("desk", odd)(r)
			r.Header.Set("Content-Type", "application/json")
		}, 400, "invalid_request"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tenant, err := sandbox.New(sandbox.Options{TenantID: "default", TokenTTL: 90 * time.Second, Clients: []sandbox.Client{
				{ID: "desk", Secret: odd, Scopes: strings.Fields(all)},
			}})
			if err != nil {
				t.Fatal(err)
			}
			h := &harness{Tenant: tenant, server: httptest.NewServer(tenant)}
			h.client = h.server.Client()
			defer h.server.Close()
			got := h.askToken(t, tt.form, tt.change)
			if got.status != tt.status {
				t.Fatalf("token = %d %s, want %d", got.status, got.body, tt.status)
			}
			if cache := got.header.Get("Cache-Control"); cache != "no-store" {
				t.Errorf("Cache-Control = %q, want no-store", cache)
			}
			if challenged := got.header.Get("WWW-Authenticate") != ""; challenged != (tt.status == 401) {
				t.Errorf("WWW-Authenticate is %v, want it with 401 only", challenged)
			}
			body := got.object(t)
			if tt.status != http.StatusOK {
				if body["error"] != tt.want || body["status_code"] != float64(tt.status) {
					t.Errorf("body = %s, want the error %s", got.body, tt.want)
				}
				return
			}
			if body["scope"] != tt.want || body["token_type"] != "bearer" || body["expires_in"] != 90.0 {
				t.Errorf("body = %s, want scope %q, token_type bearer, expires_in 90", got.body, tt.want)
			}
		})
	}
}

func TestWrongSecretsCloseAClient(t *testing.T) {
	h := start(t)
	const grant = "grant_type=client_credentials"
	wrong := func(r *http.Request) { r.SetBasicAuth("foyer-kiosk", "wrong") }
	for range 4 {
		h.askToken(t, grant, wrong)
	}
	h.askToken(t, grant, h.basic) // a right one starts the count anew
	for i := range 5 {
		if got := h.askToken(t, grant, wrong); got.status != http.StatusUnauthorized {
			t.Fatalf("wrong secret %d = %d, want 401", i+1, got.status)
		}
	}
	h.clock.Advance(30500 * time.Millisecond)
	got := h.askToken(t, grant, h.basic)
	if got.status != http.StatusTooManyRequests || got.header.Get("Retry-After") != "30" {
		t.Errorf("right secret of a closed client = %d, Retry-After %q, want 429 and 30", got.status, got.header.Get("Retry-After"))
	}
	if code := got.object(t)["error_code"]; code != 429.0 {
		t.Errorf("error_code = %v, want the number 429", code)
	}
	h.clock.Advance(29500 * time.Millisecond)
	if got := h.askToken(t, grant, h.basic); got.status != http.StatusOK {
		t.Errorf("right secret a minute later = %d, want 200", got.status)
	}
}

func TestWrongSecretsAreForgottenAfterAMinute(t *testing.T) {
	h := start(t)
	for range 12 {
		got := h.askToken(t, "grant_type=client_credentials", func(r *http.Request) { r.SetBasicAuth("foyer-kiosk", "wrong") })
		if got.status != http.StatusUnauthorized {
			t.Fatalf("a wrong secret every 16 seconds = %d, want 401", got.status)
		}
		h.clock.Advance(16 * time.Second)
	}
}

func TestAccessTokens(t *testing.T) {
	tests := []struct {
		name      string
		prepare   func(*testing.T, *harness)
		authorize func(*harness) string
		want      int
		challenge string
	}{
		{"a good one is let in", nil, func(h *harness) string { return "Bearer " + h.token }, 200, ""},
		{"the scheme may be in lower case", nil, func(h *harness) string { return "bearer " + h.token }, 200, ""},
		{"none is asked for", nil, func(*harness) string { return "" }, 401, `Bearer realm="sandbox"`},
		{"Basic is not Bearer", nil, func(h *harness) string { return "Basic " + h.token }, 401, `Bearer realm="sandbox"`},
		{"an unknown one is invalid", nil, func(*harness) string { return "Bearer x" }, 401, `error="invalid_token"`},
		{
			"an expired one is invalid",
			func(_ *testing.T, h *harness) { h.clock.Advance(time.Hour) },
			func(h *harness) string { return "Bearer " + h.token }, 401, `error="invalid_token"`,
		},
		{
			"one without the scope is insufficient",
			func(t *testing.T, h *harness) {
				t.Helper()
				got := h.askToken(t, "grant_type=client_credentials&scope=identity_self_registration", h.basic)
				h.token = got.text(t, "access_token")
			},
			func(h *harness) string { return "Bearer " + h.token }, 403, `error="insufficient_scope", scope="identity"`,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := start(t)
			if tt.prepare != nil {
				tt.prepare(t, h)
			}
			got := h.api(t, http.MethodGet, "/pools", "", "Authorization", tt.authorize(h))
			if got.status != tt.want || !strings.Contains(got.header.Get("WWW-Authenticate"), tt.challenge) {
				t.Errorf("GET pools = %d with %q, want %d with %q", got.status, got.header.Get("WWW-Authenticate"), tt.want, tt.challenge)
			}
		})
	}
}

func TestDiscoveryNamesTheHostOfTheRequest(t *testing.T) {
	h := start(t)
	got := h.send(t, http.MethodGet, "/default/system/.well-known/openid-configuration", "", func(r *http.Request) { r.Host = "id.example.com:8443" })
	const issuer = "http://id.example.com:8443/default/system"
	if got.text(t, "issuer") != issuer || got.text(t, "token_endpoint") != issuer+"/oauth2/token" {
		t.Errorf("discovery = %s, want the issuer %s", got.body, issuer)
	}
}
