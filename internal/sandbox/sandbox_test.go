package sandbox_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"foyer/internal/sandbox"
)

func TestSettings(t *testing.T) {
	tenant, err := sandbox.New(sandbox.Options{Clients: []sandbox.Client{{ID: "desk", Secret: "s3cret"}}})
	if err != nil {
		t.Fatal(err)
	}
	want := []sandbox.Setting{
		{Name: "FOYER_TENANT_URL", Value: "http://127.0.0.1:8080"},
		{Name: "FOYER_TENANT_ID", Value: "sandbox"},
		{Name: "FOYER_TENANT_POOL", Value: "employees"},
		{Name: "FOYER_AUTH_CLIENT_ID", Value: "desk"},
		{Name: "FOYER_AUTH_CLIENT_SECRET", Value: "s3cret"},
		{Name: "FOYER_AUTH_METHOD", Value: "client_secret_basic"},
	}
	if diff := cmp.Diff(want, tenant.Settings("http://127.0.0.1:8080/", "employees")); diff != "" {
		t.Errorf("Settings (-want +got):\n%s", diff)
	}
}

func TestSettingsOfAPublicClient(t *testing.T) {
	tests := []struct {
		grant sandbox.GrantType
		want  string
	}{
		{sandbox.GrantAuthorizationCode, "authorization_code"},
		{sandbox.GrantDeviceCode, "device_code"},
	}
	for _, tt := range tests {
		client := staffed()
		client.Grants, client.DPoP = []sandbox.GrantType{tt.grant}, true
		tenant, err := sandbox.New(sandbox.Options{Clients: []sandbox.Client{client}})
		if err != nil {
			t.Fatal(err)
		}
		got := tenant.Settings("https://127.0.0.1:8080", "customers")[4:]
		want := []sandbox.Setting{
			{Name: "FOYER_AUTH_METHOD", Value: "none"}, {Name: "FOYER_AUTH_GRANT", Value: tt.want}, {Name: "FOYER_AUTH_DPOP", Value: "true"},
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("Settings (-want +got):\n%s", diff)
		}
	}
}

func TestNewMakesASecretPerStart(t *testing.T) {
	seen := map[string]bool{}
	for range 2 {
		tenant, err := sandbox.New(sandbox.Options{})
		if err != nil {
			t.Fatal(err)
		}
		secret := setting(tenant.Settings("", ""), "FOYER_AUTH_CLIENT_SECRET")
		if len(secret) < 20 || seen[secret] {
			t.Errorf("secret %q is short or was seen before", secret)
		}
		seen[secret] = true
	}
}

func TestNewRefuses(t *testing.T) {
	for name, o := range map[string]sandbox.Options{
		"a tenant id with a slash":    {TenantID: "a/b"},
		"a tenant id of dots":         {TenantID: ".."},
		"a client without id":         {Clients: []sandbox.Client{{Secret: "x"}}},
		"a client given twice":        {Clients: []sandbox.Client{{ID: "a"}, {ID: "a"}}},
		"a token life below a second": {TokenTTL: time.Millisecond},
		"a fault that cannot be":      {Fault: sandbox.Fault{Status: 99}},
	} {
		if _, err := sandbox.New(o); err == nil {
			t.Errorf("New with %s went well, want an error", name)
		}
	}
}

func TestNewMisbehavesFromTheStart(t *testing.T) {
	tenant, err := sandbox.New(sandbox.Options{Fault: sandbox.Fault{Status: 503}})
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	tenant.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil))
	if w.Code != http.StatusServiceUnavailable {
		t.Errorf("GET / = %d, want 503", w.Code)
	}
}

func TestPaths(t *testing.T) {
	h := start(t)
	const api = "/api/identity/default/system"
	tests := []struct {
		method, path string
		want         int
		allow        string
	}{
		{http.MethodGet, "/", 404, ""},
		{http.MethodGet, "/api/identity/other/system/pools", 404, ""},
		{http.MethodGet, "/api/identity/system/pools", 404, ""},
		{http.MethodPost, "/system/oauth2/token", 404, ""},
		{http.MethodGet, "/default/system/oauth2/nothing", 404, ""},
		{http.MethodGet, api + "/pools/", 404, ""},
		{http.MethodGet, api + "//pools", 404, ""},
		{http.MethodGet, api + "/pools/customers%2Fusers", 404, ""},
		{http.MethodGet, api + "/p%6Fols/customers", 200, ""},
		{http.MethodGet, "/default/system/oauth2/token", 405, "POST"},
		{http.MethodPut, api + "/pools", 405, "GET"},
		{http.MethodPatch, api + "/pools/customers/users", 405, "POST, GET"},
		{http.MethodPut, api + "/pools/customers/users/by_key", 405, "POST, GET, DELETE"},
	}
	for _, tt := range tests {
		t.Run(tt.method+" "+tt.path, func(t *testing.T) {
			got := h.send(t, tt.method, tt.path, "", func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+h.token) })
			if got.status != tt.want || got.header.Get("Allow") != tt.allow {
				t.Fatalf("status %d, Allow %q, want %d, %q", got.status, got.header.Get("Allow"), tt.want, tt.allow)
			}
			if _, ok := got.object(t)["error"]; ok != (tt.want >= 400) {
				t.Errorf("body = %s, want an error body with a refusal", got.body)
			}
		})
	}
}

// TestNoSecretIsPrinted sends marked secrets on every way there is and looks for them in what the tenant logs.
func TestNoSecretIsPrinted(t *testing.T) {
	const marker = "MARKER-7f3a lagoon"
	var logged bytes.Buffer
	client := sandbox.Client{ID: "foyer-kiosk", Secret: marker, Scopes: []string{sandbox.ScopeIdentity}}
	logger := slog.New(slog.NewTextHandler(&logged, &slog.HandlerOptions{Level: slog.LevelDebug}))
	tenant, err := sandbox.New(sandbox.Options{TenantID: "default", Clients: []sandbox.Client{client}, Logger: logger})
	if err != nil {
		t.Fatal(err)
	}
	h := &harness{Tenant: tenant, server: httptest.NewServer(tenant)}
	h.client = h.server.Client()
	post := "grant_type=client_credentials&client_id=foyer-kiosk&client_secret=MARKER-7f3a+lagoon"
	h.token = h.askToken(t, post, func(*http.Request) {}).text(t, "access_token")
	h.api(t, http.MethodPost, users, user("ann@example.com", password(marker)))
	h.api(t, http.MethodPost, users, user("bo@example.com", `,"credentials":[{"type":"password","password":["`+marker+`"]}]`))
	h.verify(t, "ann@example.com", marker)
	h.verify(t, "ann@example.com", marker+" wrong")
	h.send(t, http.MethodGet, "/x?token="+h.token, "", func(*http.Request) {})
	h.register(t, "?code_type_in_message=code", object("identifier", "cy@example.com", "password", marker, "totp_secret", secret))
	h.activate(t, h.idOf(t, "di@example.com"), h.codeTo(t, "cy@example.com"))
	h.register(t, "", object("identifier", "ed@example.com"))
	link := h.messageTo(t, "ed@example.com").Link
	h.follow(t, http.MethodGet, link, "")
	h.follow(t, http.MethodPost, link, "password=MARKER")
	h.control(t, http.MethodPost, "sign-in", object("pool", "customers", "identifier", "cy@example.com", "password", marker))
	h.server.Close() // waits for the log

	logger.Info("printed", "client", client)
	printed := logged.String() + fmt.Sprintf("%v %+v %#v %s %q", client, client, client, client, client)
	_, extended, _ := strings.Cut(link, "/links/customers/")
	if code := h.codeTo(t, "cy@example.com"); regexp.MustCompile(`\b` + code + `\b`).MatchString(printed) {
		t.Errorf("the code %s is printed in:\n%s", code, printed) // six digits alone may be in a trace id
	}
	for _, secret := range []string{"MARKER", h.token, secret, extended} {
		if strings.Contains(printed, secret) {
			t.Errorf("%q is printed in:\n%s", secret, printed)
		}
	}
	if want := "method=GET path=/sandbox/links/customers/[redacted] status=200"; !strings.Contains(printed, want) {
		t.Errorf("log = %s, want it to hold %s", printed, want)
	}
	if want := "method=POST path=/default/system/oauth2/token status=200 trace_id="; !strings.Contains(printed, want) {
		t.Errorf("log = %s, want it to hold %s", printed, want)
	}
}
