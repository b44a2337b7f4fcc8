package sandbox_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

// follow opens a link, or sends its page's form, as a browser on this machine does.
func (h *harness) follow(t *testing.T, method, link, form string) answer {
	t.Helper()
	return h.send(t, method, strings.TrimPrefix(link, h.server.URL), form, func(r *http.Request) {
		if method == http.MethodPost {
			r.Header.Set("Origin", h.server.URL)
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		}
	})
}

// invitation makes a new user in a pool and returns the link that they were sent, and their id.
func (h *harness) invitation(t *testing.T, pool, mode string) (link, id string) {
	t.Helper()
	id = h.create(t, pool, newcomer("una", guestAddress)).text(t, "id")
	h.api(t, http.MethodPost, "/pools/"+pool+"/users/"+id+"/activation/send?mode="+mode, `{}`)
	return h.messageTo(t, guestAddress).Link, id
}

func TestLinkPages(t *testing.T) {
	field := `<input id="password" name="password" type="password"`
	tests := []struct {
		name  string
		link  func(*testing.T, *harness) string
		want  []string
		field bool
	}{
		{"an activation asks for a password", func(t *testing.T, h *harness) string {
			t.Helper()
			link, _ := h.invitation(t, "customers", "registration")
			return link
		}, []string{"<h1>Your account at Customers</h1>", guestAddress, "<button>Activate</button>"}, true},
		{"an invitation asks for a password", func(t *testing.T, h *harness) string {
			t.Helper()
			link, _ := h.invitation(t, "customers", "invitation")
			return link
		}, []string{"<h1>Your invitation to Customers</h1>", "<button>Accept</button>"}, true},
		{"a pool without passwords asks for none", func(t *testing.T, h *harness) string {
			t.Helper()
			link, _ := h.invitation(t, "passwordless", "invitation")
			return link
		}, []string{"<h1>Your invitation to Passwordless</h1>", "<button>Accept</button>"}, false},
		{"a user with a password is asked for none", func(t *testing.T, h *harness) string {
			t.Helper()
			h.register(t, "", object("identifier", guestAddress, "password", good))
			return h.messageTo(t, guestAddress).Link
		}, []string{"<button>Activate</button>"}, false},
		{"an address is confirmed", func(t *testing.T, h *harness) string {
			t.Helper()
			_, id := h.invitation(t, "customers", "registration")
			h.api(t, http.MethodPost, users+"/"+id+"/address/verification/request?code_type_in_message=link", object("address", guestAddress))
			return h.messageTo(t, guestAddress).Link
		}, []string{"<h1>Your address at Customers</h1>", guestAddress, "<button>Confirm</button>"}, false},
		{"another code is for another program", func(t *testing.T, h *harness) string {
			t.Helper()
			_, id := h.invitation(t, "customers", "registration")
			h.api(t, http.MethodPost, pool+"/user/totp/reset/request", object("userID", id, "address", guestAddress))
			return h.messageTo(t, guestAddress).Link
		}, []string{"<h1>Go on where you came from</h1>"}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := start(t)
			link := tt.link(t, h)
			for range 2 { // looking uses nothing up
				got := h.follow(t, http.MethodGet, link, "")
				if got.status != http.StatusOK || got.header.Get("Content-Type") != "text/html; charset=utf-8" {
					t.Fatalf("GET = %d of type %s, want 200 and a page", got.status, got.header.Get("Content-Type"))
				}
				for _, want := range tt.want {
					if !strings.Contains(got.body, want) {
						t.Errorf("the page lacks %q:\n%s", want, got.body)
					}
				}
				if strings.Contains(got.body, field) != tt.field || strings.Contains(got.body, "<script") {
					t.Errorf("the page has a password field: %v, want %v, and no script:\n%s", !tt.field, tt.field, got.body)
				}
				policy := got.header.Get("Content-Security-Policy")
				if !strings.HasPrefix(policy, "default-src 'none';") || got.header.Get("Cache-Control") != "no-store" {
					t.Errorf("the page has the policy %q, cache %q", policy, got.header.Get("Cache-Control"))
				}
			}
		})
	}
}

func TestLinksWork(t *testing.T) {
	tests := []struct {
		name, pool, form string
		want             int
		page             string
		status           string // of the user afterwards
	}{
		{"with a password", "customers", "password=" + url.QueryEscape(good), 200, "<h1>Your account is active</h1>", "active"},
		{"not without one", "customers", "", 422, "password is required", "new"},
		{"not with a weak one", "customers", "password=password1", 422, "password does not meet the password policy: strength", "new"},
		{"without one where there are none", "passwordless", "", 200, "<h1>Your account is active</h1>", "active"},
		{"not with what is no form", "passwordless", "%zz", 400, "<h1>That did not work</h1>", "new"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := start(t)
			link, id := h.invitation(t, tt.pool, "invitation")
			got := h.follow(t, http.MethodPost, link, tt.form)
			if got.status != tt.want || !strings.Contains(got.body, tt.page) {
				t.Errorf("POST = %d, want %d and %q in\n%s", got.status, tt.want, tt.page, got.body)
			}
			if now := h.api(t, http.MethodGet, "/pools/"+tt.pool+"/users/"+id, ""); now.text(t, "status") != tt.status {
				t.Errorf("the user is %s, want %s", now.text(t, "status"), tt.status)
			}
			if tt.want == http.StatusOK {
				if again := h.follow(t, http.MethodPost, link, tt.form); again.status != http.StatusNotFound {
					t.Errorf("POST again = %d, want 404", again.status)
				}
			}
			if tt.pool == "customers" && tt.want == http.StatusOK {
				result := h.control(t, http.MethodPost, "sign-in", object("pool", "customers", "identifier", guestAddress, "password", good))
				if result.text(t, "result") != "signed_in" {
					t.Errorf("sign-in = %s, want signed_in", result.body)
				}
			}
		})
	}
}

func TestALinkConfirmsAnAddress(t *testing.T) {
	h := start(t)
	id := h.create(t, "customers", newcomer("una", guestAddress)).text(t, "id")
	ask := func() string {
		h.api(t, http.MethodPost, users+"/"+id+"/address/verification/request?code_type_in_message=link", object("address", guestAddress))
		return h.messageTo(t, guestAddress).Link
	}
	old := ask()
	link := ask()
	if got := h.follow(t, http.MethodPost, old, ""); got.status != http.StatusNotFound {
		t.Errorf("POST to a voided link = %d, want 404", got.status)
	}
	got := h.follow(t, http.MethodPost, link, "")
	if got.status != http.StatusOK || !strings.Contains(got.body, "<h1>Your address is confirmed</h1>") {
		t.Errorf("POST = %d, want 200 and a confirmation in\n%s", got.status, got.body)
	}
	if got := h.api(t, http.MethodPost, users+"/by_key", object("address", guestAddress)); got.text(t, "id") != id {
		t.Errorf("by_key = %d %s, want the user by the verified address", got.status, got.body)
	}
}

func TestDeadLinks(t *testing.T) {
	h := start(t)
	link, id := h.invitation(t, "customers", "registration")
	links := h.server.URL + "/sandbox/links/"
	h.clock.Advance(10 * time.Minute)
	for name, dead := range map[string]string{
		"an expired link": link, "a made-up link": links + "customers/x", "a link without a code": links + "customers/",
		"a link to nothing": links, "a link to a pool that is not there": strings.Replace(link, "customers", "nowhere", 1),
		"a link of another pool": strings.Replace(link, "customers", "employees", 1), "a longer link": link + "/x",
	} {
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			got := h.follow(t, method, dead, "")
			if got.status != http.StatusNotFound || !strings.Contains(got.body, "<h1>This link is no longer good</h1>") {
				t.Errorf("%s %s = %d, want 404 and a page that says so:\n%s", method, name, got.status, got.body)
			}
		}
	}
	if got := h.follow(t, http.MethodPut, link, ""); got.status != http.StatusMethodNotAllowed {
		t.Errorf("PUT = %d, want 405", got.status)
	}
	for range 4 {
		h.activate(t, id, "0")
	}
	got := h.follow(t, http.MethodGet, link, "")
	if got.status != http.StatusTooManyRequests || got.header.Get("Retry-After") != "60" || !strings.Contains(got.body, "Too many tries") {
		t.Errorf("GET after wrong codes = %d, Retry-After %q, want 429 and 60", got.status, got.header.Get("Retry-After"))
	}
}

func TestLinksAreForThisMachine(t *testing.T) {
	h := start(t)
	link, _ := h.invitation(t, "customers", "registration")
	path := strings.TrimPrefix(link, h.server.URL)
	tests := []struct {
		name, remote, host, origin string
		want                       int
	}{
		{"a browser here", "127.0.0.1:4000", "127.0.0.1:8080", "", 200},
		{"the page itself", "127.0.0.1:4000", "127.0.0.1:8080", "http://127.0.0.1:8080", 200},
		{"another page", "127.0.0.1:4000", "127.0.0.1:8080", "http://evil.example", 403},
		{"a page on another port", "127.0.0.1:4000", "127.0.0.1:8080", "http://127.0.0.1:8081", 403},
		{"a page on another scheme", "127.0.0.1:4000", "127.0.0.1:8080", "https://127.0.0.1:8080", 403},
		{"a page without an origin of its own", "127.0.0.1:4000", "127.0.0.1:8080", "null", 403},
		{"another machine", "192.0.2.1:4000", "127.0.0.1:8080", "", 403},
		{"another machine's page", "192.0.2.1:4000", "127.0.0.1:8080", "http://127.0.0.1:8080", 403},
		{"a name that was rebound", "127.0.0.1:4000", "evil.example", "http://evil.example", 403},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil)
			r.RemoteAddr, r.Host = tt.remote, tt.host
			if tt.origin != "" {
				r.Header.Set("Origin", tt.origin)
			}
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			if w.Code != tt.want {
				t.Errorf("GET link = %d, want %d", w.Code, tt.want)
			}
		})
	}
}
