package identitypools_test

import (
	"context"
	"crypto/x509"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"foyer/internal/exchange"
	"foyer/internal/identitypools"
	"foyer/internal/registration"
)

func TestStalledAnswer(t *testing.T) {
	entered := make(chan struct{})
	s := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		close(entered)
		<-r.Context().Done()
	})
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-entered; cancel() }()
	_, err := s.client.CreateUser(ctx, ann(), registration.Keys{})
	p := registration.AsProblem(err, "")
	if p == nil || p.Kind != registration.Unavailable || !p.Unclear {
		t.Errorf("create = %v, %+v, want unavailable and unclear", err, p)
	}
	s.discloses(t, err, p)
}

func TestStalledBody(t *testing.T) {
	entered := make(chan struct{})
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusCreated)
		_ = http.NewResponseController(w).Flush()
		close(entered)
		<-r.Context().Done()
	})
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-entered; cancel() }()
	_, err := s.client.CreateUser(ctx, ann(), registration.Keys{})
	if p := registration.AsProblem(err, ""); p == nil || p.Kind != registration.Unavailable || !p.Unclear {
		t.Errorf("create = %v, %+v, want unavailable and unclear", err, p)
	}
}

func TestNothingWasSent(t *testing.T) {
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	untrusted := httptest.NewUnstartedServer(http.NotFoundHandler())
	untrusted.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError) // it complains of the client that leaves
	untrusted.StartTLS()
	t.Cleanup(untrusted.Close)
	ctx, cancel := context.WithCancel(t.Context())
	mute := listenMute(t, cancel)
	tests := []struct {
		name, address string
		ctx           context.Context
		want          registration.ProblemKind
		staff         string
	}{
		{"nobody listens", closed.URL, t.Context(), registration.Unavailable, ""},
		{"a certificate that nobody trusts", untrusted.URL, t.Context(), registration.Misconfigured, "tenant.ca_file"},
		{"a handshake that does not end", "https://" + mute, ctx, registration.Unavailable, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := new(setup)
			s.connect(t, tt.address, identitypools.NewHTTPClient(nil))
			_, err := s.client.CreateUser(tt.ctx, ann(), registration.Keys{})
			p := registration.AsProblem(err, "")
			if p == nil {
				t.Fatal("create succeeded, want a problem")
			}
			checkProblem(t, p, registration.Problem{Kind: tt.want}, tt.staff)
		})
	}
}

// listenMute returns the address of a server that takes a connection, calls entered, and says nothing.
func listenMute(t *testing.T, entered func()) string {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		t.Cleanup(func() { _ = conn.Close() })
		entered()
	}()
	return l.Addr().String()
}

func TestTransportThatTellsNothingMayHaveSent(t *testing.T) {
	s := new(setup)
	s.connect(t, "https://tenant.test", &http.Client{Transport: tripper(func(*http.Request) (*http.Response, error) {
		return nil, net.ErrClosed
	})})
	p := s.create(t)
	if p == nil || p.Kind != registration.Unavailable || !p.Unclear {
		t.Errorf("create = %+v, want unavailable and unclear", p)
	}
}

func TestNewHTTPClient(t *testing.T) {
	var proto string
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		proto = r.Proto
		http.Redirect(w, r, "/elsewhere", http.StatusFound)
	}))
	server.EnableHTTP2 = true
	server.StartTLS()
	t.Cleanup(server.Close)
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	client := identitypools.NewHTTPClient(identitypools.NewTransport(roots))
	t.Cleanup(client.CloseIdleConnections)
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	if proto != "HTTP/2.0" || response.StatusCode != http.StatusFound {
		t.Errorf("the answer is %d over %s, want the redirect itself over HTTP/2.0", response.StatusCode, proto)
	}
	transport, ok := client.Transport.(*http.Transport)
	if !ok || client.Timeout <= 0 || transport.TLSHandshakeTimeout <= 0 || transport.ResponseHeaderTimeout <= 0 ||
		transport.IdleConnTimeout <= 0 || transport.Proxy == nil || transport.MaxResponseHeaderBytes <= 0 {
		t.Errorf("NewHTTPClient() = %+v, want every wait bounded and the environment's proxies", client)
	}
}

func TestWhatIsHeldWasNotSent(t *testing.T) {
	s := new(setup)
	s.connect(t, "https://tenant.test", &http.Client{Transport: tripper(func(*http.Request) (*http.Response, error) {
		return nil, &exchange.HeldError{Wait: 7 * time.Second, Err: net.ErrClosed}
	})})
	p := s.create(t)
	if p == nil || p.Kind != registration.Unavailable || p.Unclear || p.RetryAfter != 7*time.Second {
		t.Errorf("create = %+v, want unavailable for 7 s, and no doubt", p)
	}
}

// TestTheRefusalOfARepetitionIsUnclear has Go's Transport itself send a request again, since its connection was one that was kept and
// broke: what is refused then may have been done the first time.
func TestTheRefusalOfARepetitionIsUnclear(t *testing.T) {
	tests := []struct {
		name    string
		status  int
		lost    bool // the first time
		unclear bool
	}{
		{"too many, after one that was lost", http.StatusTooManyRequests, true, true},
		{"forbidden, after one that was lost", http.StatusForbidden, true, true},
		{"too many", http.StatusTooManyRequests, false, false},
		{"forbidden", http.StatusForbidden, false, false},
		{"an answer that does not fit, which it would not have the first time", http.StatusUnprocessableEntity, true, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			posted := 0
			s := serve(t, func(w http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodGet {
					answer(http.StatusOK, `{"id":"customers"}`)(w, r)
					return
				}
				if posted++; posted == 1 && tt.lost {
					panic(http.ErrAbortHandler)
				}
				w.WriteHeader(tt.status)
			})
			if _, err := s.client.GetPool(t.Context()); err != nil { // whose connection is kept
				t.Fatal(err)
			}
			_, err := s.client.CreateUser(t.Context(), ann(), registration.Keys{})
			p := registration.AsProblem(err, "")
			if p == nil || p.Unclear != tt.unclear || (posted == 2) != tt.lost {
				t.Errorf("create = %v, %+v after %d requests, want unclear %t", err, p, posted, tt.unclear)
			}
		})
	}
}
