package sandbox_test

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"foyer/internal/sandbox"
)

func TestIntrospectionAndRevocation(t *testing.T) {
	front := staffed()
	front.ID = "front"
	auditor := sandbox.Client{ID: "auditor", Secret: "s3cret", Scopes: []string{"introspect_tokens", "revoke_tokens"}}
	l := newLab(t, sandbox.Options{}, staffed(), front, auditor)
	got := l.post(t, "/oauth2/token", l.codeForm(t, "ann"))
	token, refresh := got.text(t, "access_token"), got.text(t, "refresh_token")
	active := func(token string, client ...string) bool {
		answer := l.post(t, "/oauth2/introspect", values(append(client, "token", token)...))
		wantAnswer(t, "introspect", answer, 200, "")
		return answer.object(t)["active"] == true
	}
	said := l.post(t, "/oauth2/introspect", values("client_id", "desk", "token", token)).object(t)
	if said["scope"] != "openid identity" || said["client_id"] != "desk" || said["sub"] != "staff-ann" || said["username"] != "Ann Staff" {
		t.Errorf("introspection = %v, want Ann's token of the desk", said)
	}
	if !active(refresh, "client_id", "desk") || active("x", "client_id", "desk") || active(token, "client_id", "front") {
		t.Error("introspection takes an unknown or a foreign token for active, or a refresh token for inactive")
	}
	if !active(token, "client_id", "auditor", "client_secret", "s3cret") {
		t.Error("a client with introspect_tokens is not told of others' tokens")
	}
	wantAnswer(t, "introspect by nobody", l.post(t, "/oauth2/introspect", values("token", token)), 401, "invalid_client")
	wantAnswer(t, "introspect nothing", l.post(t, "/oauth2/introspect", values("client_id", "desk")), 400, "invalid_request")
	wantAnswer(t, "revoke a foreign token", l.post(t, "/oauth2/revoke", values("client_id", "front", "token", token)), 200, "")
	if got := l.pools(t, token); got.status != 200 {
		t.Errorf("GET pools after another client revoked = %d, want 200", got.status)
	}
	wantAnswer(t, "revoke", l.post(t, "/oauth2/revoke", values("client_id", "desk", "token", token)), 200, "")
	if got := l.pools(t, token); got.status != 401 || active(token, "client_id", "desk") {
		t.Errorf("GET pools after the token was revoked = %d, want 401", got.status)
	}
	next := l.refresh(t, refresh)
	wantAnswer(t, "revoke the refresh token", l.post(t, "/oauth2/revoke", values("client_id", "desk", "token", next.text(t, "refresh_token"))), 200, "")
	if got := l.pools(t, next.text(t, "access_token")); got.status != 401 {
		t.Errorf("GET pools after the refresh token was revoked = %d, want 401", got.status)
	}
}

func TestControlTokens(t *testing.T) {
	l := newLab(t, sandbox.Options{}, staffed())
	control := func(query string) answer {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodDelete, "/sandbox/tokens"+query, nil)
		r.RemoteAddr, r.Host = "127.0.0.1:1", "127.0.0.1"
		w := httptest.NewRecorder()
		l.ServeHTTP(w, r)
		return answer{w.Code, w.Header(), w.Body.String()}
	}
	first := l.post(t, "/oauth2/token", l.codeForm(t, "ann"))
	if got := control(""); got.status != http.StatusNoContent {
		t.Fatalf("DELETE tokens = %d, want 204", got.status)
	}
	if got := l.pools(t, first.text(t, "access_token")); got.status != 401 {
		t.Errorf("GET pools = %d, want 401", got.status)
	}
	second := l.refresh(t, first.text(t, "refresh_token"))
	wantAnswer(t, "refresh", second, 200, "")
	if got := control("?refresh=true"); got.status != http.StatusNoContent {
		t.Fatalf("DELETE tokens?refresh=true = %d, want 204", got.status)
	}
	wantAnswer(t, "refresh afterwards", l.refresh(t, second.text(t, "refresh_token")), 400, "invalid_grant")
	if got := control("?refresh=perhaps"); got.status != http.StatusBadRequest {
		t.Errorf("DELETE tokens?refresh=perhaps = %d, want 400", got.status)
	}
}

func TestAnotherServersTokens(t *testing.T) {
	l := newLab(t, sandbox.Options{}, sandbox.Client{ID: "unused"})
	own := l.certificate(t, sandbox.CertificateRequest{CommonName: "desk"})
	known := map[string]sandbox.Introspection{
		"plain":  {ClientID: "desk", Scopes: []string{"identity"}},
		"narrow": {ClientID: "desk", Scopes: []string{"openid"}},
		"bound":  {ClientID: "desk", Scopes: []string{"identity"}, CertificateThumbprint: hash(string(own.Leaf.Raw))},
		"keyed":  {ClientID: "desk", Scopes: []string{"identity"}, KeyThumbprint: "x"},
	}
	l.serve(t, sandbox.Options{Introspect: func(_ context.Context, token string) (sandbox.Introspection, bool) {
		i, ok := known[token]
		return i, ok
	}}, sandbox.Client{ID: "unused"})
	for token, want := range map[string]int{"plain": 200, "narrow": 403, "bound": 401, "keyed": 401, "unknown": 401} {
		if got := l.pools(t, token); got.status != want {
			t.Errorf("GET pools with the token %s = %d, want %d", token, got.status, want)
		}
	}
	got := call{l.browser(t, own), l.server.MutualURL + poolsPath, nil, map[string]string{"Authorization": "Bearer bound"}}.do(t)
	if got.status != 200 {
		t.Errorf("GET pools with the token bound, over its certificate = %d, want 200", got.status)
	}
}

func TestDiscoveryOverTLS(t *testing.T) {
	l := newLab(t, sandbox.Options{}, sandbox.Client{ID: "desk"})
	plain := call{l.browser(t), l.server.URL + base + "/.well-known/openid-configuration", nil, nil}.do(t)
	mutual := call{l.browser(t), l.server.MutualURL + base + "/.well-known/openid-configuration", nil, nil}.do(t)
	if plain.body != mutual.body {
		t.Errorf("discovery differs by the listener:\n%s\n%s", plain.body, mutual.body)
	}
	body := plain.object(t)
	aliases, _ := body["mtls_endpoint_aliases"].(map[string]any)
	if body["issuer"] != l.server.URL+base || aliases["token_endpoint"] != l.server.MutualURL+base+"/oauth2/token" {
		t.Errorf("discovery = %s, want the issuer %s and aliases at %s", plain.body, l.server.URL, l.server.MutualURL)
	}
	if !strings.Contains(plain.body, `"tls_client_auth"`) || body["tls_client_certificate_bound_access_tokens"] != true {
		t.Errorf("discovery = %s, want the methods of certificates", plain.body)
	}
}

// TestNoSignInIsLogged signs staff in on every way and looks for what was secret in the log.
func TestNoSignInIsLogged(t *testing.T) {
	var logged bytes.Buffer
	logger := slog.New(slog.NewTextHandler(&logged, &slog.HandlerOptions{Level: slog.LevelDebug}))
	l := newLab(t, sandbox.Options{Logger: logger}, staffed())
	page := l.page(t)
	l.decide(t, page, values("staff", "ann"))
	form := l.codeForm(t, "ann")
	got := l.post(t, "/oauth2/token", form)
	begun, poll := l.deviceForm(t)
	call{l.browser(t), begun.text(t, "verification_uri_complete"), nil, nil}.do(t)
	l.decide(t, begun.text(t, "verification_uri"), values("user_code", begun.text(t, "user_code"), "staff", "ben"))
	device := l.post(t, "/oauth2/token", poll)
	if err := l.server.Close(); err != nil { // waits for the log
		t.Fatal(err)
	}
	_, id, _ := strings.Cut(page, "/sandbox/authorize/")
	for _, secret := range []string{
		id, form.Get("code"), verifier, hash(verifier), got.text(t, "access_token"), got.text(t, "refresh_token"), got.text(t, "id_token"),
		begun.text(t, "user_code"), poll.Get("device_code"), device.text(t, "access_token"), "st%26te",
	} {
		if secret == "" || strings.Contains(logged.String(), secret) {
			t.Errorf("%q is logged, or empty:\n%s", secret, logged.String())
		}
	}
}
