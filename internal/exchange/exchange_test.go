package exchange_test

import (
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/textproto"
	"net/url"
	"strings"
	"testing"
	"time"

	"foyer/internal/exchange"
	"foyer/internal/fixable"
)

func TestRetryAfter(t *testing.T) {
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	tests := map[string]struct {
		give string
		want time.Duration
	}{
		"nothing":               {"", 0},
		"seconds":               {"7", 7 * time.Second},
		"a date":                {"Fri, 02 Jan 2026 03:04:15 GMT", 10 * time.Second},
		"a date that is past":   {"Fri, 02 Jan 2026 03:04:00 GMT", 0},
		"more than is believed": {"99999999", time.Hour},
		"a date years ahead":    {"Fri, 02 Jan 2099 03:04:00 GMT", time.Hour},
		"a negative number":     {"-1", 0},
		"more digits than fit":  {strings.Repeat("9", 40), 0},
		"words":                 {"soon", 0},
		"a number with a sign":  {"+5", 0},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got := exchange.RetryAfter(http.Header{"Retry-After": {tt.give}}, now, time.Hour); got != tt.want {
				t.Errorf("RetryAfter(%q) = %v, want %v", tt.give, got, tt.want)
			}
		})
	}
}

func TestReasonsAreFitToBeShown(t *testing.T) {
	tests := map[string]struct {
		give error
		want string
	}{
		"plain":                   {errors.New("connection refused"), "connection refused"},
		"with an escape sequence": {errors.New("a\x1b[2Jb"), "ab"},
		"an answer, which it quotes": {
			&url.Error{Op: "Post", URL: "https://acme.test/secret", Err: fmt.Errorf("net/http: broken: malformed HTTP response %q", `{"access_token":"hunter2\"`)},
			"net/http: broken: malformed HTTP response …",
		},
		"a mistake of the configuration": {&url.Error{Op: "Post", Err: fixable.Errorf("auth.method %q is not known", "x")}, `auth.method "x" is not known`},
		"a header, which it quotes":      {fmt.Errorf("read: %w", textproto.ProtocolError("malformed: hunter2")), "the answer's header is malformed"},
	}
	for name, tt := range tests {
		if got := exchange.Reason(tt.give); got != tt.want {
			t.Errorf("%s: Reason = %q, want %q", name, got, tt.want)
		}
	}
	if got := exchange.TraceID(http.Header{"X-Trace-Id": {"a\x1b[31mb\r\nc"}}); got != "ab c" {
		t.Errorf("TraceID = %q, want %q", got, "ab c")
	}
}

func TestWhatWentWrong(t *testing.T) {
	dns := fmt.Errorf("dial: %w", &net.DNSError{IsNotFound: true})
	certificate := fmt.Errorf("handshake: %w", x509.UnknownAuthorityError{})
	if !exchange.Nowhere(dns) || exchange.Nowhere(certificate) {
		t.Error("Nowhere does not tell an unknown host from another trouble")
	}
	if !exchange.Distrusts(certificate) || exchange.Distrusts(dns) {
		t.Error("Distrusts does not tell a certificate from another trouble")
	}
}
