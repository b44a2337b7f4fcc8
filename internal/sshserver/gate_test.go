package sshserver

import (
	"net"
	"testing"
	"time"

	"foyer/ui/theme"
)

// A peer is a connection that comes from an address.
type peer struct {
	net.Conn
	from   net.Addr
	closed bool
}

func (p *peer) RemoteAddr() net.Addr { return p.from }

func (p *peer) Close() error {
	p.closed = true
	return nil
}

func from(address string) *peer { return &peer{from: &net.TCPAddr{IP: net.ParseIP(address), Port: 1}} }

func TestWhoeverHoldsMostHalfOpenConnectionsMakesRoom(t *testing.T) {
	g := newGate(Limits{Handshakes: 3}, time.Now)
	greedy := []*peer{from("192.0.2.1"), from("192.0.2.1"), from("192.0.2.1")}
	visits := make([]*visit, len(greedy))
	for i, p := range greedy {
		visits[i] = newVisit(p)
		if why := g.arrive(visits[i]); why != "" {
			t.Fatalf("connection %d is refused: %s", i, why)
		}
	}
	if why := g.arrive(newVisit(from("192.0.2.1"))); why != RefusedHandshakes {
		t.Errorf("the greedy one's fourth: %q, want %s", why, RefusedHandshakes)
	}
	modest := newVisit(from("192.0.2.2"))
	if why := g.arrive(modest); why != "" {
		t.Errorf("the newcomer is refused: %s", why)
	}
	if !greedy[0].closed || greedy[1].closed || greedy[2].closed {
		t.Error("want the oldest connection of the greedy one ended, and no other")
	}
	if why := g.enter(visits[0]).Why; why != RefusedHandshakes {
		t.Errorf("who had to go enters: %q, want %s", why, RefusedHandshakes)
	}
	if why := g.enter(modest).Why; why != "" {
		t.Errorf("the newcomer does not enter: %s", why)
	}
	for _, v := range append(visits, modest) {
		g.leave(v)
		g.leave(v) // once counts
	}
	if s := g.stats(); s.Sessions != 0 || s.Handshakes != 0 || s.Evicted != 1 {
		t.Errorf("stats() = %+v, want nobody and one evicted", s)
	}
	if len(g.waiting) != 0 || len(g.inside) != 0 {
		t.Error("addresses are remembered")
	}
}

func TestRate(t *testing.T) {
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	r := newRate(2, time.Minute, func() time.Time { return now })
	a, b := share(from("192.0.2.1").from), share(from("192.0.2.2").from)
	tests := []struct {
		name    string
		pass    time.Duration
		address string
		want    bool
	}{
		{"the first", 0, "a", true},
		{"the second", 0, "a", true},
		{"the third at once", 0, "a", false},
		{"another address", 0, "b", true},
		{"too early", 29 * time.Second, "a", false},
		{"after half a minute", 30 * time.Second, "a", true},
		{"and not twice", 0, "a", false},
		{"after an hour", time.Hour, "a", true},
		{"no more than two then", 0, "a", true},
		{"for one hour saves none", 0, "a", false},
	}
	for _, tt := range tests {
		now = now.Add(tt.pass)
		address := a
		if tt.address == "b" {
			address = b
		}
		if got := r.allow(address); got != tt.want {
			t.Errorf("%s: allow() = %t, want %t", tt.name, got, tt.want)
		}
	}
	now = now.Add(2 * time.Minute)
	r.allow(a)
	if len(r.buckets) != 1 {
		t.Errorf("%d addresses are remembered, want 1", len(r.buckets))
	}
	if !newRate(0, time.Minute, time.Now).allow(a) {
		t.Error("without a bound an address is refused")
	}
}

func TestListed(t *testing.T) {
	tests := []struct {
		name, value string
		want        bool
	}{
		{"LANG", "de_DE.UTF-8", true},
		{"LC_ALL", "C", true},
		{"COLORTERM", "truecolor", true},
		{"NO_COLOR", "1", true},
		{"TERM", "xterm", false}, // comes with the terminal
		{"LD_PRELOAD", "x", false},
		{"LC_MONETARY", "de_DE", false},
		{"LANG", "a\nb", false},
		{"LANG", "ä", false},
	}
	for _, tt := range tests {
		if got := listed(tt.name, tt.value); got != tt.want {
			t.Errorf("listed(%s, %q) = %t, want %t", tt.name, tt.value, got, tt.want)
		}
	}
}

func TestWindow(t *testing.T) {
	const most = 1<<32 - 1
	if got, want := window(most, most), (theme.Size{Width: 1 << 30, Height: 1 << 30}).Clamp(); got != want {
		t.Errorf("window() = %v, want %v", got, want)
	}
	if got, want := window(80, 24), (theme.Size{Width: 80, Height: 24}); got != want {
		t.Errorf("window() = %v, want %v", got, want)
	}
}
