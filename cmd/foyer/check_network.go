package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"time"

	"foyer/internal/config"
	"foyer/internal/exchange"
	"foyer/internal/probe"
	"foyer/internal/registration"
)

// walked are the ways to the tenant's hosts: the API's, and the issuer's if that is another.
func (c *checkup) walked(ctx context.Context) []probe.Way {
	if c.ways != nil {
		return c.ways
	}
	targets := []*url.URL{c.config.Tenant.URL}
	if c.issuerElsewhere() {
		targets = append(targets, c.config.Auth.IssuerURL)
	}
	for _, target := range targets {
		c.ways = append(c.ways, probe.Walk(ctx, c.transport, target, nil))
	}
	return c.ways
}

// names tells the addresses of the tenant's hosts.
func (c *checkup) names(ctx context.Context) (finding, error) {
	var found []string
	for _, w := range c.walked(ctx) {
		name := hostname(w.Host)
		if w.Proxy != "" {
			name = "the proxy " + w.Proxy
		}
		switch {
		case w.Err != nil && w.Stage == probe.Name:
			return finding{}, failed(registration.Unavailable, w.Err, "there is no host %s (%s); check tenant.url, auth.issuer_url and the name service", name, exchange.Reason(w.Err))
		case len(w.Addresses) == 0:
			found = append(found, name+" needs no look-up")
		default:
			found = append(found, name+" is "+strings.Join(w.Addresses, ", "))
		}
	}
	return finding{text: each(found)}, nil
}

// hostname is host without a port.
func hostname(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		return name
	}
	return host
}

// connections tells what is connected to.
func (c *checkup) connections(ctx context.Context) (finding, error) {
	var found []string
	for _, w := range c.walked(ctx) {
		if w.Err != nil && w.Stage == probe.Connection {
			return finding{}, failed(registration.Unavailable, w.Err, "no connection to %s (%s: %s); check tenant.url, auth.issuer_url, the network and its firewalls", w.Host, w.Remote, why(w.Err))
		}
		line := "connected to " + w.Remote
		if w.Proxy != "" {
			line += ", the proxy that leads to " + w.Host
		}
		found = append(found, line)
	}
	return finding{text: each(found)}, nil
}

// why is what went wrong with a connection, without the address, which is told beside it.
func why(err error) string {
	var connecting *net.OpError
	if errors.As(err, &connecting) {
		err = connecting.Err
	}
	return exchange.Reason(err)
}

// soon is how long before its end a certificate is worth a look.
const soon = 30 * 24 * time.Hour

// handshakes tells of the tenant's certificates.
func (c *checkup) handshakes(ctx context.Context) (finding, error) {
	var found, look []string
	for _, w := range c.walked(ctx) {
		switch {
		case w.Err != nil && w.Stage == probe.Handshake:
			return finding{}, failed(registration.Misconfigured, w.Err, "%s", distrust(w))
		case w.TLS == nil:
			found = append(found, w.Host+" is on the loopback, without TLS")
			continue
		}
		leaf := w.TLS.PeerCertificates[0]
		found = append(found, fmt.Sprintf("the certificate of %s is trusted, for this name, issued by %s and valid until %s (%s)",
			w.Host, leaf.Issuer.CommonName, leaf.NotAfter.Format(time.DateOnly), tls.VersionName(w.TLS.Version)))
		if time.Until(leaf.NotAfter) < soon {
			look = append(look, fmt.Sprintf("the certificate of %s expires on %s; renew it at the tenant", w.Host, leaf.NotAfter.Format(time.DateOnly)))
		}
	}
	return finding{each(found), each(look)}, nil
}

// distrust says why a handshake failed, and what to do.
func distrust(w probe.Way) string {
	var unknown x509.UnknownAuthorityError
	var name x509.HostnameError
	var invalid x509.CertificateInvalidError
	var plain tls.RecordHeaderError
	switch {
	case errors.As(w.Err, &name):
		return fmt.Sprintf("the certificate of %s is for %s; check tenant.url", w.Host, of(name.Certificate))
	case errors.As(w.Err, &unknown):
		return fmt.Sprintf("the certificate of %s is not trusted: nobody knows its issuer %q; name the PEM file of that authority in tenant.ca_file", w.Host, issuerOf(unknown.Cert))
	case errors.As(w.Err, &invalid) && invalid.Reason == x509.Expired:
		return fmt.Sprintf("the certificate of %s is valid from %s to %s only; renew it at the tenant, or set this machine's clock", w.Host,
			invalid.Cert.NotBefore.Format(time.DateOnly), invalid.Cert.NotAfter.Format(time.DateOnly))
	case errors.As(w.Err, &plain):
		return fmt.Sprintf("%s speaks no TLS there; check the port in tenant.url", w.Host)
	case exchange.Distrusts(w.Err):
		return fmt.Sprintf("the certificate of %s is not valid (%s); renew it at the tenant", w.Host, exchange.Reason(w.Err))
	}
	return fmt.Sprintf("no TLS with %s (%s); check tenant.url, and what is between here and there", w.Host, exchange.Reason(w.Err))
}

// of are the names that a certificate is for.
func of(certificate *x509.Certificate) string {
	names := certificate.DNSNames
	for _, ip := range certificate.IPAddresses {
		names = append(names, ip.String())
	}
	if len(names) == 0 {
		return "no host"
	}
	return strings.Join(names, ", ")
}

func issuerOf(certificate *x509.Certificate) string {
	if certificate == nil {
		return ""
	}
	return certificate.Issuer.String()
}

// discovery tells what the issuer says of itself.
func (c *checkup) discovery(ctx context.Context) (finding, error) {
	l, err := c.link(ctx)
	if err != nil {
		return finding{}, err
	}
	_, proto := c.seen.connection()
	found := finding{text: fmt.Sprintf("issuer %s (%s)", l.issuer, proto)}
	if l.metadata.Fallback {
		found.text += ", without a discovery document: using the documented paths"
		found.look = "there is nothing at " + l.issuer.String() + "/.well-known/openid-configuration; if the next steps fail, check tenant.url, tenant.id, tenant.path and auth.issuer_url"
	}
	return found, nil
}

// certificate tells of the client's certificate, and whether the hosts that it is for ask for it and take it.
func (c *checkup) certificate(ctx context.Context) (finding, error) {
	l, err := c.link(ctx)
	if err != nil {
		return finding{}, err
	}
	g := c.proofs.cert.Current()
	subject, until := g.Leaf().Subject.String(), g.NotAfter().Format(time.DateOnly)
	switch now := time.Now(); {
	case g.Expired(now):
		return finding{}, failed(registration.Misconfigured, nil, "the client certificate %s expired on %s; replace auth.certificate_file and auth.key_file", subject, until)
	case g.NotYetValid(now):
		return finding{}, failed(registration.Misconfigured, nil, "the client certificate %s is valid only from %s on; replace auth.certificate_file, or set this machine's clock", subject, g.NotBefore().Format(time.DateOnly))
	}
	pair, err := g.GetClientCertificate(nil)
	if err != nil {
		return finding{}, err
	}
	hosts, err := c.present(ctx, l, pair)
	found := finding{text: fmt.Sprintf("client certificate %s, valid until %s, taken by %s", subject, until, strings.Join(hosts, " and "))}
	if g.ExpiresSoon(time.Now()) {
		found.look = "the client certificate expires on " + until + "; replace auth.certificate_file and auth.key_file before"
	}
	return found, err
}

// present presents the client's certificate at the hosts that tokens are asked for and used at.
func (c *checkup) present(ctx context.Context, l *link, pair *tls.Certificate) ([]string, error) {
	id, err := c.proofs.identify(l.metadata.Issuer)
	if err != nil {
		return nil, err
	}
	endpoint, err := url.Parse(l.metadata.TokenEndpoint(id))
	if err != nil {
		return nil, err
	}
	targets := []*url.URL{endpoint}
	if l.api.Host != endpoint.Host {
		targets = append(targets, l.api)
	}
	var hosts []string
	for _, target := range targets {
		w := probe.Walk(ctx, c.transport, target, pair)
		switch {
		case exchange.RefusesCertificate(w.Err):
			return nil, failed(registration.Misconfigured, w.Err, "%s refuses the client certificate (%s); have the tenant trust its authority, or replace auth.certificate_file and auth.key_file", w.Host, exchange.Reason(w.Err))
		case w.Err != nil && w.Stage == probe.Handshake:
			return nil, failed(registration.Misconfigured, w.Err, "%s", distrust(w))
		case w.Err != nil:
			return nil, failed(registration.Unavailable, w.Err, "no connection to %s (%s); check tenant.mtls_url, the network and its firewalls", w.Host, exchange.Reason(w.Err))
		case !w.Certificate:
			return nil, failed(registration.Misconfigured, nil, "%s asks for no client certificate; set tenant.mtls_url to the tenant's host for mutual TLS, or have its discovery document name mtls_endpoint_aliases", w.Host)
		}
		hosts = append(hosts, w.Host)
	}
	return hosts, nil
}

// largestSkew is how far the clocks may be apart: assertions and proofs that live for a minute have to work.
const largestSkew = 30 * time.Second

// clock compares this machine's with the tenant's, before anything is signed by it.
func (c *checkup) clock(context.Context) (finding, error) {
	skew, ok := c.seen.clock()
	if !ok {
		return finding{text: "the tenant does not say its time"}, nil
	}
	found := finding{text: fmt.Sprintf("%v from the tenant's", skew.Abs())}
	if skew.Abs() <= largestSkew {
		return found, nil
	}
	apart := fmt.Sprintf("this machine's clock and the tenant's are %v apart; set the clock, for example with NTP", skew.Abs())
	if a := c.config.Auth; a.Method == config.MethodPrivateKeyJWT || a.Method == config.MethodClientSecretJWT || a.DPoP {
		return finding{}, failed(registration.Misconfigured, nil, "%s", apart)
	}
	found.look = apart
	return found, nil
}
