package sshserver_test

import (
	"context"
	"errors"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"foyer/internal/redislimits"
	"foyer/internal/redistest"
	"foyer/internal/secret"
	"foyer/internal/sshserver"
)

// A mortal is a sshserver.Shared until it is dead: what a server that was killed says, nobody hears.
type mortal struct {
	sshserver.Shared
	dead atomic.Bool
}

var errDead = errors.New("dead")

func (m *mortal) Connect(ctx context.Context, address netip.Prefix, perMinute int) (bool, error) {
	if m.dead.Load() {
		return false, errDead
	}
	return m.Shared.Connect(ctx, address, perMinute)
}

func (m *mortal) Enter(ctx context.Context, g sshserver.Guest, l sshserver.Limits) (sshserver.Denial, error) {
	if m.dead.Load() {
		return sshserver.Denial{}, errDead
	}
	return m.Shared.Enter(ctx, g, l)
}

func (m *mortal) Keep(ctx context.Context, n sshserver.News) (sshserver.Kept, error) {
	if m.dead.Load() {
		return sshserver.Kept{}, errDead
	}
	return m.Shared.Keep(ctx, n)
}

// replica serves with limits that are counted in a Redis.
func replica(t *testing.T, url string, lease time.Duration, change func(*sshserver.Limits)) (*house, *mortal) {
	t.Helper()
	l, err := redislimits.New(redislimits.Options{URL: secret.New(url), Prefix: "foyer", Lease: lease})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	m := &mortal{Shared: l}
	h := open(t, func(c *sshserver.Config) {
		c.Shared = m
		change(&c.Limits)
	})
	return h, m
}

func TestReplicasShareTheirLimits(t *testing.T) {
	tests := []struct {
		name   string
		change func(*sshserver.Limits)
		line   string
		why    sshserver.Refusal
	}{
		{"sessions", func(l *sshserver.Limits) { l.Sessions = 2 }, "Everybody is busy at the moment.", sshserver.RefusedFull},
		{"sessions of an address", func(l *sshserver.Limits) { l.SessionsPerAddress = 2 }, "There are several sessions from your address already.", sshserver.RefusedAddress},
		{"sessions of a network", func(l *sshserver.Limits) { l.SessionsPerNetwork = 2 }, "There are many sessions from your network already.", sshserver.RefusedNetwork},
		{"registrations", func(l *sshserver.Limits) { l.RegistrationsPerHour = 2 }, "Many people register from your address. Please try again in 5 minutes.", sshserver.RefusedRegistrations},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := redistest.Start(t, "")
			a, _ := replica(t, r.URL(), 0, tt.change)
			b, _ := replica(t, r.URL(), 0, tt.change)
			first := a.visit(usual())
			first.until("Press Enter to begin")
			b.visit(usual()).until("Press Enter to begin")
			a.refusedWith(tt.line, tt.why)
			b.refusedWith(tt.line, tt.why)
			_ = first.conn.Close()
			wait(t, "the place", func() bool {
				g := b.visit(usual())
				wait(t, "an answer", func() bool { return strings.Contains(g.text(), "Press Enter") || strings.Contains(g.text(), tt.line) })
				return strings.Contains(g.text(), "Press Enter")
			})
		})
	}
}

func TestReplicasShareConnectionsAndRegistrations(t *testing.T) {
	r := redistest.Start(t, "")
	change := func(l *sshserver.Limits) { l.RegistrationsPerHour, l.ConnectionsPerMinute = 1, 3 }
	a, _ := replica(t, r.URL(), 0, change)
	b, _ := replica(t, r.URL(), 0, change)
	a.register("ann@example.com")
	wait(t, "Redis to know it", func() bool { return a.server.Stats().Sessions == 0 })
	b.refusedWith("Please try again in 60 minutes.", sshserver.RefusedRegistrations)
	a.mustDial()
	if line := b.firstLine(); !strings.HasPrefix(line, "There were many connections from your address.") {
		t.Errorf("the fourth connection begins with %q", line)
	}
}

func TestTheSessionsOfAServerThatWasKilledLapse(t *testing.T) {
	r := redistest.Start(t, "")
	change := func(l *sshserver.Limits) { l.Sessions = 2 }
	killed, dead := replica(t, r.URL(), time.Second, change)
	lives, _ := replica(t, r.URL(), time.Second, change)
	killed.visit(usual()).until("Press Enter to begin")
	lives.visit(usual()).until("Press Enter to begin")
	lives.refusedWith("Everybody is busy at the moment.", sshserver.RefusedFull)
	dead.dead.Store(true)
	wait(t, "the place", func() bool {
		g := lives.visit(usual())
		wait(t, "an answer", func() bool {
			return strings.Contains(g.text(), "Press Enter") || strings.Contains(g.text(), "Everybody is busy")
		})
		return strings.Contains(g.text(), "Press Enter")
	})
	lives.refusedWith("Everybody is busy at the moment.", sshserver.RefusedFull) // its own are renewed
}

func TestRedisMayGoAndComeBack(t *testing.T) {
	r := redistest.Start(t, "")
	change := func(l *sshserver.Limits) {
		l.SessionsPerAddress, l.RegistrationsPerHour, l.ConnectionsPerMinute = 2, 3, 100
	}
	a, _ := replica(t, r.URL(), 0, change)
	b, _ := replica(t, r.URL(), 0, change)
	a.register("ann@example.com")
	wait(t, "the end of the connection", func() bool { return a.server.Stats().Sessions == 0 })
	kept := a.visit(usual())
	kept.until("Press Enter to begin")
	r.Kill()
	brief := a.visit(usual())
	brief.until("Press Enter to begin")
	_ = brief.conn.Close()
	more := b.visit(usual())
	more.until("Press Enter to begin")
	more.press(answers("ben@example.com") + "\r")
	more.until("You are registered")
	b.visit(usual()).until("Press Enter to begin")
	b.refusedWith("There are several sessions from your address already.", sshserver.RefusedAddress) // its own limits hold
	more.until("enter finish")
	more.press("\r")
	more.exit()
	wait(t, "the end of the connection", func() bool { return b.server.Stats().Sessions == 1 })
	wait(t, "the end of the brief one", func() bool { return a.server.Stats().Sessions == 1 })
	r.Start()
	for _, h := range []*house{a, b} {
		wait(t, "the limits to be shared", func() bool { return h.server.Stats().SharedLimits == sshserver.SharedUp })
	}
	a.refusedWith("There are several sessions from your address already.", sshserver.RefusedAddress) // one here, one there
	_ = kept.conn.Close()
	wait(t, "its place", func() bool { return a.server.Stats().Sessions == 0 })
	a.refusedWith("Please try again in 5 minutes.", sshserver.RefusedRegistrations) // two are registered, one there may be
	for _, h := range []*house{a, b} {
		log := h.log.String()
		if strings.Count(log, "limits are shared again") != strings.Count(log, "limits cannot be shared") || !strings.Contains(log, "limits are shared again") {
			t.Errorf("the log does not say that they were down and up:\n%s", log)
		}
	}
}

func TestARedisMayForgetWithoutBeingMissed(t *testing.T) {
	r := redistest.Start(t, "")
	change := func(l *sshserver.Limits) { l.Sessions = 2 }
	a, _ := replica(t, r.URL(), 0, change)
	b, _ := replica(t, r.URL(), 0, change)
	a.visit(usual()).until("Press Enter to begin")
	r.Kill()
	r.Start()
	a.visit(usual()).until("Press Enter to begin")
	wait(t, "what was forgotten", func() bool {
		g := b.visit(usual())
		wait(t, "an answer", func() bool {
			return strings.Contains(g.text(), "Press Enter") || strings.Contains(g.text(), "Everybody is busy")
		})
		defer func() { _ = g.conn.Close() }()
		return strings.Contains(g.text(), "Everybody is busy")
	})
}

func TestARedisThatDoesNotHelpIsDoneWithout(t *testing.T) {
	const marker = "MARKER-password-of-the-redis"
	r := redistest.Start(t, marker)
	for name, url := range map[string]string{
		"a wrong password": "redis://:" + marker + "x@" + r.Addr,
		"no answer":        "redis://:" + marker + "@" + redistest.Hang(t),
		"nobody there":     "redis://:" + marker + "@127.0.0.1:1",
	} {
		t.Run(name, func(t *testing.T) {
			h, _ := replica(t, url, 0, func(l *sshserver.Limits) { l.SessionsPerAddress, l.ConnectionsPerMinute = 1, 100 })
			h.visit(usual()).until("Press Enter to begin")
			h.refusedWith("There are several sessions from your address already.", sshserver.RefusedAddress)
			if s := h.server.Stats(); s.SharedLimits != sshserver.SharedDown {
				t.Errorf("Stats() = %+v, want shared limits down", s)
			}
			if log := h.log.String(); strings.Count(log, "limits cannot be shared") != 1 || strings.Contains(log, marker) {
				t.Errorf("the log does not say once that limits are not shared, or holds the password:\n%s", log)
			}
		})
	}
}
