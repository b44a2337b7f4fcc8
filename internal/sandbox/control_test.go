package sandbox_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"foyer/internal/sandbox"
)

// control calls the control endpoint as a program on this machine would.
func (h *harness) control(t *testing.T, method, path, body string) answer {
	t.Helper()
	return h.send(t, method, "/sandbox/"+path, body, func(*http.Request) {})
}

func TestControlFaults(t *testing.T) {
	h := start(t)
	steps := []struct {
		method, body string
		status       int
		want         string // the body; "" for any
		pools        int    // what GET pools answers afterwards
	}{
		{http.MethodPut, `{"status":503,"times":1}`, 200, `[{"status":503,"times":1}]`, 503},
		{http.MethodGet, "", 200, `[{"status":503,"times":1}]`, 200},
		{http.MethodPut, `[{"status":429},{"hang":true}]`, 200, `[{"status":429},{"hang":true}]`, 429},
		{http.MethodPut, `{"status":200}`, 400, "", 429},
		{http.MethodPut, `[`, 400, "", 429},
		{http.MethodPost, `[]`, 405, "", 429},
		{http.MethodDelete, "", 204, "", 200},
		{http.MethodPut, `[]`, 200, `[]`, 200},
	}
	for _, s := range steps {
		got := h.control(t, s.method, "faults", s.body)
		if got.status != s.status || s.want != "" && got.body != s.want {
			t.Errorf("%s %s = %d %s, want %d %s", s.method, s.body, got.status, got.body, s.status, s.want)
		}
		if pools := h.api(t, http.MethodGet, "/pools", "").status; pools != s.pools {
			t.Errorf("pools after %s %s = %d, want %d", s.method, s.body, pools, s.pools)
		}
	}
	if got := h.control(t, http.MethodGet, "else", ""); got.status != http.StatusNotFound {
		t.Errorf("GET else = %d, want 404", got.status)
	}
}

func TestControlUsers(t *testing.T) {
	h := start(t)
	if got := h.control(t, http.MethodGet, "users/customers", ""); got.status != http.StatusOK || got.body != "[]" {
		t.Errorf("the users of an empty pool = %d %s, want none", got.status, got.body)
	}
	h.create(t, "customers", user("ann@example.com", ""))
	h.Misbehave(sandbox.Fault{Status: http.StatusServiceUnavailable})
	all := h.Registered("customers")
	if len(all) != 1 || all[0].Status != "active" || !slices.Equal(all[0].Identifiers, []string{"ann@example.com"}) || len(all[0].Payload) == 0 {
		t.Fatalf("Registered() = %+v, want ann", all)
	}
	if got := h.control(t, http.MethodGet, "users/customers", ""); got.status != http.StatusOK || !strings.Contains(got.body, all[0].ID) {
		t.Errorf("the users = %d %s, want ann also while the tenant misbehaves", got.status, got.body)
	}
	if got := h.control(t, http.MethodGet, "users/nowhere", ""); got.status != http.StatusNotFound || h.Registered("nowhere") != nil {
		t.Errorf("the users of no pool = %d, want 404", got.status)
	}
	if got := h.control(t, http.MethodDelete, "users/customers", ""); got.status != http.StatusMethodNotAllowed {
		t.Errorf("DELETE users = %d, want 405", got.status)
	}
}

func TestControlIsForThisMachine(t *testing.T) {
	tests := []struct {
		name, remote, host string
		origin             []string
		want               int
	}{
		{"a program here", "127.0.0.1:4000", "127.0.0.1:8080", nil, 200},
		{"a program here, by name", "127.0.0.1:4000", "localhost:8080", nil, 200},
		{"a program here, by IPv6", "[::1]:4000", "[::1]:8080", nil, 200},
		{"a program here, by mapped IPv6", "[::ffff:127.0.0.1]:4000", "127.0.0.1", nil, 200},
		{"another machine", "192.0.2.1:4000", "127.0.0.1:8080", nil, 403},
		{"a name that was rebound", "127.0.0.1:4000", "evil.example:8080", nil, 403},
		{"a name that looks near", "127.0.0.1:4000", "localhost.evil.example", nil, 403},
		{"a page", "127.0.0.1:4000", "127.0.0.1:8080", []string{"http://127.0.0.1:8080"}, 403},
		{"a page without an origin of its own", "127.0.0.1:4000", "127.0.0.1:8080", []string{"null"}, 403},
		{"nobody knows who", "", "127.0.0.1:8080", nil, 403},
	}
	h := start(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/sandbox/faults", nil)
			r.RemoteAddr, r.Host = tt.remote, tt.host
			if tt.origin != nil {
				r.Header["Origin"] = tt.origin
			}
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			if w.Code != tt.want {
				t.Errorf("GET faults = %d, want %d", w.Code, tt.want)
			}
		})
	}
}

func TestControlPools(t *testing.T) {
	h := start(t)
	h.create(t, "customers", user("Ann@example.com", ""))
	before := h.api(t, http.MethodGet, "/pools/customers", "")
	changed := strings.NewReplacer(
		`"public_registration_allowed":true`, `"public_registration_allowed":false`,
		`"identifier_case_insensitive":true`, `"identifier_case_insensitive":false`,
	).Replace(before.body)
	if got := h.control(t, http.MethodPut, "pools/customers", changed); got.status != http.StatusOK {
		t.Fatalf("PUT pool = %d %s, want 200", got.status, got.body)
	}
	after := h.api(t, http.MethodGet, "/pools/customers", "")
	if after.object(t)["public_registration_allowed"] != false || after.header.Get("ETag") == before.header.Get("ETag") {
		t.Errorf("the pool is %s with ETag %s, want it changed", after.body, after.header.Get("ETag"))
	}
	for key, want := range map[string]int{"Ann@example.com": 200, "ann@example.com": 404} {
		if got := h.api(t, http.MethodPost, users+"/by_key", `{"identifier":"`+key+`"}`); got.status != want {
			t.Errorf("by_key %s = %d, want %d once case matters", key, got.status, want)
		}
	}
}

func TestControlPoolsRefuses(t *testing.T) {
	h := start(t)
	pool := h.api(t, http.MethodGet, "/pools/customers", "").body
	tests := []struct {
		name, method, path, body string
		want                     int
	}{
		{"a pool that is not there", http.MethodPut, "nowhere", pool, 404},
		{"another pool's definition", http.MethodPut, "employees", pool, 422},
		{"what is not JSON", http.MethodPut, "customers", `{`, 422},
		{"a pool without a name", http.MethodPut, "customers", `{"id":"customers"}`, 422},
		{"a schema that is not there", http.MethodPut, "customers", strings.Replace(pool, "customers_payload", "none", 1), 422},
		{"a strength that is not there", http.MethodPut, "customers", strings.Replace(pool, `"fair"`, `"fine"`, 1), 422},
		{"another method", http.MethodPost, "customers", pool, 405},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := h.control(t, tt.method, "pools/"+tt.path, tt.body); got.status != tt.want {
				t.Errorf("%s = %d %s, want %d", tt.method, got.status, got.body, tt.want)
			}
		})
	}
	if now := h.api(t, http.MethodGet, "/pools/customers", "").body; now != pool {
		t.Errorf("the pool is now %s, want it as it was", now)
	}
}

func TestATenantCalledSandboxIsNoControlPath(t *testing.T) {
	tenant, err := sandbox.New(sandbox.Options{TenantID: "sandbox"})
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	tenant.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/sandbox/system/.well-known/openid-configuration", nil))
	if w.Code != http.StatusOK {
		t.Errorf("discovery of a tenant called sandbox = %d, want 200", w.Code)
	}
}
