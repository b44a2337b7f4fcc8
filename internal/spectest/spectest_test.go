package spectest_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"foyer/internal/spectest"
)

const (
	poolPath   = "/api/identity/default/system/pools/customers/"
	createPath = poolPath + "users"
)

// A record is a testing.TB that keeps what would have failed the test.
type record struct {
	testing.TB

	failures []string
}

func (r *record) Helper() {}

func (r *record) Errorf(format string, args ...any) {
	r.failures = append(r.failures, fmt.Sprintf(format, args...))
}

func TestTransport(t *testing.T) {
	const user = `{"tenant_id":"default","user_pool_id":"customers","status":"active"}`
	tests := []struct {
		name   string
		path   string
		send   string
		status int
		answer string
		want   string // part of the failure; "" for none
	}{
		{"lets pass what is described", createPath, `{"status":"active"}`, 201, user, ""},
		{"bears strings in a payload", createPath, `{"status":"active","payload":{"given_name":"Ann"}}`, 201, user, ""},
		{"bears arrays that are null", createPath, `{"status":"active","credentials":null}`, 201, user, ""},
		{"excuses a request that was refused", createPath, `{}`, 422, `{"status_code":422}`, ""},
		{"knows 413 beside 412", createPath, `{"status":"active"}`, 413, `{"status_code":413}`, ""},
		{"knows 429 where guesses are limited", poolPath + "user/otp/verify", `{"code":"1"}`, 429, `{"status_code":429}`, ""},
		{"leaves other paths alone", "/elsewhere", `{}`, 500, `x`, ""},
		{"sees a member missing from a request", createPath, `{}`, 201, user, `"status" is missing`},
		{"sees an unknown member in a request", createPath, `{"status":"active","staus":1}`, 201, user, `"staus" is unsupported`},
		{"sees a member missing from an answer", createPath, `{"status":"active"}`, 201, `{"status":"active"}`, `is missing`},
		{"sees an unknown member in an answer", createPath, `{"status":"active"}`, 409, `{"reason":"x"}`, `"reason" is unsupported`},
		{"sees a value outside its enumeration", createPath, `{"status":"awake"}`, 201, user, "not one of the allowed values"},
		{"sees a status that is not described", createPath, `{"status":"active"}`, 418, `{}`, "status is not supported"},
		{"sees a path that is not described", "/api/identity/default/system/pool", `{}`, 201, user, "is not described"},
		{"sees an answer that is not JSON", createPath, `{"status":"active"}`, 201, `<html>`, "answer 201"},
	}
	spec := spectest.Load(t, "identitysystem.yaml")
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if got, _ := io.ReadAll(r.Body); string(got) != tt.send {
					t.Errorf("the server got %q, want %q", got, tt.send)
				}
				w.Header().Set("Content-Type", "application/json")
				w.WriteHeader(tt.status)
				_, _ = io.WriteString(w, tt.answer)
			}))
			defer server.Close()
			seen := &record{TB: t}
			req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL+tt.path, strings.NewReader(tt.send))
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Content-Type", "application/json")
			req.Header.Set("Authorization", "Bearer x")
			resp, err := spec.Transport(seen, server.Client().Transport).RoundTrip(req)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = resp.Body.Close() }()
			if got, _ := io.ReadAll(resp.Body); string(got) != tt.answer {
				t.Errorf("the client got %q, want %q", got, tt.answer)
			}
			failures := strings.Join(seen.failures, "\n")
			if (tt.want == "") != (failures == "") || !strings.Contains(failures, tt.want) {
				t.Errorf("failures = %q, want %q", failures, tt.want)
			}
		})
	}
}

func TestCheckAsksForToken(t *testing.T) {
	spec := spectest.Load(t, "identitysystem.yaml")
	seen := &record{TB: t}
	req := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/api/identity/default/system/pools", nil)
	resp := &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}}}
	spec.Check(seen, req, nil, resp, []byte(`{"pools":[]}`))
	if got := strings.Join(seen.failures, "\n"); !strings.Contains(got, "no bearer token") {
		t.Errorf("failures = %q, want the missing token", got)
	}
}

func TestPublicPathsAreOfTheWorkspaceDefault(t *testing.T) {
	spec := spectest.Load(t, "public.yaml")
	for path, want := range map[string]string{
		"/default/default/authn/otp/transient/x": "", "/default/system/authn/otp/transient/x": "is not described",
	} {
		seen := &record{TB: t}
		req := httptest.NewRequestWithContext(t.Context(), http.MethodPost, path, nil)
		resp := &http.Response{StatusCode: http.StatusUnprocessableEntity, Header: http.Header{"Content-Type": {"application/json"}}}
		spec.Check(seen, req, []byte(`{}`), resp, []byte(`{"status_code":422}`))
		if got := strings.Join(seen.failures, "\n"); (want == "") != (got == "") || !strings.Contains(got, want) {
			t.Errorf("failures for %s = %q, want %q", path, got, want)
		}
	}
}

func TestFormMissesRequiredParameter(t *testing.T) {
	spec := spectest.Load(t, "oauth2.yaml")
	seen := &record{TB: t}
	req := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/default/system/oauth2/token", nil)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp := &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}}}
	spec.Check(seen, req, []byte("scope=identity"), resp, []byte(`{"access_token":"x","token_type":"bearer"}`))
	if got := strings.Join(seen.failures, "\n"); !strings.Contains(got, "grant_type") {
		t.Errorf("failures = %q, want the missing grant_type", got)
	}
}

func TestOAuthErrorsOfBothShapes(t *testing.T) {
	spec := spectest.Load(t, "oauth2.yaml")
	for _, body := range []string{
		`{"error":"Too many requests","error_code":429,"error_hint":""}`,
		`{"error":"invalid_client","error_description":"","error_hint":"","cause":"","status_code":401}`,
	} {
		form := "grant_type=client_credentials"
		req := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/default/system/oauth2/token", nil)
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		resp := &http.Response{StatusCode: http.StatusUnauthorized, Header: http.Header{"Content-Type": {"application/json"}}}
		spec.Check(t, req, []byte(form), resp, []byte(body))
	}
}
