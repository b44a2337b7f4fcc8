package sshserver

import (
	"time"

	"foyer/internal/i18n"
)

// A Denial is why somebody was not let in, and how long to wait before they may be. The zero Denial lets in.
type Denial struct {
	Why   Refusal
	Again time.Duration // 0 when nobody knows
}

// text is the line for the client.
func (d Denial) text(words *i18n.Words) string {
	if d.Why == RefusedRegistrations {
		return words.Text(d.Why.key(), max(1, int((d.Again+time.Minute-1)/time.Minute)))
	}
	return words.Text(d.Why.key())
}

// enter gives v a session, or says why not.
func (g *gate) enter(v *visit) Denial {
	g.mu.Lock()
	defer g.mu.Unlock()
	l, network := g.limits, networkOf(v.address)
	why, again := Refusal(""), time.Duration(0)
	switch {
	case g.closed:
		why = RefusedClosing
	case reached(g.counts.Sessions, l.Sessions):
		why = RefusedFull
	case reached(len(g.inside[v.address]), l.SessionsPerAddress):
		why = RefusedAddress
	case reached(g.networks[network], l.SessionsPerNetwork):
		why = RefusedNetwork
	case reached(g.registered.count(v.address)+registering(g.inside[v.address]), l.RegistrationsPerHour):
		why, again = RefusedRegistrations, g.registered.again(v.address, l.RegistrationsPerHour)
	case !g.drop(v): // it had to go for a newcomer a moment ago
		why = RefusedHandshakes
	}
	if why != "" {
		return Denial{g.refuse(why), again}
	}
	g.inside[v.address] = append(g.inside[v.address], v)
	g.networks[network]++
	g.counts.Sessions++
	v.over = false
	return Denial{}
}

// reached reports whether there are as many as there may be; a limit of 0 is none.
func reached(n, limit int) bool { return limit > 0 && n >= limit }

// registering is how many of these may still be registered.
func registering(visits []*visit) (n int) {
	for _, v := range visits {
		if !v.over {
			n++
		}
	}
	return n
}

// expel takes the session from v again, for a limit that is not the gate's. The connection waits until it ends.
func (g *gate) expel(v *visit, why Refusal) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.refuse(why)
	if g.out(v) {
		g.waiting.add(v)
		g.counts.Handshakes++
	}
	g.settle()
}

// out takes v out of those inside, and reports whether it was one.
func (g *gate) out(v *visit) bool {
	if !remove(g.inside, v.address, v) {
		return false
	}
	network := networkOf(v.address)
	if g.networks[network]--; g.networks[network] == 0 {
		delete(g.networks, network)
	}
	g.counts.Sessions--
	return true
}

// guests are the sessions that last.
func (g *gate) guests() []Guest {
	g.mu.Lock()
	defer g.mu.Unlock()
	all := make([]Guest, 0, g.counts.Sessions)
	for _, visits := range g.inside {
		for _, v := range visits {
			if !v.over {
				all = append(all, v.guest())
			}
		}
	}
	return all
}
