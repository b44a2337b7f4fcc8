package dpop_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"foyer/internal/clientauth"
	"foyer/internal/secret"
)

const asking = `{"error":"use_dpop_nonce","error_description":"Authorization server requires nonce in DPoP proof"}`

// answer is what a server says to a proof without its nonce.
type answer struct {
	status int
	header map[string]string
	body   string
}

// A strict server wants the nonce n-1 and answers with a to proofs without it.
type strict struct {
	*httptest.Server
	mu     sync.Mutex
	bodies []string
	nonces []any
	ids    map[any]bool
	forms  []url.Values
}

func newStrict(t *testing.T, a answer, fulfil bool) *strict {
	t.Helper()
	s := &strict{ids: map[any]bool{}}
	s.Server = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		form, _ := url.ParseQuery(string(body))
		p := open(t, r)
		s.mu.Lock()
		defer s.mu.Unlock()
		s.bodies, s.nonces, s.forms = append(s.bodies, string(body)), append(s.nonces, p.claims["nonce"]), append(s.forms, form)
		s.ids[p.claims["jti"]] = true
		if p.claims["nonce"] == "n-1" && fulfil {
			w.Header().Set("DPoP-Nonce", "n-2")
			_, _ = io.WriteString(w, "done")
			return
		}
		for name, value := range a.header {
			w.Header().Set(name, value)
		}
		w.WriteHeader(a.status)
		_, _ = io.WriteString(w, a.body)
	}))
	t.Cleanup(s.Close)
	return s
}

// post sends body and returns status and body of the answer.
func (s *strict) post(t *testing.T, transport http.RoundTripper, body io.Reader) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL+"/x", body)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := (&http.Client{Transport: transport}).Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(data)
}

func with(nonce string, more ...string) map[string]string {
	h := map[string]string{"Content-Type": "application/json"}
	if nonce != "" {
		h["DPoP-Nonce"] = nonce
	}
	for i := 0; i < len(more); i += 2 {
		h[more[i]] = more[i+1]
	}
	return h
}

func TestTransportAnswersAChallengeOnce(t *testing.T) {
	const resource = `DPoP error="use_dpop_nonce", error_description="Resource server requires nonce in DPoP proof"`
	tests := []struct {
		name   string
		give   answer
		repeat bool
	}{
		{"an authorization server's", answer{400, with("n-1"), asking}, true},
		{"an authorization server's with a character set", answer{400, with("n-1", "Content-Type", "application/json;charset=UTF-8"), asking}, true},
		{"an authorization server's of 401", answer{401, with("n-1"), asking}, true},
		{"a resource server's", answer{401, with("n-1", "WWW-Authenticate", resource), ""}, true},
		{"a resource server's among others", answer{401, with("n-1", "WWW-Authenticate", `Bearer realm="a", dpop algs="ES256", error=use_dpop_nonce`), ""}, true},
		{"a challenge without a nonce", answer{400, with(""), asking}, false},
		{"another error", answer{400, with("n-1"), `{"error":"invalid_grant"}`}, false},
		{"another challenge", answer{401, with("n-1", "WWW-Authenticate", `DPoP error="invalid_token"`), ""}, false},
		{"another scheme's challenge", answer{401, with("n-1", "WWW-Authenticate", `Bearer error="use_dpop_nonce"`), ""}, false},
		{"another status", answer{403, with("n-1"), asking}, false},
		{"another type", answer{400, with("n-1", "Content-Type", "text/plain"), asking}, false},
		{"a body that is no JSON", answer{400, with("n-1"), "use_dpop_nonce"}, false},
		{"a body that is too long to look at", answer{400, with("n-1"), `{"padding":"` + strings.Repeat("x", 64<<10) + `","error":"use_dpop_nonce"}`}, false},
		{"a number for a code", answer{400, with("n-1"), `{"error":7}`}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := newStrict(t, tt.give, true)
			status, body := s.post(t, newProver(t).Transport(s.Client().Transport), strings.NewReader("a=b"))
			wantStatus, wantBody, wantNonces, wantBodies := tt.give.status, tt.give.body, []any{nil}, []string{"a=b"}
			if tt.repeat {
				wantStatus, wantBody, wantNonces, wantBodies = 200, "done", []any{nil, "n-1"}, []string{"a=b", "a=b"}
			}
			if status != wantStatus || body != wantBody {
				t.Errorf("answer = %d with %d bytes, want %d with %d", status, len(body), wantStatus, len(wantBody))
			}
			if diff := cmp.Diff(wantNonces, s.nonces); diff != "" {
				t.Errorf("nonces (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(wantBodies, s.bodies); diff != "" {
				t.Errorf("bodies (-want +got):\n%s", diff)
			}
			if len(s.ids) != len(s.nonces) {
				t.Errorf("%d requests have %d ids", len(s.nonces), len(s.ids))
			}
		})
	}
}

func TestTransportRepeatsNoMoreThanOnce(t *testing.T) {
	s := newStrict(t, answer{400, with("n-1"), asking}, false)
	status, body := s.post(t, newProver(t).Transport(s.Client().Transport), strings.NewReader("a=b"))
	if status != 400 || body != asking || len(s.nonces) != 2 {
		t.Errorf("answer %d %q after %d requests, want the second challenge as it is after 2", status, body, len(s.nonces))
	}
}

func TestTransportRemembersTheNonceOfAChallenge(t *testing.T) {
	s := newStrict(t, answer{401, with("n-1", "WWW-Authenticate", `DPoP error="use_dpop_nonce"`), ""}, true)
	transport := newProver(t).Transport(s.Client().Transport)
	s.post(t, transport, nil)
	if status, _ := s.post(t, transport, nil); status != 200 {
		t.Errorf("status = %d, want 200", status)
	}
	if diff := cmp.Diff([]any{nil, "n-1", "n-2", "n-1"}, s.nonces); diff != "" { // n-2 came with the success
		t.Errorf("nonces (-want +got):\n%s", diff)
	}
}

func TestTransportPassesAChallengeWhenTheBodyIsGone(t *testing.T) {
	for name, get := range map[string]func() (io.ReadCloser, error){
		"without GetBody":          nil,
		"with GetBody that failed": func() (io.ReadCloser, error) { return nil, errors.New("gone") },
	} {
		t.Run(name, func(t *testing.T) {
			s := newStrict(t, answer{400, with("n-1"), asking}, true)
			r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL, io.MultiReader(strings.NewReader("a=b")))
			if err != nil {
				t.Fatal(err)
			}
			r.GetBody = get
			resp, err := newProver(t).Transport(s.Client().Transport).RoundTrip(r)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = resp.Body.Close() }()
			if body, _ := io.ReadAll(resp.Body); resp.StatusCode != 400 || string(body) != asking || len(s.bodies) != 1 {
				t.Errorf("answer %d %q after %d requests, want the challenge as it is after 1", resp.StatusCode, body, len(s.bodies))
			}
		})
	}
}

func TestTransportKeepsTheErrorOfABodyThatBreaksOff(t *testing.T) {
	broken := errors.New("broken off")
	closed := false
	base := tripper(func(r *http.Request) (*http.Response, error) {
		h := http.Header{"Dpop-Nonce": {"n-1"}, "Content-Type": {"application/json"}}
		return &http.Response{StatusCode: 400, Header: h, Request: r, Body: &body{io.MultiReader(strings.NewReader(`{"error`), failing{broken}), &closed}}, nil
	})
	resp, err := newProver(t).Transport(base).RoundTrip(request(t, http.MethodGet, "https://a.test/", ""))
	if err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(resp.Body)
	if string(got) != `{"error` || !errors.Is(err, broken) {
		t.Errorf("body = %q, %v, want all there was and its error", got, err)
	}
	if _ = resp.Body.Close(); !closed {
		t.Error("the answer's body was not closed")
	}
}

func TestTransportPassesErrors(t *testing.T) {
	want := errors.New("no network")
	resp, err := newProver(t).Transport(tripper(func(*http.Request) (*http.Response, error) { return nil, want })).
		RoundTrip(request(t, http.MethodGet, "https://a.test/", ""))
	if err == nil {
		_ = resp.Body.Close()
	}
	if !errors.Is(err, want) {
		t.Errorf("RoundTrip() = %v, want %v", err, want)
	}
}

func TestARepeatedTokenRequestHasAnotherAssertion(t *testing.T) {
	a, err := clientauth.New(clientauth.Credentials{
		Method: clientauth.ClientSecretJWT, ClientID: "kiosk", Audience: "https://a.test", Secret: secret.New(strings.Repeat("k", 32)),
	})
	if err != nil {
		t.Fatal(err)
	}
	s := newStrict(t, answer{400, with("n-1"), asking}, true)
	s.post(t, newProver(t).Transport(a.Transport(s.Client().Transport)), strings.NewReader("grant_type=client_credentials"))
	if len(s.forms) != 2 {
		t.Fatalf("%d requests, want 2", len(s.forms))
	}
	first, second := s.forms[0].Get("client_assertion"), s.forms[1].Get("client_assertion")
	if first == "" || second == "" || first == second {
		t.Error("the repeated request replays the assertion")
	}
}

// A body that tells whether it was closed.
type body struct {
	io.Reader
	closed *bool
}

func (b *body) Close() error { *b.closed = true; return nil }

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

type tripper func(*http.Request) (*http.Response, error)

func (f tripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
