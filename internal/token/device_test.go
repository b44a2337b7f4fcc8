package token_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"foyer/internal/clientauth"
	"foyer/internal/registration"
	"foyer/internal/secret"
	"foyer/internal/token"
)

// polling answers token requests by steps, the last of which repeats, and notes when they came.
type polling struct {
	start time.Time
	steps []step
	at    []int // seconds after start
}

func (p *polling) answer(url.Values) step {
	now := p.steps[min(len(p.at), len(p.steps)-1)]
	p.at = append(p.at, int(time.Since(p.start).Seconds()))
	return now
}

// refuses is an error response with that code.
func refuses(code string) step {
	return step{status: http.StatusBadRequest, body: fmt.Sprintf(`{"error":%q}`, code)}
}

// begin begins a sign-in, which the house answers by p.
func begin(t *testing.T, h *house, p *polling) (*token.Source, *token.SignIn) {
	t.Helper()
	s, _ := h.source(t, token.DeviceCode)
	p.start = time.Now()
	h.answer("/token", p.answer)
	begun, err := s.SignIn(t.Context())
	if err != nil {
		t.Fatalf("SignIn() = %v", err)
	}
	return s, begun
}

func TestDeviceSignInAsksAtItsInterval(t *testing.T) {
	pending, slower, done := refuses("authorization_pending"), refuses("slow_down"), signedIn("a", "MARKER-refresh")
	busy := step{status: 429, header: http.Header{"Retry-After": {"90"}}}
	tests := []struct {
		name     string
		interval string // in the answer, with its comma
		steps    []step
		slower   []time.Duration // as Poll tells
		want     []int           // when it asks, in seconds
	}{
		{"of the tenant", `"interval":7,`, []step{pending, pending, done}, nil, []int{7, 14, 21}},
		{"of five seconds where there is none", ``, []step{pending, done}, nil, []int{5, 10}},
		{"of five seconds where it is none", `"interval":-3,`, []step{pending, done}, nil, []int{5, 10}},
		{"of minutes", `"interval":120,`, []step{pending, slower, done}, []time.Duration{125 * time.Second}, []int{120, 240, 365}},
		{
			"and five seconds less often when told so", `"interval":5,`,
			[]step{slower, pending, slower, pending, done},
			[]time.Duration{10 * time.Second, 15 * time.Second},
			[]int{5, 15, 25, 40, 55},
		},
		{"and less often while the connection fails", `"interval":5,`, []step{{}, {}, {}, pending, done}, nil, []int{5, 15, 35, 75, 80}},
		{"and less often while the tenant is in trouble", `"interval":5,`, []step{{status: 503}, pending, done}, nil, []int{5, 15, 20}},
		{"and as late as the tenant says", `"interval":5,`, []step{busy, done}, nil, []int{5, 95}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h, p := newHouse(), &polling{steps: tt.steps}
				h.always("/device", step{status: 200, body: `{"device_code":"c","user_code":"u",` + tt.interval + `"verification_uri":"https://acme.test/go","expires_in":900}`})
				s, begun := begin(t, h, p)
				var slower []time.Duration
				for {
					progress, err := begun.Poll(t.Context())
					if err != nil {
						t.Fatalf("Poll() = %v", err)
					}
					if progress.Done {
						break
					}
					slower = append(slower, progress.Slower)
				}
				if diff := cmp.Diff(tt.want, p.at); diff != "" {
					t.Errorf("asks after so many seconds (-want +got):\n%s", diff)
				}
				if diff := cmp.Diff(tt.slower, slower); diff != "" {
					t.Errorf("Slower (-want +got):\n%s", diff)
				}
				wantSomebody(t, s)
				wantToken(t, s, "a")
			})
		})
	}
}

func TestDeviceSignInEnds(t *testing.T) {
	tests := []struct {
		name  string
		steps []step
		want  error
		after int // seconds
	}{
		{"when the tenant says that the code has expired", []step{refuses("expired_token")}, registration.ErrSignInExpired, 5},
		{"when the code has expired by this machine's clock", []step{refuses("authorization_pending")}, registration.ErrSignInExpired, 600},
		{"when nothing works until the code has expired", []step{{}}, registration.ErrSignInExpired, 600},
		{"when staff refuse", []step{refuses("authorization_pending"), refuses("access_denied")}, registration.ErrSignInDenied, 10},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := &polling{steps: tt.steps}
				s, begun := begin(t, newHouse(), p)
				_, err := begun.Poll(t.Context())
				if took := int(time.Since(p.start).Seconds()); !errors.Is(err, tt.want) || took != tt.after {
					t.Errorf("Poll() = %v after %d s, want %v after %d s", err, took, tt.want, tt.after)
				}
				wantNobody(t, s)
			})
		})
	}
}

func TestDeviceSignInFails(t *testing.T) {
	tests := []struct {
		name string
		give step
		kind registration.ProblemKind
	}{
		{"for a client that is refused", step{status: 401, body: `{"error":"invalid_client"}`}, registration.Misconfigured},
		{"for a client without the grant", refuses("unauthorized_client"), registration.Misconfigured},
		{"for a code that the tenant does not know", refuses("invalid_grant"), registration.StaffSignIn},
		{"for a scope that is not granted", step{status: 200, body: `{"access_token":"x","token_type":"bearer","scope":"openid"}`}, registration.Misconfigured},
		{"for nonsense", step{status: 200, body: "<html>" + markerText}, registration.Unexpected},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := &polling{steps: []step{tt.give}}
				_, begun := begin(t, newHouse(), p)
				_, err := begun.Poll(t.Context())
				staff := wantKind(t, "Poll()", err, tt.kind)
				if tt.kind == registration.Misconfigured && !strings.Contains(staff, "client desk") {
					t.Errorf("Staff = %q, want the client in it", staff)
				}
				if len(p.at) != 1 {
					t.Errorf("%d requests, want 1", len(p.at))
				}
			})
		})
	}
}

func TestDeviceSignInOfARefusedClientIsNotTriedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse()
		h.always("/device", step{status: 401, body: `{"error":"invalid_client"}`})
		s, _ := h.source(t, token.DeviceCode)
		for range 3 {
			_, err := s.SignIn(t.Context())
			wantKind(t, "SignIn()", err, registration.Misconfigured)
		}
		if got := len(h.sent("/device")); got != 1 {
			t.Errorf("%d requests, want 1", got)
		}
	})
}

func TestDeviceSignInStopsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &polling{steps: []step{refuses("authorization_pending")}}
		_, begun := begin(t, newHouse(), p)
		_, err := begun.Poll(within(t, 12))
		if took := time.Since(p.start); !errors.Is(err, context.DeadlineExceeded) || took != 12*time.Second {
			t.Errorf("Poll() = %v after %v, want the deadline after 12s", err, took)
		}
	})
}

func TestDeviceSignInBeginsWithinItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse()
		hangs := tripper(func(r *http.Request) (*http.Response, error) {
			if strings.HasSuffix(r.URL.Path, "/device") {
				<-r.Context().Done()
				return nil, r.Context().Err()
			}
			return h.RoundTrip(r)
		})
		s, _ := h.source(t, token.DeviceCode, func(c *token.Config) { c.HTTPClient = &http.Client{Transport: hangs} })
		_, err := s.SignIn(within(t, 1))
		wantKind(t, "SignIn()", err, registration.Unavailable)
	})
}

func TestDeviceAuthorizationRequest(t *testing.T) {
	const basic = "Basic ZGVzazpNQVJLRVIlMkJzZWNyZXQlMkYlMjUlM0QlMjYlM0Y="
	tests := []struct {
		method clientauth.Method
		header string
		form   url.Values
	}{
		{clientauth.None, "", url.Values{"client_id": {"desk"}, "scope": {"openid identity"}}},
		{clientauth.ClientSecretBasic, basic, url.Values{"scope": {"openid identity"}}},
		{clientauth.ClientSecretPost, "", url.Values{"client_id": {"desk"}, "client_secret": {markerSecret}, "scope": {"openid identity"}}},
	}
	for _, tt := range tests {
		t.Run(string(tt.method), func(t *testing.T) {
			h := newHouse()
			var header string
			watched := tripper(func(r *http.Request) (*http.Response, error) {
				if strings.HasSuffix(r.URL.Path, "/device") {
					header = r.Header.Get("Authorization")
				}
				return h.RoundTrip(r)
			})
			s, _ := h.source(t, token.DeviceCode, func(c *token.Config) {
				c.HTTPClient = &http.Client{Transport: watched}
				c.Identify = identify(t, clientauth.Credentials{Method: tt.method, ClientID: "desk", Secret: secret.New(markerSecret)})
			})
			if _, err := s.SignIn(t.Context()); err != nil {
				t.Fatalf("SignIn() = %v", err)
			}
			if diff := cmp.Diff([]url.Values{tt.form}, h.sent("/device")); diff != "" || header != tt.header {
				t.Errorf("Authorization %q, want %q; form (-want +got):\n%s", header, tt.header, diff)
			}
		})
	}
}

func TestDevicePrompt(t *testing.T) {
	const codes = `"device_code":"MARKER","user_code":"WDJB-MJHT"`
	tests := []struct {
		name, body string
		want       registration.SignInPrompt
		expires    time.Duration
	}{
		{
			"with all", `{` + codes + `,"verification_uri":"https://acme.test/go","verification_uri_complete":"https://acme.test/go?c=1","expires_in":60}`,
			registration.SignInPrompt{URL: "https://acme.test/go", CompleteURL: "https://acme.test/go?c=1", UserCode: "WDJB-MJHT"},
			time.Minute,
		},
		{
			"without a complete page or a life", `{` + codes + `,"verification_uri":"https://acme.test/go"}`,
			registration.SignInPrompt{URL: "https://acme.test/go", UserCode: "WDJB-MJHT"},
			10 * time.Minute,
		},
		{
			"without a complete page that is not https", `{` + codes + `,"verification_uri":"https://acme.test/go","verification_uri_complete":"http://acme.test/go?c=1","expires_in":1e300}`,
			registration.SignInPrompt{URL: "https://acme.test/go", UserCode: "WDJB-MJHT"},
			time.Hour,
		},
		{
			"without control characters", `{"device_code":"c","user_code":"W\u001b[31mD\u0007-\u202e\r\nM","verification_uri":"https://acme.test/go","expires_in":60}`,
			registration.SignInPrompt{URL: "https://acme.test/go", UserCode: "WD- M"},
			time.Minute,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h := newHouse()
				h.always("/device", step{status: 200, body: tt.body})
				s, _ := h.source(t, token.DeviceCode)
				begun, err := s.SignIn(t.Context())
				if err != nil {
					t.Fatalf("SignIn() = %v", err)
				}
				tt.want.Expires = time.Now().Add(tt.expires)
				if diff := cmp.Diff(tt.want, begun.Prompt()); diff != "" {
					t.Errorf("Prompt() (-want +got):\n%s", diff)
				}
			})
		})
	}
}

func TestDeviceAuthorizationsThatAreRefused(t *testing.T) {
	const codes = `"device_code":"MARKER","user_code":"u"`
	tests := []struct {
		name string
		give step
		kind registration.ProblemKind
		text string // in the sentence for staff
	}{
		{"a page that is not https", step{status: 200, body: `{` + codes + `,"verification_uri":"http://acme.test/go"}`}, registration.Misconfigured, `"http://acme.test/go"`},
		{"a page that is no page", step{status: 200, body: `{` + codes + `,"verification_uri":"javascript:alert(1)"}`}, registration.Misconfigured, "not https"},
		{"a page with invisible characters", step{status: 200, body: `{` + codes + `,"verification_uri":"https://acme.test/\u202ego"}`}, registration.Misconfigured, "not https"},
		{"no page", step{status: 200, body: `{` + codes + `}`}, registration.Unexpected, ""},
		{"no device code", step{status: 200, body: `{"user_code":"u","verification_uri":"https://acme.test/go"}`}, registration.Unexpected, ""},
		{"a user code with nothing to see", step{status: 200, body: `{"device_code":"c","user_code":"\u0007","verification_uri":"https://acme.test/go"}`}, registration.Unexpected, ""},
		{"nonsense", step{status: 200, body: `<html>` + markerText}, registration.Unexpected, ""},
		{"a client without the grant", refuses("unauthorized_client"), registration.Misconfigured, "device_code"},
		{"a scope that the client lacks", refuses("invalid_scope"), registration.Misconfigured, "auth.scopes"},
		{"a tenant in trouble", step{status: 502, body: markerText}, registration.Unavailable, ""},
		{"a connection that fails", step{}, registration.Unavailable, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := newHouse()
			h.always("/device", tt.give)
			s, _ := h.source(t, token.DeviceCode)
			_, err := s.SignIn(t.Context())
			if staff := wantKind(t, "SignIn()", err, tt.kind); !strings.Contains(staff, tt.text) {
				t.Errorf("Staff = %q, want %q in it", staff, tt.text)
			}
		})
	}
}

func TestSignInThatTheTenantHasNot(t *testing.T) {
	tests := []struct {
		grant token.Grant
		text  string
	}{
		{token.DeviceCode, "device flow"},
		{token.AuthorizationCode, "authorization code flow"},
		{token.ClientCredentials, "auth.grant is client_credentials"},
	}
	for _, tt := range tests {
		t.Run(string(tt.grant), func(t *testing.T) {
			h := newHouse()
			h.always("/.well-known/openid-configuration", step{status: http.StatusNotFound})
			s, _ := h.source(t, tt.grant)
			_, err := s.SignIn(t.Context())
			if staff := wantKind(t, "SignIn()", err, registration.Misconfigured); !strings.Contains(staff, tt.text) {
				t.Errorf("Staff = %q, want %q in it", staff, tt.text)
			}
		})
	}
}
