package sshserver

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/pires/go-proxyproto"
)

// binaryHeader is a header of version 2: command and version, family and protocol, what follows.
func binaryHeader(command, family byte, rest string) string {
	return string(proxyproto.SIGV2) + string([]byte{command, family, byte(len(rest) >> 8), byte(len(rest))}) + rest
}

// Addresses as version 2 has them: the client's, ours, the ports.
const (
	addresses4 = "\xc0\x00\x02\x07" + "\x0a\x00\x00\x01" + "\x30\x39" + "\x00\x16"
	addresses6 = "\x20\x01\x0d\xb8\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x07" + "\x20\x01\x0d\xb8\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01" + "\x30\x39" + "\x00\x16"
)

func TestReadHeader(t *testing.T) {
	const local, proxied, tcp4, tcp6, udp4, unix = 0x20, 0x21, 0x11, 0x21, 0x12, 0x31
	tests := []struct{ name, give, want string }{
		{"version 1, IPv4", "PROXY TCP4 192.0.2.7 10.0.0.1 12345 22\r\n", "192.0.2.7:12345"},
		{"version 1, IPv6", "PROXY TCP6 2001:db8::7 2001:db8::1 12345 22\r\n", "[2001:db8::7]:12345"},
		{"version 1, somebody without an address", "PROXY UNKNOWN\r\n", "the balancer"},
		{"version 1, unknown with addresses", "PROXY UNKNOWN ffff::1 ffff::2 1 2\r\n", "the balancer"},
		{"version 1, no address", "PROXY TCP4 client 10.0.0.1 12345 22\r\n", "no header"},
		{"version 1, a port of no use", "PROXY TCP4 192.0.2.7 10.0.0.1 123456 22\r\n", "no header"},
		{"version 1, a word too few", "PROXY TCP4 192.0.2.7 10.0.0.1 12345\r\n", "no header"},
		{"version 1, UDP", "PROXY UDP4 192.0.2.7 10.0.0.1 12345 22\r\n", "no header"},
		{"version 1, no end of the line", "PROXY TCP4 192.0.2.7 10.0.0.1 12345 22\n", "no header"},
		{"version 1, a line of no end", "PROXY " + strings.Repeat("x", 1<<16), "no header"},
		{"version 1, cut", "PROXY TCP4 192.0.2.7", "an error"},
		{"another word", "POST / HTTP/1.1\r\n", "no header"},
		{"version 2, IPv4", binaryHeader(proxied, tcp4, addresses4), "192.0.2.7:12345"},
		{"version 2, IPv6", binaryHeader(proxied, tcp6, addresses6), "[2001:db8::7]:12345"},
		{"version 2, with more to say", binaryHeader(proxied, tcp4, addresses4+"\x04\x00\x03abc"), "192.0.2.7:12345"},
		{"version 2, with a certificate", binaryHeader(proxied, tcp4, addresses4+"\x20\x08\x00"+strings.Repeat("x", 2048)), "192.0.2.7:12345"},
		{"version 2, the balancer itself", binaryHeader(local, 0, ""), "the balancer"},
		{"version 2, the balancer itself with addresses", binaryHeader(local, tcp4, addresses4), "the balancer"},
		{"version 2, a socket of the balancer's machine", binaryHeader(proxied, unix, strings.Repeat("\x00", 216)), "the balancer"},
		{"version 2, UDP", binaryHeader(proxied, udp4, addresses4), "no header"},
		{"version 2, no family", binaryHeader(proxied, 0, ""), "no header"},
		{"version 2, half an address", binaryHeader(proxied, tcp4, addresses4[:6]), "no header"},
		{"version 2, another command", binaryHeader(0x22, tcp4, addresses4), "no header"},
		{"version 3", binaryHeader(0x31, tcp4, addresses4), "no header"},
		{"version 2, too much to say", binaryHeader(proxied, tcp4, addresses4+strings.Repeat("\x00", 1<<13)), "no header"},
		{"version 2, cut", binaryHeader(proxied, tcp4, addresses4)[:20], "an error"},
		{"version 2, a wrong signature", "\r\n\r\n" + strings.Repeat("\x00", 64), "no header"},
		{"SSH", "SSH-2.0-x\r\n", "no header"},
		{"nothing", "", "silence"},
	}
	const rest = "SSH-2.0-x\r\n"
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			in := strings.NewReader(tt.give)
			whole := !strings.Contains(tt.name, "cut") && tt.give != ""
			if whole {
				in = strings.NewReader(tt.give + rest)
			}
			if got := readAs(iotest.OneByteReader(in)); got != tt.want {
				t.Fatalf("readHeader() gives %s, want %s", got, tt.want)
			}
			if left, _ := io.ReadAll(in); whole && tt.want != "no header" && string(left) != rest {
				t.Errorf("%q is left, want %q", left, rest)
			} else if longest := fixedPart + longestVersion; len(tt.give)+len(rest)-len(left) > longest {
				t.Errorf("%d bytes are read, want %d at most", len(tt.give)+len(rest)-len(left), longest)
			}
		})
	}
}

// readAs is what readHeader finds, in words.
func readAs(r io.Reader) string {
	client, err := readHeader(r)
	switch {
	case errors.Is(err, errSilent):
		return "silence"
	case errors.Is(err, errHeader):
		return "no header"
	case err != nil:
		return "an error"
	case client == nil:
		return "the balancer"
	}
	return client.String()
}

// FuzzReadHeader reads anything. Nothing makes it panic, or read without end.
func FuzzReadHeader(f *testing.F) {
	for _, seed := range []string{"", "PROXY TCP4 192.0.2.7 10.0.0.1 12345 22\r\n", binaryHeader(0x21, 0x11, addresses4), binaryHeader(0x20, 0, "")} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		in := strings.NewReader(string(data))
		client, err := readHeader(in)
		if read := len(data) - in.Len(); read > fixedPart+longestVersion {
			t.Errorf("%d bytes are read", read)
		}
		if err == nil && client != nil && share(client).String() == "invalid Prefix" {
			t.Errorf("readHeader(%q) = %v, want an address", data, client)
		}
		if err != nil && len(data) > 0 && strings.Contains(fmt.Sprint(err), string(data)) && len(data) > 40 {
			t.Errorf("the error repeats what was sent: %v", err)
		}
	})
}
