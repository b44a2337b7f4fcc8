package token_test

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"foyer/internal/clientauth"
	"foyer/internal/secret"
	"foyer/internal/token"
)

// markers must be in no error and in no log.
const (
	markerSecret = "MARKER+secret/%=&?"
	markerToken  = "MARKER-token"
	markerText   = "MARKER-quoted"
)

// A tripper is an http.RoundTripper in a function. Unlike a socket it settles in a synctest bubble.
type tripper func(*http.Request) (*http.Response, error)

func (f tripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// A step is one answer of an issuer's token endpoint.
type step struct {
	status int // 0: the connection fails
	header http.Header
	body   string
}

func granted(name string, seconds int) step {
	return step{status: http.StatusOK, body: fmt.Sprintf(
		`{"access_token":"%s-%s","token_type":"bearer","expires_in":%d}`, markerToken, name, seconds)}
}

// An issuer is a RoundTripper that answers like an authorization server: discovery always, and tokens by steps, the last of
// which repeats.
type issuer struct {
	delay time.Duration // before each token

	mu    sync.Mutex
	steps []step
	asked int // for tokens
}

func (i *issuer) RoundTrip(r *http.Request) (*http.Response, error) {
	if strings.HasSuffix(r.URL.Path, "/openid-configuration") {
		return respond(r, step{status: http.StatusOK, body: `{"issuer":"https://acme.test/acme/system","token_endpoint":"https://acme.test/acme/system/oauth2/token"}`})
	}
	i.mu.Lock()
	now := i.steps[min(i.asked, len(i.steps)-1)]
	i.asked++
	i.mu.Unlock()
	select {
	case <-time.After(i.delay):
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
	return respond(r, now)
}

func (i *issuer) count() int {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.asked
}

func respond(r *http.Request, s step) (*http.Response, error) {
	if s.status == 0 {
		return nil, io.ErrUnexpectedEOF
	}
	header := s.header.Clone()
	if header == nil {
		header = http.Header{}
	}
	if header.Get("Content-Type") == "" {
		header.Set("Content-Type", "application/json")
	}
	return &http.Response{StatusCode: s.status, Header: header, Request: r, Body: io.NopCloser(strings.NewReader(s.body))}, nil
}

// source returns a source of the issuer https://acme.test that sends through base, and its log.
func source(t *testing.T, base http.RoundTripper) (*token.Source, *bytes.Buffer) {
	t.Helper()
	return sourceOf(t, "https://acme.test/acme/system", clientauth.ClientSecretBasic, &http.Client{Transport: base})
}

// serve returns a source of an issuer that handle answers for, over a real connection.
func serve(t *testing.T, handle http.HandlerFunc) (*token.Source, *bytes.Buffer) {
	t.Helper()
	server := httptest.NewServer(handle)
	t.Cleanup(server.Close)
	return sourceOf(t, server.URL, clientauth.ClientSecretBasic, server.Client())
}

func sourceOf(t *testing.T, issuerURL string, method clientauth.Method, client *http.Client) (*token.Source, *bytes.Buffer) {
	t.Helper()
	u, err := url.Parse(issuerURL)
	if err != nil {
		t.Fatal(err)
	}
	log := new(bytes.Buffer)
	return token.NewSource(token.Config{
		IssuerURL: u, ClientID: "kiosk 1", Grant: token.ClientCredentials,
		Identify: identify(t, clientauth.Credentials{Method: method, ClientID: "kiosk 1", Secret: secret.New(markerSecret)}),
		Scopes:   []string{"identity", "identity_self_registration"}, HTTPClient: client,
		Logger: slog.New(slog.NewTextHandler(log, nil)),
	}), log
}

// identify returns an identity that never changes.
func identify(t *testing.T, c clientauth.Credentials) func() (token.Identity, error) {
	t.Helper()
	a, err := clientauth.New(c)
	if err != nil {
		t.Fatal(err)
	}
	id := token.Identity{Authenticate: a.Transport, Proof: []string{"auth.client_secret"}}
	return func() (token.Identity, error) { return id, nil }
}

// discloses fails the test when text has a marker in it.
func discloses(t *testing.T, what, text string) {
	t.Helper()
	if strings.Contains(text, "MARKER") {
		t.Errorf("%s discloses a marker: %s", what, text)
	}
}
