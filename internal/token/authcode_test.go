package token_test

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"foyer/internal/registration"
	"foyer/internal/token"
)

const houseIssuer = "https://acme.test/acme/system"

// redirectTo makes address the redirect URI, and a browser of nobody.
func redirectTo(address string) func(*token.Config) {
	return func(c *token.Config) { c.Staff.RedirectURL, _ = url.Parse(address) }
}

// A browsing is a sign-in whose page a test has in its browser.
type browsing struct {
	*token.SignIn

	request string     // the authorization request
	page    url.Values // its parameters
	client  *http.Client
	polled  chan polled
}

// polled is what Poll returned.
type polled struct {
	registration.SignInProgress

	err error
}

// browse begins a sign-in of s in a browser, and polls.
func browse(ctx context.Context, t *testing.T, s *token.Source) *browsing {
	t.Helper()
	begun, err := s.SignIn(ctx)
	if err != nil {
		t.Fatalf("SignIn() = %v", err)
	}
	client := &http.Client{
		Transport:     &http.Transport{DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	page := leads(t, client, begun.Prompt().URL)
	b := &browsing{begun, page.String(), page.Query(), client, make(chan polled, 1)}
	go func() {
		progress, err := begun.Poll(ctx)
		b.polled <- polled{progress, err}
	}()
	return b
}

// leads returns where the short address of a prompt leads to.
func leads(t *testing.T, client *http.Client, address string) *url.URL {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	page, err := resp.Location()
	if err != nil || len(address) > 40 {
		t.Fatalf("the prompt %s is answered with %d: %v, want a short one that leads on", address, resp.StatusCode, err)
	}
	return page
}

// bring brings an authorization response to the redirect URI by method, and returns the status of the page.
func (b *browsing) bring(t *testing.T, method, path string, pairs ...string) int {
	t.Helper()
	to, err := url.Parse(b.page.Get("redirect_uri"))
	if err != nil {
		t.Fatal(err)
	}
	query := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		query.Add(pairs[i], pairs[i+1])
	}
	to.Path, to.RawQuery = to.Path+path, query.Encode()
	r, err := http.NewRequestWithContext(t.Context(), method, to.String(), http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := b.client.Do(r)
	if err != nil {
		t.Fatalf("%s %s: %v", method, to.Path, err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	discloses(t, "page", string(body))
	return resp.StatusCode
}

// good are the parameters of a good response, but for those that are given.
func (b *browsing) good(pairs ...string) []string {
	good := []string{}
	for _, p := range [][2]string{{"code", "MARKER-code"}, {"state", b.page.Get("state")}, {"iss", houseIssuer}} {
		if !has(pairs, p[0]) {
			good = append(good, p[0], p[1])
		}
	}
	return append(good, pairs...)
}

func has(pairs []string, name string) bool {
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i] == name {
			return true
		}
	}
	return false
}

func TestBrowserSignIn(t *testing.T) {
	h := newHouse()
	h.always("/userinfo", step{status: 200, body: `{"sub":"s-1","name":"Ann"}`})
	s, log := h.source(t, token.AuthorizationCode, redirectTo("http://127.0.0.1/callback"), func(c *token.Config) {
		c.Scopes = append(c.Scopes, "offline_access")
	})
	b := browse(t.Context(), t, s)
	for name, want := range map[string]string{
		"response_type": "code", "client_id": "desk", "scope": "openid identity offline_access", "code_challenge_method": "S256", "prompt": "login consent",
	} {
		if got := b.page.Get(name); got != want {
			t.Errorf("the authorization request has %s = %q, want %q", name, got, want)
		}
	}
	if len(b.page.Get("state")) < 20 || len(b.page.Get("nonce")) < 20 {
		t.Errorf("state and nonce are %q and %q, want at least 100 random bits", b.page.Get("state"), b.page.Get("nonce"))
	}
	if got := b.bring(t, http.MethodGet, "", b.good()...); got != http.StatusOK {
		t.Errorf("the page has status %d, want 200", got)
	}
	if got := <-b.polled; got.err != nil || !got.Done || got.Operator.Name != "Ann" {
		t.Errorf("Poll() = %+v, want Ann", got)
	}
	form := h.sent("/token")[0]
	sum := sha256.Sum256([]byte(form.Get("code_verifier")))
	if got := base64.RawURLEncoding.EncodeToString(sum[:]); got != b.page.Get("code_challenge") || len(form.Get("code_verifier")) < 43 {
		t.Errorf("the verifier %q does not fit the challenge %q", form.Get("code_verifier"), b.page.Get("code_challenge"))
	}
	if got := form.Get("redirect_uri"); got != b.page.Get("redirect_uri") || !strings.HasPrefix(got, "http://127.0.0.1:") || strings.HasPrefix(got, "http://127.0.0.1:0/") {
		t.Errorf("redirect_uri = %q, want that of the authorization request, %q, with its port", got, b.page.Get("redirect_uri"))
	}
	if form.Get("code") != "MARKER-code" || form.Get("grant_type") != "authorization_code" {
		t.Errorf("the token request is %v", form)
	}
	wantToken(t, s, "a")
	wantRefused(t, b)
	discloses(t, "log", log.String())
}

// wantRefused waits until nobody listens at the redirect URI.
func wantRefused(t *testing.T, b *browsing) {
	t.Helper()
	to, err := url.Parse(b.page.Get("redirect_uri"))
	if err != nil {
		t.Fatal(err)
	}
	eventually(t, "the port is closed", func() bool {
		c, err := new(net.Dialer).DialContext(t.Context(), "tcp", to.Host)
		if err == nil {
			_ = c.Close()
		}
		return err != nil
	})
}

// eventually waits until what is so.
func eventually(t *testing.T, what string, so func() bool) {
	t.Helper()
	for range 2000 {
		if so() {
			return
		}
		pass(time.Millisecond)
	}
	t.Errorf("it is not so in two seconds that %s", what)
}

func TestBrowserSignInGoesOnAfterWhatIsNotItsOwn(t *testing.T) {
	tests := []struct {
		name   string
		method string
		path   string
		pairs  func(*browsing) []string
		status int
	}{
		{"a wrong state", http.MethodGet, "", func(b *browsing) []string { return b.good("state", "x") }, 400},
		{"no state", http.MethodGet, "", func(*browsing) []string { return []string{"code", "x"} }, 400},
		{"a wrong state with an error", http.MethodGet, "", func(*browsing) []string { return []string{"state", "x", "error", "access_denied"} }, 400},
		{"two states", http.MethodGet, "", func(b *browsing) []string { return append(b.good(), "state", "x") }, 400},
		{"two codes", http.MethodGet, "", func(b *browsing) []string { return append(b.good(), "code", "x") }, 400},
		{"another path", http.MethodGet, "/x", func(b *browsing) []string { return b.good() }, 404},
		{"a form", http.MethodPost, "", func(b *browsing) []string { return b.good() }, 405},
		{"a megabyte", http.MethodGet, "", func(b *browsing) []string { return b.good("x", strings.Repeat("x", 1<<20)) }, 431},
	}
	h := newHouse()
	s, _ := h.source(t, token.AuthorizationCode, redirectTo("http://127.0.0.1/callback"))
	b := browse(t.Context(), t, s)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := b.bring(t, tt.method, tt.path, tt.pairs(b)...); got != tt.status {
				t.Errorf("the page has status %d, want %d", got, tt.status)
			}
		})
	}
	b.bring(t, http.MethodGet, "", b.good()...)
	if got := <-b.polled; got.err != nil || !got.Done {
		t.Errorf("Poll() = %+v, want it done", got)
	}
	if got := len(h.sent("/token")); got != 1 {
		t.Errorf("%d token requests, want 1", got)
	}
}

func TestBrowserSignInFails(t *testing.T) {
	tests := []struct {
		name  string
		named bool // the tenant says that it names itself
		pairs []string
		kind  registration.ProblemKind
		text  string
	}{
		{"by another issuer", false, []string{"iss", "https://evil.test"}, registration.Unexpected, "another issuer"},
		{"without the issuer that it promised", true, []string{"iss", ""}, registration.Unexpected, "another issuer"},
		{"by an error of another issuer", true, []string{"iss", "https://evil.test", "error", "access_denied"}, registration.Unexpected, "another issuer"},
		{"without a code", false, []string{"code", ""}, registration.Unexpected, ""},
		{"of a client without the grant", false, []string{"error", "unauthorized_client"}, registration.Misconfigured, "client desk use the grant authorization_code"},
		{"of a scope that the client lacks", false, []string{"error", "invalid_scope", "error_description", markerText}, registration.Misconfigured, "client desk ask"},
		{"of a tenant in trouble", false, []string{"error", "temporarily_unavailable"}, registration.Unavailable, ""},
		{"by a sentence", false, []string{"error", markerText + " x"}, registration.Unexpected, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := newHouse()
			h.always("/.well-known/openid-configuration", step{status: 200, body: houseDocument(fmt.Sprintf(`"authorization_response_iss_parameter_supported":%t`, tt.named))})
			s, log := h.source(t, token.AuthorizationCode, redirectTo("http://127.0.0.1/callback"))
			b := browse(t.Context(), t, s)
			b.bring(t, http.MethodGet, "", b.good(tt.pairs...)...)
			got := <-b.polled
			if staff := wantKind(t, "Poll()", got.err, tt.kind); !strings.Contains(staff, tt.text) {
				t.Errorf("Staff = %q, want %q in it", staff, tt.text)
			}
			if n := len(h.sent("/token")); n != 0 {
				t.Errorf("%d token requests, want none", n)
			}
			wantRefused(t, b)
			if _, err := s.SignIn(t.Context()); err != nil {
				t.Errorf("SignIn() afterwards = %v, want another try", err)
			}
			discloses(t, "log", log.String())
		})
	}
}

func TestBrowserSignInThatStaffRefuse(t *testing.T) {
	s, _ := newHouse().source(t, token.AuthorizationCode, redirectTo("http://127.0.0.1/callback"))
	b := browse(t.Context(), t, s)
	b.bring(t, http.MethodGet, "", b.good("error", "access_denied", "code", "")...)
	if got := <-b.polled; !errors.Is(got.err, registration.ErrSignInDenied) {
		t.Errorf("Poll() = %+v, want that it was refused", got)
	}
}
