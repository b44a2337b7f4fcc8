package sandbox_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"foyer/internal/sandbox"
)

const (
	redirectURI = "http://127.0.0.1:7777/callback"
	verifier    = "a-verifier-that-is-long-enough-for-pkce-0123456789"
)

// staffed is a client by which staff sign in.
func staffed() sandbox.Client {
	return sandbox.Client{
		ID: "desk", Method: sandbox.MethodNone, Scopes: []string{"identity"}, RedirectURIs: []string{"http://127.0.0.1/callback"},
		Grants: []sandbox.GrantType{sandbox.GrantAuthorizationCode, sandbox.GrantDeviceCode},
	}
}

func authorizeQuery(pairs ...string) url.Values {
	query := values("response_type", "code", "client_id", "desk", "redirect_uri", redirectURI, "state", "st&te", "nonce", "n-1",
		"scope", "openid identity", "code_challenge", hash(verifier), "code_challenge_method", "S256")
	for i := 0; i+1 < len(pairs); i += 2 {
		query.Set(pairs[i], pairs[i+1])
	}
	return query
}

// page opens the sign-in page of an authorization request.
func (l *lab) page(t *testing.T) string {
	t.Helper()
	got := call{l.browser(t), l.server.URL + base + "/oauth2/authorize?" + authorizeQuery().Encode(), nil, nil}.do(t)
	if got.status != http.StatusFound {
		t.Fatalf("authorize = %d %s, want 302", got.status, got.body)
	}
	return got.header.Get("Location")
}

// decide sends a page's form as a browser does, and returns where it leads.
func (l *lab) decide(t *testing.T, page string, form url.Values) answer {
	t.Helper()
	return call{l.browser(t), page, form, map[string]string{"Origin": l.server.URL}}.do(t)
}

// signIn signs a member of staff in and returns the parameters that the client gets.
func (l *lab) signIn(t *testing.T, who string) url.Values {
	t.Helper()
	got := l.decide(t, l.page(t), values("staff", who))
	to, err := url.Parse(got.header.Get("Location"))
	if got.status != http.StatusSeeOther || err != nil || !strings.HasPrefix(to.String(), redirectURI+"?") {
		t.Fatalf("sign in = %d to %q, want 303 to the redirect URI", got.status, to)
	}
	return to.Query()
}

// codeForm signs a member of staff in and returns the token request for the code.
func (l *lab) codeForm(t *testing.T, who string) url.Values {
	t.Helper()
	return values("grant_type", "authorization_code", "client_id", "desk", "code", l.signIn(t, who).Get("code"),
		"redirect_uri", redirectURI, "code_verifier", verifier)
}

func TestStaffSignInByABrowser(t *testing.T) {
	l := newLab(t, sandbox.Options{}, staffed())
	page := l.page(t)
	shown := call{l.browser(t), page, nil, nil}.do(t)
	for _, want := range []string{"Practice tenant", "Ann Staff", "Ben Staff", "Refuse"} {
		if !strings.Contains(shown.body, want) {
			t.Errorf("the page lacks %q: %s", want, shown.body)
		}
	}
	policy := shown.header.Get("Content-Security-Policy")
	if !strings.Contains(policy, "default-src 'none'") || !strings.Contains(policy, "form-action 'self' http://127.0.0.1:7777;") {
		t.Errorf("policy = %q, want no scripts, and forms that may lead to the client", policy)
	}
	back := l.signIn(t, "ben")
	if back.Get("state") != "st&te" || back.Get("iss") != l.server.URL+base || back.Get("code") == "" {
		t.Errorf("the client gets %v, want code, state and iss", back)
	}
	got := l.post(t, "/oauth2/token", l.codeForm(t, "ann"))
	wantAnswer(t, "token", got, 200, "")
	id := claimsOf(t, got.text(t, "id_token"))
	if id["iss"] != l.server.URL+base || id["aud"] != "desk" || id["sub"] != "staff-ann" || id["nonce"] != "n-1" || id["name"] != "Ann Staff" {
		t.Errorf("ID token = %v, want Ann's for the client", id)
	}
	token := got.text(t, "access_token")
	info := call{l.browser(t), l.server.URL + base + "/userinfo", nil, map[string]string{"Authorization": "Bearer " + token}}.do(t)
	if info.status != 200 || info.body != `{"sub":"staff-ann","name":"Ann Staff","email":"ann@staff.example"}` {
		t.Errorf("userinfo = %d %s, want Ann's", info.status, info.body)
	}
	if got := l.pools(t, token); got.status != 200 {
		t.Errorf("GET pools = %d, want 200", got.status)
	}
}

func TestStaffRefuse(t *testing.T) {
	l := newLab(t, sandbox.Options{}, staffed())
	back := l.signIn(t, "refuse")
	if back.Get("error") != "access_denied" || back.Get("state") != "st&te" || back.Get("iss") == "" || back.Has("code") {
		t.Errorf("the client gets %v, want access_denied with state and iss", back)
	}
}

func TestASignInPageIsGoodOnceAndForItself(t *testing.T) {
	l := newLab(t, sandbox.Options{}, staffed())
	page := l.page(t)
	foreign := call{l.browser(t), page, values("staff", "ann"), map[string]string{"Origin": "https://evil.example"}}.do(t)
	if foreign.status != http.StatusForbidden {
		t.Errorf("the form of another site = %d, want 403", foreign.status)
	}
	if got := l.decide(t, page, values("staff", "eve")); got.status != http.StatusUnprocessableEntity {
		t.Errorf("somebody unknown = %d, want 422", got.status)
	}
	if got := l.decide(t, page, values("staff", "ann")); got.status != http.StatusSeeOther {
		t.Errorf("Ann = %d, want 303", got.status)
	}
	if got := l.decide(t, page, values("staff", "ann")); got.status != http.StatusNotFound {
		t.Errorf("Ann again = %d, want 404", got.status)
	}
	old := l.page(t)
	l.clock.Advance(10 * time.Minute)
	if got := (call{l.browser(t), old, nil, nil}).do(t); got.status != http.StatusNotFound {
		t.Errorf("an old page = %d, want 404", got.status)
	}
}

func TestAuthorizationRequestsThatAreNotInOrder(t *testing.T) {
	l := newLab(t, sandbox.Options{}, staffed(), sandbox.Client{ID: "service", RedirectURIs: []string{redirectURI}})
	tests := []struct {
		name   string
		pairs  []string
		status int
		code   string // told to the client; "" where it is not told
	}{
		{"an unknown client", []string{"client_id", "nobody"}, 401, ""},
		{"another redirect path", []string{"redirect_uri", "http://127.0.0.1:7777/other"}, 401, ""},
		{"another redirect host", []string{"redirect_uri", "http://evil.example/callback"}, 401, ""},
		{"a redirect by name", []string{"redirect_uri", "http://localhost:7777/callback"}, 401, ""},
		{"a redirect with somebody's name", []string{"redirect_uri", "http://127.0.0.1@evil.example/callback"}, 401, ""},
		{"no PKCE", []string{"code_challenge", "", "code_challenge_method", ""}, 302, "invalid_request"},
		{"plain PKCE", []string{"code_challenge_method", "plain"}, 302, "invalid_request"},
		{"another response type", []string{"response_type", "token"}, 302, "unsupported_response_type"},
		{"a scope too much", []string{"scope", "admin"}, 302, "invalid_scope"},
		{"a client without the grant", []string{"client_id", "service"}, 302, "unauthorized_client"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := call{l.browser(t), l.server.URL + base + "/oauth2/authorize?" + authorizeQuery(tt.pairs...).Encode(), nil, nil}.do(t)
			to, err := url.Parse(got.header.Get("Location"))
			if err != nil || got.status != tt.status || to.Query().Get("error") != tt.code {
				t.Errorf("authorize = %d to %q, want %d with the error %q", got.status, to, tt.status, tt.code)
			}
			if tt.code != "" && (to.Query().Get("state") != "st&te" || to.Query().Get("iss") == "") {
				t.Errorf("the client gets %v, want state and iss", to.Query())
			}
		})
	}
}

func TestCodes(t *testing.T) {
	tests := []struct {
		name   string
		change func(*lab, url.Values)
		status int
	}{
		{"a good one is taken", func(*lab, url.Values) {}, 200},
		{"no verifier is refused", func(_ *lab, f url.Values) { f.Del("code_verifier") }, 400},
		{"a wrong verifier is refused", func(_ *lab, f url.Values) { f.Set("code_verifier", verifier+"x") }, 400},
		{"another redirect URI is refused", func(_ *lab, f url.Values) { f.Set("redirect_uri", "http://127.0.0.1:7778/callback") }, 400},
		{"an unknown code is refused", func(_ *lab, f url.Values) { f.Set("code", "x") }, 400},
		{"another client's is refused", func(_ *lab, f url.Values) { f.Set("client_id", "front") }, 400},
		{"a late one is refused", func(l *lab, _ url.Values) { l.clock.Advance(time.Minute) }, 400},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			front := staffed()
			front.ID = "front"
			l := newLab(t, sandbox.Options{}, staffed(), front)
			form := l.codeForm(t, "ann")
			tt.change(l, form)
			wantAnswer(t, "token", l.post(t, "/oauth2/token", form), tt.status, map[int]string{400: "invalid_grant"}[tt.status])
		})
	}
}

func TestACodesSecondUseEndsWhatItGranted(t *testing.T) {
	l := newLab(t, sandbox.Options{}, staffed())
	form := l.codeForm(t, "ann")
	got := l.post(t, "/oauth2/token", form)
	wantAnswer(t, "token", got, 200, "")
	wantAnswer(t, "the code again", l.post(t, "/oauth2/token", form), 400, "invalid_grant")
	if got := l.pools(t, got.text(t, "access_token")); got.status != http.StatusUnauthorized {
		t.Errorf("GET pools afterwards = %d, want 401", got.status)
	}
	wantAnswer(t, "refresh afterwards", l.refresh(t, got.text(t, "refresh_token")), 400, "invalid_grant")
}

// refresh asks for new tokens.
func (l *lab) refresh(t *testing.T, token string, more ...string) answer {
	t.Helper()
	form := values(append(more, "grant_type", "refresh_token", "client_id", "desk", "refresh_token", token)...)
	return l.post(t, "/oauth2/token", form)
}

func TestRefreshTokens(t *testing.T) {
	l := newLab(t, sandbox.Options{RefreshTTL: time.Hour}, staffed())
	first := l.post(t, "/oauth2/token", l.codeForm(t, "ann")).text(t, "refresh_token")
	l.clock.Advance(30 * time.Minute)
	second := l.refresh(t, first, "scope", "identity")
	wantAnswer(t, "refresh", second, 200, "")
	if second.text(t, "scope") != "identity" || second.text(t, "refresh_token") == first {
		t.Errorf("refresh = %s, want the scope identity and another refresh token", second.body)
	}
	wantAnswer(t, "a scope that was not granted", l.refresh(t, second.text(t, "refresh_token"), "scope", "profile"), 400, "invalid_scope")
	third := l.refresh(t, second.text(t, "refresh_token"))
	if third.text(t, "scope") != "openid identity" {
		t.Errorf("refresh = %s, want all scopes again", third.body)
	}
	l.clock.Advance(30 * time.Minute)
	wantAnswer(t, "refresh an hour after the sign-in", l.refresh(t, third.text(t, "refresh_token")), 400, "invalid_grant")
}

func TestARefreshTokensSecondUseEndsTheFamily(t *testing.T) {
	l := newLab(t, sandbox.Options{}, staffed())
	first := l.post(t, "/oauth2/token", l.codeForm(t, "ann"))
	other := l.post(t, "/oauth2/token", l.codeForm(t, "ben"))
	second := l.refresh(t, first.text(t, "refresh_token"))
	wantAnswer(t, "refresh", second, 200, "")
	wantAnswer(t, "the old one again", l.refresh(t, first.text(t, "refresh_token")), 400, "invalid_grant")
	wantAnswer(t, "the new one afterwards", l.refresh(t, second.text(t, "refresh_token")), 400, "invalid_grant")
	if got := l.pools(t, second.text(t, "access_token")); got.status != http.StatusUnauthorized {
		t.Errorf("GET pools afterwards = %d, want 401", got.status)
	}
	wantAnswer(t, "Ben's", l.refresh(t, other.text(t, "refresh_token")), 200, "")
}
