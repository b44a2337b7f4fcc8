package sshserver

import (
	"errors"
	"net"
	"sync"
	"time"
)

// What a client may send, in bytes as they come over the network. A quick typist sends 3 KiB a second and a handshake 5 KiB;
// the longest paste that a field takes comes at once.
const (
	inputPerSecond = 64 << 10
	inputBurst     = 256 << 10
	inputBefore    = 256 << 10 // until there is a session to take it: up to then it would be kept
	inputQueue     = 64 << 10  // what the system keeps of it; the end of a client that has gone stands behind that
)

// errTooMuch ends a connection that sends very much without a session.
var errTooMuch = errors.New("the client sends too much before its session")

// A throttled connection takes only so much from its client in a second. The rest waits where TCP keeps it, which tells the
// client to wait, too: so a client that sends without end costs neither CPU nor memory here, whatever it sends. Reads come one
// after the other.
type throttled struct {
	net.Conn
	ended chan struct{} // closed by Close
	end   sync.Once

	mu     sync.Mutex // guards what follows
	before int        // what may be sent yet without a session; -1 when there is one
	left   int        // what may be sent now
	at     time.Time  // when that was so
}

func throttle(conn net.Conn) *throttled {
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetReadBuffer(inputQueue) // otherwise it is larger, and all else is as it was
	}
	return &throttled{Conn: conn, ended: make(chan struct{}), before: inputBefore, left: inputBurst, at: time.Now()}
}

// Read reads from the client once that may send again.
func (t *throttled) Read(p []byte) (int, error) {
	if err := t.wait(); err != nil {
		return 0, err
	}
	n, err := t.Conn.Read(p)
	if !t.took(n) {
		return 0, errTooMuch
	}
	return n, err
}

// Close closes the connection, also while Read waits.
func (t *throttled) Close() error {
	t.end.Do(func() { close(t.ended) })
	return t.Conn.Close()
}

// begin says that there is a session, which takes what is sent.
func (t *throttled) begin() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.before = -1
}

// wait waits until the client may send.
func (t *throttled) wait() error {
	pause := t.pause(time.Now())
	if pause <= 0 {
		return nil
	}
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-t.ended:
		return net.ErrClosed
	}
}

// pause is how long the client has to wait, which is long enough for some kilobytes.
func (t *throttled) pause(now time.Time) time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	earned := int(min(now.Sub(t.at), time.Minute) * inputPerSecond / time.Second)
	t.left, t.at = min(t.left+earned, inputBurst), now
	if t.left > 0 {
		return 0
	}
	const some = 4 << 10
	return time.Duration(some-t.left) * time.Second / inputPerSecond
}

// took notes what was read, and reports whether that may go on.
func (t *throttled) took(n int) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.left -= n
	if t.before < 0 {
		return true
	}
	t.before = max(t.before-n, 0)
	return t.before > 0
}
