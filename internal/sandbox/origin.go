package sandbox

import (
	"net"
	"net/http"
)

// mutualKey marks the context of a request that came by the listener for mutual TLS.
type mutualKey struct{}

// origin is the scheme and host under which the client reached the tenant.
func origin(r *http.Request) string {
	if r.TLS != nil {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

// publicOrigin is the origin of the listener that asks for no certificate, which the issuer is under whichever listener
// a request came by.
func (t *Tenant) publicOrigin(r *http.Request) string {
	if ports := t.ports.Load(); ports != nil && r.Context().Value(mutualKey{}) != nil {
		return "https://" + withPort(r.Host, ports.plain)
	}
	return origin(r)
}

// mutualOrigin is the origin of the listener for mutual TLS; "" when there is none.
func (t *Tenant) mutualOrigin(r *http.Request) string {
	if ports := t.ports.Load(); ports != nil {
		return "https://" + withPort(r.Host, ports.mutual)
	}
	return ""
}

// issuer is the tenant's issuer URL.
func (t *Tenant) issuer(r *http.Request) string { return t.publicOrigin(r) + t.oauthBase() }

// withPort is host, which may have a port, with another one.
func withPort(host, port string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	return net.JoinHostPort(host, port)
}
