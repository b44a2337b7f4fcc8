package sandbox_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"foyer/internal/sandbox"
)

func TestFaultMatches(t *testing.T) {
	tests := []struct {
		match, method, path string
		want                bool
	}{
		{"", http.MethodGet, "/pools", true},
		{"POST", http.MethodPost, users, true},
		{"POST", http.MethodGet, users, false},
		{"/users", http.MethodGet, users, true},
		{"POST /users", http.MethodPost, users, true},
		{"POST /users", http.MethodGet, users, false},
		{"POST /users", http.MethodPost, users + "/by_key", true},
		{"POST /users$", http.MethodPost, users, true},
		{"POST /users$", http.MethodPost, users + "/by_key", false},
		{"/by_key$", http.MethodPost, users + "/by_key", true},
		{"GET /schemas", http.MethodGet, "/pools", false},
	}
	for _, tt := range tests {
		t.Run(tt.match+" for "+tt.method+" "+tt.path, func(t *testing.T) {
			h := start(t)
			h.Misbehave(sandbox.Fault{Match: tt.match, Status: http.StatusTeapot})
			if got := h.api(t, tt.method, tt.path, "").status == http.StatusTeapot; got != tt.want {
				t.Errorf("the fault applied: %v, want %v", got, tt.want)
			}
		})
	}
}

func TestFaultStatus(t *testing.T) {
	h := start(t)
	h.Misbehave(
		sandbox.Fault{Status: 503, RetryAfter: 4200 * time.Millisecond, Match: "/pools", Times: 2},
		sandbox.Fault{Status: 429, Times: 1},
	)
	for i, want := range []int{503, 503, 429, 200} {
		got := h.api(t, http.MethodGet, "/pools", "")
		if got.status != want {
			t.Errorf("call %d = %d, want %d", i, got.status, want)
		}
		if after := got.header.Get("Retry-After"); (after == "5") != (want == 503) {
			t.Errorf("call %d has Retry-After %q, want 5 with 503 only", i, after)
		}
	}
}

func TestFaultDoesNoWork(t *testing.T) {
	h := start(t)
	h.Misbehave(sandbox.Fault{Status: 500, Match: "POST /users$", Times: 1})
	h.api(t, http.MethodPost, users, user("ann@example.com", ""))
	if got := h.api(t, http.MethodPost, users+"/by_key", `{"identifier":"ann@example.com"}`); got.status != http.StatusNotFound {
		t.Errorf("the user after a 500 = %d, want 404", got.status)
	}
}

// TestFaultTellsWrong has the work done, or not, and the client told otherwise.
func TestFaultTellsWrong(t *testing.T) {
	tests := []struct {
		name   string
		fault  sandbox.Fault
		status int    // of the answer; 0 for none
		kind   string // its Content-Type
		user   int    // status of the look-up afterwards
	}{
		{"a status before the work", sandbox.Fault{Status: 502}, 502, "application/json", http.StatusNotFound},
		{"a status after the work", sandbox.Fault{Status: 502, After: true}, 502, "application/json", http.StatusOK},
		{"a page before the work", sandbox.Fault{Page: true}, 200, "text/html; charset=utf-8", http.StatusNotFound},
		{"a page after the work", sandbox.Fault{Page: true, After: true}, 200, "text/html; charset=utf-8", http.StatusOK},
		{"half an answer on the wire", sandbox.Fault{Drop: sandbox.DropWithin}, 0, "", http.StatusOK},
		{"an answer that drips", sandbox.Fault{Drip: time.Millisecond}, 201, "application/json", http.StatusOK},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := start(t)
			tt.fault.Match = "POST /users$"
			h.Misbehave(tt.fault)
			got, err := h.tryKeyed(t, strings.Repeat("k", 32), user("ann@example.com", ""))
			if (err != nil) != (tt.status == 0) || got.status != tt.status && tt.status != 0 || got.header.Get("Content-Type") != tt.kind && tt.status != 0 {
				t.Errorf("create = %d %q, %v, want %d %q", got.status, got.header.Get("Content-Type"), err, tt.status, tt.kind)
			}
			if got := h.api(t, http.MethodPost, users+"/by_key", `{"identifier":"ann@example.com"}`); got.status != tt.user {
				t.Errorf("the user afterwards = %d, want %d", got.status, tt.user)
			}
		})
	}
}

func TestFaultDrops(t *testing.T) {
	for drop, want := range map[sandbox.Drop]int{sandbox.DropBefore: http.StatusNotFound, sandbox.DropAfter: http.StatusOK} {
		t.Run(string(drop), func(t *testing.T) {
			h := start(t)
			h.client.Transport = &http.Transport{DisableKeepAlives: true} // on a kept connection Go itself tries again
			h.Misbehave(sandbox.Fault{Drop: drop, Match: "POST /users$"})
			if got, err := h.tryKeyed(t, strings.Repeat("k", 32), user("ann@example.com", "")); err == nil {
				t.Errorf("create = %d, want no answer", got.status)
			}
			if got := h.api(t, http.MethodPost, users+"/by_key", `{"identifier":"ann@example.com"}`); got.status != want {
				t.Errorf("the user afterwards = %d, want %d", got.status, want)
			}
		})
	}
}

func TestFaultSpoilsBodies(t *testing.T) {
	h := start(t)
	h.Misbehave(sandbox.Fault{Malformed: true, Times: 1}, sandbox.Fault{Oversized: true, Times: 1})
	got := h.api(t, http.MethodGet, "/pools", "")
	if got.status != http.StatusOK || got.body == "" || json.Valid([]byte(got.body)) {
		t.Errorf("malformed = %d %q, want 200 and half a body", got.status, got.body)
	}
	got = h.api(t, http.MethodGet, "/pools", "")
	if got.status != http.StatusOK || len(got.body) < 2<<20 || !json.Valid([]byte(got.body)) {
		t.Errorf("oversized = %d and %d bytes, want 200 and 2 MiB of JSON", got.status, len(got.body))
	}
	h.Misbehave(sandbox.Fault{Oversized: true})
	id := h.idOf(t, "bo@example.com")
	if got := h.api(t, http.MethodDelete, users+"/"+id, ""); got.status != http.StatusNoContent || got.header.Get("Content-Type") != "" {
		t.Errorf("oversized delete = %d of type %q, want 204 of none", got.status, got.header.Get("Content-Type"))
	}
}

// idOf makes a user without faults and returns the id.
func (h *harness) idOf(t *testing.T, email string) string {
	t.Helper()
	h.Misbehave()
	return h.create(t, "customers", user(email, "")).text(t, "id")
}

func TestFaultTakesTime(t *testing.T) {
	tests := []struct {
		name  string
		fault sandbox.Fault
	}{
		{"hanging", sandbox.Fault{Hang: true}},
		{"hanging when the work is done", sandbox.Fault{Hang: true, After: true}},
		{"a body that drips", sandbox.Fault{Drip: time.Hour}},
		{"latency", sandbox.Fault{Latency: time.Hour}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := start(t)
			h.Misbehave(tt.fault)
			ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
			defer cancel()
			_, err := h.try(t, http.MethodGet, "/api/identity/default/system/pools", "", func(r *http.Request) { *r = *r.WithContext(ctx) })
			if err == nil || ctx.Err() == nil {
				t.Errorf("the call ended with %v, want it to last as long as its context", err)
			}
			h.Misbehave()
			if got := h.api(t, http.MethodGet, "/pools", ""); got.status != http.StatusOK {
				t.Errorf("the next call = %d, want 200", got.status)
			}
		})
	}
}

func TestFaultLatencyPasses(t *testing.T) {
	h := start(t)
	h.Misbehave(sandbox.Fault{Latency: 15 * time.Millisecond})
	began := time.Now()
	if got := h.api(t, http.MethodGet, "/pools", ""); got.status != http.StatusOK || time.Since(began) < 15*time.Millisecond {
		t.Errorf("a call with latency = %d after %v, want 200 after 15ms", got.status, time.Since(began))
	}
}

func TestFaultStripsScope(t *testing.T) {
	h := start(t)
	h.Misbehave(sandbox.Fault{StripScope: sandbox.ScopeSelfRegistration})
	got := h.askToken(t, "grant_type=client_credentials&scope=identity+identity_self_registration", h.basic)
	if scope := got.text(t, "scope"); scope != "identity" {
		t.Errorf("scope = %q, want identity", scope)
	}
	h.Misbehave(sandbox.Fault{StripScope: sandbox.ScopeIdentity})
	h.token = h.askToken(t, "grant_type=client_credentials", h.basic).text(t, "access_token")
	if got := h.api(t, http.MethodGet, "/pools", ""); got.status != http.StatusForbidden {
		t.Errorf("a call without the scope = %d, want 403", got.status)
	}
}

func TestErrorShapes(t *testing.T) {
	conflict := map[string]any{
		"status_code": 409.0, "error": "A user with the same identifier exists", "error_code": "conflict",
		"details": map[string]any{"/identifiers/0": "is taken"},
	}
	without := func(names ...string) map[string]any {
		m := map[string]any{}
		for name, value := range conflict {
			m[name] = value
		}
		for _, name := range names {
			delete(m, name)
		}
		return m
	}
	tests := []struct {
		shape sandbox.ErrorShape
		kind  string         // Content-Type
		want  map[string]any // nil for no JSON
		oauth map[string]any
	}{
		{sandbox.ShapeOfficial, "application/json", conflict, map[string]any{
			"error": "invalid_scope", "error_description": "The client may not ask for one of these scopes",
			"error_hint": "", "cause": "", "status_code": 400.0,
		}},
		{sandbox.ShapeNoDetails, "application/json", without("details"), map[string]any{"error": "invalid_scope"}},
		{sandbox.ShapeStringCode, "application/json", without("details", "status_code"), map[string]any{
			"error": "The client may not ask for one of these scopes", "error_code": "bad_request",
		}},
		{sandbox.ShapeNumericCode, "application/json", map[string]any{
			"error": "A user with the same identifier exists", "error_code": 409.0, "error_hint": "Conflict",
		}, map[string]any{
			"error": "The client may not ask for one of these scopes", "error_code": 400.0, "error_hint": "Bad Request",
		}},
		{sandbox.ShapeHTML, "text/html; charset=utf-8", nil, nil},
		{sandbox.ShapeEmpty, "", nil, nil},
	}
	for _, tt := range tests {
		t.Run("shape "+string(tt.shape), func(t *testing.T) {
			h := start(t)
			h.create(t, "customers", user("ann@example.com", ""))
			h.Misbehave(sandbox.Fault{ErrorShape: tt.shape})
			for _, c := range []struct {
				got    answer
				status int
				want   map[string]any
			}{
				{h.api(t, http.MethodPost, users, user("ann@example.com", "")), http.StatusConflict, tt.want},
				{h.askToken(t, "grant_type=client_credentials&scope=x", h.basic), http.StatusBadRequest, tt.oauth},
			} {
				if kind := c.got.header.Get("Content-Type"); c.got.status != c.status || kind != tt.kind {
					t.Errorf("answer = %d %q, want %d %q", c.got.status, kind, c.status, tt.kind)
				}
				if c.want == nil {
					if (c.got.body == "") != (tt.shape == sandbox.ShapeEmpty) || json.Valid([]byte(c.got.body)) {
						t.Errorf("body = %q", c.got.body)
					}
					continue
				}
				if diff := cmp.Diff(c.want, c.got.object(t)); diff != "" {
					t.Errorf("body (-want +got):\n%s", diff)
				}
			}
		})
	}
}

func TestFaultJSON(t *testing.T) {
	whole := sandbox.Fault{
		Latency: 200 * time.Millisecond, Hang: true, Drop: sandbox.DropAfter, Status: 503, Page: true, After: true, RetryAfter: 5 * time.Second,
		ErrorShape: sandbox.ShapeHTML, StripScope: "identity", Malformed: true, Oversized: true, Drip: time.Second, Match: "POST /users", Times: 2,
	}
	data, err := json.Marshal(whole)
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"latency":"200ms","hang":true,"drop":"after","status":503,"page":true,"after":true,"retry_after":"5s","error_shape":"html",` +
		`"strip_scope":"identity","malformed":true,"oversized":true,"drip":"1s","match":"POST /users","times":2}`
	if string(data) != want {
		t.Errorf("Marshal = %s, want %s", data, want)
	}
	var read sandbox.Fault
	if err := json.Unmarshal(data, &read); err != nil || read != whole {
		t.Errorf("Unmarshal(%s) = %+v, %v, want %+v", data, read, err, whole)
	}
}

func TestFaultJSONRefuses(t *testing.T) {
	for _, give := range []string{
		`{"latncy":"1s"}`, `{"latency":1}`, `{"latency":"soon"}`, `{"latency":"-1s"}`, `{"retry_after":"x"}`, `{"status":200}`,
		`{"status":600}`, `{"drop":"never"}`, `{"after":true}`, `{"drip":"-1s"}`, `{"error_shape":"xml"}`, `{"times":-1}`, `[]`,
	} {
		var f sandbox.Fault
		if err := json.Unmarshal([]byte(give), &f); err == nil {
			t.Errorf("Unmarshal(%s) = %+v, want an error", give, f)
		}
	}
	var f sandbox.Fault
	if err := json.Unmarshal([]byte(`{"error_shape":"official"}`), &f); err != nil || f != (sandbox.Fault{}) {
		t.Errorf("Unmarshal(official) = %+v, %v, want the zero Fault", f, err)
	}
}
