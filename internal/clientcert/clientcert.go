// Package clientcert holds the certificate with which the client proves itself in TLS (RFC 8705), and follows its files
// when they are renewed, without losing a call.
package clientcert

import (
	"crypto/tls"
	"log/slog"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"foyer/internal/fixable"
	"foyer/internal/watch"
)

// Config says where the certificate is and how it is used. It is not changed after Load.
type Config struct {
	CertificateFile string           // PEM; the client's own certificate first, then those of its authorities
	KeyFile         string           // PEM, not encrypted; may be the same file
	Transport       *http.Transport  // what each generation has a copy of, with its certificate; it is not used itself
	Logger          *slog.Logger     // gets renewals and warnings, never a key; nil discards
	Now             func() time.Time // for tests; nil is the machine's clock
}

// A Source hands out the newest certificate that works. It is safe for concurrent use. It has neither goroutine nor timer.
type Source struct {
	config  Config
	log     *slog.Logger
	current atomic.Pointer[Generation]

	mu     sync.Mutex // guards what follows
	watch  *watch.Watch
	warned string    // the sentence of the last failure to renew; "" when the files are fit for use
	warnAt time.Time // when the certificate's end is to be warned of
}

// Load reads the pair of files. It refuses, with a *fixable.Error, what cannot be used: a file that is missing, a key that
// is encrypted or belongs to another certificate. A certificate that has expired is taken; see Generation.Expired.
func Load(c Config) (*Source, error) {
	if c.Now == nil {
		c.Now = time.Now
	}
	s := &Source{config: c, log: c.Logger, watch: watch.New(c.Now, c.CertificateFile, c.KeyFile)}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	certificate, err := readPair(c.CertificateFile, c.KeyFile)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.replace(certificate)
	s.warn()
	return s, nil
}

// Current returns the newest generation. It looks at most once a second whether the files have changed. While they do not
// fit each other, as when one of them is written already, the generation stays as it is and the log says so once.
//
// A call, and a token that is bound to a certificate, keep the generation that they began with.
func (s *Source) Current() *Generation {
	if s.mu.TryLock() { // another caller who looks already is not waited for
		defer s.mu.Unlock()
		s.renew()
		s.warn()
	}
	return s.current.Load()
}

// CloseIdleConnections closes the connections with the newest certificate that nobody uses now. Those with an older one were closed when
// it was renewed, or end by themselves when they are idle.
func (s *Source) CloseIdleConnections() { s.current.Load().transport.CloseIdleConnections() }

// renew takes the files over when they have changed and fit each other.
func (s *Source) renew() {
	if !s.watch.Changed() {
		return
	}
	certificate, err := s.next()
	if err != nil {
		s.watch.Forget() // what was read may have been half-written within one tick of the file system's clock
		if s.warned != err.Error() {
			s.warned = err.Error()
			s.log.Warn("renew client certificate: the one before stays in use", "error", err, "certificate", s.current.Load())
		}
		return
	}
	s.warned = ""
	if old := s.current.Load(); !slices.EqualFunc(old.certificate().Certificate, certificate.Certificate, slices.Equal) {
		s.replace(certificate)
		old.transport.CloseIdleConnections()
		s.log.Info("renewed client certificate", "certificate", s.current.Load())
	}
}

// next is what the files hold now. A certificate that is not valid, while the one in use is, is put in place too early or by
// mistake: it waits.
func (s *Source) next() (*tls.Certificate, error) {
	certificate, err := readPair(s.config.CertificateFile, s.config.KeyFile)
	if err != nil {
		return nil, err
	}
	now := s.config.Now()
	valid := !now.Before(certificate.Leaf.NotBefore) && !now.After(certificate.Leaf.NotAfter)
	if old := s.current.Load(); !valid && !old.Expired(now) && !old.NotYetValid(now) {
		return nil, fixable.Errorf("the certificate in %s is valid from %s to %s only", settingCertificate,
			certificate.Leaf.NotBefore.UTC().Format(time.DateTime), certificate.Leaf.NotAfter.UTC().Format(time.DateTime))
	}
	return certificate, nil
}

// replace begins the next generation.
func (s *Source) replace(certificate *tls.Certificate) {
	number := 1
	if old := s.current.Load(); old != nil {
		number = old.number + 1
	}
	s.current.Store(newGeneration(number, certificate, s.config.Transport))
	s.warnAt = certificate.Leaf.NotAfter.Add(-soon)
}

// warn tells once a day that the certificate is about to expire, or has.
func (s *Source) warn() {
	now := s.config.Now()
	if now.Before(s.warnAt) {
		return
	}
	s.warnAt = now.Add(day)
	g := s.current.Load()
	s.log.Warn(ending(g.NotAfter().Sub(now)), "certificate", g)
}
