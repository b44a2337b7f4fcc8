package sshserver

import (
	"net"
	"strings"
	"testing"
	"time"

	"foyer/internal/i18n"
)

// A clock stands until it is moved.
type clock struct{ at time.Time }

func newClock() *clock { return &clock{time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)} }

func (c *clock) now() time.Time { return c.at }

// arrived is a connection from an address that is let in.
func arrived(t *testing.T, g *gate, address string) *visit {
	t.Helper()
	v := newVisit(from(address))
	if why := g.arrive(v); why != "" {
		t.Fatalf("a connection from %s is refused: %s", address, why)
	}
	return v
}

// enterFrom has somebody connect from an address and try to get a session.
func enterFrom(t *testing.T, g *gate, address string) (*visit, Denial) {
	t.Helper()
	v := arrived(t, g, address)
	denial := g.enter(v)
	if denial.Why != "" {
		g.leave(v)
	}
	return v, denial
}

func TestSessionsHaveLimits(t *testing.T) {
	limits := Limits{Sessions: 5, SessionsPerAddress: 2, SessionsPerNetwork: 3}
	tests := []struct {
		name   string
		inside []string
		give   string
		want   Refusal
	}{
		{"the first", nil, "192.0.2.1", ""},
		{"the second of an address", []string{"192.0.2.1"}, "192.0.2.1", ""},
		{"the third of an address", []string{"192.0.2.1", "192.0.2.1"}, "192.0.2.1", RefusedAddress},
		{"the third of a network", []string{"192.0.2.1", "192.0.2.1"}, "192.0.2.2", ""},
		{"the fourth of a network", []string{"192.0.2.1", "192.0.2.1", "192.0.2.2"}, "192.0.2.200", RefusedNetwork},
		{"the network beside it", []string{"192.0.2.1", "192.0.2.1", "192.0.2.2"}, "192.0.3.2", ""},
		{"the third of an address of IPv6", []string{"2001:db8::1", "2001:db8::2"}, "2001:db8::3", RefusedAddress},
		{"the fourth of a network of IPv6", []string{"2001:db8::1", "2001:db8:0:1::1", "2001:db8:0:2::1"}, "2001:db8:0:3::1", RefusedNetwork},
		{"the network of IPv6 beside it", []string{"2001:db8::1", "2001:db8:0:1::1", "2001:db8:0:2::1"}, "2001:db8:1::1", ""},
		{"the sixth", []string{"192.0.2.1", "192.0.3.1", "192.0.4.1", "192.0.5.1", "192.0.6.1"}, "192.0.7.1", RefusedFull},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			g := newGate(limits, time.Now)
			var visits []*visit
			for _, address := range tt.inside {
				v, denial := enterFrom(t, g, address)
				if denial.Why != "" {
					t.Fatalf("%s does not enter: %s", address, denial.Why)
				}
				visits = append(visits, v)
			}
			v, got := enterFrom(t, g, tt.give)
			if got.Why != tt.want {
				t.Errorf("enter() = %q, want %q", got.Why, tt.want)
			}
			if n := g.stats().Refused[tt.want]; tt.want != "" && n != 1 {
				t.Errorf("%d are counted as refused, want 1", n)
			}
			for _, v := range append(visits, v) {
				g.leave(v)
			}
			if s := g.stats(); s.Sessions != 0 || s.Handshakes != 0 || len(g.networks) != 0 || len(g.inside) != 0 || len(g.waiting) != 0 {
				t.Errorf("somebody is remembered: %+v, %v", s, g.networks)
			}
		})
	}
}

func TestRegistrationsOfAnHourHaveALimit(t *testing.T) {
	c := newClock()
	g := newGate(Limits{RegistrationsPerHour: 3}, c.now)
	const here, there = "192.0.2.1", "192.0.2.2"
	register := func(address string) {
		v, denial := enterFrom(t, g, address)
		if denial.Why != "" {
			t.Fatalf("%s is refused: %+v", address, denial)
		}
		g.over(v, Finished, 1)
		g.leave(v)
	}
	register(here)
	c.at = c.at.Add(10 * time.Minute)
	register(here)
	busy, _ := enterFrom(t, g, here)
	if _, got := enterFrom(t, g, here); got != (Denial{RefusedRegistrations, shortWhile}) {
		t.Errorf("while two are registered and one registers: %+v, want to come back in %v", got, shortWhile)
	}
	register(there)
	g.over(busy, Left, 0)
	done, denial := enterFrom(t, g, here) // busy shows its last words still
	if denial.Why != "" {
		t.Fatalf("after one has left without a registration: %+v, want to enter", denial)
	}
	g.leave(busy)
	c.at = c.at.Add(10 * time.Minute)
	g.over(done, Finished, 1)
	if _, got := enterFrom(t, g, here); got != (Denial{RefusedRegistrations, 40 * time.Minute}) {
		t.Errorf("when three are registered: %+v, want to come back in 40m", got)
	}
	c.at = c.at.Add(40*time.Minute - time.Second)
	if _, got := enterFrom(t, g, here); got != (Denial{RefusedRegistrations, time.Second}) {
		t.Errorf("a second before: %+v, want to come back in a second", got)
	}
	c.at = c.at.Add(time.Second)
	register(here)
	if _, got := enterFrom(t, g, here); got != (Denial{RefusedRegistrations, 10 * time.Minute}) {
		t.Errorf("when the first is an hour ago and one more is registered: %+v, want to come back in 10m", got)
	}
	if s := g.stats(); s.Registered != 5 || s.Refused[RefusedRegistrations] != 4 {
		t.Errorf("stats() = %+v, want 5 registered and 4 refused", s)
	}
	c.at = c.at.Add(2 * time.Hour)
	register(there)
	if len(g.registered.entries) != 1 {
		t.Errorf("%d addresses are remembered, want 1", len(g.registered.entries))
	}
}

func TestWithoutALimitNobodyIsRemembered(t *testing.T) {
	g := newGate(Limits{}, time.Now)
	v, _ := enterFrom(t, g, "192.0.2.1")
	g.over(v, Finished, 1)
	if n := len(g.registered.entries); n != 0 {
		t.Errorf("%d addresses are remembered, want none", n)
	}
}

func TestConnectionsWithoutAHeaderMakeRoomForEachOther(t *testing.T) {
	g := newGate(Limits{Handshakes: 4}, time.Now)
	one, other := from("10.0.0.1"), from("10.0.0.2")
	silent := func(balancer *peer) *visit {
		v := newVisit(balancer)
		v.unnamed = true
		if why := g.arrive(v); why != "" {
			t.Fatalf("a connection of the balancer is refused: %s", why)
		}
		return v
	}
	client := &net.TCPAddr{IP: net.ParseIP("192.0.2.9"), Port: 9}
	person := silent(one)
	if why := g.name(person, client); why != "" || person.RemoteAddr() != client || person.address.String() != "192.0.2.9/32" {
		t.Fatalf("name() = %q; it is of %s", why, person.address)
	}
	modest := silent(other)
	for range 2000 {
		silent(one)
	}
	if s := g.stats(); s.Handshakes != 4 || s.Evicted != 1998 {
		t.Errorf("stats() = %+v, want 4 handshakes and 1998 evicted", s)
	}
	if why := g.name(modest, client); why != "" {
		t.Errorf("the other balancer's had to go: %s", why)
	}
	last := silent(one)
	if why := g.name(last, client); why != "" {
		t.Errorf("the newest had to go: %s", why)
	}
	for _, v := range []*visit{person, modest, last} {
		if denial := g.enter(v); denial.Why != "" {
			t.Errorf("who was named had to go: %s", denial.Why)
		}
	}
}

func TestABalancerIsNoAddressThatConnectsTooOften(t *testing.T) {
	g := newGate(Limits{ConnectionsPerMinute: 1}, time.Now)
	balancer := from("10.0.0.1")
	for range 3 {
		v := newVisit(balancer)
		v.unnamed = true
		if why := g.arrive(v); why != "" {
			t.Fatalf("arrive() = %q", why)
		}
		if why := g.name(v, nil); why != "" || !v.own || v.RemoteAddr() != balancer.from {
			t.Errorf("name() of the balancer's own = %q, want it to stay the balancer's", why)
		}
	}
	for i, want := range []Refusal{"", RefusedRate} {
		v := newVisit(balancer)
		v.unnamed = true
		_ = g.arrive(v)
		if why := g.name(v, &net.TCPAddr{IP: net.ParseIP("192.0.2.9")}); why != want {
			t.Errorf("connection %d of a client: %q, want %q", i, why, want)
		}
	}
}

func TestWhoIsExpelledWaitsAgain(t *testing.T) {
	g := newGate(Limits{}, time.Now)
	v, _ := enterFrom(t, g, "192.0.2.1")
	g.expel(v, RefusedFull)
	if s := g.stats(); s.Sessions != 0 || s.Handshakes != 1 || s.Refused[RefusedFull] != 1 || len(g.guests()) != 0 {
		t.Errorf("stats() = %+v, want nobody inside and one waiting", s)
	}
	if denial := g.enter(v); denial.Why != "" {
		t.Errorf("a second try is refused: %s", denial.Why)
	}
	g.over(v, Finished, 1)
	if s := g.stats(); s.Sessions != 1 || len(g.guests()) != 0 {
		t.Errorf("stats() = %+v, guests %v, want a connection and no guest", s, g.guests())
	}
	g.leave(v)
	g.leave(v)
	if s := g.stats(); s.Sessions != 0 || s.Handshakes != 0 {
		t.Errorf("stats() = %+v, want nobody", s)
	}
}

func TestEveryDenialHasItsLine(t *testing.T) {
	catalogue, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	all := []Refusal{
		RefusedRate, RefusedHandshakes, RefusedFull, RefusedAddress, RefusedNetwork, RefusedRegistrations, RefusedProxy,
		RefusedClosing, RefusedNoTerminal, RefusedRequest, RefusedKey,
	}
	lines := make(map[string]bool)
	for _, language := range []string{"en", "de"} {
		for _, why := range all {
			line := Denial{Why: why, Again: time.Hour}.text(catalogue.Words(language))
			if lines[line] || strings.Contains(line, "ssh.refused") || strings.Contains(line, "%") {
				t.Errorf("in %s, %s is told as %q", language, why, line)
			}
			lines[line] = true
		}
	}
}

func TestADenialSaysWhenToComeBack(t *testing.T) {
	catalogue, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	for again, want := range map[time.Duration]string{
		0: "in 1 minute.", time.Second: "in 1 minute.", time.Minute: "in 1 minute.", 61 * time.Second: "in 2 minutes.", time.Hour: "in 60 minutes.",
	} {
		if got := (Denial{RefusedRegistrations, again}).text(catalogue.Words("en")); !strings.HasSuffix(got, want) {
			t.Errorf("after %v: %q, want it to end in %q", again, got, want)
		}
	}
}
