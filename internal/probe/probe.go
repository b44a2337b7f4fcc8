// Package probe looks at the way to a server step by step: the name, the connection, the TLS handshake. It finds out by one
// real request, so that it goes the way that every other request goes, through a proxy if there is one.
package probe

import (
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"slices"
	"sync"
	"time"
)

// A Stage is a part of the way.
type Stage int

// The stages, in their order.
const (
	Name       Stage = iota // the name is looked up
	Connection              // a connection is made
	Handshake               // TLS begins
	Exchange                // a request is answered
	Done
)

// A Way is what was found on the way to a server, as far as one came.
type Way struct {
	Host        string               // whose way it is
	Proxy       string               // the host of the proxy that leads there; "" for none
	Addresses   []string             // that the name has, that of the proxy if there is one; nil where none is looked up
	Remote      string               // the address and port that is connected to
	TLS         *tls.ConnectionState // nil without TLS, and when the handshake failed
	Proto       string               // of the answer, such as "HTTP/2.0"
	Certificate bool                 // the server asked for a certificate of ours
	Stage       Stage                // Done, or where Err comes from
	Err         error
}

// timeout bounds a walk.
const timeout = 15 * time.Second

// Walk makes one request to target, by a connection of its own that is made as base makes them, and with certificate, which
// may be nil, for a server that asks for one. Any answer will do.
func Walk(ctx context.Context, base *http.Transport, target *url.URL, certificate *tls.Certificate) Way {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	w := &walker{way: Way{Host: target.Host}}
	transport := base.Clone()
	defer transport.CloseIdleConnections()
	w.present(transport, certificate)
	request, err := http.NewRequestWithContext(httptrace.WithClientTrace(ctx, w.trace()), http.MethodGet, target.String(), http.NoBody)
	if err != nil {
		return Way{Host: target.Host, Err: err}
	}
	if base.Proxy != nil {
		if proxy, err := base.Proxy(request); err == nil && proxy != nil {
			w.way.Proxy = proxy.Host
		}
	}
	response, err := transport.RoundTrip(request)
	if err == nil {
		_, _ = io.CopyN(io.Discard, response.Body, maxBody) // TLS 1.3 refuses a certificate only with the first answer
		_ = response.Body.Close()
	}
	return w.arrive(response, err)
}

// maxBody bounds what is read of the answer, in bytes.
const maxBody = 64 << 10

// A walker notes what happens on the way. Connections are tried at several addresses at once.
type walker struct {
	mu  sync.Mutex
	way Way
}

// present has transport present certificate, and notes whether it was asked for.
func (w *walker) present(transport *http.Transport, certificate *tls.Certificate) {
	config := transport.TLSClientConfig
	if config == nil {
		config = &tls.Config{MinVersion: tls.VersionTLS12}
	}
	config = config.Clone()
	config.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
		w.note(func() { w.way.Certificate = true })
		if certificate == nil {
			return new(tls.Certificate), nil
		}
		return certificate, nil
	}
	transport.TLSClientConfig, transport.ForceAttemptHTTP2 = config, true
}

func (w *walker) note(what func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	what()
}

// reach notes that s begins.
func (w *walker) reach(s Stage) { w.way.Stage = max(w.way.Stage, s) }

func (w *walker) trace() *httptrace.ClientTrace {
	return &httptrace.ClientTrace{
		DNSDone: func(i httptrace.DNSDoneInfo) {
			w.note(func() {
				for _, a := range i.Addrs {
					w.way.Addresses = append(w.way.Addresses, a.IP.String())
				}
			})
		},
		ConnectStart: func(_, address string) {
			w.note(func() { w.reach(Connection); w.way.Remote = address })
		},
		ConnectDone: func(_, address string, err error) {
			w.note(func() {
				if err == nil {
					w.way.Remote = address
				}
			})
		},
		TLSHandshakeStart: func() { w.note(func() { w.reach(Handshake) }) },
		TLSHandshakeDone: func(state tls.ConnectionState, err error) {
			w.note(func() {
				if err == nil {
					w.way.TLS = &state
				}
			})
		},
		GotConn: func(httptrace.GotConnInfo) { w.note(func() { w.reach(Exchange) }) },
	}
}

// arrive is the whole way, which ended with response or with err.
func (w *walker) arrive(response *http.Response, err error) Way {
	w.mu.Lock()
	defer w.mu.Unlock()
	way := w.way
	way.Addresses = slices.Compact(slices.Clone(way.Addresses))
	if way.Err = err; err != nil {
		return way
	}
	way.Stage, way.Proto = Done, response.Proto
	return way
}

// Literal reports whether host, with a port or without, is an address and no name.
func Literal(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	return net.ParseIP(host) != nil
}
