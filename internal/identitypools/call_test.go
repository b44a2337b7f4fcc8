package identitypools_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"foyer/internal/identitypools"
	"foyer/internal/registration"
	"foyer/internal/secret"
	"foyer/internal/token"
)

const (
	userBody = `{"id":"u1","tenant_id":"acme","user_pool_id":"customers","status":"active","identifiers":null}`
	key      = "0123456789abcdef0123456789abcdef"
)

func TestRequests(t *testing.T) {
	keys := registration.Keys{Idempotency: key, Correlation: "foyer-7KQ4M2XW"}
	tests := []struct {
		name   string
		answer http.HandlerFunc
		call   func(context.Context, *identitypools.Client) error
		want   string // method and path
		header map[string]string
	}{
		{"get pool", answer(200, `{"id":"customers","name":"Customers"}`), func(ctx context.Context, c *identitypools.Client) error {
			_, err := c.GetPool(ctx)
			return err
		}, "GET /api/identity/acme/system/pools/customers", map[string]string{"X-Idempotency-Key": "", "Content-Type": ""}},
		{"get schema", answer(200, `{"schema":{}}`), func(ctx context.Context, c *identitypools.Client) error {
			_, err := c.GetSchema(ctx, "a/b?c#d%2F")
			return err
		}, "GET /api/identity/acme/system/schemas/a%2Fb%3Fc%23d%252F", nil},
		{"create user", answer(201, userBody), func(ctx context.Context, c *identitypools.Client) error {
			_, err := c.CreateUser(ctx, ann(), keys)
			return err
		}, "POST /api/identity/acme/system/pools/customers/users", map[string]string{
			"X-Idempotency-Key": key, "X-Correlation-Id": "foyer-7KQ4M2XW", "Content-Type": "application/json",
		}},
		{"get user", answer(200, userBody), func(ctx context.Context, c *identitypools.Client) error {
			_, err := c.GetUser(ctx, "u1")
			return err
		}, "GET /api/identity/acme/system/pools/customers/users/u1", nil},
		{"get user by key", answer(200, userBody), func(ctx context.Context, c *identitypools.Client) error {
			_, err := c.GetUserByKey(ctx, identitypools.GetUserByKey{Identifier: "ann"}, "foyer-7KQ4M2XW")
			return err
		}, "POST /api/identity/acme/system/pools/customers/users/by_key", map[string]string{"X-Correlation-Id": "foyer-7KQ4M2XW"}},
		{"list users", answer(200, `{"users":null}`), func(ctx context.Context, c *identitypools.Client) error {
			_, err := c.ListUsers(ctx, 5000)
			return err
		}, "GET /api/identity/acme/system/pools/customers/users?limit=100", nil},
		{"delete user", answer(204, ""), func(ctx context.Context, c *identitypools.Client) error {
			return c.DeleteUser(ctx, "u1", `"tag"`, keys)
		}, "DELETE /api/identity/acme/system/pools/customers/users/u1", map[string]string{"If-Match": `"tag"`, "X-Idempotency-Key": key}},
		{"delete user whatever they are now", answer(204, ""), func(ctx context.Context, c *identitypools.Client) error {
			return c.DeleteUser(ctx, "u1", "", keys)
		}, "DELETE /api/identity/acme/system/pools/customers/users/u1", map[string]string{"If-Match": ""}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := serve(t, tt.answer)
			if err := tt.call(t.Context(), s.client); err != nil {
				t.Fatalf("%s = %v, want no error", tt.name, err)
			}
			got := s.requests()[0]
			if line := got.method + " " + got.path; line != tt.want {
				t.Errorf("%s sent %s, want %s", tt.name, line, tt.want)
			}
			want := map[string]string{"Authorization": "Bearer token-0", "Accept": "application/json", "User-Agent": "foyer"}
			for name, value := range tt.header {
				want[name] = value
			}
			for name, value := range want {
				if v := got.header.Get(name); v != value {
					t.Errorf("%s sent %s %q, want %q", tt.name, name, v, value)
				}
			}
		})
	}
}

func TestCreateUserBody(t *testing.T) {
	s := answering(t, 201, userBody)
	user := ann()
	user.Payload["age"] = json.Number("12.50")
	if _, err := s.client.CreateUser(t.Context(), user, registration.Keys{}); err != nil {
		t.Fatal(err)
	}
	want := `{"status":"active","identifiers":[{"type":"uid","identifier":"ann"},{"type":"email","identifier":"ann@example.com"},` +
		`{"type":"mobile","identifier":"+12025550123"}],"verifiable_addresses":[{"address":"ann@example.com","type":"email",` +
		`"status":"active","verified":false},{"address":"+12025550123","type":"mobile","status":"active","verified":false}],` +
		`"payload":{"age":12.50,"family_name":"Lee","given_name":"Ann","zip":"12345"},"metadata":{"source":"kiosk"},` +
		`"credentials":[{"type":"password","password":"MARKER-pass \u003cword\u003e \u0026 ünïcode"}]}`
	if diff := cmp.Diff(want, s.requests()[0].body); diff != "" {
		t.Errorf("body (-want +got):\n%s", diff)
	}
}

func TestCreateUserBodyLeavesOutWhatIsEmpty(t *testing.T) {
	s := answering(t, 201, userBody)
	if _, err := s.client.CreateUser(t.Context(), identitypools.NewUser{Status: "inactive"}, registration.Keys{}); err != nil {
		t.Fatal(err)
	}
	if got := s.requests()[0].body; got != `{"status":"inactive"}` {
		t.Errorf("body = %s, want the status alone", got)
	}
}

func TestNewUserPrintsWithoutItsPassword(t *testing.T) {
	encoded, err := json.Marshal(ann())
	if err != nil || strings.Contains(string(encoded), "MARKER") || !strings.Contains(string(encoded), "[redacted]") {
		t.Errorf("Marshal(NewUser) = %s, %v, want the password redacted", encoded, err)
	}
}

func TestTenantNeedNotBeInThePath(t *testing.T) {
	s := answering(t, 200, `{"name":"Customers"}`)
	u, err := url.Parse("http://tenant.test/under/")
	if err != nil {
		t.Fatal(err)
	}
	var path string
	client := identitypools.New(identitypools.Config{
		TenantURL: u, TenantID: "acme", Pool: "customers", Tokens: s.tokens,
		HTTPClient: &http.Client{Transport: tripper(func(r *http.Request) (*http.Response, error) {
			path = r.URL.Path
			return nil, http.ErrAbortHandler
		})},
	})
	_, _ = client.GetPool(t.Context())
	if want := "/under/api/identity/system/pools/customers"; path != want {
		t.Errorf("GetPool asked for %s, want %s", path, want)
	}
}

// A tripper is an http.RoundTripper in a function.
type tripper func(*http.Request) (*http.Response, error)

func (f tripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestRefusedTokenIsReplacedOnce(t *testing.T) {
	tests := []struct {
		name     string
		statuses []int
		tokens   []string // that the requests came with
		refused  []string
		want     int // status of the error; 0 for none
	}{
		{"a fresh one helps", []int{401, 201}, []string{"Bearer token-0", "Bearer token-1"}, []string{"token-0"}, 0},
		{"a fresh one does not help", []int{401, 401, 201}, []string{"Bearer token-0", "Bearer token-1"}, []string{"token-0"}, 401},
		{"a 403 is not about the token", []int{403, 201}, []string{"Bearer token-0"}, nil, 403},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			asked := 0
			s := serve(t, func(w http.ResponseWriter, r *http.Request) {
				answer(tt.statuses[asked], userBody)(w, r)
				asked++
			})
			_, err := s.client.CreateUser(t.Context(), ann(), registration.Keys{})
			var known *identitypools.Error
			status := 0
			if errors.As(err, &known) {
				status = known.Status
			}
			var got []string
			for _, r := range s.requests() {
				got = append(got, r.header.Get("Authorization"))
			}
			if status != tt.want || !cmp.Equal(got, tt.tokens) || !cmp.Equal(s.tokens.refused, tt.refused) {
				t.Errorf("status %d, tokens %v, refused %v, want %d, %v, %v", status, got, s.tokens.refused, tt.want, tt.tokens, tt.refused)
			}
			first, last := s.requests()[0], s.requests()[len(s.requests())-1]
			if a, b := first.header.Get("X-Idempotency-Key"), last.header.Get("X-Idempotency-Key"); a != b || first.body != last.body {
				t.Errorf("the second attempt has key %s and body %s, want those of the first: %s, %s", b, last.body, a, first.body)
			}
		})
	}
}

func TestKeysAreMadeUp(t *testing.T) {
	s := answering(t, 201, userBody)
	seen := map[string]bool{}
	for range 2 {
		_ = s.create(t)
	}
	for _, r := range s.requests() {
		k := r.header.Get("X-Idempotency-Key")
		if len(k) < 32 || len(k) > 255 || seen[k] {
			t.Errorf("X-Idempotency-Key = %q, want a new one of 32 to 255 characters", k)
		}
		seen[k] = true
		if c := r.header.Get("X-Correlation-Id"); c == "" {
			t.Error(`X-Correlation-Id = "", want one`)
		}
	}
}

func TestTokenErrorsKeepTheirProblem(t *testing.T) {
	s := answering(t, 201, userBody)
	s.tokens.err = &token.Error{Operation: "fetch token", Status: http.StatusTooManyRequests, RetryAfter: time.Minute}
	p := s.create(t)
	if p == nil || p.Kind != registration.TooMany || p.RetryAfter != time.Minute || p.Unclear || len(s.requests()) != 0 {
		t.Errorf("create = %+v after %d requests, want the token's own problem after none", p, len(s.requests()))
	}
}

func TestRequestThatIsTooLargeIsNotSent(t *testing.T) {
	s := answering(t, 201, userBody)
	user := ann()
	user.Credentials[0].Password = secret.New(strings.Repeat("x", 1<<20))
	_, err := s.client.CreateUser(t.Context(), user, registration.Keys{})
	if p := registration.AsProblem(err, ""); p == nil || p.Kind != registration.DetailsRejected || len(s.requests()) != 0 {
		t.Errorf("create = %v, %+v after %d requests, want details_rejected after none", err, p, len(s.requests()))
	}
}

func TestIDThatWouldLeadElsewhereIsNotSent(t *testing.T) {
	for _, id := range []registration.UserID{"", ".", ".."} {
		s := answering(t, 204, "")
		err := s.client.DeleteUser(t.Context(), id, "", registration.Keys{})
		if p := registration.AsProblem(err, ""); p == nil || p.Kind != registration.Misconfigured || len(s.requests()) != 0 {
			t.Errorf("DeleteUser(%q) = %v, %+v after %d requests, want misconfigured after none", id, err, p, len(s.requests()))
		}
	}
}

func TestRedirectIsNotFollowed(t *testing.T) {
	s := answering(t, http.StatusPermanentRedirect, "", "Location", "/elsewhere")
	p := s.create(t)
	if p == nil || p.Kind != registration.Unexpected || !strings.Contains(p.Staff, "tenant.url") || p.Unclear || len(s.requests()) != 1 {
		t.Errorf("create = %+v after %d requests, want unexpected with tenant.url after 1", p, len(s.requests()))
	}
}
