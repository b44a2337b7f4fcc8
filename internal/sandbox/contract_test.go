package sandbox_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"foyer/internal/spectest"
)

// TestContract drives every operation through a real server and holds both sides of every exchange against the
// official descriptions.
func TestContract(t *testing.T) {
	tests := []struct {
		name   string
		listen func(http.Handler) *httptest.Server
		proto  int
	}{
		{"over HTTP/1.1", httptest.NewServer, 1},
		{"over TLS and HTTP/2", serveHTTP2, 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := serve(t, tt.listen, staffed())
			identity, oauth := spectest.Load(t, "identitysystem.yaml"), spectest.Load(t, "oauth2.yaml")
			public := spectest.Load(t, "public.yaml")
			h.client.Transport = oauth.Transport(t, identity.Transport(t, public.Transport(t, proto{t, h.client.Transport, tt.proto})))
			h.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
			driveOAuth(t, h)
			driveStaff(t, h)
			h.token = h.fetchToken(t)
			driveDefinitions(t, h)
			driveUsers(t, h)
			drivePasswords(t, h)
			driveRegistration(t, h)
			driveActivation(t, h)
			driveAddresses(t, h)
			driveGeneration(t, h)
			driveChallenges(t, h)
			driveTOTP(t, h)
			driveTransient(t, h)
		})
	}
}

func serveHTTP2(handler http.Handler) *httptest.Server {
	server := httptest.NewUnstartedServer(handler)
	server.EnableHTTP2 = true
	server.StartTLS()
	return server
}

// proto is a RoundTripper that insists on a version of HTTP.
type proto struct {
	t     *testing.T
	base  http.RoundTripper
	major int
}

func (p proto) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := p.base.RoundTrip(r)
	if err == nil && resp.ProtoMajor != p.major {
		p.t.Errorf("%s %s went over %s, want HTTP/%d", r.Method, r.URL.Path, resp.Proto, p.major)
	}
	return resp, err
}

// A step is one call and the status it must have.
type step struct {
	method, path, body string
	want               int
	headers            []string
}

// walk makes the calls one after the other and returns the last answer.
func walk(t *testing.T, h *harness, steps ...step) answer {
	t.Helper()
	var last answer
	for _, s := range steps {
		last = h.api(t, s.method, s.path, s.body, s.headers...)
		if last.status != s.want {
			t.Errorf("%s %s = %d %s, want %d", s.method, s.path, last.status, last.body, s.want)
		}
		if last.header.Get("X-Trace-Id") == "" {
			t.Errorf("%s %s has no x-trace-id", s.method, s.path)
		}
	}
	return last
}

func driveOAuth(t *testing.T, h *harness) {
	t.Helper()
	nothing := func(*http.Request) {}
	for _, path := range []string{"openid-configuration", "jwks.json"} {
		if got := h.send(t, http.MethodGet, "/default/system/.well-known/"+path, "", nothing); got.status != http.StatusOK {
			t.Errorf("GET %s = %d, want 200", path, got.status)
		}
	}
	for form, want := range map[string]int{
		"grant_type=client_credentials":                http.StatusOK,
		"grant_type=client_credentials&scope=identity": http.StatusOK,
		"grant_type=password":                          http.StatusBadRequest,
		"grant_type=client_credentials&scope=openid":   http.StatusBadRequest,
		"scope=identity":                               http.StatusBadRequest,
	} {
		if got := h.askToken(t, form, h.basic); got.status != want {
			t.Errorf("token %q = %d %s, want %d", form, got.status, got.body, want)
		}
	}
	if got := h.askToken(t, "grant_type=client_credentials", nothing); got.status != http.StatusUnauthorized {
		t.Errorf("token without credentials = %d, want 401", got.status)
	}
}

// driveStaff calls the endpoints that staff and other servers have to do with.
func driveStaff(t *testing.T, h *harness) {
	t.Helper()
	nothing := func(*http.Request) {}
	form := func(path, body string, want int) answer {
		t.Helper()
		got := h.send(t, http.MethodPost, "/default/system"+path, body, func(r *http.Request) {
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		})
		if got.status != want {
			t.Errorf("%s %s = %d %s, want %d", path, body, got.status, got.body, want)
		}
		return got
	}
	for query, want := range map[string]int{
		authorizeQuery().Encode():                               http.StatusFound,
		authorizeQuery("response_type", "token").Encode():       http.StatusFound,
		authorizeQuery("client_id", "nobody").Encode():          http.StatusUnauthorized,
		authorizeQuery("redirect_uri", "https://else").Encode(): http.StatusUnauthorized,
	} {
		if got := h.send(t, http.MethodGet, "/default/system/oauth2/authorize?"+query, "", nothing); got.status != want {
			t.Errorf("authorize = %d %s, want %d", got.status, got.body, want)
		}
	}
	form("/device/authorization", "client_id=desk&scope=admin", 400)
	form("/device/authorization", "client_id=nobody", 401)
	begun := form("/device/authorization", "client_id=desk&scope=openid+identity", 200)
	poll := "grant_type=urn:ietf:params:oauth:grant-type:device_code&client_id=desk&device_code=" + begun.text(t, "device_code")
	form("/oauth2/token", poll, 400)
	h.send(t, http.MethodPost, "/device", "staff=ann&user_code="+begun.text(t, "user_code"), func(r *http.Request) {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	})
	h.clock.Advance(5 * time.Second)
	signedIn := form("/oauth2/token", poll, 200)
	token, refresh := signedIn.text(t, "access_token"), signedIn.text(t, "refresh_token")
	signedIn = form("/oauth2/token", "grant_type=refresh_token&client_id=desk&refresh_token="+refresh, 200)
	for _, token := range []string{token, signedIn.text(t, "refresh_token"), "unknown"} {
		form("/oauth2/introspect", "client_id=desk&token="+token, 200)
	}
	userinfo := func(token string, want int) {
		t.Helper()
		got := h.send(t, http.MethodGet, "/default/system/userinfo", "", func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+token) })
		if got.status != want {
			t.Errorf("userinfo = %d %s, want %d", got.status, got.body, want)
		}
	}
	userinfo(token, 200)
	form("/oauth2/revoke", "client_id=desk&token="+token, 200)
	userinfo(token, 401)
	for _, path := range []string{"/oauth2/introspect", "/oauth2/revoke"} {
		form(path, "client_id=desk", 400)
		form(path, "client_id=nobody&token=x", 401)
	}
}

func driveDefinitions(t *testing.T, h *harness) {
	t.Helper()
	get := func(path string, want int) step { return step{method: http.MethodGet, path: path, want: want} }
	walk(t, h,
		get("/pools", 200), get("/pools?limit=1&search_phrase=Emp", 200), get("/pools/customers", 200),
		get("/pools/employees", 200), get("/pools/strict", 200), get("/pools/nowhere", 404),
		get("/schemas", 200), get("/schemas/customers_payload", 200), get("/schemas/employees_payload", 200),
		get("/schemas/strict_payload", 200), get("/schemas/registration_metadata", 200), get("/schemas/nothing", 404),
	)
	good := h.token
	h.token = "stale"
	walk(t, h, get("/pools", 401), get("/schemas", 401), get("/pools/customers/users", 401))
	h.token = good
}

const everyMember = `{
	"id": "ann.lee", "status": "active",
	"identifiers": [
		{"type": "email", "identifier": "Ann@Example.com", "metadata": {"origin": "desk"}},
		{"type": "mobile", "identifier": "+15551234567"}, {"type": "uid", "identifier": "ann"},
		{"type": "external", "identifier": "hr-4711"}, {"type": "federated", "identifier": "idp|42"}],
	"verifiable_addresses": [
		{"type": "email", "address": "Ann@Example.com", "status": "active", "verified": true, "allowed_for_2fa": true},
		{"type": "mobile", "address": "+15551234567", "status": "inactive", "verified": false,
			"preferred_contact_method": "sms", "metadata": {"n": 1}}],
	"credentials": [
		{"type": "password", "password": "lagoon-Copper-72 tiles", "must_be_changed": true},
		{"type": "totp", "totp_secret": "BLEXAM6OPBBZTCFUOPVHDQ2HVG7PTMK3"}],
	"payload": {"given_name": "Ann", "family_name": "Lee"}, "payload_schema_id": "customers_payload",
	"metadata": {"source": "kiosk", "terms": {"tos": "3"}}, "metadata_schema_id": "registration_metadata",
	"business_metadata": {"cost_centre": 7},
	"preferences": {"mfa": {"preferred_2fa": "totp"}}}`

func driveUsers(t *testing.T, h *harness) {
	t.Helper()
	const users = "/pools/customers/users"
	post := func(path, body string, want int, headers ...string) step {
		return step{http.MethodPost, path, body, want, headers}
	}
	get := func(path string, want int, headers ...string) step {
		return step{http.MethodGet, path, "", want, headers}
	}
	tag := walk(t, h,
		post(users, everyMember, 201, "X-Idempotency-Key", strings.Repeat("k", 32), "X-Correlation-Id", "c-1"),
		post(users, everyMember, 201, "X-Idempotency-Key", strings.Repeat("k", 32)),
		post(users, everyMember, 409),
		post(users, everyMember, 400, "X-Idempotency-Key", "short"),
		post(users, `{"status":"awake"}`, 422), post(users, `{"status":`, 400),
		post(users, `{"status":"new","payload":{"given_name":"A","family_name":"B"},"credentials":null}`, 201),
		post(users, user("big@example.com", `,"padding":"`+strings.Repeat("x", 1<<20)+`"`), 413),
		post("/pools/nowhere/users", everyMember, 404),
		post(users+"/by_key", `{"identifier":"ann@example.com"}`, 200),
		post(users+"/by_key", `{"address":"ann@example.com"}`, 200),
		post(users+"/by_key", `{"address":"+15551234567"}`, 404),
		get(users, 200), get(users+"?limit=2&after_user_id=a", 200), get(users+"?limit=0", 400),
		get(users+"?query="+url.QueryEscape(`{"user_key":"ann"}`), 200), get("/pools/nowhere/users", 404),
		get(users+"/nobody", 404), get(users+"/ann.lee", 412, "If-Match", `"old"`), get(users+"/ann.lee", 200),
	).header.Get("ETag")
	walk(t, h,
		step{http.MethodDelete, users + "/ann.lee", "", 412, []string{"If-Match", `"old"`}},
		step{http.MethodDelete, users + "/ann.lee", "", 204, []string{"If-Match", tag}},
		step{http.MethodDelete, users + "/ann.lee", "", 404, nil},
	)
}

func drivePasswords(t *testing.T, h *harness) {
	t.Helper()
	h.create(t, "customers", user("bo@example.com", password("lagoon-Copper-72 tiles")))
	h.create(t, "customers", user("cy@example.com", ""))
	for body, want := range map[string]int{
		`{"identifier":"bo@example.com","password":"lagoon-Copper-72 tiles"}`: http.StatusOK,
		`{"identifier":"bo@example.com","password":"wrong"}`:                  http.StatusUnauthorized,
		`{"identifier":"cy@example.com","password":"wrong"}`:                  http.StatusUnauthorized,
		`{"identifier":"no@example.com","password":"wrong"}`:                  http.StatusUnauthorized,
		`{"identifier":"bo@example.com"}`:                                     http.StatusUnprocessableEntity,
	} {
		walk(t, h, step{http.MethodPost, "/pools/customers/user/password/verify", body, want, nil})
		if want == http.StatusUnauthorized { // the second version says so in the body
			want = http.StatusOK
		}
		walk(t, h, step{http.MethodPost, "/pools/customers/user/password/v2/verify", body, want, nil})
	}
}
