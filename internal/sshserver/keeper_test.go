package sshserver_test

import (
	"context"
	"errors"
	"maps"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"foyer/internal/sshserver"
)

// A fakeShared is a sshserver.Shared in memory that can break.
type fakeShared struct {
	mu         sync.Mutex
	err        error // of every call
	hangs      bool  // no call returns before its context ends
	denial     sshserver.Denial
	rate       bool // refuse connections
	forgotten  bool // the servers are not known
	calls      int
	inside     map[string]sshserver.Guest
	registered map[string]sshserver.Registration
}

func newFakeShared() *fakeShared {
	return &fakeShared{inside: make(map[string]sshserver.Guest), registered: make(map[string]sshserver.Registration), forgotten: true}
}

// with changes it.
func (f *fakeShared) with(change func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change()
}

// begin is how every call begins.
func (f *fakeShared) begin(ctx context.Context) error {
	f.mu.Lock()
	f.calls++
	hangs, err := f.hangs, f.err
	f.mu.Unlock()
	if hangs {
		<-ctx.Done()
		return ctx.Err()
	}
	return err
}

func (f *fakeShared) Connect(ctx context.Context, _ netip.Prefix, _ int) (bool, error) {
	err := f.begin(ctx)
	f.mu.Lock()
	defer f.mu.Unlock()
	return !f.rate && err == nil, err
}

func (f *fakeShared) Enter(ctx context.Context, g sshserver.Guest, _ sshserver.Limits) (sshserver.Denial, error) {
	if err := f.begin(ctx); err != nil {
		return sshserver.Denial{}, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.denial.Why == "" {
		f.inside[g.ID] = g
	}
	return f.denial, nil
}

func (f *fakeShared) Keep(ctx context.Context, n sshserver.News) (sshserver.Kept, error) {
	if err := f.begin(ctx); err != nil {
		return sshserver.Kept{}, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, g := range n.Inside {
		f.inside[g.ID] = g
	}
	for _, g := range n.Gone {
		delete(f.inside, g.ID)
	}
	for _, r := range n.Registered {
		f.registered[r.ID] = r
	}
	kept := sshserver.Kept{For: time.Minute, New: f.forgotten}
	f.forgotten = false
	return kept, nil
}

// counts are how many are inside and registered, as is known there.
func (f *fakeShared) counts() [2]int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return [2]int{len(f.inside), len(f.registered)}
}

// sharing serves with limits that are shared.
func sharing(t *testing.T, f *fakeShared) *house {
	t.Helper()
	return open(t, func(c *sshserver.Config) {
		c.Shared, c.Limits.RegistrationsPerHour, c.Limits.ConnectionsPerMinute = f, 100, 1000
	})
}

// register registers one person and leaves.
func (h *house) register(email string) {
	h.t.Helper()
	g := h.visit(usual())
	g.until("Press Enter to begin")
	g.press(answers(email) + "\r")
	g.until("enter finish")
	g.press("\r")
	if status := g.exit(); status != 0 {
		h.t.Fatalf("exit status %d, want 0", status)
	}
}

func TestGuestsAreToldToOtherServers(t *testing.T) {
	f := newFakeShared()
	h := sharing(t, f)
	g := h.visit(usual())
	g.until("Press Enter to begin")
	if got := f.counts(); got != [2]int{1, 0} {
		t.Errorf("inside and registered are %v, want 1 and 0", got)
	}
	guest := slices.Collect(maps.Values(f.inside))[0]
	if guest.Address.String() != "127.0.0.1/32" || guest.Network.String() != "127.0.0.0/24" {
		t.Errorf("the guest is %+v, want their address and network", guest)
	}
	h.register("ann@example.com")
	wait(t, "the registration", func() bool { return f.counts() == [2]int{1, 1} })
	_ = g.conn.Close()
	wait(t, "the guest to be gone", func() bool { return f.counts() == [2]int{0, 1} })
	if s := h.server.Stats(); s.SharedLimits != sshserver.SharedUp || s.SharedLost != 0 {
		t.Errorf("Stats() = %+v, want shared limits up", s)
	}
}

func TestWhoIsRefusedForWantOfATerminalIsGone(t *testing.T) {
	f := newFakeShared()
	h := sharing(t, f)
	if status := h.call("signup", false).exit(); status != 1 {
		t.Errorf("exit status %d, want 1", status)
	}
	wait(t, "the guest to be gone", func() bool { return f.counts() == [2]int{0, 0} })
}

func TestWhatIsSharedKeepsOut(t *testing.T) {
	tests := []struct {
		give sshserver.Denial
		want string
	}{
		{sshserver.Denial{Why: sshserver.RefusedFull}, "Everybody is busy at the moment."},
		{sshserver.Denial{Why: sshserver.RefusedAddress}, "There are several sessions from your address already."},
		{sshserver.Denial{Why: sshserver.RefusedNetwork}, "There are many sessions from your network already."},
		{sshserver.Denial{Why: sshserver.RefusedRegistrations}, "Please try again in 5 minutes."},
		{sshserver.Denial{Why: sshserver.RefusedRegistrations, Again: time.Second}, "Please try again in 1 minute."},
		{sshserver.Denial{Why: sshserver.RefusedRegistrations, Again: 59*time.Minute + time.Second}, "Please try again in 60 minutes."},
	}
	f := newFakeShared()
	h := sharing(t, f)
	for _, tt := range tests {
		t.Run(tt.want, func(t *testing.T) {
			h.t = t
			f.with(func() { f.denial = tt.give })
			h.refusedWith(tt.want, tt.give.Why)
		})
	}
	h.t = t
	f.with(func() { f.denial = sshserver.Denial{} })
	h.visit(usual()).until("Press Enter to begin")
	f.with(func() { f.rate = true })
	if line := h.firstLine(); !strings.HasPrefix(line, "There were many connections from your address.") {
		t.Errorf("the refused connection begins with %q", line)
	}
	if got := h.server.Stats(); got.Refused[sshserver.RefusedRate] != 1 || got.Sessions != 1 {
		t.Errorf("Stats() = %+v, want one inside and one refused for its rate", got)
	}
}

func TestWithoutWhatIsSharedTheServersOwnLimitsHold(t *testing.T) {
	tests := []struct {
		name string
		fail func(*fakeShared)
		mend func(*fakeShared)
	}{
		{"an error", func(f *fakeShared) { f.err = errors.New("out of order\x1b[2J") }, func(f *fakeShared) { f.err = nil }},
		{"no answer", func(f *fakeShared) { f.hangs = true }, func(f *fakeShared) { f.hangs = false }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			f := newFakeShared()
			h := sharing(t, f)
			first := h.visit(usual())
			first.until("Press Enter to begin")
			h.register("ann@example.com")
			wait(t, "the registration", func() bool { return f.counts() == [2]int{1, 1} })
			f.with(func() { tt.fail(f) })
			second := h.visit(usual())
			second.until("Press Enter to begin")
			h.register("ben@example.com")
			_ = first.conn.Close()
			wait(t, "the first to be gone", func() bool { return h.server.Stats().Sessions == 1 })
			if s := h.server.Stats(); s.SharedLimits != sshserver.SharedDown || s.SharedLost != 1 {
				t.Errorf("Stats() = %s, lost %d, want down, lost once", s.SharedLimits, s.SharedLost)
			}
			f.with(func() { // and it has forgotten what it knew
				clear(f.registered)
				f.inside = map[string]sshserver.Guest{"of another server": {}}
				f.forgotten = true
				tt.mend(f)
			})
			wait(t, "all to be told again", func() bool { return f.counts() == [2]int{2, 2} })
			wait(t, "it to be up", func() bool { return h.server.Stats().SharedLimits == sshserver.SharedUp })
			log := h.log.String()
			if strings.Count(log, "limits cannot be shared") != 1 || strings.Count(log, "limits are shared again") != 1 || strings.Contains(log, "\x1b") {
				t.Errorf("the log does not say once each that they are down and up, in clean text:\n%s", log)
			}
		})
	}
}

func TestWhatIsForgottenIsToldAgain(t *testing.T) {
	f := newFakeShared()
	h := sharing(t, f)
	h.visit(usual()).until("Press Enter to begin")
	h.register("ann@example.com")
	wait(t, "the registration", func() bool { return f.counts() == [2]int{1, 1} })
	f.with(func() {
		clear(f.registered)
		clear(f.inside)
		f.forgotten = true
	})
	g := h.visit(usual())
	g.until("Press Enter to begin")
	_ = g.conn.Close() // which is told, so that the other learns that there is a server
	wait(t, "all to be told again", func() bool { return f.counts() == [2]int{1, 1} })
}

func TestAServerThatEndsHasNoGuests(t *testing.T) {
	f := newFakeShared()
	h := sharing(t, f)
	g := h.visit(usual())
	g.until("Press Enter to begin")
	h.stop()
	g.exit()
	h.closed()
	if got := f.counts(); got != [2]int{0, 0} {
		t.Errorf("inside and registered are %v, want nobody", got)
	}
}

func TestAServerBeginsWithoutWhatIsShared(t *testing.T) {
	f := newFakeShared()
	f.err = errors.New("out of order")
	h := sharing(t, f)
	h.visit(usual()).until("Press Enter to begin")
	if s := h.server.Stats(); s.SharedLimits != sshserver.SharedDown || s.SharedLost != 1 {
		t.Errorf("Stats() = %s, lost %d, want down, lost once", s.SharedLimits, s.SharedLost)
	}
	f.with(func() { f.err = nil })
	wait(t, "the guest to be told", func() bool { return f.counts() == [2]int{1, 0} })
}
