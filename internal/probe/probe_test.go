package probe_test

import (
	"crypto/tls"
	"crypto/x509"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"foyer/internal/probe"
)

// serve starts a server with TLS as config has it, and returns it and what trusts it.
func serve(t *testing.T, config *tls.Config) (*httptest.Server, *http.Transport) {
	t.Helper()
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	server.TLS, server.EnableHTTP2 = config, true
	server.StartTLS()
	t.Cleanup(server.Close)
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	return server, &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}}
}

func parse(t *testing.T, address string) *url.URL {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func TestWalkArrives(t *testing.T) {
	server, trusting := serve(t, nil)
	plain := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(plain.Close)
	tests := []struct {
		name, target string
		proto        string
		tls          bool
	}{
		{"over TLS", server.URL, "HTTP/2.0", true},
		{"without TLS", plain.URL, "HTTP/1.1", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := probe.Walk(t.Context(), trusting, parse(t, tt.target), nil)
			if w.Err != nil || w.Stage != probe.Done || w.Proto != tt.proto || (w.TLS != nil) != tt.tls {
				t.Errorf("Walk(%s) = %+v, want it done by %s, TLS %t", tt.target, w, tt.proto, tt.tls)
			}
			if want := parse(t, tt.target).Host; w.Remote != want || w.Addresses != nil || w.Certificate {
				t.Errorf("Walk(%s) = %+v, want a connection to %s without a look-up or a certificate", tt.target, w, want)
			}
		})
	}
}

func TestWalkLooksNamesUp(t *testing.T) {
	server, trusting := serve(t, nil)
	target := parse(t, server.URL)
	target.Host = "localhost:" + target.Port()
	w := probe.Walk(t.Context(), trusting, target, nil)
	if len(w.Addresses) == 0 || w.Stage != probe.Handshake && w.Stage != probe.Done {
		t.Errorf("Walk(%s) = %+v, want addresses and a handshake at least", target, w)
	}
}

func TestWalkEndsWhereItFails(t *testing.T) {
	server, trusting := serve(t, nil)
	plain := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(plain.Close)
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	silent, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // listening does not wait
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = silent.Close() })
	go func() {
		for {
			c, err := silent.Accept()
			if err != nil {
				return
			}
			_ = c.Close()
		}
	}()
	tests := []struct {
		name, target string
		by           *http.Transport
		want         probe.Stage
	}{
		{"at a name that nobody has", "https://foyer.invalid", trusting, probe.Name}, // RFC 2606, 2
		{"at a port where nobody listens", closed.URL, trusting, probe.Connection},
		{"at a certificate that nobody trusts", server.URL, &http.Transport{}, probe.Handshake},
		{"at a server without TLS", "https" + plain.URL[len("http"):], trusting, probe.Handshake},
		{"at a server that hangs up", "http://" + silent.Addr().String(), trusting, probe.Exchange},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if w := probe.Walk(t.Context(), tt.by, parse(t, tt.target), nil); w.Stage != tt.want || w.Err == nil {
				t.Errorf("Walk(%s) = %+v, want an error at stage %d", tt.target, w, tt.want)
			}
		})
	}
}

func TestWalkTellsWhetherACertificateIsAskedFor(t *testing.T) {
	ours, _ := serve(t, nil)
	pair := ours.TLS.Certificates[0]
	for _, asked := range []tls.ClientAuthType{tls.NoClientCert, tls.RequestClientCert, tls.RequireAnyClientCert} {
		t.Run(asked.String(), func(t *testing.T) {
			server, trusting := serve(t, &tls.Config{ClientAuth: asked, MinVersion: tls.VersionTLS12})
			w := probe.Walk(t.Context(), trusting, parse(t, server.URL), &pair)
			if w.Err != nil || w.Certificate != (asked != tls.NoClientCert) {
				t.Errorf("Walk() = %+v, want it done, and a certificate asked for: %t", w, asked != tls.NoClientCert)
			}
			without := probe.Walk(t.Context(), trusting, parse(t, server.URL), nil)
			if (without.Err != nil) != (asked == tls.RequireAnyClientCert) {
				t.Errorf("Walk() without a certificate = %+v, want an error: %t", without, asked == tls.RequireAnyClientCert)
			}
		})
	}
}

func TestWalkGoesThroughTheProxy(t *testing.T) {
	server, trusting := serve(t, nil)
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodConnect {
			http.Error(w, "no", http.StatusMethodNotAllowed)
			return
		}
		there, err := new(net.Dialer).DialContext(r.Context(), "tcp", r.Host)
		if err != nil {
			http.Error(w, "no", http.StatusBadGateway)
			return
		}
		defer func() { _ = there.Close() }()
		w.WriteHeader(http.StatusOK)
		here, buffered, err := http.NewResponseController(w).Hijack()
		if err != nil {
			return
		}
		defer func() { _ = here.Close() }()
		go func() { _, _ = io.Copy(there, buffered) }()
		_, _ = io.Copy(here, there)
	}))
	t.Cleanup(proxy.Close)
	trusting.Proxy = http.ProxyURL(parse(t, proxy.URL))
	w := probe.Walk(t.Context(), trusting, parse(t, server.URL), nil)
	at := parse(t, proxy.URL).Host
	if w.Err != nil || w.Proxy != at || w.Remote != at || w.TLS == nil {
		t.Errorf("Walk() = %+v, want it done through %s", w, at)
	}
}
