package sshserver

import (
	"maps"
	"net"
	"net/netip"
	"slices"
	"sync"
	"time"
)

// Limits bound what clients can have of the server. Nought of anything is no limit.
type Limits struct {
	Sessions             int           // at a time
	SessionsPerAddress   int           // at a time; an address is a /32 of IPv4 or a /64 of IPv6
	SessionsPerNetwork   int           // at a time; a network is a /24 of IPv4 or a /48 of IPv6
	Handshakes           int           // connections without a session yet, at a time
	ConnectionsPerMinute int           // from an address
	RegistrationsPerHour int           // from an address; who is inside counts as one who will be registered
	HandshakeTimeout     time.Duration // from the connection to the session
	SessionTimeout       time.Duration
	WriteTimeout         time.Duration // for a client that does not read
}

// A Refusal is why somebody was not let in; "" when they were.
type Refusal string

// The refusals.
const (
	RefusedRate          Refusal = "rate"          // the address connects too often
	RefusedHandshakes    Refusal = "handshakes"    // too many connections without a session
	RefusedFull          Refusal = "full"          // too many sessions
	RefusedAddress       Refusal = "address"       // too many sessions of the address
	RefusedNetwork       Refusal = "network"       // too many sessions of the network
	RefusedRegistrations Refusal = "registrations" // the address has registered, or may be registering, too many
	RefusedProxy         Refusal = "proxy"         // no PROXY header from a source that has to send one, or one from another
	RefusedClosing       Refusal = "closing"       // the server is about to end
	RefusedNoTerminal    Refusal = "no_terminal"   // a password is asked, and there is no terminal to ask it on
	RefusedRequest       Refusal = "request"       // a command, a subsystem or a channel that is not served
	RefusedKey           Refusal = "key"           // the key that was proven is not among those that are let in, or there was none
	RefusedCode          Refusal = "code"          // a code is not that of an invitation that lets somebody in; each is counted
	RefusedGuesses       Refusal = "guesses"       // likewise, of an address that had many of them: it was not looked up
)

// Refusals are all of them.
func Refusals() []Refusal {
	return []Refusal{
		RefusedRate, RefusedHandshakes, RefusedFull, RefusedAddress, RefusedNetwork, RefusedRegistrations, RefusedProxy,
		RefusedClosing, RefusedNoTerminal, RefusedRequest, RefusedKey, RefusedCode, RefusedGuesses,
	}
}

// key is where the catalogue has the line for the client.
func (r Refusal) key() string { return "ssh.refused." + string(r) }

// Stats are what the server has counted since it began, and what there is now.
type Stats struct {
	Sessions    int // now
	Handshakes  int // connections without a session, now
	Connections uint64
	Evicted     uint64 // connections without a session that had to go for a newcomer
	Failed      uint64 // handshakes
	Registered  uint64 // people
	Refused     map[Refusal]uint64
	Ended       map[Outcome]uint64 // sessions
	Lasted      Durations          // sessions that there were

	HostKeys  int  // that serve, now
	Listening bool // from the call of Serve until it lets nobody in any more
	Draining  bool // it lets nobody in any more

	SharedLimits SharedLimits // whether the limits hold for several servers together, now
	SharedLost   uint64       // how often they had to do without
}

// A gate lets in as many as there is room for. It is safe for concurrent use.
type gate struct {
	limits Limits
	now    func() time.Time

	mu         sync.Mutex // guards what follows
	rate       *rate
	waiting    crowd                     // have no session yet
	inside     map[netip.Prefix][]*visit // have a session
	networks   map[netip.Prefix]int      // how many of them
	registered *ledger
	counts     Stats
	closed     bool
	empty      chan struct{} // closed once the gate is and nobody is inside
}

func newGate(limits Limits, now func() time.Time) *gate {
	return &gate{
		limits: limits, now: now, rate: newRate(limits.ConnectionsPerMinute, time.Minute, now), registered: newLedger(now),
		waiting: make(crowd), inside: make(map[netip.Prefix][]*visit), networks: make(map[netip.Prefix]int),
		counts: Stats{Refused: make(map[Refusal]uint64), Ended: make(map[Outcome]uint64)}, empty: make(chan struct{}),
	}
}

// adopt puts limits in force. Who is inside stays.
func (g *gate) adopt(limits Limits) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.limits, g.rate.most = limits, limits.ConnectionsPerMinute
}

// inForce are the limits of now.
func (g *gate) inForce() Limits {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.limits
}

// arrive takes in a connection, which has to leave again, or says why not. When there is no room, whoever has most connections
// without a session loses the oldest of them, if that is fair to them and the newcomer.
func (g *gate) arrive(v *visit) Refusal {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.counts.Connections++
	switch {
	case g.closed:
		return g.refuse(RefusedClosing)
	case !v.unnamed && !g.rate.allow(v.address):
		return g.refuse(RefusedRate)
	case g.limits.Handshakes > 0 && g.counts.Handshakes >= g.limits.Handshakes && !g.evict(v):
		return g.refuse(RefusedHandshakes)
	}
	g.waiting.add(v)
	g.counts.Handshakes++
	return ""
}

// evict makes room for a newcomer, if that is fair.
func (g *gate) evict(newcomer *visit) bool {
	oldest := g.waiting.victim(newcomer.place())
	if oldest == nil {
		return false
	}
	g.drop(oldest)
	g.counts.Evicted++
	_ = oldest.Close()
	return true
}

// name tells who a connection is of that waits without a name, or says why that one may not come. A balancer that speaks for
// itself, from being nobody's, is in nobody's way.
func (g *gate) name(v *visit, from net.Addr) Refusal {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.drop(v) {
		return g.refuse(RefusedHandshakes)
	}
	v.unnamed, v.own = false, from == nil
	if !v.own {
		v.from, v.address = from, share(from)
		if !g.rate.allow(v.address) {
			return g.refuse(RefusedRate)
		}
	}
	g.waiting.add(v)
	g.counts.Handshakes++
	return ""
}

// leave ends what v has of the room.
func (g *gate) leave(v *visit) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.drop(v)
	g.out(v)
	g.settle()
}

// drop takes v out of those that wait, and reports whether it was one.
func (g *gate) drop(v *visit) bool {
	if !g.waiting.remove(v) {
		return false
	}
	g.counts.Handshakes--
	return true
}

// close lets nobody in any more. It returns who is inside, and what is closed once nobody is.
func (g *gate) close() (inside []*visit, empty <-chan struct{}) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.closed {
		g.closed = true
		g.settle()
	}
	return slices.Concat(slices.Collect(maps.Values(g.inside))...), g.empty
}

// settle tells that the gate is closed and nobody is inside, when that is so. Its caller holds mu.
func (g *gate) settle() {
	if !g.closed || g.counts.Sessions > 0 {
		return
	}
	select {
	case <-g.empty:
	default:
		close(g.empty)
	}
}

// shut reports whether the gate is closed.
func (g *gate) shut() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.closed
}

// hangUp ends every connection.
func (g *gate) hangUp() {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, list := range g.waiting {
		for _, v := range list {
			_ = v.Close()
		}
	}
	for _, list := range g.inside {
		for _, v := range list {
			_ = v.Close()
		}
	}
}

// refuse counts a refusal. Its caller holds mu.
func (g *gate) refuse(why Refusal) Refusal {
	g.counts.Refused[why]++
	return why
}

// count counts a refusal that was not the gate's.
func (g *gate) count(why Refusal) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.refuse(why)
}

// fail counts a handshake that failed.
func (g *gate) fail() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.counts.Failed++
}

// miss counts the refusal of one that waits. Who had to go for a newcomer was counted as such.
func (g *gate) miss(v *visit, why Refusal) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.drop(v) {
		g.refuse(why)
	}
}

// over counts a session that has ended, and the people who were told in it that they are registered. It returns the names of the
// registrations that count for the hour.
func (g *gate) over(v *visit, how Outcome, registered int) (names []string) {
	names = v.tallied(registered)
	g.mu.Lock()
	defer g.mu.Unlock()
	v.over = true
	g.counts.Ended[how]++
	g.counts.Registered += uint64(max(registered, 0))
	for _, name := range names {
		if g.limits.RegistrationsPerHour > 0 {
			g.registered.add(v.address, name)
		}
	}
	return names
}

// lasted counts how long a session lasted that there was.
func (g *gate) lasted(d time.Duration) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.counts.Lasted.add(d)
}

// lately are the registrations of the last hour.
func (g *gate) lately() []Registration {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.registered.all()
}

// stats returns a copy of what was counted.
func (g *gate) stats() Stats {
	g.mu.Lock()
	defer g.mu.Unlock()
	s := g.counts
	s.Refused, s.Ended, s.Draining = maps.Clone(s.Refused), maps.Clone(s.Ended), g.closed
	return s
}
