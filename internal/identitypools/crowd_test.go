package identitypools_test

import (
	"crypto/x509"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"foyer/internal/identitypools"
)

// TestACrowdSharesConnections has a thousand people submit at once, which is what a server for SSH can come to.
func TestACrowdSharesConnections(t *testing.T) {
	for name, http2 := range map[string]bool{"HTTP/1.1": false, "HTTP/2": true} {
		t.Run(name, func(t *testing.T) {
			s, opened := crowded(t, http2)
			roots := x509.NewCertPool()
			roots.AddCert(s.Certificate())
			transport := identitypools.NewTransport(roots)
			t.Cleanup(transport.CloseIdleConnections)
			client := identitypools.NewHTTPClient(transport)
			var all sync.WaitGroup
			for range 1000 {
				all.Go(func() { post(t, client, s.URL) })
			}
			all.Wait()
			const most = 64 * 2 // with HTTP/2, some that were begun are not needed in the end
			if n := opened.Load(); n > most {
				t.Errorf("%d connections were opened, want %d at most", n, most)
			}
		})
	}
}

// crowded is a tenant that takes 20 ms for an answer, and counts the connections that were opened to it.
func crowded(t *testing.T, http2 bool) (*httptest.Server, *atomic.Int64) {
	t.Helper()
	var opened atomic.Int64
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		select {
		case <-time.After(20 * time.Millisecond):
		case <-r.Context().Done():
		}
		w.WriteHeader(http.StatusCreated)
	}))
	s.EnableHTTP2 = http2
	s.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			opened.Add(1)
		}
	}
	s.StartTLS()
	t.Cleanup(s.Close)
	return s, &opened
}

func post(t *testing.T, client *http.Client, url string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, http.NoBody)
	if err != nil {
		t.Error(err)
		return
	}
	response, err := client.Do(request)
	if err != nil {
		t.Error(err)
		return
	}
	_ = response.Body.Close()
	if response.StatusCode != http.StatusCreated {
		t.Errorf("status %d", response.StatusCode)
	}
}
