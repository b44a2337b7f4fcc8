package sshserver

import (
	"crypto/rand"
	"net"
	"net/netip"
	"sync"
	"time"

	"charm.land/ssh"
	gossh "golang.org/x/crypto/ssh"

	"foyer/internal/clean"
)

// A visit is one connection, from when it was accepted until it has ended.
type visit struct {
	*throttled
	config  *Config  // that was in force when it came
	id      string   // in the log
	from    net.Addr // the client
	begun   time.Time
	notices chan time.Duration // to the session; the newest only
	greeted int                // bytes of greeting that were read
	claimed bool               // it began with a PROXY header that nobody asked for

	address netip.Prefix // whose share it takes; it changes in the gate only, before the handshake
	unnamed bool         // it is from a balancer that did not say yet whose it is; likewise
	own     bool         // it is the balancer's own, such as a look whether anybody is there; likewise
	asked   bool         // it has asked to be let in by some method; of the goroutine that shakes hands
	signed  bool         // by a key, and not only with a question about one; likewise
	over    bool         // the session has ended; guarded by the gate

	mu       sync.Mutex    // guards what follows
	deadline *time.Timer   // ends the connection; nil for none
	key      string        // the fingerprint of the key that was proven; "" for none
	channel  chan struct{} // closed when the channel that is open has ended; nil for none
	refused  int           // channels that were asked for and not given
	gone     bool          // no channel is opened any more
	told     bool          // the client knows the host keys
	proven   bool          // it has had proofs of them
	noted    []string      // what the tenant was asked to register, by reference (see tally)
}

func newVisit(conn net.Conn) *visit {
	from := conn.RemoteAddr()
	return &visit{throttled: throttle(conn), id: rand.Text()[:10], from: from, address: share(from), begun: time.Now(), notices: make(chan time.Duration, 1)}
}

// RemoteAddr is the address of the client, also behind a balancer.
func (v *visit) RemoteAddr() net.Addr { return v.from }

// place is where it waits.
func (v *visit) place() place { return place{v.address, v.unnamed} }

// guest is its session as other servers know it.
func (v *visit) guest() Guest {
	return Guest{ID: v.id, Address: v.address, Network: networkOf(v.address)}
}

// remote is the address of the client, for the log.
func (v *visit) remote() string { return v.RemoteAddr().String() }

// hurry ends the connection after d, whatever was to end it before.
func (v *visit) hurry(d time.Duration) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.deadline != nil {
		v.deadline.Stop()
	}
	v.deadline = time.AfterFunc(d, func() { _ = v.Close() })
}

// stay lets the connection last.
func (v *visit) stay() {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.deadline != nil {
		v.deadline.Stop()
	}
}

// mostRefused is how many channels a client may ask for in vain. Each is refused by a goroutine that waits for the client to read.
const mostRefused = 16

// refuse notes that a channel is refused, and ends the connection of a client that does not take no for an answer.
func (v *visit) refuse() {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.refused++; v.refused > mostRefused {
		_ = v.Close()
	}
}

// take reports whether the visit had no channel, and takes one.
func (v *visit) take() bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.gone || v.channel != nil {
		return false
	}
	v.channel = make(chan struct{})
	return true
}

// last notes that the visit has had its session, or was refused one. It has no other channel then: each would be logged, would
// cost a question to who counts together, and would put off the end of the connection, of which no limit knows.
func (v *visit) last() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.gone = true
}

// give gives the channel back.
func (v *visit) give() {
	v.mu.Lock()
	defer v.mu.Unlock()
	close(v.channel)
	v.channel = nil
}

// finish waits for the channel, when the connection has ended.
func (v *visit) finish() {
	v.mu.Lock()
	v.gone = true
	open := v.channel
	v.mu.Unlock()
	if open != nil {
		<-open
	}
}

// prove notes the key that the client has proven.
func (v *visit) prove(key gossh.PublicKey) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.key = gossh.FingerprintSHA256(key)
}

// fingerprint is that of the key that was proven; "" for none.
func (v *visit) fingerprint() string {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.key
}

// notify tells the session how long it may still last, instead of what it was not told yet.
func (v *visit) notify(left time.Duration) {
	for {
		select {
		case v.notices <- left:
			return
		default:
		}
		select {
		case <-v.notices:
		default:
		}
	}
}

// visitKey is where the context of a connection has its visit.
type visitKey struct{}

// meet puts the visit into the context of its connection.
func meet(ctx ssh.Context, conn net.Conn) net.Conn {
	ctx.SetValue(visitKey{}, conn)
	if v, ok := conn.(*visit); ok {
		return met{v}
	}
	return conn
}

// A met visit has an address that leads back to it: who is told of a failed handshake is given no more of it.
type met struct{ *visit }

// RemoteAddr is that of the client.
func (m met) RemoteAddr() net.Addr { return origin{m.visit.RemoteAddr(), m.visit} }

// An origin is the address of a client, and its visit.
type origin struct {
	net.Addr
	visit *visit
}

// visitOf is the visit of a connection.
func visitOf(ctx ssh.Context) *visit {
	v, ok := ctx.Value(visitKey{}).(*visit)
	if !ok {
		panic("a connection without a visit") // only HandleConn makes contexts, and meet sees each
	}
	return v
}

// longestClaim bounds what a client says of itself in the log, in code points.
const longestClaim = 80

// tidy is what a client says, fit for the log.
func tidy(s string) string { return clean.Line(s, longestClaim) }
