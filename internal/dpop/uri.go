package dpop

import (
	"net/url"
	"strings"
)

// originOf is u's scheme, host and port, normalised (RFC 3986, 6.2.2 and 6.2.3): in lower case and without the scheme's
// default port.
func originOf(u *url.URL) string {
	scheme, host := strings.ToLower(u.Scheme), strings.ToLower(u.Host)
	switch scheme {
	case "https":
		host = strings.TrimSuffix(host, ":443")
	case "http":
		host = strings.TrimSuffix(host, ":80")
	}
	return scheme + "://" + strings.TrimSuffix(host, ":")
}

// pathOf is u's path as it is sent; htu has neither query nor fragment (RFC 9449, 4.2).
func pathOf(u *url.URL) string {
	if path := u.EscapedPath(); path != "" {
		return path
	}
	return "/"
}
