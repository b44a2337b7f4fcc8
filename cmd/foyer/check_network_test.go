package main

import (
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// faulty serves nothing at all with this certificate, and returns its address.
func faulty(t *testing.T, pair tls.Certificate) string {
	t.Helper()
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	server.TLS = &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}
	server.StartTLS()
	t.Cleanup(server.Close)
	return server.URL
}

func TestCheckNamesTheFixOfWhatIsWrongOnTheWay(t *testing.T) {
	ca, other := newAuthority(t, "Foyer test"), newAuthority(t, "Elsewhere")
	issue := func(name string, until time.Time) tls.Certificate {
		return ca.issue(t, &x509.Certificate{
			Subject: pkix.Name{CommonName: name}, DNSNames: []string{name}, IPAddresses: []net.IP{net.ParseIP("127.0.0.1")},
			NotBefore: time.Now().Add(-48 * time.Hour), NotAfter: until, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		})
	}
	elsewhere := ca.issue(t, &x509.Certificate{
		Subject: pkix.Name{CommonName: "other.example"}, DNSNames: []string{"other.example"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	})
	plain := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(plain.Close)
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	tests := []struct {
		name, url string
		code      int
		line      []string // beginning and words of a line
	}{
		{"no such host", "https://foyer.invalid", 5, []string{"✗ DNS", "foyer.invalid", "tenant.url"}},
		{"nobody listens", closed.URL, 5, []string{"✗ TCP", "connection refused", "tenant.url"}},
		{"no TLS at the port", "https" + strings.TrimPrefix(plain.URL, "http"), 2, []string{"✗ TLS", "speaks no TLS", "port"}},
		{"an authority that nobody knows", faulty(t, other.server(t)), 2, []string{"✗ TLS", "Elsewhere", "tenant.ca_file"}},
		{"another name", faulty(t, elsewhere), 2, []string{"✗ TLS", "for other.example", "tenant.url"}},
		{"an expired certificate", faulty(t, issue("localhost", time.Now().Add(-time.Hour))), 2, []string{"✗ TLS", "only", "clock"}},
		{"no tenant there", faulty(t, issue("localhost", time.Now().Add(24*time.Hour))), 2, []string{"! TLS", "expires on", "renew"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			k := &kioskOf{said: map[string]string{}, env: []string{
				"FOYER_TENANT_URL=" + tt.url, "FOYER_TENANT_ID=acme", "FOYER_TENANT_POOL=customers", "FOYER_TENANT_CA_FILE=" + writeFile(t, "ca.pem", ca.pem()),
				"FOYER_AUTH_CLIENT_ID=kiosk", "FOYER_AUTH_CLIENT_SECRET=" + marker,
			}}
			k.checks(t, tt.code, tt.line[0], tt.line[1:]...)
		})
	}
}
