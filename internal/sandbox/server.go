package sandbox

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log"
	"log/slog"
	"net"
	"net/http"
	"time"
)

// Bounds of the servers.
const (
	readHeaderTimeout = 10 * time.Second
	readTimeout       = 30 * time.Second
	maxHeaderBytes    = 64 << 10
)

// A Server is a tenant that is served.
type Server struct {
	// URL and MutualURL are scheme, host and port of the listeners. The second, which asks for client certificates, is
	// there with Options.Authority only.
	URL, MutualURL string

	failed  chan error
	servers []*http.Server
}

// ports are those of a tenant that is served over TLS.
type ports struct{ plain, mutual string }

// Listen serves the tenant on an address, such as 127.0.0.1:0, until Close. With Options.Authority it is served over
// TLS, and on a second, free port of the same host over TLS that asks for a client certificate; what certificate that
// may be is judged where a request needs one.
func (t *Tenant) Listen(address string) (*Server, error) {
	l, err := net.Listen("tcp", address) //nolint:noctx // listening does not wait
	if err != nil {
		return nil, fmt.Errorf("listen: %w", err)
	}
	s := &Server{URL: "http://" + l.Addr().String(), failed: make(chan error, 2)}
	if t.authority == nil {
		s.serve(t, l, t.log)
		return s, nil
	}
	if err := s.listenTLS(t, l); err != nil {
		_ = l.Close()
		return nil, err
	}
	return s, nil
}

// listenTLS serves over TLS on l, and on a second listener.
func (s *Server) listenTLS(t *Tenant, l net.Listener) error {
	certificate, err := t.authority.server()
	if err != nil {
		return err
	}
	host, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	m, err := net.Listen("tcp", net.JoinHostPort(host, "0")) //nolint:noctx // listening does not wait
	if err != nil {
		return fmt.Errorf("listen for mutual TLS: %w", err)
	}
	_, mutualPort, err := net.SplitHostPort(m.Addr().String())
	if err != nil {
		return fmt.Errorf("listen for mutual TLS: %w", err)
	}
	t.ports.Store(&ports{port, mutualPort})
	s.URL, s.MutualURL = "https://"+l.Addr().String(), "https://"+m.Addr().String()
	plain := &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{certificate}, NextProtos: []string{"h2", "http/1.1"}}
	mutual := plain.Clone()
	mutual.ClientAuth = tls.RequestClientCert
	s.serve(t, tls.NewListener(l, plain), t.log)
	s.serve(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		t.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), mutualKey{}, true)))
	}), tls.NewListener(m, mutual), t.log)
	return nil
}

func (s *Server) serve(h http.Handler, l net.Listener, logger *slog.Logger) {
	server := &http.Server{
		Handler: h, ReadHeaderTimeout: readHeaderTimeout, ReadTimeout: readTimeout, MaxHeaderBytes: maxHeaderBytes,
		ErrorLog: log.New(quiet{logger}, "", 0),
	}
	s.servers = append(s.servers, server)
	go func() {
		if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			s.failed <- err
		}
	}()
}

// quiet logs what the HTTP server has to say, such as that a client did not trust its certificate.
type quiet struct{ logger *slog.Logger }

func (q quiet) Write(line []byte) (int, error) {
	q.logger.Debug("sandbox server", "message", string(line))
	return len(line), nil
}

// Failed tells when a listener ends that was not closed.
func (s *Server) Failed() <-chan error { return s.failed }

// Close ends the server and its connections.
func (s *Server) Close() error {
	var errs []error
	for _, server := range s.servers {
		errs = append(errs, server.Close())
	}
	return errors.Join(errs...)
}
