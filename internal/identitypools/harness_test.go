package identitypools_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"golang.org/x/oauth2"

	"foyer/internal/identitypools"
	"foyer/internal/registration"
	"foyer/internal/secret"
)

// Markers must be in no error and in no log.
const (
	markerPassword = "MARKER-pass <word> & ünïcode"
	markerText     = "MARKER-quoted"
)

// tokens is a TokenSource that counts: its tokens are "token-0", "token-1" and so on, the next after each Invalidate.
type tokens struct {
	mu      sync.Mutex
	number  int
	refused []string
	err     error
}

func (s *tokens) Token(context.Context) (*oauth2.Token, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil {
		return nil, s.err
	}
	return &oauth2.Token{AccessToken: fmt.Sprintf("token-%d", s.number), TokenType: "bearer"}, nil
}

func (s *tokens) Invalidate(t *oauth2.Token) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.number++
	s.refused = append(s.refused, t.AccessToken)
}

// A received request is one that a test's server saw.
type received struct {
	method, path string // the path as it was escaped, with its query
	header       http.Header
	body         string
}

// A setup is a client with what stands behind it.
type setup struct {
	client *identitypools.Client
	tokens *tokens
	log    *bytes.Buffer

	mu  sync.Mutex
	got []received
}

func (s *setup) requests() []received {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.got
}

// serve returns a client of a server that handle answers for.
func serve(t *testing.T, handle http.HandlerFunc) *setup {
	t.Helper()
	s := new(setup)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		s.mu.Lock()
		s.got = append(s.got, received{r.Method, r.URL.RequestURI(), r.Header.Clone(), string(body)})
		s.mu.Unlock()
		handle(w, r)
	}))
	t.Cleanup(server.Close)
	s.connect(t, server.URL, server.Client())
	return s
}

// answering returns a client of a server that answers everything alike. Headers are pairs of name and value.
func answering(t *testing.T, status int, body string, headers ...string) *setup {
	t.Helper()
	return serve(t, answer(status, body, headers...))
}

func answer(status int, body string, headers ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		for i := 0; i < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// connect makes the client of a tenant at address, which sends through client.
func (s *setup) connect(t *testing.T, address string, client *http.Client) {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	s.tokens, s.log = new(tokens), new(bytes.Buffer)
	s.client = identitypools.New(identitypools.Config{
		TenantURL: u, TenantID: "acme", TenantInPath: true, Workspace: "desk", Pool: "customers", HTTPClient: client, Tokens: s.tokens,
		Logger: slog.New(slog.NewTextHandler(s.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	})
}

// create creates ann, and fails the test when error, problem or log disclose what is not theirs to know.
func (s *setup) create(t *testing.T) *registration.Problem {
	t.Helper()
	_, err := s.client.CreateUser(t.Context(), ann(), registration.Keys{})
	p := registration.AsProblem(err, "")
	s.discloses(t, err, p)
	return p
}

// discloses fails the test when an error, its problem or the log have a marker in them.
func (s *setup) discloses(t *testing.T, err error, p *registration.Problem) {
	t.Helper()
	text := fmt.Sprintf("%v %s", err, s.log)
	if p != nil {
		text += p.Staff + p.Field + p.Error()
	}
	if strings.Contains(text, "MARKER") {
		t.Errorf("a marker is disclosed: %s", text)
	}
}

// ann is a user with all that can be at fault.
func ann() identitypools.NewUser {
	return identitypools.NewUser{
		Status: "active",
		Identifiers: []identitypools.NewUserIdentifier{
			{Type: "uid", Identifier: "ann"}, {Type: "email", Identifier: "ann@example.com"}, {Type: "mobile", Identifier: "+12025550123"},
		},
		VerifiableAddresses: []identitypools.NewUserVerifiableAddress{
			{Address: "ann@example.com", Type: "email", Status: "active"}, {Address: "+12025550123", Type: "mobile", Status: "active"},
		},
		Credentials: []identitypools.NewUserCredential{{Type: "password", Password: secret.New(markerPassword)}},
		Payload:     map[string]any{"given_name": "Ann", "family_name": "Lee", "zip": "12345"},
		Metadata:    map[string]any{"source": "kiosk"},
	}
}
