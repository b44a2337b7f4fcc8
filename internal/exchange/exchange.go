// Package exchange reads what every HTTP exchange with the tenant tells, whichever of its APIs is called: how long to wait,
// what the tenant calls the exchange, and what went wrong on the way.
package exchange

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/textproto"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"foyer/internal/clean"
	"foyer/internal/fixable"
)

// Bounds on what is repeated of an exchange, in code points.
const (
	longestTraceID = 100
	longestReason  = 300
)

// TraceID is the tenant's name for an exchange, from x-trace-id; "" when it gave none.
func TraceID(h http.Header) string { return clean.Line(h.Get("X-Trace-Id"), longestTraceID) }

// RetryAfter reads Retry-After (RFC 9110, 10.2.3), seconds or a date, as a wait from now; 0 when there is none. It is at most
// longest, so that a slip of the tenant does not close the kiosk for years.
func RetryAfter(h http.Header, now time.Time, longest time.Duration) time.Duration {
	value := h.Get("Retry-After")
	if seconds, err := strconv.ParseUint(value, 10, 32); err == nil {
		return min(time.Duration(seconds)*time.Second, longest)
	}
	at, err := http.ParseTime(value)
	if err != nil {
		return 0
	}
	return min(max(at.Sub(now), 0), longest)
}

// quoted finds what an error repeats of the answer, as strconv.Quote writes it.
var quoted = regexp.MustCompile(`"(\\.|[^"\\])*"?`)

// Reason is the text of err, fit to be shown. That of a header that does not parse would quote it, that of a failed call its
// address, in which an id may be another person's, and that of an answer that is none the answer, in which may be a token.
func Reason(err error) string {
	var header textproto.ProtocolError
	var mend *fixable.Error
	var call *url.Error
	switch {
	case errors.As(err, &header):
		return "the answer's header is malformed"
	case errors.As(err, &mend):
		return clean.Line(mend.Staff, longestReason)
	case errors.As(err, &call):
		return clean.Line(quoted.ReplaceAllString(call.Err.Error(), "…"), longestReason)
	}
	return clean.Line(err.Error(), longestReason)
}

// Distrusts reports whether err is about the server's certificate.
func Distrusts(err error) bool {
	var verification *tls.CertificateVerificationError
	var unknown x509.UnknownAuthorityError
	var invalid x509.CertificateInvalidError
	var hostname x509.HostnameError
	return errors.As(err, &verification) || errors.As(err, &unknown) || errors.As(err, &invalid) || errors.As(err, &hostname)
}

// RefusesCertificate reports whether err is the server's refusal of our own certificate, which it tells by a TLS alert
// (RFC 8446, 6.2) after its own has been accepted.
func RefusesCertificate(err error) bool {
	var remote *net.OpError
	return errors.As(err, &remote) && remote.Op == "remote error" && strings.Contains(remote.Err.Error(), "certificate")
}

// A HeldError says that a request was not sent, as the tenant is in trouble and has to be spared for a while.
type HeldError struct {
	Wait time.Duration // after which it is worth trying
	Err  error         // what the tenant's trouble is, by the last request that was sent
}

// Error tells how long to wait, and why.
func (e *HeldError) Error() string {
	return fmt.Sprintf("not sent for %v, since the tenant is in trouble: %v", e.Wait.Round(time.Second), e.Err)
}

// Unwrap returns the trouble.
func (e *HeldError) Unwrap() error { return e.Err }

// Held is how long err says that nothing is sent; ok is false when what it is about may have been sent.
func Held(err error) (wait time.Duration, ok bool) {
	var held *HeldError
	if !errors.As(err, &held) {
		return 0, false
	}
	return held.Wait, true
}

// Nowhere reports whether err says that there is no such host.
func Nowhere(err error) bool {
	var dns *net.DNSError
	return errors.As(err, &dns) && dns.IsNotFound
}
