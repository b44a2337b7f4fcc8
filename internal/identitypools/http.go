package identitypools

import (
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/http"
	"time"
)

// Timeouts and bounds of a connection to the tenant.
const (
	callTimeout      = 20 * time.Second // a whole call, body included
	dialTimeout      = 5 * time.Second
	handshakeTimeout = 5 * time.Second
	headerTimeout    = 10 * time.Second // until the answer begins
	idleTimeout      = 90 * time.Second
	pingAfter        = 15 * time.Second // of silence on an HTTP/2 connection, to find out whether it is dead
	pingTimeout      = 5 * time.Second
	maxHeaderBytes   = 64 << 10

	// HTTP/1.1 connections to one host, in use or kept; HTTP/2 needs one. A thousand people who submit at once opened a thousand,
	// and their handshakes took five times as long as all the calls do by these.
	maxConnections = 64
)

// NewTransport returns what both the token source and the API client send by: TLS 1.2 or newer, HTTP/2 where the tenant has
// it, the environment's proxies (HTTPS_PROXY and so on), and a bound on every wait. Roots are whom to trust; nil is whom the
// system trusts.
func NewTransport(roots *x509.CertPool) *http.Transport {
	dialer := &net.Dialer{Timeout: dialTimeout}
	return &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		DialContext:            dialer.DialContext,
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: roots},
		TLSHandshakeTimeout:    handshakeTimeout,
		ResponseHeaderTimeout:  headerTimeout,
		IdleConnTimeout:        idleTimeout,
		MaxIdleConns:           2 * maxConnections,
		MaxIdleConnsPerHost:    maxConnections,
		MaxConnsPerHost:        maxConnections,
		MaxResponseHeaderBytes: maxHeaderBytes,
		ForceAttemptHTTP2:      true,
		HTTP2:                  &http.HTTP2Config{SendPingTimeout: pingAfter, PingTimeout: pingTimeout},
	}
}

// NewHTTPClient returns a client that sends by transport and waits 20 s for all of a call. Redirects come back as answers.
func NewHTTPClient(transport http.RoundTripper) *http.Client {
	return &http.Client{
		Timeout:       callTimeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport:     transport,
	}
}
