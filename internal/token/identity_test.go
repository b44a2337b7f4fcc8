package token_test

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"foyer/internal/dpop"
	"foyer/internal/registration"
	"foyer/internal/token"
)

// A wardrobe has the identities of a client, of which one is on.
type wardrobe struct {
	on         atomic.Int64
	identities []token.Identity
}

func (w *wardrobe) identify() (token.Identity, error) { return w.identities[w.on.Load()], nil }

// by is an identity that says its name in each request that it sends by base.
func by(name string, version uint64, base http.RoundTripper) token.Identity {
	named := tripper(func(r *http.Request) (*http.Response, error) {
		r = r.Clone(r.Context())
		r.Header.Set("By", name)
		return base.RoundTrip(r)
	})
	return token.Identity{
		Version: version, Transport: named, Certificate: "thumbprint-" + name, Proof: []string{"auth.certificate_file"},
		Authenticate: func(base http.RoundTripper) http.RoundTripper { return base },
	}
}

// changing returns a source whose identity changes with w.
func changing(t *testing.T, base http.RoundTripper, w *wardrobe, prover token.Prover) *token.Source {
	t.Helper()
	u, err := url.Parse("https://acme.test/acme/system")
	if err != nil {
		t.Fatal(err)
	}
	return token.NewSource(token.Config{
		IssuerURL: u, ClientID: "kiosk", Grant: token.ClientCredentials, Scopes: []string{"identity"}, Identify: w.identify,
		HTTPClient: &http.Client{Transport: base}, Prover: prover,
	})
}

// two are the identities a and b, sent by base.
func two(base http.RoundTripper) *wardrobe {
	return &wardrobe{identities: []token.Identity{by("a", 1, base), by("b", 2, base)}}
}

func TestARefusalHoldsForOneIdentity(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		refused := step{status: 401, body: `{"error":"invalid_client"}`}
		i := &issuer{steps: []step{refused, refused, granted("c", 3600)}}
		w := two(i)
		s := changing(t, i, w, nil)
		for n, want := range []int{1, 1, 2, 2} {
			if n == 2 {
				w.on.Store(1)
			}
			_, err := s.Token(t.Context())
			var known *token.Error
			if !errors.As(err, &known) || known.Problem().Kind != registration.Misconfigured {
				t.Fatalf("Token() = %v, want misconfigured", err)
			}
			if i.count() != want {
				t.Errorf("call %d: %d requests, want %d", n, i.count(), want)
			}
		}
		w.identities[1].Version = 3
		wantToken(t, s, "c")
	})
}

func TestARefusalOfTheIdentityBeforeIsTriedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		i := &issuer{delay: time.Second, steps: []step{{status: 401, body: `{"error":"invalid_client"}`}, granted("b", 3600)}}
		w := two(i)
		s := changing(t, i, w, nil)
		go func() { _, _ = s.Token(t.Context()) }() // as a
		synctest.Wait()
		w.on.Store(1)
		wantToken(t, s, "b") // after it has waited for the fetch of a
	})
}

func TestATokenOfTheIdentityBeforeIsReplaced(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		i := &issuer{delay: time.Second, steps: []step{granted("a", 3600), granted("b", 3600)}}
		w := two(i)
		s := changing(t, i, w, nil)
		wantToken(t, s, "a")
		w.on.Store(1)
		for range 10 {
			wantToken(t, s, "a") // nobody waits
		}
		pass(time.Second)
		synctest.Wait()
		wantToken(t, s, "b")
		if i.count() != 2 {
			t.Errorf("%d requests, want 2", i.count())
		}
	})
}

func TestATokenEndsWithItsCertificate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		i := &issuer{delay: time.Second, steps: []step{granted("a", 3600), {}, granted("b", 3600)}}
		w := two(i)
		w.identities[0].NotAfter = time.Now().Add(time.Minute)
		s := changing(t, i, w, nil)
		wantToken(t, s, "a")
		pass(time.Minute)
		if got, err := s.Token(t.Context()); err == nil {
			t.Errorf("Token() = %s after its certificate has expired, want an error", got.AccessToken)
		}
		w.on.Store(1)
		wantToken(t, s, "b")
	})
}

func TestRequestsGoAsTheirTokensAreBound(t *testing.T) {
	prover, err := dpop.New()
	if err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var sent []*http.Request
		bound := func(name string) step {
			s := granted(name, 3600)
			s.body = strings.Replace(s.body, "bearer", "DPoP", 1)
			return s
		}
		i := &issuer{steps: []step{bound("a"), bound("b")}}
		base := tripper(func(r *http.Request) (*http.Response, error) {
			if r.URL.Host != "api.test" {
				return i.RoundTrip(r)
			}
			mu.Lock()
			defer mu.Unlock()
			sent = append(sent, r)
			return respond(r, step{status: http.StatusNoContent})
		})
		w := two(base)
		s := changing(t, base, w, prover)
		call := func(accessToken string) {
			r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://api.test/pools", http.NoBody)
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Authorization", "DPoP "+accessToken)
			resp, err := s.Transport().RoundTrip(r)
			if err != nil {
				t.Fatal(err)
			}
			_ = resp.Body.Close()
		}
		first := mustToken(t, s)
		call(first.AccessToken)
		w.on.Store(1)
		call(first.AccessToken)
		_ = mustToken(t, s)
		synctest.Wait()
		call(mustToken(t, s).AccessToken)
		call(first.AccessToken)
		call("somebody's")
		for n, want := range []string{"a", "a", "b", "a", "b"} {
			if got := sent[n].Header.Get("By"); got != want {
				t.Errorf("request %d is sent as %q, want %q", n, got, want)
			}
			if sent[n].Header.Get("DPoP") == "" {
				t.Errorf("request %d has no proof", n)
			}
		}
		if first.Type() != "DPoP" {
			t.Errorf("Token().Type() = %s, want DPoP", first.Type())
		}
	})
}

// A closer notes that it was closed.
type closer struct{ closed bool }

func (*closer) Read([]byte) (int, error) { return 0, errors.New("not to be read") }

func (c *closer) Close() error {
	c.closed = true
	return nil
}

func TestTransportClosesTheBodyOfARequestThatItCannotSend(t *testing.T) {
	s := token.NewSource(token.Config{
		IssuerURL: &url.URL{Scheme: "https", Host: "acme.test"}, HTTPClient: &http.Client{},
		Identify: func() (token.Identity, error) { return token.Identity{}, errors.New("no key") },
	})
	body := new(closer)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "https://api.test/", body)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := s.Transport().RoundTrip(r)
	if err == nil {
		_ = resp.Body.Close()
	}
	if err == nil || !body.closed {
		t.Errorf("RoundTrip = %v and the body is closed: %t, want an error and true", err, body.closed)
	}
}
