package token

import (
	"errors"
	"strings"
	"testing"

	"foyer/internal/fixable"
)

func FuzzDecodeMetadata(f *testing.F) {
	const issuer = "https://acme.test/acme/system"
	for _, seed := range []string{
		`{"issuer":"https://acme.test/acme/system","token_endpoint":"https://acme.test/token"}`,
		`{"issuer":"https://acme.test/acme/system","token_endpoint":"http://[::1]:8080/token","scopes_supported":null}`,
		`{"issuer":"https://evil.test","token_endpoint":"https://evil.test"}`,
		`{"issuer":1}`, `[]`, `null`, ``, "<html>",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, document []byte) {
		m, err := decodeMetadata(document, issuer)
		var mend *fixable.Error
		switch {
		case err == nil && (m.Issuer != issuer || !safe(m.Token)):
			t.Errorf("decodeMetadata(%q) = %+v, want it refused", document, m)
		case err == nil, errors.Is(err, errNoMetadata), errors.As(err, &mend):
		default:
			t.Errorf("decodeMetadata(%q) = %v, want one of two errors", document, err)
		}
		if err != nil && strings.ContainsAny(err.Error(), "\x1b\n\r") {
			t.Errorf("decodeMetadata(%q) = %q, want a clean line", document, err)
		}
	})
}
