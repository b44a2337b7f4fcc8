package sshserver

import (
	"maps"
	"net/netip"
	"slices"
	"sync"
	"time"
)

// Limits bound what clients can have of the server. Nought of anything is no limit.
type Limits struct {
	Sessions             int           // at a time
	SessionsPerAddress   int           // at a time; an address is a /32 of IPv4 or a /64 of IPv6
	Handshakes           int           // connections without a session yet, at a time
	ConnectionsPerMinute int           // from an address
	HandshakeTimeout     time.Duration // from the connection to the session
	SessionTimeout       time.Duration
	WriteTimeout         time.Duration // for a client that does not read
}

// A Refusal is why somebody was not let in; "" when they were.
type Refusal string

// The refusals.
const (
	RefusedRate       Refusal = "rate"        // the address connects too often
	RefusedHandshakes Refusal = "handshakes"  // too many connections without a session
	RefusedFull       Refusal = "full"        // too many sessions
	RefusedAddress    Refusal = "address"     // too many sessions of the address
	RefusedClosing    Refusal = "closing"     // the server is about to end
	RefusedNoTerminal Refusal = "no_terminal" // no pty was asked for
	RefusedRequest    Refusal = "request"     // a command, a subsystem or a channel that is not served
	RefusedKey        Refusal = "key"         // the key that was proven is not among those that are let in
)

// Refusals are all of them.
func Refusals() []Refusal {
	return []Refusal{
		RefusedRate, RefusedHandshakes, RefusedFull, RefusedAddress, RefusedClosing, RefusedNoTerminal, RefusedRequest, RefusedKey,
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
}

// A gate lets in as many as there is room for. It is safe for concurrent use.
type gate struct {
	limits Limits
	rate   *rate

	mu      sync.Mutex                // guards what follows
	waiting map[netip.Prefix][]*visit // have no session yet; the oldest first
	inside  map[netip.Prefix][]*visit // have a session
	counts  Stats
	closed  bool
	empty   chan struct{} // closed once the gate is and nobody is inside
}

func newGate(limits Limits, now func() time.Time) *gate {
	return &gate{
		limits: limits, rate: newRate(limits.ConnectionsPerMinute, now),
		waiting: make(map[netip.Prefix][]*visit), inside: make(map[netip.Prefix][]*visit), empty: make(chan struct{}),
		counts: Stats{Refused: make(map[Refusal]uint64), Ended: make(map[Outcome]uint64)},
	}
}

// adopt puts limits in force. Who is inside stays.
func (g *gate) adopt(limits Limits) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.limits, g.rate.perMinute = limits, limits.ConnectionsPerMinute
}

// arrive takes in a connection, which has to leave again, or says why not. When there is no room, the address that has most
// connections without a session loses its oldest, unless it is the newcomer's: whoever opens thousands of them and goes no
// further shuts out themselves.
func (g *gate) arrive(v *visit) Refusal {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.counts.Connections++
	switch {
	case g.closed:
		return g.refuse(RefusedClosing)
	case !g.rate.allow(v.address):
		return g.refuse(RefusedRate)
	case g.limits.Handshakes > 0 && g.counts.Handshakes >= g.limits.Handshakes && !g.evict(v.address):
		return g.refuse(RefusedHandshakes)
	}
	g.waiting[v.address] = append(g.waiting[v.address], v)
	g.counts.Handshakes++
	return ""
}

// evict makes room for a newcomer, if that is fair.
func (g *gate) evict(newcomer netip.Prefix) bool {
	most := newcomer
	for address, visits := range g.waiting {
		if len(visits) > len(g.waiting[most]) {
			most = address
		}
	}
	if len(g.waiting[most]) <= len(g.waiting[newcomer]) {
		return false
	}
	oldest := g.waiting[most][0]
	g.drop(oldest)
	g.counts.Evicted++
	_ = oldest.Close()
	return true
}

// enter gives v a session, or says why not.
func (g *gate) enter(v *visit) Refusal {
	g.mu.Lock()
	defer g.mu.Unlock()
	switch {
	case g.closed:
		return g.refuse(RefusedClosing)
	case g.limits.Sessions > 0 && g.counts.Sessions >= g.limits.Sessions:
		return g.refuse(RefusedFull)
	case g.limits.SessionsPerAddress > 0 && len(g.inside[v.address]) >= g.limits.SessionsPerAddress:
		return g.refuse(RefusedAddress)
	case !g.drop(v): // it had to go for a newcomer a moment ago
		return g.refuse(RefusedHandshakes)
	}
	g.inside[v.address] = append(g.inside[v.address], v)
	g.counts.Sessions++
	return ""
}

// leave ends what v has of the room.
func (g *gate) leave(v *visit) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.drop(v)
	if remove(g.inside, v) {
		g.counts.Sessions--
	}
	g.settle()
}

// drop takes v out of those that wait, and reports whether it was one.
func (g *gate) drop(v *visit) bool {
	if !remove(g.waiting, v) {
		return false
	}
	g.counts.Handshakes--
	return true
}

// remove takes v out of visits, and reports whether it was in.
func remove(visits map[netip.Prefix][]*visit, v *visit) bool {
	list := visits[v.address]
	i := slices.Index(list, v)
	if i < 0 {
		return false
	}
	if list = slices.Delete(list, i, i+1); len(list) == 0 {
		delete(visits, v.address)
		return true
	}
	visits[v.address] = list
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
	for _, visits := range []map[netip.Prefix][]*visit{g.waiting, g.inside} {
		for _, list := range visits {
			for _, v := range list {
				_ = v.Close()
			}
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

// over counts a session that has ended.
func (g *gate) over(how Outcome, registered int, lasted time.Duration) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.counts.Ended[how]++
	if how != Refused {
		g.counts.Lasted.add(lasted)
	}
	g.counts.Registered += uint64(max(registered, 0))
}

// stats returns a copy of what was counted.
func (g *gate) stats() Stats {
	g.mu.Lock()
	defer g.mu.Unlock()
	s := g.counts
	s.Refused, s.Ended, s.Draining = maps.Clone(s.Refused), maps.Clone(s.Ended), g.closed
	return s
}
