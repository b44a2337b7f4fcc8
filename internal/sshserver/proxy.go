package sshserver

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"slices"
	"sync"
	"time"

	"github.com/pires/go-proxyproto"
)

// headerTime is how long a balancer may take to say whose a connection is, which it does first of all. The specification asks
// for three seconds or more, since a packet may be lost.
const headerTime = 5 * time.Second

// Bounds of a header (PROXY protocol, 2.1 and 2.2). What extends the second version is certificates and the like.
const (
	longestLine    = 107 // bytes, with the end of the line
	fixedPart      = 16  // bytes
	longestVersion = 4096
)

// Why there is no header.
var (
	errSilent = errors.New("the connection ended before a byte was sent")
	errHeader = errors.New("no PROXY header")
)

// trusts reports whether addr is of a balancer that says whose its connections are.
func (c *Config) trusts(addr net.Addr) bool {
	ip := hostOf(addr)
	return slices.ContainsFunc(c.ProxyFrom, func(p netip.Prefix) bool { return p.Contains(ip) })
}

// introduce has a balancer say whose the connection v is, and reports whether it may go on.
func (s *Server) introduce(v *visit) bool {
	v.hurry(v.config.Limits.headerTime())
	client, err := readHeader(v.Conn)
	switch {
	case errors.Is(err, errSilent): // balancers look whether anybody is there
		s.log(slog.LevelDebug, "connection ended", "remote", v.remote())
		return false
	case err != nil:
		s.gate.miss(v, RefusedProxy)
		s.missed(v, "no PROXY header from a source that is to send one", err)
		s.turnAway(v, RefusedProxy)
		return false
	}
	if refusal := s.gate.name(v, client); refusal != "" {
		s.log(slog.LevelDebug, "connection refused", "remote", v.remote(), "reason", string(refusal))
		s.turnAway(v, refusal)
		return false
	}
	v.stay()
	return true
}

// headerTime is how long a balancer may take to say whose a connection is.
func (l Limits) headerTime() time.Duration {
	if t := l.HandshakeTimeout; t > 0 {
		return min(t, headerTime)
	}
	return headerTime
}

// readHeader reads a header of the PROXY protocol, version 1 or 2, and not a byte more. The client is nil when the balancer
// speaks for itself, or for somebody without an address of TCP.
func readHeader(r io.Reader) (client net.Addr, err error) {
	first := make([]byte, 1)
	if _, err := io.ReadFull(r, first); errors.Is(err, io.EOF) {
		return nil, errSilent
	} else if err != nil {
		return nil, fmt.Errorf("read the PROXY header: %w", err)
	}
	var text []byte
	switch first[0] {
	case proxyproto.SIGV1[0]:
		text, err = readLine(r)
	case proxyproto.SIGV2[0]:
		text, err = readBinary(r)
	default:
		return nil, errHeader
	}
	if err != nil {
		return nil, fmt.Errorf("read the PROXY header: %w", err)
	}
	header, err := proxyproto.Read(bufio.NewReaderSize(bytes.NewReader(text), len(text)))
	if err != nil {
		return nil, errHeader // a cause quotes what was sent
	}
	return clientOf(header)
}

// clientOf is whom a header is of.
func clientOf(h *proxyproto.Header) (net.Addr, error) {
	_, _, local := h.UnixAddrs()
	if h.Command.IsLocal() || local {
		return nil, nil
	}
	client, _, ok := h.TCPAddrs()
	if !ok {
		return nil, errHeader
	}
	return client, nil
}

// readLine reads a header of version 1, whose first byte was read.
func readLine(r io.Reader) ([]byte, error) {
	line, one := append(make([]byte, 0, longestLine), proxyproto.SIGV1[0]), make([]byte, 1)
	for one[0] != '\n' {
		if len(line) == longestLine {
			return nil, errHeader
		}
		if _, err := io.ReadFull(r, one); err != nil {
			return nil, err
		}
		if line = append(line, one[0]); len(line) <= len(proxyproto.SIGV1) && !bytes.HasPrefix(proxyproto.SIGV1, line) {
			return nil, errHeader
		}
	}
	return line, nil
}

// readBinary reads a header of version 2, whose first byte was read.
func readBinary(r io.Reader) ([]byte, error) {
	head := make([]byte, fixedPart)
	head[0] = proxyproto.SIGV2[0]
	if _, err := io.ReadFull(r, head[1:]); err != nil {
		return nil, err
	}
	length := int(binary.BigEndian.Uint16(head[fixedPart-2:]))
	if !bytes.HasPrefix(head, proxyproto.SIGV2) || length > longestVersion {
		return nil, errHeader
	}
	all := make([]byte, fixedPart+length)
	_, err := io.ReadFull(r, all[copy(all, head):])
	return all, err
}

// greeting is how a client begins (RFC 4253, 4.2).
const greeting = "SSH-"

// errGreeting says that a client began with something else. Only servers may send other lines before, so that nothing that
// stands there, such as a PROXY header from nobody who is trusted, is passed over.
var errGreeting = errors.New("the client does not begin with SSH-")

// Read reads what the client sends. It comes from one goroutine at a time.
func (v *visit) Read(p []byte) (int, error) {
	n, err := v.throttled.Read(p)
	for i := 0; i < n && v.greeted < len(greeting); i++ {
		if p[i] != greeting[v.greeted] {
			v.claimed = v.greeted == 0 && v.claims(p[:n])
			return 0, errGreeting
		}
		v.greeted++
	}
	return n, err
}

// claims reports whether a client that begins with p sends a PROXY header.
func (v *visit) claims(p []byte) bool {
	for _, signature := range [][]byte{proxyproto.SIGV1, proxyproto.SIGV2} {
		if p[0] != signature[0] {
			continue
		}
		begin := make([]byte, len(signature))
		rest := begin[copy(begin, p):]
		_, err := io.ReadFull(v.Conn, rest)
		return err == nil && bytes.Equal(begin, signature)
	}
	return false
}

// A lull lets something be said once a minute. It is safe for concurrent use.
type lull struct {
	mu   sync.Mutex
	last time.Time
}

// over reports whether a minute has passed since it last said so.
func (l *lull) over() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	if now.Sub(l.last) < time.Minute {
		return false
	}
	l.last = now
	return true
}

// missed logs a connection whose header is not what it has to be: once a minute for somebody to mend it, and else for who
// looks.
func (s *Server) missed(v *visit, what string, err error) {
	level := slog.LevelDebug
	if s.headers.over() {
		level = slog.LevelWarn
	}
	s.log(level, what, "remote", v.remote(), "reason", string(RefusedProxy), "error", tidy(err.Error()))
}
