package token_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"foyer/internal/clientauth"
	"foyer/internal/registration"
	"foyer/internal/token"
)

// answering returns a handler for an issuer at its server's root that answers token requests with s.
func answering(s step) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			_, _ = fmt.Fprintf(w, `{"issuer":"http://%s","token_endpoint":"http://%s/oauth2/token"}`, r.Host, r.Host)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		for name, values := range s.header {
			w.Header()[name] = values
		}
		w.WriteHeader(s.status)
		_, _ = w.Write([]byte(s.body))
	}
}

func TestTokenAnswers(t *testing.T) {
	const html = "<html><body>" + markerText + "</body></html>"
	traced := http.Header{"X-Trace-Id": {"t-1"}}
	tests := []struct {
		name  string
		give  step
		kind  registration.ProblemKind
		code  string
		staff string // a part of it; "" when there must be none
	}{
		{
			"a wrong secret",
			step{401, traced, `{"error":"invalid_client","error_description":"` + markerText + `","status_code":401}`},
			registration.Misconfigured, "invalid_client", "auth.client_secret",
		},
		{
			"a client without the grant",
			step{400, traced, `{"error":"unauthorized_client"}`},
			registration.Misconfigured, "unauthorized_client", "client_credentials",
		},
		{
			"a grant that the tenant lacks",
			step{400, traced, `{"error":"unsupported_grant_type"}`},
			registration.Misconfigured, "unsupported_grant_type", "client_credentials",
		},
		{
			"a scope that the client lacks",
			step{400, traced, `{"error":"invalid_scope","error_hint":"` + markerText + `"}`},
			registration.Misconfigured, "invalid_scope", "auth.scopes",
		},
		{
			"a generic error",
			step{404, traced, `{"error":"The requested resource could not be found","error_code":404}`},
			registration.Misconfigured, "404", "auth.issuer_url",
		},
		{
			"a request that the tenant finds invalid",
			step{400, traced, `{"error":"invalid_request"}`},
			registration.Misconfigured, "invalid_request", "the grant client_credentials",
		},
		{"a sentence for a code", step{400, traced, `{"error":"no ` + markerText + ` here"}`}, registration.Misconfigured, "", "auth.client_id"},
		{
			"an error with a status of success",
			step{200, traced, `{"error":"invalid_scope"}`},
			registration.Misconfigured, "invalid_scope", "auth.scopes",
		},
		{"a tenant in trouble", step{503, traced, `{"error":"` + markerText + ` x","error_code":503}`}, registration.Unavailable, "503", ""},
		{"a page from a proxy in trouble", step{502, http.Header{"Content-Type": {"text/html"}}, html}, registration.Unavailable, "", ""},
		{"an error that will pass", step{400, traced, `{"error":"temporarily_unavailable"}`}, registration.Unavailable, "temporarily_unavailable", ""},
		{"too many requests without a time", step{429, traced, `{}`}, registration.TooMany, "", ""},
		{"a page instead of a token", step{200, http.Header{"Content-Type": {"text/html"}}, html}, registration.Unexpected, "", ""},
		{"half a token", step{200, traced, `{"access_token":"` + markerToken}, registration.Unexpected, "", ""},
		{"a body that breaks off", step{200, http.Header{"Content-Length": {"1000"}}, `{"access_token":"` + markerToken}, registration.Unavailable, "", ""},
		{
			"an endless body",
			step{200, traced, `{"access_token":"x","token_type":"bearer"}` + strings.Repeat(" ", 1<<20)},
			registration.Unexpected, "", "",
		},
		{"an endless body of a tenant in trouble", step{500, traced, strings.Repeat("x", 1<<20+1)}, registration.Unavailable, "", ""},
		{"no body", step{200, traced, ""}, registration.Unexpected, "", ""},
		{"an empty token", step{200, traced, `{"access_token":"","token_type":"bearer"}`}, registration.Unexpected, "", ""},
		{"a token of two lines", step{200, traced, `{"access_token":"` + markerToken + `\r\nx","token_type":"bearer"}`}, registration.Unexpected, "", ""},
		{
			"a token of another type",
			step{200, traced, `{"access_token":"` + markerToken + `","token_type":"DPoP"}`},
			registration.Misconfigured, "", "DPoP",
		},
		{"a token without a type", step{200, traced, `{"access_token":"` + markerToken + `"}`}, registration.Misconfigured, "", "bearer"},
		{
			"a scope too few",
			step{200, traced, `{"access_token":"` + markerToken + `","token_type":"bearer","scope":"identity other"}`},
			registration.Misconfigured, "", "kiosk 1 the scope identity_self_registration;",
		},
		{"a redirect", step{307, http.Header{"Location": {"/elsewhere"}}, ""}, registration.Unexpected, "", "auth.issuer_url"},
		{"a redirect to nowhere", step{302, nil, ""}, registration.Unexpected, "", "auth.issuer_url"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, log := serve(t, answering(tt.give))
			_, err := s.Token(t.Context())
			var known *token.Error
			if !errors.As(err, &known) {
				t.Fatalf("Token() = %v, want an *Error", err)
			}
			p := known.Problem()
			if p.Kind != tt.kind || known.Code != tt.code || known.Status != tt.give.status {
				t.Errorf("Token() = %v of kind %s, code %q, status %d, want kind %s, code %q, status %d",
					err, p.Kind, known.Code, known.Status, tt.kind, tt.code, tt.give.status)
			}
			if !strings.Contains(p.Staff, tt.staff) || (tt.staff == "") != (p.Staff == "") {
				t.Errorf("Staff = %q, want %q in it", p.Staff, tt.staff)
			}
			if p.Unclear {
				t.Error("Unclear = true, want false: without a token nothing is sent")
			}
			if want := tt.give.header.Get("X-Trace-Id"); known.TraceID != want {
				t.Errorf("TraceID = %q, want %q", known.TraceID, want)
			}
			discloses(t, "error", fmt.Sprintf("%v %s", err, p.Staff))
			discloses(t, "log", log.String())
		})
	}
}

func TestTokenAcceptsWhatTheStandardAllows(t *testing.T) {
	tests := []struct{ name, body string }{
		{"a type in capitals", `{"access_token":"x","token_type":"BEARER","expires_in":60}`},
		{"no scope, which grants all", `{"access_token":"x","token_type":"bearer"}`},
		{"more scopes than were asked for", `{"access_token":"x","token_type":"bearer","scope":"a identity_self_registration identity"}`},
		{"a life in quotes", `{"access_token":"x","token_type":"bearer","expires_in":"60"}`},
		{"members that are unknown", `{"access_token":"x","token_type":"bearer","id_token":null,"extra":{"a":[1]}}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, _ := serve(t, answering(step{status: 200, body: tt.body}))
			if got := mustToken(t, s); got.AccessToken != "x" || got.Type() != "Bearer" {
				t.Errorf("Token() = %s of type %s, want x of type Bearer", got.AccessToken, got.Type())
			}
		})
	}
}

func TestTokenRequest(t *testing.T) {
	const form = "grant_type=client_credentials&scope=identity+identity_self_registration"
	tests := []struct {
		method     clientauth.Method
		basic      string
		wantedForm string
	}{
		{clientauth.ClientSecretBasic, "kiosk+1:MARKER%2Bsecret%2F%25%3D%26%3F", form}, // form-encoded: RFC 6749, 2.3.1
		{clientauth.ClientSecretPost, ":", "client_id=kiosk+1&client_secret=MARKER%2Bsecret%2F%25%3D%26%3F&" + form},
	}
	for _, tt := range tests {
		t.Run(string(tt.method), func(t *testing.T) {
			var got []string
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodPost {
					id, secret, _ := r.BasicAuth()
					_ = r.ParseForm()
					got = []string{r.URL.Path, id + ":" + secret, r.PostForm.Encode(), r.Header.Get("Content-Type"), r.Header.Get("Accept")}
				}
				answering(granted("a", 60))(w, r)
			}))
			t.Cleanup(server.Close)
			s, _ := sourceOf(t, server.URL, tt.method, server.Client())
			wantToken(t, s, "a")
			want := []string{"/oauth2/token", tt.basic, tt.wantedForm, "application/x-www-form-urlencoded", "application/json"}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("token request (-want +got):\n%s", diff)
			}
		})
	}
}

func TestTokenRequestIsNotRedirected(t *testing.T) {
	travelled := false
	s, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		travelled = travelled || r.URL.Path == "/elsewhere"
		answering(step{http.StatusTemporaryRedirect, http.Header{"Location": {"/elsewhere"}}, ""})(w, r)
	})
	if _, err := s.Token(t.Context()); err == nil || travelled {
		t.Errorf("Token() = %v and the request travelled: %t, want an error and false", err, travelled)
	}
}

func TestTokenWithoutMeans(t *testing.T) {
	server := httptest.NewServer(answering(step{200, nil, ""}))
	t.Cleanup(server.Close)
	u, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	_, broken := clientauth.New(clientauth.Credentials{Method: clientauth.PrivateKeyJWT, ClientID: "kiosk", Audience: server.URL})
	s := token.NewSource(token.Config{
		IssuerURL: u, ClientID: "kiosk", Grant: token.ClientCredentials, HTTPClient: server.Client(),
		Identify: func() (token.Identity, error) { return token.Identity{}, broken },
	})
	_, err = s.Token(t.Context())
	p := registration.AsProblem(err, "")
	if p == nil || p.Kind != registration.Misconfigured || !strings.Contains(p.Staff, "auth.signing_key_file") {
		t.Errorf("Token() = %v, %+v, want misconfigured with auth.signing_key_file", err, p)
	}
}

func TestTokenRetryAfter(t *testing.T) {
	tests := []struct {
		name, give string
		low, high  time.Duration
	}{
		{"seconds", "30", 30 * time.Second, 30 * time.Second},
		{"a date to come", time.Now().Add(time.Minute).UTC().Format(http.TimeFormat), 50 * time.Second, time.Minute},
		{"a date that has passed", "Mon, 02 Jan 2006 15:04:05 GMT", 0, 0},
		{"more than an hour", "4000000000", time.Hour, time.Hour},
		{"nonsense", "soon", 0, 0},
		{"a negative number", "-5", 0, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, _ := serve(t, answering(step{503, http.Header{"Retry-After": {tt.give}}, ""}))
			_, err := s.Token(t.Context())
			p := registration.AsProblem(err, "")
			if p == nil || p.Kind != registration.Unavailable || p.RetryAfter < tt.low || p.RetryAfter > tt.high {
				t.Errorf("Token() = %v, %+v, want unavailable with RetryAfter between %v and %v", err, p, tt.low, tt.high)
			}
		})
	}
}
