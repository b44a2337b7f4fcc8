package clientcert_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"foyer/internal/clientcert"
)

func TestEachGenerationProvesItsOwnCertificate(t *testing.T) {
	for name, old := range map[string]bool{"HTTP/2.0": false, "HTTP/1.1": true} {
		t.Run(name, func(t *testing.T) {
			server := newServer(t, old, who)
			f := newFiles(t, named(t, "one"))
			s := f.load(t, trusting(server))
			first := s.Current()
			wantAnswer(t, first, server.URL, "one over "+name)
			second := f.renewed(t, s, named(t, "two"))
			if first.Number() != 1 || second.Number() != 2 || first.Thumbprint() == second.Thumbprint() {
				t.Fatalf("generations %v and %v, want 1 and 2 with thumbprints of their own", first, second)
			}
			wantAnswer(t, second, server.URL, "two over "+name)
			wantAnswer(t, first, server.URL, "one over "+name) // as a token that is bound to it needs
			wantAnswer(t, s.Current(), server.URL, "two over "+name)
			if f.log.count("renewed client certificate") != 1 {
				t.Errorf("log = %s, want the renewal once", f.log.text.String())
			}
		})
	}
}

func TestACallUnderWayEndsWithTheCertificateItBeganWith(t *testing.T) {
	for name, old := range map[string]bool{"HTTP/2.0": false, "HTTP/1.1": true} {
		t.Run(name, func(t *testing.T) {
			arrived, release := make(chan bool), make(chan bool)
			server := newServer(t, old, func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/slow" {
					close(arrived)
					<-release
				}
				who(w, r)
			})
			f := newFiles(t, named(t, "one"))
			s := f.load(t, trusting(server))
			slow := make(chan string)
			go func(g *clientcert.Generation) { slow <- ask(t, g, server.URL+"/slow") }(s.Current())
			<-arrived
			wantAnswer(t, f.renewed(t, s, named(t, "two")), server.URL, "two over "+name)
			close(release)
			if got, want := <-slow, "one over "+name; got != want {
				t.Errorf("the call under way ends in %q, want %q", got, want)
			}
		})
	}
}

func TestRenewalUnderLoadLosesNoCall(t *testing.T) {
	server := newServer(t, false, who)
	const renewals = 5
	f := newFiles(t, named(t, "1"))
	s := f.load(t, trusting(server))
	var calls atomic.Int64
	done := make(chan bool)
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				g := s.Current()
				if got, want := ask(t, g, server.URL), fmt.Sprintf("%d over HTTP/2.0", g.Number()); got != want {
					t.Errorf("the server answers %q, want %q", got, want)
					return
				}
				calls.Add(1)
			}
		})
	}
	for i := 2; i <= renewals+1; i++ {
		next, from := named(t, fmt.Sprint(i)), calls.Load()
		for calls.Load() < from+20 && !t.Failed() {
			s.Current()
		}
		put(t, f.certificate, next.certificate) // the calls look at the half-written pair too
		f.clock.pass(time.Second)
		for from = calls.Load(); calls.Load() < from+20 && !t.Failed(); {
			s.Current()
		}
		put(t, f.key, next.key)
		f.clock.pass(time.Second)
		for s.Current().Number() != i && !t.Failed() {
			f.clock.pass(time.Second)
		}
	}
	close(done)
	group.Wait()
	if got := s.Current().Number(); got != renewals+1 {
		t.Errorf("Current() = %d, want %d", got, renewals+1)
	}
}

func TestAHalfWrittenPairIsNotUsed(t *testing.T) {
	next := named(t, "two")
	states := []struct {
		name  string
		state func(t *testing.T, f *files)
		want  string
	}{
		{"the key is missing still", func(t *testing.T, f *files) { t.Helper(); put(t, f.certificate, next.certificate) }, "does not belong"},
		{"the certificate is missing still", func(t *testing.T, f *files) { t.Helper(); put(t, f.key, next.key) }, "does not belong"},
		{"half a certificate", func(t *testing.T, f *files) {
			t.Helper()
			put(t, f.certificate, next.certificate[:100])
			put(t, f.key, next.key)
		}, "holds no certificate"},
		{"an empty key", func(t *testing.T, f *files) { t.Helper(); put(t, f.key, nil) }, "auth.key_file is empty"},
		{"no file", func(t *testing.T, f *files) {
			t.Helper()
			if err := os.Remove(f.certificate); err != nil {
				t.Fatal(err)
			}
		}, "does not exist"},
	}
	for _, tt := range states {
		t.Run(tt.name, func(t *testing.T) {
			server := newServer(t, false, who)
			f := newFiles(t, named(t, "one"))
			s := f.load(t, trusting(server))
			tt.state(t, f)
			for range 10 {
				f.clock.pass(time.Second)
				if got := s.Current().Number(); got != 1 {
					t.Fatalf("Current() = %d, want 1", got)
				}
			}
			wantAnswer(t, s.Current(), server.URL, "one over HTTP/2.0")
			if f.log.count(tt.want) != 1 || f.log.count("level=WARN") != 1 {
				t.Errorf("log = %s, want one warning with %q", f.log.text.String(), tt.want)
			}
			wantAnswer(t, f.renewed(t, s, next), server.URL, "two over HTTP/2.0")
		})
	}
}

func TestAFileWrittenTwiceWithinATickIsReadAgain(t *testing.T) {
	next := named(t, "two")
	f := newFiles(t, named(t, "one"))
	s := f.load(t, &http.Transport{})
	now := time.Now()
	for _, key := range [][]byte{bytes.Repeat([]byte("x"), len(next.key)), next.key} {
		put(t, f.certificate, next.certificate)
		put(t, f.key, key)
		for _, path := range []string{f.certificate, f.key} {
			if err := os.Chtimes(path, now, now); err != nil {
				t.Fatal(err)
			}
		}
		f.clock.pass(time.Second)
		s.Current()
	}
	if got := s.Current().Number(); got != 2 {
		t.Errorf("Current() = %d, want 2: size and time of the key tell no difference", got)
	}
}

func TestFilesThatSayTheSameAreNoRenewal(t *testing.T) {
	one := named(t, "one")
	f := newFiles(t, one)
	s := f.load(t, &http.Transport{})
	if err := os.Chtimes(f.key, time.Now(), time.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	f.clock.pass(time.Second)
	if got := s.Current(); got.Number() != 1 {
		t.Errorf("Current() = %v, want the first", got)
	}
	one.certificate = append(one.certificate, named(t, "authority").certificate...)
	if got := f.renewed(t, s, one); got.Number() != 2 {
		t.Errorf("Current() = %v, want a second that sends the authority too", got)
	}
}

func TestConnectionsThatNobodyUsesAreClosed(t *testing.T) {
	tests := []struct {
		name string
		by   func(*files, *clientcert.Source)
	}{
		{"when another generation takes the place of theirs", func(f *files, s *clientcert.Source) { f.renewed(t, s, named(t, "two")) }},
		{"when they are to be", func(_ *files, s *clientcert.Source) { s.CloseIdleConnections() }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			closed := make(chan bool, 1)
			server := newServer(t, false, who)
			f := newFiles(t, named(t, "one"))
			base := trusting(server)
			base.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
				conn, err := (&net.Dialer{}).DialContext(ctx, network, address)
				return &watched{conn, closed}, err
			}
			s := f.load(t, base)
			wantAnswer(t, s.Current(), server.URL, "one over HTTP/2.0")
			tt.by(f, s)
			<-closed
		})
	}
}

func TestASessionIsNotResumedWithAnotherCertificate(t *testing.T) {
	server := newServer(t, true, who)
	f := newFiles(t, named(t, "one"))
	base := trusting(server)
	base.DisableKeepAlives = true // each call begins or resumes a session
	base.TLSClientConfig.ClientSessionCache = tls.NewLRUClientSessionCache(0)
	s := f.load(t, base)
	for range 3 {
		wantAnswer(t, s.Current(), server.URL, "one over HTTP/1.1")
	}
	wantAnswer(t, f.renewed(t, s, named(t, "two")), server.URL, "two over HTTP/1.1")
}

// A watched connection tells when it is closed.
type watched struct {
	net.Conn
	closed chan<- bool
}

func (w *watched) Close() error {
	select {
	case w.closed <- true:
	default:
	}
	return w.Conn.Close()
}
