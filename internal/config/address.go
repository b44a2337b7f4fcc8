package config

import (
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"foyer/internal/clean"

	"go.yaml.in/yaml/v3"
)

// parseAddress reads the address of a tenant, an API or an issuer: https, or http on loopback only; no userinfo,
// query or fragment; slashes at the end are dropped. Its faults do not repeat the text, which may hold a password.
func parseAddress(s string, n *yaml.Node) (*url.URL, []fault) {
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || u.Hostname() == "" {
		return nil, wrong(n, "is not a URL", "write https:// and the host")
	}
	var faults []fault
	add := func(problem, fix string) { faults = append(faults, wrong(n, problem, fix)...) }
	switch {
	case u.Scheme == "http" && !loopback(u.Hostname()):
		add("http is allowed on loopback only", "write https://"+clean.Line(u.Host+u.EscapedPath(), maxQuoted))
	case u.Scheme != "http" && u.Scheme != "https":
		add("is neither https nor http", "write https:// and the host")
	}
	if !portUsable(u) {
		add("has no usable port", "write a port between 1 and 65535 after the host, or no colon")
	}
	if u.User != nil {
		add("holds a user name", "write the address without it; credentials belong into auth")
	}
	if u.RawQuery != "" || u.ForceQuery {
		add("has a query", "end it before the question mark")
	}
	if strings.Contains(s, "#") {
		add("has a fragment", "end it before the #")
	}
	u.Path, u.RawPath = strings.TrimRight(u.Path, "/"), strings.TrimRight(u.RawPath, "/")
	return u, faults
}

// portUsable reports whether u names a port that can be connected to, or none.
func portUsable(u *url.URL) bool {
	if u.Port() == "" {
		return !strings.HasSuffix(u.Host, ":")
	}
	port, err := strconv.ParseUint(u.Port(), 10, 16)
	return err == nil && port > 0
}

// loopback reports whether host is the machine itself (RFC 1122, 3.2.1.3; RFC 4291, 2.5.3; RFC 6761, 6.3).
func loopback(host string) bool {
	if ip, err := netip.ParseAddr(host); err == nil {
		return ip.IsLoopback()
	}
	return strings.EqualFold(host, "localhost")
}
