package sshserver_test

import (
	"bufio"
	"errors"
	"io"
	"net"
	"net/netip"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/pires/go-proxyproto"
	gossh "golang.org/x/crypto/ssh"

	"foyer/internal/sshserver"
)

// behind serves behind a balancer at 127.0.0.1.
func behind(t *testing.T, change func(*sshserver.Config)) *house {
	t.Helper()
	return open(t, func(c *sshserver.Config) {
		c.ProxyFrom = []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}
		if change != nil {
			change(c)
		}
	})
}

// knockFrom connects from an address of the loopback and sends header.
func (h *house) knockFrom(address, header string) net.Conn {
	h.t.Helper()
	d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(address)}}
	conn, err := d.DialContext(h.t.Context(), "tcp", h.address)
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() { _ = conn.Close() })
	_ = conn.SetDeadline(time.Now().Add(patience))
	if _, err := io.WriteString(conn, header); err != nil {
		h.t.Fatal(err)
	}
	return conn
}

// handshake is that of an SSH client on conn.
func (h *house) handshake(conn net.Conn) (*gossh.Client, error) {
	joined, channels, requests, err := gossh.NewClientConn(conn, h.address, &gossh.ClientConfig{
		User: "signup", HostKeyCallback: gossh.FixedHostKey(h.hostKey), Timeout: patience,
	})
	if err != nil {
		return nil, err
	}
	client := gossh.NewClient(joined, channels, requests)
	h.t.Cleanup(func() { _ = client.Close() })
	return client, nil
}

// visitVia opens a session on a connection that begins with header.
func (h *house) visitVia(header string) *guest {
	h.t.Helper()
	client, err := h.handshake(h.knockFrom("127.0.0.1", header))
	if err != nil {
		h.t.Fatal(err)
	}
	return h.visitOn(client)
}

// header is one of version 1 or 2 for a client.
func header(t *testing.T, version byte, client string) string {
	t.Helper()
	from := net.TCPAddrFromAddrPort(netip.MustParseAddrPort(client))
	to := &net.TCPAddr{IP: net.ParseIP("192.0.2.1"), Port: 22}
	if from.IP.To4() == nil {
		to.IP = net.ParseIP("2001:db8::1")
	}
	b, err := proxyproto.HeaderProxyFromAddrs(version, from, to).Format()
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestBehindABalancerTheClientCounts(t *testing.T) {
	h := behind(t, func(c *sshserver.Config) { c.Limits.SessionsPerAddress = 1 })
	h.visitVia(header(t, 1, "192.0.2.7:1001")).until("Press Enter to begin")
	h.visitVia(header(t, 2, "192.0.2.8:1002")).until("Press Enter to begin")
	six := h.visitVia(header(t, 2, "[2001:db8::9]:1003"))
	six.until("Press Enter to begin")
	h.visitVia(header(t, 2, "192.0.2.7:1004")).until("There are several sessions from your address already.")
	h.visitVia(header(t, 1, "[2001:db8::a]:1005")).until("There are several sessions from your address already.")
	_ = six.conn.Close()
	wait(t, "the record of the session", func() bool { return strings.Contains(h.log.String(), "remote=[2001:db8::9]:1003") })
	for _, want := range []string{"remote=192.0.2.7:1004", "remote=[2001:db8::a]:1005", "refusal=address"} {
		wait(t, want, func() bool { return strings.Contains(h.log.String(), want) })
	}
}

func TestAHeaderInPiecesIsAHeader(t *testing.T) {
	h := behind(t, nil)
	for _, version := range []byte{1, 2} {
		text := header(t, version, "192.0.2.7:1001")
		conn := h.knockFrom("127.0.0.1", "")
		for _, b := range []byte(text) {
			if _, err := conn.Write([]byte{b}); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := h.handshake(conn); err != nil {
			t.Errorf("version %d: %v, want a handshake", version, err)
		}
	}
}

func TestABalancerHasToSayWhoseAConnectionIs(t *testing.T) {
	tests := []struct{ name, sends string }{
		{"a client's greeting", "SSH-2.0-x\r\n"},
		{"a line of no end", "PROXY " + strings.Repeat("x", 4096)},
		{"more than a header has", string(proxyproto.SIGV2) + "\x21\x11\xff\xff" + strings.Repeat("x", 1<<15)},
		{"another protocol", string(proxyproto.SIGV2) + "\x21\x12\x00\x0c" + strings.Repeat("x", 12)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := behind(t, nil)
			conn := h.knockFrom("127.0.0.1", tt.sends)
			line, _ := bufio.NewReader(conn).ReadString('\n') // what the server did not read can take the line with it
			if line != "" && !strings.HasPrefix(line, "This connection does not come the way that this service expects.") {
				t.Errorf("it is told %q", line)
			}
			wait(t, "the refusal", func() bool { return h.server.Stats().Refused[sshserver.RefusedProxy] == 1 })
			wait(t, "its place", func() bool { return h.server.Stats().Handshakes == 0 })
			if !strings.Contains(h.log.String(), "level=WARN") {
				t.Errorf("nobody is warned:\n%s", h.log)
			}
			h.visitVia(header(t, 2, "192.0.2.7:1001")).until("Press Enter to begin")
		})
	}
}

func TestABalancerThatIsSlowToSayIsEnded(t *testing.T) {
	h := behind(t, func(c *sshserver.Config) { c.Limits.HandshakeTimeout = 300 * time.Millisecond })
	for _, sent := range []string{"", "P", "PROXY TCP4 192.0.2.7", string(proxyproto.SIGV2) + "\x21\x11\x00\x0c"} {
		if _, err := io.Copy(io.Discard, h.knockFrom("127.0.0.1", sent)); errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("after %q the connection lasts", sent)
		}
	}
	wait(t, "their places", func() bool { return h.server.Stats().Handshakes == 0 })
}

func TestABalancerMayLookWhetherAnybodyIsThere(t *testing.T) {
	h := behind(t, func(c *sshserver.Config) { c.Limits.ConnectionsPerMinute = 1 })
	for range 5 { // by a connection alone
		_ = h.knockFrom("127.0.0.1", "").Close()
	}
	for _, look := range []string{string(proxyproto.SIGV2) + "\x20\x00\x00\x00", "PROXY UNKNOWN\r\n"} {
		for range 5 { // up to the greeting
			line, err := bufio.NewReader(h.knockFrom("127.0.0.1", look)).ReadString('\n')
			if line != "SSH-2.0-Foyer\r\n" {
				t.Fatalf("it is told %q, %v", line, err)
			}
		}
	}
	h.visitVia(header(t, 2, "127.0.0.1:1001")).until("Press Enter to begin")
	wait(t, "the connections", func() bool { return h.server.Stats().Connections == 16 })
	if s := h.server.Stats(); len(s.Refused) != 0 {
		t.Errorf("somebody is refused: %v", s.Refused)
	}
}

func TestNobodyElseIsBelievedAHeader(t *testing.T) {
	h := behind(t, func(c *sshserver.Config) { c.Limits.SessionsPerAddress = 1 })
	for i, version := range []byte{1, 2} {
		if _, err := h.handshake(h.knockFrom("127.0.0.2", header(t, version, "192.0.2.7:1001"))); err == nil {
			t.Errorf("a header of version %d from elsewhere is passed over", version)
		}
		wait(t, "the refusal", func() bool { return h.server.Stats().Refused[sshserver.RefusedProxy] == uint64(i+1) })
	}
	if _, err := h.handshake(h.knockFrom("127.0.0.1", header(t, 2, "192.0.2.7:1001")+header(t, 1, "192.0.2.8:1001"))); err == nil {
		t.Error("a client's own header, behind that of the balancer, is passed over")
	}
	client, err := h.handshake(h.knockFrom("127.0.0.2", ""))
	if err != nil {
		t.Fatalf("without a header: %v", err)
	}
	g := h.visitOn(client)
	g.until("Press Enter to begin")
	_ = g.conn.Close()
	wait(t, "the record of the session", func() bool { return strings.Contains(h.log.String(), "remote=127.0.0.2:") })
}

// TestHalfOpenConnectionsOfABalancer opens thousands that say nothing, as from a program on the balancer's machine.
func TestHalfOpenConnectionsOfABalancer(t *testing.T) {
	h := behind(t, func(c *sshserver.Config) { c.Limits.Handshakes = 20 })
	early, err := h.handshake(h.knockFrom("127.0.0.1", header(t, 2, "192.0.2.6:1000"))) // reads the host key's fingerprint
	if err != nil {
		t.Fatal(err)
	}
	for i := range 2000 {
		h.knockFrom("127.0.0.1", "")
		if most := h.server.Stats().Handshakes; most > 20 {
			t.Fatalf("after %d there are %d half-open connections, want 20 at most", i, most)
		}
	}
	wait(t, "them all", func() bool { return h.server.Stats().Connections == 2001 })
	h.visitVia(header(t, 2, "192.0.2.7:1001")).until("Press Enter to begin")
	h.visitOn(early).until("Press Enter to begin")
	if s := h.server.Stats(); s.Evicted < 1900 || s.Handshakes > 20 {
		t.Errorf("Stats() = %+v, want most of them gone", s)
	}
}

func TestBehindABalancerAClientMaySendLittleBeforeItsSession(t *testing.T) {
	h := behind(t, nil)
	client, err := h.handshake(h.knockFrom("127.0.0.1", header(t, 2, "192.0.2.7:1001")))
	if err != nil {
		t.Fatal(err)
	}
	channel, requests, err := client.OpenChannel("session", nil)
	if err != nil {
		t.Fatal(err)
	}
	go gossh.DiscardRequests(requests)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = client.Wait() // it says no more than that it ended
	}()
	go func() { _, _ = channel.Write(make([]byte, 1<<20)) }() // less than a channel keeps of what nobody reads
	select {
	case <-ended:
	case <-time.After(patience / 2): // before its time for a handshake is over
		t.Error("1 MiB is kept without a session")
	}
}
