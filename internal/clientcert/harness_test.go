package clientcert_test

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"io"
	"log/slog"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"foyer/internal/clientcert"
)

// A pair is a certificate with its key, in PEM.
type pair struct{ certificate, key []byte }

func edKey(t *testing.T) ed25519.PrivateKey {
	t.Helper()
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// issue returns a certificate of that name, self-signed, for a year around now and until end.
func issue(t *testing.T, name string, end time.Time, key crypto.Signer) pair {
	t.Helper()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: name},
		NotBefore: end.AddDate(-1, 0, 0), NotAfter: end, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return pair{
		pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}),
		pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}),
	}
}

// named is a certificate that is good for half a year, with a key of its own.
func named(t *testing.T, name string) pair {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return issue(t, name, time.Now().AddDate(0, 6, 0), key)
}

// A clock stands still until it is moved. It is safe for concurrent use.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// A log keeps what is written to it. It is safe for concurrent use.
type log struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *log) count(part string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Count(l.text.String(), part)
}

// files are a pair on the disk and the source that follows it.
type files struct {
	certificate, key string
	clock            *clock
	log              *log
}

func newFiles(t *testing.T, p pair) *files {
	t.Helper()
	folder := t.TempDir()
	f := &files{filepath.Join(folder, "tls.crt"), filepath.Join(folder, "tls.key"), &clock{at: time.Now()}, &log{}}
	f.write(t, p)
	return f
}

func put(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

func (f *files) write(t *testing.T, p pair) {
	t.Helper()
	put(t, f.certificate, p.certificate)
	put(t, f.key, p.key)
}

func (f *files) config(base *http.Transport) clientcert.Config {
	return clientcert.Config{
		CertificateFile: f.certificate, KeyFile: f.key, Transport: base,
		Logger: slog.New(slog.NewTextHandler(f.log, nil)), Now: f.clock.now,
	}
}

func (f *files) load(t *testing.T, base *http.Transport) *clientcert.Source {
	t.Helper()
	s, err := clientcert.Load(f.config(base))
	if err != nil {
		t.Fatalf("Load() = %v", err)
	}
	return s
}

// renewed writes p and returns the generation after it.
func (f *files) renewed(t *testing.T, s *clientcert.Source, p pair) *clientcert.Generation {
	t.Helper()
	f.write(t, p)
	f.clock.pass(time.Second)
	return s.Current()
}

// newServer starts a server that asks for a certificate of an authority that issued none of ours, takes any, and answers
// through h. It speaks HTTP/2 unless old.
func newServer(t *testing.T, old bool, h http.HandlerFunc) *httptest.Server {
	t.Helper()
	server := httptest.NewUnstartedServer(h)
	server.EnableHTTP2 = !old
	authorities := x509.NewCertPool()
	authorities.AppendCertsFromPEM(named(t, "another authority").certificate)
	server.TLS = &tls.Config{ClientAuth: tls.RequireAnyClientCert, ClientCAs: authorities, MinVersion: tls.VersionTLS12}
	server.StartTLS()
	t.Cleanup(server.Close)
	return server
}

// who answers with the name in the client's certificate.
func who(w http.ResponseWriter, r *http.Request) {
	_, _ = fmt.Fprintf(w, "%s over %s", r.TLS.PeerCertificates[0].Subject.CommonName, r.Proto)
}

// trusting is a transport that trusts server.
func trusting(server *httptest.Server) *http.Transport {
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	return &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}}
}

// ask calls url over g and returns the answer, or why there is none.
func ask(t *testing.T, g *clientcert.Generation, url string) string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader("x"))
	if err != nil {
		return err.Error()
	}
	resp, err := (&http.Client{Transport: g.Transport()}).Do(r)
	if err != nil {
		return err.Error()
	}
	defer func() { _ = resp.Body.Close() }()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		return err.Error()
	}
	return string(data)
}

func wantAnswer(t *testing.T, g *clientcert.Generation, url, want string) {
	t.Helper()
	if got := ask(t, g, url); got != want {
		t.Errorf("over %v the server answers %q, want %q", g, got, want)
	}
}
