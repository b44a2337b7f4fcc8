package sandbox_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"foyer/internal/sandbox"
)

// A clock is a time that tests move.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// A harness is a tenant called "default" behind a server, with an access token for it.
type harness struct {
	*sandbox.Tenant

	clock  *clock
	server *httptest.Server
	client *http.Client
	secret string
	token  string
}

// An answer is a response that has been read.
type answer struct {
	status int
	header http.Header
	body   string
}

// start serves a tenant and fetches a token.
func start(t *testing.T) *harness {
	t.Helper()
	h := serve(t, httptest.NewServer)
	h.token = h.fetchToken(t)
	return h
}

// serve serves a tenant on the server that listen makes, with more clients beside its first.
func serve(t *testing.T, listen func(http.Handler) *httptest.Server, more ...sandbox.Client) *harness {
	t.Helper()
	h := &harness{clock: newClock()}
	var err error
	kiosk := sandbox.Client{ID: "foyer-kiosk", Scopes: []string{sandbox.ScopeIdentity, sandbox.ScopeSelfRegistration, sandbox.ScopeTransientOTP}}
	h.Tenant, err = sandbox.New(sandbox.Options{TenantID: "default", Now: h.clock.Now, Clients: append([]sandbox.Client{kiosk}, more...)})
	if err != nil {
		t.Fatal(err)
	}
	h.server = listen(h)
	t.Cleanup(h.server.Close)
	h.client = h.server.Client()
	h.secret = setting(h.Settings(h.server.URL, "customers"), "FOYER_AUTH_CLIENT_SECRET")
	return h
}

func setting(settings []sandbox.Setting, name string) string {
	for _, s := range settings {
		if s.Name == name {
			return s.Value
		}
	}
	return ""
}

// fetchToken returns an access token with all scopes.
func (h *harness) fetchToken(t *testing.T) string {
	t.Helper()
	got := h.askToken(t, "grant_type=client_credentials", h.basic)
	if got.status != http.StatusOK {
		t.Fatalf("token: %d %s", got.status, got.body)
	}
	return got.text(t, "access_token")
}

func (h *harness) basic(r *http.Request) { r.SetBasicAuth("foyer-kiosk", h.secret) }

// askToken sends a form to the token endpoint.
func (h *harness) askToken(t *testing.T, form string, change func(*http.Request)) answer {
	t.Helper()
	return h.send(t, http.MethodPost, "/default/system/oauth2/token", form, func(r *http.Request) {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		change(r)
	})
}

// api calls the Identity System API with the token; headers are pairs of name and value.
func (h *harness) api(t *testing.T, method, path, body string, headers ...string) answer {
	t.Helper()
	return h.send(t, method, "/api/identity/default/system"+path, body, func(r *http.Request) {
		r.Header.Set("Authorization", "Bearer "+h.token)
		if body != "" {
			r.Header.Set("Content-Type", "application/json")
		}
		for i := 0; i < len(headers); i += 2 {
			r.Header.Set(headers[i], headers[i+1])
		}
	})
}

// send makes a request and reads its answer.
func (h *harness) send(t *testing.T, method, path, body string, change func(*http.Request)) answer {
	t.Helper()
	got, err := h.try(t, method, path, body, change)
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	return got
}

func (h *harness) try(t *testing.T, method, path, body string, change func(*http.Request)) (answer, error) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, h.server.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	change(req)
	resp, err := h.client.Do(req)
	if err != nil {
		return answer{}, err
	}
	defer func() { _ = resp.Body.Close() }()
	data, err := io.ReadAll(resp.Body)
	return answer{resp.StatusCode, resp.Header, string(data)}, err
}

// create makes a user in a pool, which must go well.
func (h *harness) create(t *testing.T, pool, body string) answer {
	t.Helper()
	got := h.api(t, http.MethodPost, "/pools/"+pool+"/users", body)
	if got.status != http.StatusCreated {
		t.Fatalf("create: %d %s", got.status, got.body)
	}
	return got
}

// object returns the body as a JSON object.
func (a answer) object(t *testing.T) map[string]any {
	t.Helper()
	var m map[string]any
	decoder := json.NewDecoder(bytes.NewReader([]byte(a.body)))
	if err := decoder.Decode(&m); err != nil {
		t.Fatalf("body %q: %v", a.body, err)
	}
	return m
}

// text returns a string member of the body.
func (a answer) text(t *testing.T, member string) string {
	t.Helper()
	s, _ := a.object(t)[member].(string)
	return s
}

// details returns the details of an error body.
func (a answer) details(t *testing.T) map[string]string {
	t.Helper()
	var body struct{ Details map[string]string }
	if err := json.Unmarshal([]byte(a.body), &body); err != nil {
		t.Fatalf("body %q: %v", a.body, err)
	}
	return body.Details
}

// user is the body of a create call in the pool "customers", with more members after those that are required.
func user(email, more string) string {
	return `{"status":"active","identifiers":[{"type":"email","identifier":"` + email + `"}],` +
		`"payload":{"given_name":"Ann","family_name":"Lee"}` + more + `}`
}

// password is a member of a create call's body.
func password(p string) string {
	encoded, _ := json.Marshal(p) // a string always encodes
	return `,"credentials":[{"type":"password","password":` + string(encoded) + `}]`
}
